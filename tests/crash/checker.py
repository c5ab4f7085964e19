"""Compares what every client sent and was shown with what the database has.

A history is a list of records, which crowd.mjs writes in the order in which each client made them.
In a record `c` is the client and `t` is what happened:

  say   the client sent: id, op (post, edit, delete, react, pin), room, and of message, content, key,
        on those that the op has
  ok    it was acknowledged: id, message, seq (null where the answer has none), new (false for a
        duplicate)
  no    it was refused: id, code
  join  the client joins: room, since (or null)
  in    the client has joined: room, last_seq
  out   the client has left: room
  show  an entry was shown: room, seq, kind, message, user, content, key, on, pos (null in a room's
        history)
  gap, reset, end, error            these must not happen
  down, away                        these may happen: a lost connection, a client that was closed

The checker uses no process, socket or file, so its tests can forge histories.
"""

import collections

# Errors that a correct client may get, because users join and leave and messages are deleted.
HARMLESS = {"forbidden", "room_not_found", "not_found"}
KINDS = {"post": "chat_message", "edit": "message_edited", "delete": "message_deleted",
         "react": "reaction", "pin": "pin"}


class Database:
    """What the database stores of a round, as plain dictionaries, which a test can write.

    rooms      room → last_seq
    log        (room, seq) → {kind, message, user, key, on, pos}
    messages   message → {room, seq, user, client_id, content, deleted, pinned}
    reactions  {(message, user, key)}
    """

    def __init__(self, rooms, log, messages, reactions):
        self.rooms, self.log, self.messages, self.reactions = rooms, log, messages, reactions


class Reader:
    """What one client has been shown so far."""

    def __init__(self):
        self.next = {}   # room that it is in → the next seq, or None when any seq may come
        self.shown = {}  # room → the highest seq that was ever shown
        self.pos = 0


