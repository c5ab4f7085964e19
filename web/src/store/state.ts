/**
 * The state of the client, as a pure function of a snapshot and the events after it. Nothing here
 * asks the realm or knows the time: store.ts does.
 */
import { type RoomAnswer, roomOf } from "../api";
import type {
  Change,
  Delta,
  Invitation,
  Last,
  LiveTurn,
  Member,
  Mention,
  Message,
  Pending,
  Person,
  Pin,
  Room,
  Snapshot,
  Typing,
  User,
} from "../model";

/** The part of a room's log that was loaded: all messages from some place to its end. */
export interface Log {
  messages: Message[]; // oldest first
  isWhole: boolean; // the first message of the room is among them
}

export interface State {
  me: User | null;
  rooms: Record<string, Room>;
  logs: Record<string, Log>;
  members: Record<string, Member[]>;
  pins: Record<string, Pin[]>; // of the rooms whose members are loaded
  status: Record<number, string>; // of users: connected, away; all others are offline
  typing: Record<string, Typing>;
  invitations: Invitation[];
  drafts: number;
  reports: number; // that wait for the administrators
  turns: Record<number, LiveTurn>; // of the user's twin
  letters: number; // how many changes of letters there were
  pending: Pending[];
}

export const nothing: State = {
  me: null,
  rooms: {},
  logs: {},
  members: {},
  pins: {},
  status: {},
  typing: {},
  invitations: [],
  drafts: 0,
  reports: 0,
  turns: {},
  letters: 0,
  pending: [],
};

const EXCERPT = 120; // code points, as in snapshots
const MOST = 100; // unread messages that are counted; 100 is "or more"
const KEPT = 200; // messages of a trimmed log, at least MOST

// --- parts of the state ----------------------------------------------------------------------------

function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

function withRoom(state: State, id: string, change: (room: Room) => Partial<Room>): State {
  const room = state.rooms[id];
  return room ? { ...state, rooms: { ...state.rooms, [id]: { ...room, ...change(room) } } } : state;
}

function withLog(state: State, id: string, change: (log: Log) => Log): State {
  const log = state.logs[id];
  return log ? { ...state, logs: { ...state.logs, [id]: change(log) } } : state;
}

function withMessage(
  state: State,
  { room_id, message_id }: { room_id: string; message_id: string },
  change: (message: Message) => Partial<Message>,
): State {
  return withLog(state, room_id, (log) => ({
    ...log,
    messages: log.messages.map((message) =>
      message.message_id === message_id ? { ...message, ...change(message) } : message,
    ),
  }));
}

