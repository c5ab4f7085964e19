/** Types of aeon-realm.js. README.md has the meaning of the events. */
import type { Frames, KeptOutbox } from "./kept-outbox.js";

export interface RealmErrorDetails {
  client_id?: string;
  command?: string;
  room_id?: string;
  retryable?: boolean;
  retry_after_ms?: number;
  status?: number;
  close?: number;
  [name: string]: unknown;
}

export class RealmError extends Error {
  constructor(code: string, message: string, details?: RealmErrorDetails);
  readonly code: string;
  readonly details: RealmErrorDetails;
}

/** Plain JSON: keep it, and give it to the next client. */
export interface RealmState {
  epoch?: string | null;
  pos?: number;
  rooms?: Record<string, [seq: number, until: number]>;
  outbox?: object[][];
}

export interface RealmOptions {
  state?: RealmState;
  kept?: KeptOutbox;
  WebSocket?: unknown;
  ticket?: boolean;
  outbox?: number;
  firstDelay?: number;
  longestDelay?: number;
  patience?: number;
  shortPatience?: number;
  useful?: number;
  heartbeat?: number;
  poll?: boolean;
  page?: EventTarget;
  document?: EventTarget;
}

export interface Ack {
  client_id: string;
  message_id: string;
  room_id: string;
  seq: number | null; // null: of a change over long poll; so are `timestamp` and `duplicate`
  pos: number | null; // null: over long poll
  timestamp: string | null;
  duplicate: boolean | null;
}

/** Over long poll there are only the limits that hold there. */
export interface Limits {
  messages_per_second: number;
  burst: number;
  frame_bytes?: number; // of a message from the client, at most
  server_frame_bytes?: number; // of a message from the server, at most
  queue_bytes?: number;
  stuck_ms?: number;
  user_connections?: number;
  rooms?: number;
}

export interface Welcome {
  user_id: number;
  username: string;
  epoch: string;
  pos: number;
  entries: string[];
  heartbeat_ms: number;
  limits: Limits;
  session_id?: number; // not over long poll; neither is `server_time`
  server_time?: string;
}

export interface RoomInfo {
  room_id: string;
  name: string;
  last_seq: number;
  [name: string]: unknown;
}

export interface MessageOptions {
  message_type?: string;
  meta_data?: Record<string, unknown>;
  reply_to?: string;
  client_id?: string;
}

export type Token = string | null | ((how: { refused: boolean }) => string | Promise<string>);

export class AeonRealm {
  constructor(base: string, token: Token, options?: RealmOptions);
  connect(): Promise<void>;
  on(type: "*", handler: (type: string, ...details: any[]) => void): () => void;
  on(type: "welcome", handler: (data: Welcome) => void): () => void;
  on(type: "outbox", handler: (data: { waiting: number }) => void): () => void;
  on(type: "paused", handler: (data: { code: string; delay: number }) => void): () => void;
  on(type: "taken_over", handler: (items: Frames[]) => void): () => void;
  on(type: "up", handler: (data: { transport: "websocket" | "poll" }) => void): () => void;
  on(type: "error" | "end", handler: (error: RealmError) => void): () => void;
  on(type: "down", handler: (error: RealmError, delay: number | null) => void): () => void;
  on(type: string, handler: (data: any, pos?: number) => void): () => void;
  send(room_id: string, content: string, more?: MessageOptions): Promise<Ack>;
  edit(room_id: string, message_id: string, content: string): Promise<Ack>;
  delete(room_id: string, message_id: string): Promise<Ack>;
  react(room_id: string, message_id: string, key: string, on?: boolean): Promise<Ack>;
  join(room_id: string, options?: { since?: number }): Promise<RoomInfo>;
  leave(room_id: string): Promise<void>;
  typing(room_id: string, is_typing?: boolean): boolean;
  read(room_id: string, up_to_seq: number): void;
  presence(status: "connected" | "away"): boolean;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<any>;
  state(): RealmState;
  retry(): void;
  close(): void;
}
