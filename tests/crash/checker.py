"""Holds what every client said and was shown against what the database has.

A history is a list of records in the order of one client's life, as crowd.mjs writes them: `c` is
whose it is, `t` what happened.

  say   id, op (post, edit, delete, react, pin), room, and what of: message, content, key, on
  ok    id, message, seq (null where the answer has none), new (false: it was so already)
  no    id, code
  join  room, since (or null)       in   room, last_seq        out   room
  show  room, seq, kind, message, user, content, key, on, pos (null in a room's history)
  gap, reset, end, error            what must not be
  down, away                        what may be: a connection lost, a program ended for a while

It knows no process, socket or file: the histories of its tests are forged.
"""

import collections

# What may be answered to something that was meant well: people come and go, messages are deleted.
HARMLESS = {"forbidden", "room_not_found", "not_found"}
KINDS = {"post": "chat_message", "edit": "message_edited", "delete": "message_deleted",
         "react": "reaction", "pin": "pin"}


class Database:
    """What is stored of a round. Plain dictionaries, so that a test may write them down.

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
        self.next = {}   # room that it is in → the seq to come, or None when any may begin
        self.shown = {}  # room → the last one shown, ever
        self.pos = 0


class Checker:
    """users: client → its user's id. walls: client → the rooms that it must see nothing of."""

    def __init__(self, users, walls):
        self.users, self.walls = users, walls
        self.readers = {client: Reader() for client in users}
        self.faults = []

    def check(self, history, database):
        """Returns the faults of a round, each a sentence with the record that shows it."""
        self.faults, self.database = [], database
        self.said, self.answers = {}, {}
        self.texts = collections.defaultdict(set)
        for record in history:
            if record["t"] == "say":
                self.said[record["id"]] = record
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
        self.check_level()
        return self.faults

    def fault(self, what, record):
        self.faults.append(f"{what}: {record}")

    # --- what was said ----------------------------------------------------------------------------

    def answer(self, record):
        if record["id"] in self.answers:
            self.fault("answered twice", record)
        self.answers[record["id"]] = record
        if record["t"] == "no" and record["code"] not in HARMLESS:
            self.fault("refused", record)

    def accepted(self, *ops):
        """What was acknowledged, in the order of saying, each with its answer."""
        for said in self.said.values():
            answer = self.answers.get(said["id"])
            if said["op"] in ops and answer and answer["t"] == "ok":
                yield said, answer

    def collect_texts(self):
        for said, answer in self.accepted("post", "edit"):
            self.texts[answer["message"]].add(said["content"])
        # An edit that was made, then asked for once more when the message had been deleted.
        for said in self.said.values():
            if said["op"] == "edit" and self.answers.get(said["id"], {}).get("code") == "not_found":
                self.texts[said["message"]].add(said["content"])

    def check_answered(self):
        for said in self.said.values():
            if said["id"] not in self.answers:
                self.fault("never answered", said)

    def check_messages(self):
        stored = collections.defaultdict(list)
        for message, row in self.database.messages.items():
            stored[row["user"], row["client_id"]].append((message, row))
            if row["client_id"] not in self.said:
                self.fault("stored, but nobody said it", (message, row))
        for said in self.said.values():
            if said["op"] != "post":
                continue
            rows = stored[self.users[said["c"]], said["id"]]
            answer = self.answers.get(said["id"])
            if len(rows) > 1:
                self.fault("stored twice", said)
            elif answer and answer["t"] == "no" and rows:
                self.fault("refused, but stored", said)
            elif answer and answer["t"] == "ok":
                self.check_stored(said, answer, rows)

    def check_stored(self, said, answer, rows):
        if not rows:
            self.fault("acknowledged, but lost", said)
            return
        message, row = rows[0]
        if (message, row["room"], row["seq"]) != (answer["message"], said["room"], answer["seq"]):
            self.fault(f"acknowledged otherwise than stored, {message} {row}", answer)

    def check_changes(self):
        contents, reactions = {}, {}
        for said, answer in self.accepted("post", "edit", "delete", "react"):
            message = answer["message"]
            row = self.database.messages.get(message)
            if said["op"] == "react":
                reactions[message, self.users[said["c"]], said["key"]] = said
            elif said["op"] != "delete":
                contents[message] = said
            elif row and not row["deleted"]:
                self.fault("acknowledged, but not deleted", said)
            if said["op"] != "post" and answer["new"]:
                self.check_entry(said, answer)
        for message, said in contents.items():
            row = self.database.messages.get(message)
            if row and row["content"] != ("" if row["deleted"] else said["content"]):
                self.fault(f"acknowledged, but the message has {row['content']!r}", said)
        for at, said in reactions.items():
            row = self.database.messages.get(at[0])
            if row and (at in self.database.reactions) != (said["on"] and not row["deleted"]):
                self.fault("acknowledged, but the reaction is otherwise", said)

    def check_pins(self):
        """A message is pinned if the last pin in the log says so, unless it was deleted."""
        pins = {}
        for _, entry in sorted(self.database.log.items()):
            if entry["kind"] == "pin":
                pins[entry["message"]] = entry
        for message, row in self.database.messages.items():
            pin = pins.get(message)
            if row["pinned"] != bool(pin and pin["on"] and not row["deleted"]):
                self.fault(f"pinned otherwise than the log says, {pin}", (message, row))

    def check_entry(self, said, answer):
        entry = self.database.log.get((said["room"], answer["seq"]))
        wanted = (KINDS[said["op"]], said["message"], self.users[said["c"]], said.get("key"),
                  said.get("on"))
        if not entry or tuple(entry[name] for name in
                              ("kind", "message", "user", "key", "on")) != wanted:
            self.fault(f"acknowledged, but the room's log has {entry}", said)

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
            self.fault("shown of a room that one is not in", record)
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
            self.fault(f"shown otherwise than stored, {entry}", record)
            return
        row = self.database.messages.get(record["message"])
        if record["content"] and record["content"] not in self.texts[record["message"]]:
            self.fault("shown with a text that nobody gave it", record)
        elif record["kind"] == "chat_message" and not (record["content"] or row["deleted"]):
            self.fault("shown empty", record)

    def take_gap(self, reader, record):
        self.fault("an unexplained gap", record)

    take_reset = take_end = take_error = take_gap

    def check_level(self):
        for client, reader in self.readers.items():
            for room, seq in reader.next.items():
                if seq != self.database.rooms[room] + 1:
                    self.fault("not level with the room",
                               {"c": client, "room": room, "next": seq,
                                "last_seq": self.database.rooms[room]})
