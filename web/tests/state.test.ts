import { describe, expect, test } from "vitest";

import type { Message, Room, User } from "../src/model";
import { byActivity, merged, nothing, othersTyping, reduce, type State } from "../src/store/state";

const me = { id: 1, username: "mara", full_name: null } as User;
const room = (more: Partial<Room> = {}): Room => ({
  id: "r",
  name: "Seeds",
  description: null,
  topic: null,
  created_by: 1,
  is_public: true,
  is_aeon_room: false,
  is_closed: false,
  max_participants: 50,
  current_participants: 2,
  last_seq: 0,
  read_seq: 0,
  unread: 0,
  mentions: 0,
  muted_until: null,
  notify: "mentions",
  my_role: "member",
  last: null,
  ...more,
});
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  message_id: `m${seq}`,
  room_id: "r",
  seq,
  sender_id: 2,
  sender_name: "ilya",
  content: `text ${seq}`,
  message_type: "text",
  timestamp: `2026-11-24T10:00:0${seq}Z`,
  edited_at: null,
  deleted_at: null,
  removed: false,
  is_aeon_message: false,
  client_id: null,
  reply_to: null,
  reactions: null,
  my_reactions: null,
  twin: null,
  approved_by: null,
  cites: null,
  ...more,
});
const start = (more: Partial<Room> = {}): State =>
  reduce(nothing, "snapshot", { me, rooms: [room(more)], invitations: [], drafts: 0 });
const after = (state: State, ...events: [string, unknown][]) =>
  events.reduce((now, [type, data]) => reduce(now, type, data), state);
const change = (seq: number, more: object) => ({
  room_id: "r",
  seq,
  message_id: "m1",
  user_id: 2,
  content: null,
  key: null,
  on: null,
  ...more,
});

const loaded = (more: object) => ({ ...room(), participants: [], pins: [], more_participants: true, ...more });

describe("a room that is loaded", () => {
  const outside = reduce(nothing, "snapshot", { me, rooms: [], invitations: [], drafts: 0 });
  test("is the user's by the role in it, also when the answer does not have all members", () => {
    const others = [{ user_id: 2, username: "ilya", role: "owner", read_seq: 3 }];
    const inside = reduce(outside, "loaded", loaded({ my_role: "member", participants: others }));
    expect(inside.rooms["r"]).toMatchObject({ my_role: "member", more_participants: true });
    expect(inside.members["r"]).toHaveLength(1);
    expect(reduce(outside, "loaded", loaded({ my_role: null })).rooms).toEqual({});
  });
  test("has the message of an event that comes after the answer", () => {
    const state = after(
      start({ last_seq: 0 }),
      ["loaded", loaded({ my_role: "member", last_seq: 1 })],
      ["chat_message", message(1)],
    );
    expect(state.rooms["r"]).toMatchObject({ last_seq: 1, unread: 1, last: { message_id: message(1).message_id } });
  });
  test("counts a member once when the event comes after the answer", () => {
    const member = { room_id: "r", user_id: 2, username: "ilya" };
    const state = after(
      start(),
      ["loaded", loaded({ my_role: "member", participants: [member], current_participants: 2 })],
      ["user_joined", member],
    );
    expect(state.rooms["r"]!.current_participants).toBe(2);
    expect(after(state, ["user_left", member], ["user_left", member]).rooms["r"]!.current_participants).toBe(1);
  });
  test("keeps the read marker where the answer has none", () => {
    const state = reduce(start({ read_seq: 4 }), "loaded", loaded({ my_role: "moderator" }));
    expect(state.rooms["r"]).toMatchObject({ my_role: "moderator", read_seq: 4 });
  });
});