class Checker:
    """users: client → the id of its user. walls: client → the rooms that it may never see."""

    def __init__(self, users, walls):
        self.users, self.walls = users, walls
        self.readers = {client: Reader() for client in users}
        self.faults = []

    def check(self, history, database):
        """Returns the faults of a round, each as a sentence with its record."""
        self.faults, self.database = [], database
        self.sent, self.answers = {}, {}
        self.texts = collections.defaultdict(set)
        for record in history:
            if record["t"] == "say":
                self.sent[record["id"]] = record
        for record in history:
            if record["t"] in ("ok", "no"):
                self.answer(record)
        self.collect_texts()
        for record in history:
            handle = getattr(self, "take_" + record["t"], None)
            if handle:
                handle(self.readers[record["c"]], record)
        self.check_answered()
        self.check_messages()
        self.check_changes()
        self.check_pins()
        self.check_caught_up()
        return self.faults

    def fault(self, what, record):
        self.faults.append(f"{what}: {record}")

    # --- what was sent ----------------------------------------------------------------------------

    def answer(self, record):
        if record["id"] in self.answers:
            self.fault("answered twice", record)
        self.answers[record["id"]] = record
        if record["t"] == "no" and record["code"] not in HARMLESS:
            self.fault("refused", record)

    def accepted(self, *ops):
        """The acknowledged records in the order of sending, each with its answer."""
        for sent in self.sent.values():
            answer = self.answers.get(sent["id"])
            if sent["op"] in ops and answer and answer["t"] == "ok":
                yield sent, answer

    def collect_texts(self):
        for sent, answer in self.accepted("post", "edit"):
            self.texts[answer["message"]].add(sent["content"])
        # An edit that was made, and was sent again when the message had been deleted.
        for sent in self.sent.values():
            if sent["op"] == "edit" and self.answers.get(sent["id"], {}).get("code") == "not_found":
                self.texts[sent["message"]].add(sent["content"])

    def check_answered(self):
        for sent in self.sent.values():
            if sent["id"] not in self.answers:
                self.fault("never answered", sent)

    def check_messages(self):
        stored = collections.defaultdict(list)
        for message, row in self.database.messages.items():
            stored[row["user"], row["client_id"]].append((message, row))
            if row["client_id"] not in self.sent:
                self.fault("stored, but never sent", (message, row))
        for sent in self.sent.values():
            if sent["op"] != "post":
                continue
            rows = stored[self.users[sent["c"]], sent["id"]]
            answer = self.answers.get(sent["id"])
            if len(rows) > 1:
                self.fault("stored twice", sent)
            elif answer and answer["t"] == "no" and rows:
                self.fault("refused, but stored", sent)
            elif answer and answer["t"] == "ok":
                self.check_stored(sent, answer, rows)

    def check_stored(self, sent, answer, rows):
        if not rows:
            self.fault("acknowledged, but lost", sent)
            return
        message, row = rows[0]
        if (message, row["room"], row["seq"]) != (answer["message"], sent["room"], answer["seq"]):
            self.fault(f"acknowledged differently than stored, {message} {row}", answer)

    def check_changes(self):
        contents, reactions = {}, {}
        for sent, answer in self.accepted("post", "edit", "delete", "react"):
            message = answer["message"]
            row = self.database.messages.get(message)
            if sent["op"] == "react":
                reactions[message, self.users[sent["c"]], sent["key"]] = sent
            elif sent["op"] != "delete":
                contents[message] = sent
            elif row and not row["deleted"]:
                self.fault("acknowledged, but not deleted", sent)
            if sent["op"] != "post" and answer["new"]:
                self.check_entry(sent, answer)
        for message, sent in contents.items():
            row = self.database.messages.get(message)
            if row and row["content"] != ("" if row["deleted"] else sent["content"]):
                self.fault(f"acknowledged, but the message has {row['content']!r}", sent)
        for at, sent in reactions.items():
            row = self.database.messages.get(at[0])
            if row and (at in self.database.reactions) != (sent["on"] and not row["deleted"]):
                self.fault("acknowledged, but the reaction is different", sent)

    def check_pins(self):
        """A message is pinned if the last pin in the log says so, unless it was deleted."""
        pins = {}
        for _, entry in sorted(self.database.log.items()):
            if entry["kind"] == "pin":
                pins[entry["message"]] = entry
        for message, row in self.database.messages.items():
            pin = pins.get(message)
            if row["pinned"] != bool(pin and pin["on"] and not row["deleted"]):
                self.fault(f"pinned differently than the log says, {pin}", (message, row))

    def check_entry(self, sent, answer):
        entry = self.database.log.get((sent["room"], answer["seq"]))
        wanted = (KINDS[sent["op"]], sent["message"], self.users[sent["c"]], sent.get("key"),
                  sent.get("on"))
        if not entry or tuple(entry[name] for name in
                              ("kind", "message", "user", "key", "on")) != wanted:
            self.fault(f"acknowledged, but the room's log has {entry}", sent)

    # --- what was shown ---------------------------------------------------------------------------

    def take_join(self, reader, record):
        if record["room"] not in reader.next:
            since = record["since"]
            reader.next[record["room"]] = None if since is None else since + 1

    def take_in(self, reader, record):
        if reader.next.get(record["room"], 0) is None:
            reader.next[record["room"]] = record["last_seq"] + 1

    def take_out(self, reader, record):
        reader.next.pop(record["room"], None)

    def take_show(self, reader, record):
        room, seq = record["room"], record["seq"]
        if room not in reader.next or room in self.walls[record["c"]]:
            self.fault("shown an entry of a room that the client is not in", record)
            return
        if seq <= reader.shown.get(room, 0):
            self.fault(f"shown again or too late, after {reader.shown[room]}", record)
        elif reader.next[room] not in (None, seq):
            self.fault(f"shown instead of {reader.next[room]}", record)
        if record["pos"] is not None and record["pos"] <= reader.pos:
            self.fault(f"position goes back, from {reader.pos}", record)
        reader.pos = max(reader.pos, record["pos"] or 0)
        reader.next[room] = seq + 1
        reader.shown[room] = max(seq, reader.shown.get(room, 0))
        self.check_shown(record)

    def check_shown(self, record):
        entry = self.database.log.get((record["room"], record["seq"]))
        if not entry:
            self.fault("shown, but not stored", record)
            return
        names = ["kind", "message", "user", "key", "on"] + ["pos"] * (record["pos"] is not None)
        if any(record[name] != entry[name] for name in names):
            self.fault(f"shown differently than stored, {entry}", record)
            return
        row = self.database.messages.get(record["message"])
        if record["content"] and record["content"] not in self.texts[record["message"]]:
            self.fault("shown with a text that was never sent", record)
        elif record["kind"] == "chat_message" and not (record["content"] or row["deleted"]):
            self.fault("shown empty", record)

    def take_gap(self, reader, record):
        self.fault("an unexplained gap", record)

    take_reset = take_end = take_error = take_gap

    def check_caught_up(self):
        for client, reader in self.readers.items():
            for room, seq in reader.next.items():
                if seq != self.database.rooms[room] + 1:
                    self.fault("not caught up with the room",
                               {"c": client, "room": room, "next": seq,
                                "last_seq": self.database.rooms[room]})
