/* The ledger alone: the order in which events arrive, and what it shows of them. */
import assert from "node:assert/strict";
import { Ledger } from "../../clients/js/ledger.js";

const message = (seq, pos, room_id = "r") => ({ type: "chat_message", data: { room_id, seq }, pos });
const marker = (pos) => ({ type: "read_marker", data: { room_id: "r" }, pos });

/** A ledger that records what it shows (a seq, [from, to] of a gap, or a type) and what it requests. */
function ledger(state) {
  const shown = [];
  const asked = [];
  const note = (type, data) =>
    shown.push(type === "gap" ? [data.from_seq, data.to_seq] : (data.seq ?? type));
  return Object.assign(new Ledger(state, note, (room_id) => asked.push(room_id)), { shown, asked });
}

const entries = ["chat_message"];
const at = (pos, seq, until = seq) => ({ epoch: "e", pos, rooms: { r: [seq, until] } });
const taking = (state, ...events) => {
  const made = ledger(state);
  made.welcome({ epoch: "e", pos: state.pos, entries });
  made.resumed({ pos: state.pos, gaps: [], epoch_changed: false });
  for (const event of events) made.take(event);
  return made;
};

{
  const { shown } = taking(at(10, 4), message(5, 11), message(5, 11), message(4, 9), message(6, 14));
  assert.deepEqual(shown, [5, 6], "a known event is not shown again");
}
{
  const { shown } = taking(at(10, 4), message(5), message(5, 11), marker(12), marker(12));
  assert.deepEqual(shown, [5, "read_marker"], "whether it comes live or from the history");
}
{
  const made = taking(at(10, 4), message(6, 12), message(7, 13));
  assert.deepEqual([made.shown, made.asked], [[], ["r", "r"]], "nothing is shown beyond a gap");
  made.joined({ room_id: "r", last_seq: 7 });
  for (const seq of [5, 6, 7]) made.take(message(seq));
  made.take(message(8, 14));
  assert.deepEqual(made.shown, [5, 6, 7, 8], "missing entries come first");
}
{
  const made = taking(at(10, 4), message(6, 12));
  made.skip("r", 5);
  made.take(message(6));
  assert.deepEqual(made.shown, [[5, 5], 6], "entries that cannot be fetched are a gap");
  made.abandon("r");
  assert.deepEqual(made.shown, [[5, 5], 6], "and existing entries are not");
}
{
  const made = taking(at(10, 4), message(9, 12));
  made.abandon("r");
  assert.deepEqual(made.shown, [[5, 9]]);
}
{
  const made = taking(at(10, 4), message(7));
  assert.deepEqual(made.shown, [[5, 6], 7], "a gap in the history is final");
}
{
  const made = ledger();
  assert.equal(made.welcome({ epoch: "e", pos: 30, entries }), null, "a client without a state is live at once");
  for (const event of [message(8, 31), message(9, 33)]) made.take(event);
  assert.deepEqual(made.shown, [8, 9], "a room is followed from its first event");
  assert.deepEqual(made.state(), { epoch: "e", pos: 33, rooms: { r: [9, 9] } });
}

{
  const pin = { type: "pin", data: { room_id: "r", seq: 5 }, pos: 11 };
  const made = ledger(at(10, 4));
  made.welcome({ epoch: "e", pos: 10, entries: [...entries, "pin"] });
  made.resumed({ pos: 10, gaps: [], epoch_changed: false });
  for (const event of [pin, pin, message(6, 12)]) made.take(event);
  assert.deepEqual([made.shown, made.asked], [[5, 6], []], "the server says what an entry is");
}

/* Live events that arrive between `welcome` and the replay. */
const resumed = { pos: 40, gaps: [], epoch_changed: false };
const resuming = (state, live, replay, end = resumed) => {
  const made = ledger(state);
  assert.deepEqual(made.welcome({ epoch: "e", pos: 30, entries }), { epoch: "e", pos: state.pos });
  for (const event of [...live, ...replay]) made.take(event);
  const lacking = made.resumed(end);
  return { ...made, lacking, state: made.state() };
};
{
  const live = [message(7, 31), marker(32)];
  const replay = [message(5, 11), message(6, 29), message(7, 31), marker(32), message(8, 33)];
  const { shown, state } = resuming(at(10, 4), live, replay);
  assert.deepEqual(shown, [5, 6, 7, "read_marker", 8], "live events wait for earlier ones");
  assert.equal(state.pos, 40);
}
{
  const live = [message(5, 31), marker(32)];
  const { shown } = resuming(at(10, 4), live, [...live, message(6, 33)]);
  assert.deepEqual(shown, [5, "read_marker", 6], "also when the replay has no other events");
}
{
  const { shown } = resuming(at(10, 4), [message(5, 31), marker(32), message(6, 33)], []);
  assert.deepEqual(shown, [5, "read_marker", 6], "and when the replay is empty");
}
{
  const gaps = [{ room_id: "r", to_seq: 20 }];
  const replay = [message(21, 25)];
  const { shown, lacking, state } = resuming(at(10, 4), [], replay, { ...resumed, gaps });
  assert.deepEqual([shown, lacking, state.rooms.r], [[], ["r"], [4, 21]], "a gap is remembered");
  assert.deepEqual(resuming(state, [], []).lacking, ["r"], "until it is filled");
}
{
  const { lacking } = resuming(at(10, 4), [], [], { ...resumed, gaps: [{ room_id: "x", to_seq: 3 }] });
  assert.deepEqual(lacking, [], "a room that was not followed has no gap");
}
{
  const made = ledger(at(10, 4));
  made.welcome({ epoch: "e", pos: 30, entries });
  assert.equal(made.resumed({ ...resumed, gaps: [{ room_id: "r", to_seq: 20 }] }, true), null);
  assert.equal(made.state().pos, 10, "the state keeps its position until all parts have come");
  assert.deepEqual(made.resumed(resumed), ["r"], "the gaps of all parts count");
  assert.equal(made.state().pos, 40);
}
{
  const made = ledger(at(90, 4));
  assert.equal(made.welcome({ epoch: "f", pos: 7, entries }), null);
  made.take(message(2, 8));
  assert.deepEqual(made.shown, ["reset", 2], "another epoch starts afresh");
  assert.deepEqual(made.state(), { epoch: "f", pos: 8, rooms: { r: [2, 2] } });
}
{
  const { shown, state } = resuming(at(50, 4), [], [], { pos: 31, gaps: [], epoch_changed: true });
  assert.deepEqual([shown, state], [["reset"], { epoch: "e", pos: 31, rooms: {} }]);
}