describe("unread", () => {
  test("counts messages of others, and not one's own", () => {
    const state = after(
      start(),
      ["chat_message", message(1)],
      ["chat_message", message(2, { sender_id: 1 })],
      ["chat_message", message(3)],
    );
    expect(state.rooms["r"]).toMatchObject({ unread: 2, last_seq: 3 });
  });
  test("counts a message once, however often it comes", () => {
    const state = after(start(), ["chat_message", message(1)], ["chat_message", message(1)]);
    expect(state.rooms["r"]!.unread).toBe(1);
  });
  test("ends when another device has read", () => {
    const state = after(
      start(),
      ["chat_message", message(1)],
      ["read_marker", { room_id: "r", user_id: 1, up_to_seq: 1 }],
    );
    expect(state.rooms["r"]).toMatchObject({ unread: 0, read_seq: 1 });
  });
  test("is not changed by what others have read, or by edits", () => {
    const state = after(
      start(),
      ["chat_message", message(1)],
      ["read_marker", { room_id: "r", user_id: 2, up_to_seq: 1 }],
      ["message_edited", change(2, { content: "new" })],
    );
    expect(state.rooms["r"]).toMatchObject({ unread: 1, last_seq: 2 });
  });
  test("of messages that name the user is told apart", () => {
    const state = after(
      start(),
      ["chat_message", message(1, { mentions: [1] })],
      ["chat_message", message(2, { mentions: [7] })],
    );
    expect(state.rooms["r"]).toMatchObject({ unread: 2, mentions: 1 });
  });
  test("counts a message once that mentions the user and the whole room", () => {
    const named = (is_mentioned: boolean): [string, unknown] => [
      "mention",
      { room_id: "r", message_id: "m1", message_seq: 1, is_mentioned },
    ];
    const said: [string, unknown] = ["chat_message", message(1, { mentions_room: true })];
    const opened = after(start(), ["part", { room_id: "r", messages: [], isWhole: true }]);
    const count = (...events: [string, unknown][]) => after(opened, ...events).rooms["r"]!.mentions;
    expect(count(said)).toBe(1);
    expect(count(said, named(true), named(true))).toBe(1);
    expect(count(["chat_message", message(1)], named(true))).toBe(1);
    expect(count(["chat_message", message(1)], named(true), named(false))).toBe(0);
    expect(after(start(), named(true)).rooms["r"]!.mentions).toBe(1);
    expect(after(start({ read_seq: 1 }), named(true)).rooms["r"]!.mentions).toBe(0);
  });
});

describe("a room's log", () => {
  const opened = after(start(), ["part", { room_id: "r", messages: [message(1)], isWhole: true }]);
  test("has what is edited, deleted and removed", () => {
    const at = (...events: [string, unknown][]) => after(opened, ...events).logs["r"]!.messages[0];
    expect(at(["message_edited", change(2, { content: "new", edited_at: "t" })])).toMatchObject({
      content: "new",
      edited_at: "t",
    });
    expect(at(["message_deleted", change(2, { timestamp: "t" })])).toMatchObject({
      content: "",
      deleted_at: "t",
    });
    expect(at(["message_removed", change(2, {})])).toMatchObject({ content: "", removed: true });
  });
  test("updates the last line of the room when that message is edited", () => {
    const state = after(
      opened,
      ["chat_message", message(2)],
      ["message_edited", { ...change(3, { content: "new", edited_at: "t" }), message_id: "m2" }],
    );
    expect(state.rooms["r"]).toMatchObject({ last: { excerpt: "new" }, last_seq: 3 });
  });
  test("counts reactions, and knows one's own", () => {
    const on = (user_id: number, seq: number, isOn = true): [string, unknown] => [
      "reaction",
      change(seq, { user_id, key: "🌱", on: isOn }),
    ];
    expect(after(opened, on(2, 2), on(1, 3)).logs["r"]!.messages[0]).toMatchObject({
      reactions: { "🌱": 2 },
      my_reactions: ["🌱"],
    });
    expect(after(opened, on(1, 2), on(1, 3)).logs["r"]!.messages[0]!.reactions).toEqual({
      "🌱": 1,
    });
    expect(after(opened, on(2, 2), on(2, 3, false)).logs["r"]!.messages[0]!.reactions).toEqual({});
  });
  test("counts a reaction once when its message comes with it after a pause", () => {
    const late = message(2, { reactions: { "🌱": 1 } });
    const state = after(
      opened,
      ["chat_message", late],
      ["reaction", { ...change(3, { user_id: 2, key: "🌱", on: true }), message_id: late.message_id }],
    );
    expect(state.logs["r"]!.messages.at(-1)!.reactions).toEqual({ "🌱": 1 });
  });
  test("is in order, also if a later one comes first, and keeps what it had", () => {
    const pages = merged(
      [message(4), message(5)],
      [message(1), message(2), message(4, { content: "newer" })],
    );
    expect(pages.map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
    expect(pages[2]!.content).toBe("newer");
  });
  test("is loaded again after a relationship has changed: a block may have begun or ended", () => {
    const own = { related_user_id: 2, relationship_type: "friend" };
    const logAfter = (type: string, data: object) => after(opened, [type, data]).logs["r"];
    expect(logAfter("relationship_updated", own)).toBeUndefined();
    expect(logAfter("account_changed", { part: "relationship", id: null })).toBeUndefined();
    expect(logAfter("account_changed", { part: "vote", id: "2" })).toBeDefined();
  });
  test("keeps its newest messages when it is trimmed, and is whole no more", () => {
    const trimmed = (count: number) => {
      const messages = Array.from({ length: count }, (_, index) => message(index + 1));
      const log = ["part", { room_id: "r", messages, isWhole: true }] as [string, unknown];
      return after(start(), log, ["trim", { room_id: "r" }]).logs["r"]!;
    };
    expect(trimmed(400)).toMatchObject({ isWhole: true, messages: { length: 400 } });
    expect(trimmed(401).messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 202),
    );
    expect(trimmed(401).isWhole).toBe(false);
  });
  test("is loaded again after a gap", () => {
    expect(
      after(opened, ["gap", { room_id: "r", from_seq: 2, to_seq: 9 }]).logs["r"],
    ).toBeUndefined();
  });
});

