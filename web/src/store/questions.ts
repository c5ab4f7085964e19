/** What an event cannot say, and what is therefore asked: a pure function of the state and the event. */
import type { State } from "./state";

export type Question =
  | { about: "all" } // a new snapshot
  | { about: "rooms" } // the user's latest rooms, with their counts
  | { about: "room"; room_id: string } // with its members and pins
  | { about: "message"; room_id: string; message_id: string }
  | { about: "drafts" }
  | { about: "me" };

export interface Told {
  room_id: string;
  user_id: number;
  message_id: string;
  up_to_seq: number;
  content: string | null;
  part: string;
  id: string; // of a room
  on: boolean;
  is_mentioned: boolean;
}

type Asker = (data: Told, state: State) => Question[];

const all: Asker = () => [{ about: "all" }];
const rooms: Asker = () => [{ about: "rooms" }];
const room: Asker = ({ room_id }) => [{ about: "room", room_id }];
const drafts: Asker = () => [{ about: "drafts" }];
const message: Asker = ({ room_id, message_id }) => [{ about: "message", room_id, message_id }];
/** The names of direct rooms and groups are those of their members. */
const roomIfDirect: Asker = (data, state) =>
  (state.rooms[data.room_id]?.kind ?? "room") === "room" ? [] : room(data, state);
const roomIfOpen: Asker = (data, state) => (state.members[data.room_id] ? room(data, state) : []);
const ifMine =
  (ask: Asker): Asker =>
  (data, state) =>
    data.user_id === state.me?.id ? ask(data, state) : [];
const PARTS: Record<string, Question[]> = {
  profile: [{ about: "me" }],
  relationship: [{ about: "all" }], // a block hides much, invitations too
};

/** The askers of each kind of event. */
const ASKERS: Record<string, Asker[]> = {
  reset: [all],
  room_restored: [room, rooms],
  user_joined: [ifMine(room), ifMine(rooms), roomIfDirect],
  room_updated: [({ id }, state) => roomIfOpen({ room_id: id } as Told, state)], // perhaps a role
  // If the owner left, a member is the owner now.
  user_left: [
    roomIfDirect,
    (data, state) =>
      state.members[data.room_id]?.some(({ role }) => role === "owner") ? [] : roomIfOpen(data, state),
  ],
  pin: [(data, state) => (data.on ? roomIfOpen(data, state) : [])],
  message_restored: [roomIfOpen, message, rooms],
  message_deleted: [rooms],
  message_removed: [rooms],
  relationship_updated: [all],
  // No event tells of a mention of the whole room that was edited in or out.
  message_edited: [
    (data, state) =>
      state.rooms[data.room_id]?.mentions || /@room/i.test(data.content ?? "") ? rooms(data, state) : [],
  ],
  draft_waiting: [drafts],
  turn_updated: [drafts],
  account_changed: [({ part }) => PARTS[part] ?? []],
  // A message that is not loaded may be counted already.
  mention: [(data, state) => (state.logs[data.room_id] ? [] : rooms(data, state))],
  // A marker that was moved back makes messages unread that may not be loaded.
  read_marker: [
    ifMine((data, state) => {
      const { unread = 0, last_seq = 0 } = state.rooms[data.room_id] ?? {};
      const isCounted = data.up_to_seq >= last_seq || (state.logs[data.room_id] && unread === 0);
      return isCounted ? [] : rooms(data, state);
    }),
  ],
};

/** `state` is that after the event. */
export const questionsAfter = (state: State, type: string, data: Told): Question[] =>
  (ASKERS[type] ?? []).flatMap((ask) => ask(data, state));