/** Both lists are in the order of `seq`; a message of `more` replaces the one with its `seq`. */
export function merged(messages: Message[], more: Message[]): Message[] {
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  for (const message of more) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

const lettersOf = (text: string, letters = EXCERPT) => [...text].slice(0, letters).join("");

/** The message in a line: its text, or the title of what it shares. */
export const lineOf = ({ content, shared }: Message, letters = EXCERPT) =>
  lettersOf(shared?.title ?? content, letters);

/** As snapshots have it. */
const lastOf = (message: Message): Last => ({
  message_id: message.message_id,
  sender_id: message.sender_id,
  sender_name: message.sender_name,
  sender_full_name: message.sender_full_name,
  excerpt: lineOf(message),
  at: message.timestamp,
  is_aeon: message.is_aeon_message,
});

/** Whether the message mentions the user, alone or with the whole room. */
export const isMention = (message: Message, me: User | null) =>
  Boolean(
    me &&
    (message.mentions?.includes(me.id) || (message.mentions_room && message.sender_id !== me.id)),
  );

function withoutTyper(state: State, room_id: string, user_id: number, is_aeon: boolean): State {
  const typing = state.typing[room_id];
  const typers = typing?.typers.filter(
    (typer) => typer.user_id !== user_id || typer.is_aeon !== is_aeon,
  );
  if (!typing || typers?.length === typing.typers.length) return state;
  return { ...state, typing: { ...state.typing, [room_id]: { ...typing, typers: typers! } } };
}

function withPins(state: State, id: string, change: (pins: Pin[]) => Pin[]): State {
  const pins = state.pins[id];
  return pins ? { ...state, pins: { ...state.pins, [id]: change(pins) } } : state;
}

const unpinned = (state: State, { room_id, message_id }: Change) =>
  withPins(state, room_id, (pins) => pins.filter((pin) => pin.message_id !== message_id));

// --- events ----------------------------------------------------------------------------------------

function onSnapshot(state: State, snapshot: Snapshot): State {
  const { me, rooms, invitations, drafts, reports = 0 } = snapshot;
  return {
    ...state,
    me,
    invitations,
    drafts,
    reports,
    rooms: Object.fromEntries(rooms.map((room) => [room.id, room])),
  };
}

function onMessage(before: State, message: Message): State {
  const { room_id, seq, sender_id } = message;
  let state = withoutTyper(before, room_id, sender_id, message.is_aeon_message);
  const isMine = sender_id === state.me?.id;
  if (isMine && message.client_id)
    state = {
      ...state,
      pending: state.pending.filter(({ client_id }) => client_id !== message.client_id),
    };
  // A message that comes after a pause has its present reactions, and their events follow: they count once.
  const bare = { ...message, reactions: null, my_reactions: null };
  state = withLog(state, room_id, (log) => ({ ...log, messages: merged(log.messages, [bare]) }));
  return withRoom(state, room_id, (room) => {
    if (seq <= room.last_seq) return {};
    const isUnread = !isMine && seq > room.read_seq;
    return {
      last_seq: seq,
      last: lastOf(message),
      unread: Math.min(MOST, room.unread + Number(isUnread)),
      mentions: Math.min(MOST, room.mentions + Number(isUnread && isMention(message, state.me))),
    };
  });
}

/** A message counts once, also if it mentions the user and the whole room. */
function onMention(before: State, mention: Mention): State {
  const { room_id, message_id, message_seq, is_mentioned } = mention;
  const { me } = before;
  if (!me) return before;
  const find = ({ logs }: State) =>
    logs[room_id]?.messages.find((message) => message.message_id === message_id);
  const state = withMessage(before, mention, ({ mentions }) => ({
    mentions: [...(mentions ?? []).filter((id) => id !== me.id), ...(is_mentioned ? [me.id] : [])],
  }));
  const [was, is] = [find(before), find(state)];
  const change = was && is ? Number(isMention(is, me)) - Number(isMention(was, me)) : 1;
  return withRoom(state, room_id, (room) =>
    message_seq <= room.read_seq
      ? {}
      : { mentions: Math.max(0, room.mentions + (was || is_mentioned ? change : -change)) },
  );
}

const onEntry = (state: State, { room_id, seq }: { room_id: string; seq: number }) =>
  withRoom(state, room_id, (room) => ({ last_seq: Math.max(room.last_seq, seq) }));

function onEdited(before: State, change: Change): State {
  const { room_id, message_id, content, edited_at } = change;
  const edited = withPins(before, room_id, (pins) =>
    pins.map((pin) => (pin.message_id === message_id ? { ...pin, content: content ?? "" } : pin)),
  );
  const state = onEntry(
    withMessage(edited, change, () => ({ content: content ?? "", edited_at })),
    change,
  );
  return withRoom(state, room_id, ({ last }) =>
    last?.message_id === message_id ? { last: { ...last, excerpt: lettersOf(content ?? "") } } : {},
  );
}

const emptied = { content: "", shared: null, reactions: null, my_reactions: null };

/** A reaction counts once: it is one user's, and the user's own is in `my_reactions`. */
function reacted(
  message: Message,
  { key, on, user_id }: Change,
  me: User | null,
): Partial<Message> {
  if (key === null) return {};
  const mine = message.my_reactions ?? [];
  const isMine = user_id === me?.id;
  if (isMine && mine.includes(key) === Boolean(on)) return {};
  const count = (message.reactions?.[key] ?? 0) + (on ? 1 : -1);
  const others = without(message.reactions ?? {}, key);
  const reactions = count > 0 ? { ...message.reactions, [key]: count } : others;
  if (!isMine) return { reactions };
  return { reactions, my_reactions: on ? [...mine, key] : mine.filter((other) => other !== key) };
}

function withMember(
  state: State,
  { room_id, user_id }: { room_id: string; user_id: number },
  changed: Partial<Member>,
): State {
  const members = state.members[room_id]?.map((member) =>
    member.user_id === user_id ? { ...member, ...changed } : member,
  );
  return members ? { ...state, members: { ...state.members, [room_id]: members } } : state;
}

function onReadMarker(
  state: State,
  marker: { room_id: string; user_id: number; up_to_seq: number },
): State {
  const { room_id, user_id, up_to_seq } = marker;
  const known = withMember(state, marker, { read_seq: up_to_seq });
  if (user_id !== state.me?.id) return known;
  const log = state.logs[room_id]?.messages ?? [];
  const left = log.filter(({ seq, sender_id }) => seq > up_to_seq && sender_id !== user_id);
  return withRoom(known, room_id, (room) => {
    const newest = room.last_seq <= up_to_seq;
    return {
      read_seq: up_to_seq,
      unread: newest ? 0 : log.length > 0 ? left.length : room.unread,
      mentions: newest
        ? 0
        : log.length > 0
          ? left.filter((message) => isMention(message, state.me)).length
          : room.mentions,
    };
  });
}

function onMembership(state: State, member: Person & { room_id: string }, isIn: boolean): State {
  const { room_id, user_id } = member;
  if (user_id === state.me?.id && !isIn) return gone(state, room_id);
  const known = state.members[room_id];
  // The members may have been loaded after the event happened.
  if (known && known.some((other) => other.user_id === user_id) === isIn) return state;
  const counted = withRoom(state, room_id, (room) => ({
    current_participants: Math.max(0, room.current_participants + (isIn ? 1 : -1)),
  }));
  if (!known) return counted;
  const others = known.filter((other) => other.user_id !== user_id);
  const newcomer: Member = {
    ...member,
    role: "member",
    read_seq: 0,
    last_seen: null,
    is_aeon: false,
  };
  return {
    ...counted,
    members: { ...counted.members, [room_id]: isIn ? [...others, newcomer] : others },
  };
}

function gone(state: State, room_id: string): State {
  return {
    ...state,
    rooms: without(state.rooms, room_id),
    logs: without(state.logs, room_id),
    members: without(state.members, room_id),
    pins: without(state.pins, room_id),
    typing: without(state.typing, room_id),
    invitations: state.invitations.filter((invitation) => invitation.room_id !== room_id),
    pending: state.pending.filter((message) => message.room_id !== room_id),
  };
}

/** A block may have begun or ended, so all messages and members differ. The views load again what they show. */
const forgotten = (state: State): State => ({ ...state, logs: {}, members: {}, pins: {} });

function onPresence(state: State, { user_id, status }: Person): State {
  const others = without(state.status, String(user_id)) as Record<number, string>;
  const isHere = status === "connected" || status === "away";
  return { ...state, status: isHere ? { ...others, [user_id]: status } : others };
}

function onInvitation(state: State, invitation: Invitation): State {
  if (invitation.user_id !== state.me?.id) return state;
  const others = state.invitations.filter(({ room_id }) => room_id !== invitation.room_id);
  return { ...state, invitations: [invitation, ...others] };
}

/** Drops the turns that ended earlier: their views have loaded the answers. */
function withTurn(state: State, turn_id: number, turn: LiveTurn): State {
  const running = Object.entries(state.turns).filter(([, other]) => other.state === null);
  return { ...state, turns: { ...Object.fromEntries(running), [turn_id]: turn } };
}

/** Parts come in order; one that repeats what is there replaces it, and one behind a hole is left out. */
function onDelta(state: State, { turn_id, offset, text }: Delta): State {
  const letters = [...(state.turns[turn_id]?.text ?? "")];
  if (offset > letters.length) return state;
  return withTurn(state, turn_id, { text: letters.slice(0, offset).join("") + text, state: null });
}

function onTurn(
  state: State,
  { turn_id, state: ended }: { turn_id: number; state: string },
): State {
  const text = state.turns[turn_id]?.text ?? "";
  return withTurn(state, turn_id, { text, state: ended });
}

function onPart(
  state: State,
  part: { room_id: string; messages: Message[]; isWhole?: boolean; isNew?: boolean },
): State {
  const { room_id, messages, isWhole = false, isNew = false } = part;
  const before = isNew ? undefined : state.logs[room_id];
  const log = {
    messages: merged(before?.messages ?? [], messages),
    isWhole: isWhole || Boolean(before?.isWhole),
  };
  return { ...state, logs: { ...state.logs, [room_id]: log } };
}

/** A long log keeps its newest messages. */
function onTrim(state: State, { room_id }: { room_id: string }): State {
  const log = state.logs[room_id];
  if (!log || log.messages.length <= 2 * KEPT) return state;
  return withLog(state, room_id, () => ({ messages: log.messages.slice(-KEPT), isWhole: false }));
}

function onMembers(
  state: State,
  { room_id, members }: { room_id: string; members: Member[] },
): State {
  return members.reduce<State>(onPresence, {
    ...state,
    members: { ...state.members, [room_id]: members },
  });
}

/** A room as the realm shows it alone: without what only lists of the user's own rooms have. */
function onLoaded(before: State, answer: RoomAnswer): State {
  const { participants: members, pins, ...summary } = answer;
  const { id } = summary;
  const known = before.rooms[id];
  let state = before;
  if (summary.my_role) {
    // Of a large room the answer does not have all members.
    const mine = members.find(({ user_id }) => user_id === before.me?.id);
    const read_seq = Math.max(known?.read_seq ?? 0, mine?.read_seq ?? 0);
    // The answer may be ahead of an event: what the event brings counts when it comes.
    const { last_seq } = known ?? summary;
    const room = { ...roomOf(summary), ...known, ...summary, read_seq, last_seq } as Room;
    state = onRoom(state, room);
  }
  state = onMembers(state, { room_id: id, members });
  return { ...state, pins: { ...state.pins, [id]: pins } };
}

const onRoom = (state: State, room: Room): State => ({
  ...state,
  rooms: { ...state.rooms, [room.id]: { ...state.rooms[room.id], ...room } },
  invitations: state.invitations.filter(({ room_id }) => room_id !== room.id),
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Handler = (state: State, data: any) => State;

/** Each kind of event. The first ones are the realm's, by their names; the last ones are the client's own. */
const handlers: Record<string, Handler> = {
  chat_message: onMessage,
  message_edited: onEdited,
  message_deleted: (state, change: Change) =>
    onEntry(
      withMessage(unpinned(state, change), change, () => ({
        ...emptied,
        deleted_at: change.timestamp,
      })),
      change,
    ),
  message_removed: (state, change: Change) =>
    onEntry(
      withMessage(unpinned(state, change), change, () => ({
        ...emptied,
        removed: true,
        deleted_at: change.timestamp,
      })),
      change,
    ),
  message_restored: onEntry,
  reaction: (state, change: Change) =>
    onEntry(
      withMessage(state, change, (message) => reacted(message, change, state.me)),
      change,
    ),
  // A new pin is read again: the event has no text.
  pin: (state, change: Change) => onEntry(change.on ? state : unpinned(state, change), change),
  hidden: onEntry,
  read_marker: onReadMarker,
  user_joined: (state, member) => onMembership(state, member, true),
  user_left: (state, member) => onMembership(state, member, false),
  room_twin: (state, twin) =>
    withMember(state, twin, { is_aeon: twin.is_inside, twin: { name: twin.twin_name } }),
  room_updated: (state, settings) =>
    withRoom(state, settings.id, ({ kind = "room" }) =>
      // A direct room has a name of its own for each reader.
      kind === "room" ? settings : { is_closed: settings.is_closed },
    ),
  room_removed: (state, { room_id }) => gone(state, room_id),
  room_muted: (state, { room_id, muted_until, notify }) =>
    withRoom(state, room_id, () => ({ muted_until, notify })),
  mention: onMention,
  relationship_updated: forgotten,
  account_changed: (state, { part }) => (part === "relationship" ? forgotten(state) : state),
  invitation: onInvitation,
  presence_update: onPresence,
  room_participants: (state, members: Person[]) => members.reduce<State>(onPresence, state),
  typing_indicator: (state, { room_id, users, users_count }) => {
    const now = { typers: users, more: users_count - users.length };
    return { ...state, typing: { ...state.typing, [room_id]: now } };
  },
  twin_delta: onDelta,
  turn_updated: onTurn,
  interaction_created: (state) => ({ ...state, letters: state.letters + 1 }),
  interaction_responded: (state) => ({ ...state, letters: state.letters + 1 }),
  gap: (state, { room_id }) => ({ ...state, logs: without(state.logs, room_id) }),
  reset: (state) => ({ ...forgotten(state), typing: {}, status: {} }),
  down: (state) => ({ ...state, typing: {}, status: {} }),

  snapshot: onSnapshot,
  part: onPart,
  trim: onTrim,
  loaded: onLoaded,
  pins: (state, { room_id, pins }) => ({ ...state, pins: { ...state.pins, [room_id]: pins } }),
  message: (state, message: Message) =>
    withLog(state, message.room_id, (log) => ({
      ...log,
      messages: merged(log.messages, [message]),
    })),
  room: onRoom,
  declined: (state, { room_id }) => ({
    ...state,
    invitations: state.invitations.filter((invitation) => invitation.room_id !== room_id),
  }),
  drafts: (state, drafts: number) => ({ ...state, drafts }),
  reports: (state, more: number) => ({ ...state, reports: Math.max(0, state.reports + more) }),
  report_created: (state) => ({ ...state, reports: state.reports + 1 }),
  me: (state, me: User) => ({ ...state, me }),
  pending: (state, message: Pending) => ({
    ...state,
    pending: [...state.pending.filter(({ client_id }) => client_id !== message.client_id), message],
  }),
  dropped: (state, { client_id }) => ({
    ...state,
    pending: state.pending.filter((message) => message.client_id !== client_id),
  }),
};

export function reduce(state: State, type: string, data: unknown): State {
  return handlers[type]?.(state, data) ?? state;
}

/** The others who type in a room: people and twins that the realm lists, and the number of all people. */
export function othersTyping({ me, typing }: State, room_id: string) {
  const { typers = [], more = 0 } = typing[room_id] ?? {};
  const people = typers.filter(({ user_id, is_aeon }) => !is_aeon && user_id !== me?.id);
  return {
    people,
    twins: typers.filter(({ is_aeon }) => is_aeon),
    count: people.length + more,
  };
}

/** The user's rooms, the one with the latest message first. */
export function byActivity(rooms: Record<string, Room>): Room[] {
  const key = ({ last, name }: Room) => last?.at ?? `0 ${name}`;
  return Object.values(rooms).sort((a, b) => (key(a) < key(b) ? 1 : -1));
}
