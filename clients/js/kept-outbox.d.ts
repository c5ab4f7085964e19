/** Types of kept-outbox.js. */

export class KeptOutbox {
  static open(name: string, places?: object): Promise<KeptOutbox>;
  readonly frames: Frames[];
  add(key: string, frames: Frames): Promise<void>;
  remove(key: string): Promise<void>;
  takeOver(): Promise<Frames[]>;
  clear(): Promise<void>;
  close(): void;
}

/** Commands of the live contract that belong together. */
export type Frames = { type: string; [name: string]: any }[];