describe("what is sent", () => {
  const pending = {
    client_id: "c",
    room_id: "r",
    content: "hi",
    reply_to: null,
    at: "t",
    failed: null,
  };
  test("waits until the realm has it, and is then shown once", () => {
    const waiting = after(
      start(),
      ["part", { room_id: "r", messages: [], isWhole: true }],
      ["pending", pending],
    );
    expect(waiting.pending).toHaveLength(1);
    const kept = after(waiting, ["chat_message", message(1, { sender_id: 1, client_id: "c" })]);
    expect(kept.pending).toHaveLength(0);
    expect(kept.logs["r"]!.messages).toHaveLength(1);
  });
  test("of another user with the same client_id still waits", () => {
    const state = after(
      start(),
      ["pending", pending],
      ["chat_message", message(1, { client_id: "c" })],
    );
    expect(state.pending).toHaveLength(1);
  });
});

/** As the realm tells it: the last users to begin, and the number of all. */
const indicator = (ids: number[], users_count: number, is_aeon = false) => ({
  room_id: "r",
  users: ids.map((user_id) => ({ user_id, username: `user${user_id}`, is_aeon })),
  users_count,
});

describe("people", () => {
  test("who leave or go offline are not here", () => {
    const here = after(start(), ["presence_update", { user_id: 2, status: "connected" }]);
    expect(here.status).toEqual({ 2: "connected" });
    expect(after(here, ["presence_update", { user_id: 2, status: "offline" }]).status).toEqual({});
    expect(after(here, ["down", null]).status).toEqual({});
  });
  test("stop typing when their message comes", () => {
    const typing = after(start(), ["typing_indicator", indicator([2], 1)]);
    expect(othersTyping(typing, "r").count).toBe(1);
    expect(othersTyping(after(typing, ["chat_message", message(1)]), "r").count).toBe(0);
  });
  test("type: all are counted, also those that the realm does not list, and not the user", () => {
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const crowd = after(start(), ["typing_indicator", indicator(ids, 112)]);
    expect(othersTyping(crowd, "r").people).toHaveLength(99);
    expect(othersTyping(crowd, "r").count).toBe(111);
    const twins = after(crowd, ["typing_indicator", indicator([1, 2], 2, true)]);
    expect(othersTyping(twins, "r")).toMatchObject({ people: [], count: 0 });
    expect(othersTyping(twins, "r").twins).toHaveLength(2);
    expect(othersTyping(after(crowd, ["down", null]), "r").count).toBe(0);
  });
  test("are told of their invitations alone, which end by coming in", () => {
    const invitation = {
      room_id: "x",
      name: "Boats",
      user_id: 1,
      username: "bibi",
      invited_by: 4,
      created_at: "t",
    };
    const invited = after(
      start(),
      ["invitation", invitation],
      ["invitation", { ...invitation, room_id: "y", user_id: 9 }],
    );
    expect(invited.invitations.map(({ room_id }) => room_id)).toEqual(["x"]);
    expect(after(invited, ["room", room({ id: "x" })]).invitations).toEqual([]);
    expect(after(invited, ["room_removed", { room_id: "x" }]).invitations).toEqual([]);
  });
});

test("a room that one leaves is gone with all that belongs to it", () => {
  const state = after(
    start(),
    ["part", { room_id: "r", messages: [message(1)], isWhole: true }],
    ["user_left", { room_id: "r", user_id: 1 }],
  );
  expect([state.rooms, state.logs]).toEqual([{}, {}]);
});

test("an unknown event changes nothing", () => {
  const state = start();
  expect(reduce(state, "of_a_newer_realm", { room_id: "r" })).toBe(state);
});

test("rooms stand by their last message", () => {
  const rooms = {
    a: room({ id: "a" }),
    b: room({
      id: "b",
      last: { message_id: "m", sender_id: 2, sender_name: "x", excerpt: "", at: "2026-01-01", is_aeon: false },
    }),
  };
  expect(byActivity(rooms).map(({ id }) => id)).toEqual(["b", "a"]);
});

