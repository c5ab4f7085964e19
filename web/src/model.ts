/** What the realm's API answers, as far as this client uses it. */

export interface User {
  id: number;
  username: string;
  email?: string | null;
  full_name: string | null;
  bio: string | null;
  role: "owner" | "admin" | "user";
  is_active: boolean;
  created_at: string;
  twin?: { name: string } | null;
  may_contact?: boolean;
}

/** A user where one is named beside something else. */
export interface Person {
  user_id: number;
  username: string;
  full_name?: string | null;
  status?: string;
  twin?: { name: string } | null;
}

export interface Member extends Person {
  role: "owner" | "moderator" | "member";
  read_seq: number;
  last_seen: string | null;
  is_aeon: boolean; // the twin takes part in the room
}

export interface Last {
  message_id: string;
  sender_id: number;
  sender_name: string;
  sender_full_name?: string | null;
  excerpt: string;
  at: string;
  is_aeon: boolean;
}

/** Which messages of a room notify the user. */
export type Notify = "all" | "mentions" | "none";

/** A room of the user. `unread` counts messages of others after `read_seq`. */
export interface Room {
  id: string;
  name: string;
  description: string | null;
  topic: string | null;
  created_by: number | null;
  is_public: boolean;
  is_aeon_room: boolean;
  is_closed: boolean;
  max_participants: number;
  current_participants: number;
  more_participants?: boolean; // not all members are loaded
  last_seq: number;
  read_seq: number;
  unread: number;
  mentions: number;
  muted_until: string | null;
  notify: Notify;
  my_role: "owner" | "moderator" | "member" | null;
  last: Last | null;
  kind?: "room" | "direct" | "group";
  other?: Person | null; // of a direct room
}

/** A pinned message, as its room has it. */
export interface Pin {
  message_id: string;
  seq: number;
  sender_id: number;
  sender_name: string;
  content: string;
  pinned_at: string;
}

/** The knowledge that a message shares with its room, as the user may see it. */
export interface Shared {
  knowledge_id: number;
  title: string;
  excerpt: string;
  creator_id: number;
  creator_name: string;
  visibility: "public" | "friends" | "private";
}

export interface Message {
  message_id: string;
  room_id: string;
  seq: number;
  sender_id: number;
  sender_name: string;
  sender_full_name?: string | null;
  content: string;
  message_type: string;
  timestamp: string;
  edited_at: string | null;
  deleted_at: string | null;
  removed: boolean;
  is_aeon_message: boolean;
  client_id: string | null;
  reply_to: string | null;
  reply?: { sender_name: string; excerpt: string; is_aeon: boolean } | null;
  shared?: Shared | null; // of the type "knowledge"
  mentions?: number[] | null; // null in a live event: `mention` says it
  mentions_room?: boolean;
  reactions: Record<string, number> | null;
  my_reactions: string[] | null;
  twin: { name: string } | null;
  approved_by: number | null;
  cites: Source[] | null;
}

/** A message mentions the user, or was edited and does not any more. */
export interface Mention {
  room_id: string;
  message_id: string;
  message_seq: number;
  is_mentioned: boolean;
}

/** An entry of a room's log that changes a message. */
export interface Change {
  room_id: string;
  seq: number;
  message_id: string;
  user_id: number;
  username: string;
  timestamp: string;
  content: string | null;
  edited_at: string | null;
  key: string | null;
  on: boolean | null;
}

export interface Invitation {
  room_id: string;
  name: string;
  user_id: number;
  username: string | null;
  invited_by: number | null;
  created_at: string;
}

export interface Snapshot {
  me: User;
  rooms: Room[];
  invitations: Invitation[];
  drafts: number;
  reports?: number; // that wait; of an administrator
  epoch: string;
  pos: number; // later events change this snapshot
}

export interface Typer {
  user_id: number;
  username: string;
  full_name?: string | null;
  is_aeon: boolean;
}

/** The users who type in a room. `typers` has the last ones to begin, `more` is the number of the others. */
export interface Typing {
  typers: Typer[];
  more: number;
}

/** A message that the realm has not acknowledged. */
export interface Pending {
  client_id: string;
  room_id: string;
  content: string;
  reply_to: string | null;
  at: string;
  failed: string | null; // why the realm refused it
}

export interface Relationship {
  related_user_id: number;
  related_username: string;
  related_full_name?: string | null;
  relationship_type: string;
  strength: number;
  created_at: string;
  last_interaction: string;
  interaction_count: number;
  shared_interests: string[];
}

/** The people around the user: the first node is the user. */
export interface GraphNode {
  id: number;
  username: string;
  full_name: string | null;
  twin: { name: string } | null;
  distance: number;
}
export interface GraphEdge {
  source: number;
  target: number;
  type: string;
  strength: number;
}
export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface Knowledge {
  id: number;
  creator_id: number;
  creator_name: string;
  creator_full_name?: string | null;
  title?: string | null;
  excerpt?: string | null;
  content?: string;
  knowledge_type: string;
  tags: string[];
  visibility: "public" | "friends" | "private";
  created_at: string;
  updated_at: string;
  upvotes: number;
  downvotes: number;
  my_vote: "up" | "down" | null;
  citing_twins: number;
  citing_askers: number;
  snippet?: string | null;
}

/** A part of an answer that the user's twin is writing. */
export interface Delta {
  turn_id: number;
  offset: number; // code points before it
  text: string;
}

/** A turn of the user's twin, as far as this page has heard of it. */
export interface LiveTurn {
  text: string;
  state: string | null; // null: it still runs
}

export interface Source {
  kind: string;
  id: string;
  author_id?: number;
  score?: number;
  cited?: boolean;
}

/** A letter of one twin or user to another, and its one answer. */
export interface Interaction {
  id: number;
  aeon_user_id: number;
  aeon_name: string;
  target_aeon_user_id: number;
  target_aeon_name: string;
  interaction_type: string;
  content: string;
  created_at: string;
  response_content: string | null;
  response_at: string | null;
  is_public: boolean;
  parent_id: number | null;
  responded_by: "user" | "twin" | null;
  asked_by: "user" | "twin";
  twin: { name: string } | null; // of the one that answered, else of the one that asked
  approved_by: number | null;
  cites: Source[] | null;
}

export interface Turn {
  id: number;
  cause_kind: string;
  cause_id: string;
  asker_id: number;
  asker_name: string;
  room_id: string | null;
  question: { content: string; twin: { name: string } | null } | null;
  state: string;
  reason: string | null;
  content: string | null;
  engine: string | null;
  model: string | null;
  cost: number;
  prompt_tokens: number;
  reply_tokens: number;
  approved: boolean;
  created_at: string;
  finished_at: string | null;
  sources: Source[] | null;
}

export interface Session {
  id: number;
  client: string | null;
  created_at: string;
  expires_at: string;
  is_current: boolean;
}

export type Circle = "everyone" | "friends" | "nobody";
export type Digest = "off" | "names" | "texts";

export interface MailSettings {
  digest: Digest;
  address_verified: boolean;
}

export interface Privacy {
  presence: Circle;
  relationships: Circle;
  network: Circle;
  contact: Circle;
  discoverable: boolean;
}