describe("pins", () => {
  const pin = (message_id: string) => ({
    message_id,
    seq: 1,
    sender_id: 2,
    sender_name: "ilya",
    content: "text 1",
    pinned_at: "2026-11-24T10:00:00Z",
  });
  const pinned = after(start(), ["pins", { room_id: "r", pins: [pin("m1"), pin("m2")] }]);
  const left = (state: State) => state.pins["r"]!.map(({ message_id }) => message_id);
  test("go when somebody unpins, and with their message", () => {
    expect(left(after(pinned, ["pin", change(3, { on: false })]))).toEqual(["m2"]);
    expect(left(after(pinned, ["message_deleted", change(3, {})]))).toEqual(["m2"]);
    expect(left(after(pinned, ["message_removed", change(3, {})]))).toEqual(["m2"]);
  });
  test("have the text that the message has now", () => {
    const state = after(pinned, ["message_edited", change(3, { content: "new" })]);
    expect(state.pins["r"]![0]!.content).toBe("new");
  });
});

describe("an answer that is being written", () => {
  const delta = (offset: number, text: string): [string, unknown] => [
    "twin_delta",
    { turn_id: 7, offset, text },
  ];
  const textOf = (...deltas: [string, unknown][]) => after(start(), ...deltas).turns[7]?.text;
  test("grows by its parts, which are counted in code points", () => {
    expect(textOf(delta(0, "🌱 a"), delta(3, " tree"))).toBe("🌱 a tree");
  });
  test("does not repeat a part that comes twice, and has no hole", () => {
    expect(textOf(delta(0, "one "), delta(0, "one "), delta(4, "two"))).toBe("one two");
    expect(textOf(delta(0, "one "), delta(9, "three"))).toBe("one ");
  });
  test("ends with its turn", () => {
    const state = after(start(), delta(0, "one"), [
      "turn_updated",
      { turn_id: 7, state: "interrupted" },
    ]);
    expect(state.turns[7]).toEqual({ text: "one", state: "interrupted" });
  });
  test("goes when it has ended and another turn begins", () => {
    const ended = (turn_id: number): [string, unknown] => ["turn_updated", { turn_id, state: "posted" }];
    const { turns } = after(start(), delta(0, "one"), ended(8), ended(9));
    expect(Object.keys(turns)).toEqual(["7", "9"]);
  });
});

test("a room without a name of its own keeps the one that its reader knows", () => {
  const state = after(start({ kind: "direct", name: "ilya" }), [
    "room_updated",
    { id: "r", name: "-", is_closed: true },
  ]);
  expect(state.rooms["r"]).toMatchObject({ name: "ilya", is_closed: true });
});

describe("shared knowledge", () => {
  const shared = {
    knowledge_id: 7,
    title: "Beans",
    excerpt: "Beans\nare dried in the sun",
    creator_id: 3,
    creator_name: "nadia",
    visibility: "public" as const,
  };
  const share = message(1, { content: "", message_type: "knowledge", shared });

  test("is the room's last line by its title, and counts as unread", () => {
    const { rooms } = after(start(), ["chat_message", share]);
    expect(rooms.r).toMatchObject({ unread: 1, last: { excerpt: "Beans" } });
  });

  test("that the user may not see leaves the line empty", () => {
    const { rooms } = after(start(), ["chat_message", { ...share, shared: null }]);
    expect(rooms.r?.last?.excerpt).toBe("");
  });

  test("goes with its message", () => {
    const { logs } = after(
      start(),
      ["part", { room_id: "r", messages: [share] }],
      ["message_deleted", change(2, { timestamp: "2026-11-24T10:01:00Z" })],
    );
    expect(logs.r?.messages[0]?.shared).toBeNull();
  });
});

test("a twin is brought into a room and taken out of it", () => {
  const member = { user_id: 2, username: "ilya", role: "member", read_seq: 0, is_aeon: false };
  const bring = (is_inside: boolean): [string, unknown] => [
    "room_twin",
    { room_id: "r", user_id: 2, username: "ilya", twin_name: "Iolite", is_inside },
  ];
  const loaded = after(start(), ["loaded", { ...room(), participants: [member], pins: [] }]);
  const brought = after(loaded, bring(true));
  expect(brought.members["r"]).toMatchObject([{ is_aeon: true, twin: { name: "Iolite" } }]);
  expect(after(brought, bring(false)).members["r"]).toMatchObject([{ is_aeon: false }]);
});
