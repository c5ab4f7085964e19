"""The checker with forged histories: it accepts correct ones and names the faults of others."""

import pytest

from checker import KINDS, Checker, Database

USERS = {"ann": "u-ann", "ben": "u-ben"}
WALLS = {"ann": set(), "ben": {"wall"}}
# seq, kind, message, user, text, key, on of the entries of the room, oldest first.
LOG = [
    (1, "chat_message", "m1", "ann", "one", None, None),
    (2, "chat_message", "m2", "ben", "two", None, None),
    (3, "message_edited", "m1", "ann", "one, better", None, None),
    (4, "reaction", "m1", "ben", None, "heart", True),
    (5, "chat_message", "m3", "ann", "three", None, None),
    (6, "message_deleted", "m3", "ann", None, None, None),
]
OPS = {kind: op for op, kind in KINDS.items()}


class Story:
    """A correct history: both users sent LOG, got answers and were shown all. Tests spoil it."""

    def __init__(self):
        self.records = {}
        for who in USERS:
            self.put(f"{who} joins", c=who, t="join", room="room", since=None)
            self.put(f"{who} in", c=who, t="in", room="room", last_seq=0)
        for seq, kind, message, who, text, key, on in LOG:
            of = {"content": text} if kind == "chat_message" else {
                "message": message, "content": text, "key": key, "on": on}
            self.put(f"say {seq}", c=who, t="say", id=f"s{seq}", op=OPS[kind], room="room", **of)
            self.put(f"ok {seq}", c=who, t="ok", id=f"s{seq}", message=message, seq=seq, new=True)
            for reader in USERS:
                self.put(f"{reader} sees {seq}", c=reader, t="show", room="room", seq=seq,
                         kind=kind, message=message, user=USERS[who], content=text, key=key, on=on,
                         pos=10 * seq)
        log = {("room", seq): {"kind": kind, "message": message, "user": USERS[who], "key": key,
                               "on": on, "pos": 10 * seq}
               for seq, kind, message, who, text, key, on in LOG}
        self.database = Database({"room": 6, "wall": 0}, log, {
            "m1": stored(1, "ann", "one, better"), "m2": stored(2, "ben", "two"),
            "m3": stored(5, "ann", "", deleted=1)}, {("m1", "u-ben", "heart")})

    def put(self, name, before=None, **record):
        """Adds a record before another one, or at the end."""
        names = list(self.records)
        self.records[name] = record
        for later in names[names.index(before):] if before else ():
            self.records[later] = self.records.pop(later)

    def change(self, *names, **what):
        for name in names:
            self.records[name] = self.records[name] | what

    def faults(self):
        return Checker(USERS, WALLS).check(list(self.records.values()), self.database)


def stored(seq, who, content, deleted=0):
    return {"room": "room", "seq": seq, "user": USERS[who], "client_id": f"s{seq}",
            "content": content, "deleted": deleted, "pinned": 0}


def drop(*names):
    return lambda story: [story.records.pop(name) for name in names]


def change(*names, **what):
    return lambda story: story.change(*names, **what)


def put(name, before=None, **record):
    return lambda story: story.put(name, before, **record)


def again(name, before=None):
    return lambda story: story.put(f"{name} again", before, **story.records[name])


def refuse(seq, code):
    return lambda story: story.put(f"ok {seq}", t="no", c="ann", id=f"s{seq}", code=code)


def message(name, **what):
    return lambda story: story.database.messages.update(
        {name: story.database.messages[name] | what})


def entry(seq, **what):
    return lambda story: story.database.log["room", seq].update(what)


def both(*spoilers):
    return lambda story: [spoil(story) for spoil in spoilers]


def leave_and_rejoin(since, last_seq):
    """Ben leaves the room before entry 3 and joins again before entry 5."""
    return both(put("out", "ben sees 3", c="ben", t="out", room="room"),
                put("back", "ben sees 5", c="ben", t="join", room="room", since=since),
                put("in again", "ben sees 5", c="ben", t="in", room="room", last_seq=last_seq))


GOOD = {
    "the plain history": both(),
    "lost connections and closed clients": both(
        put("lost", "ben sees 3", c="ben", t="down"),
        put("ended", "ben sees 4", c="ben", t="away")),
    "a room that is left and joined again without the missed entries": both(
        leave_and_rejoin(None, 4), drop("ben sees 3", "ben sees 4")),
    "a room that is left and joined again with the missed entries": both(
        leave_and_rejoin(2, 6), again("ben sees 3", "ben sees 5"), again("ben sees 4", "ben sees 5"),
        drop("ben sees 3", "ben sees 4")),
    "an entry of a history has no position": change("ben sees 5", pos=None),
    "a deleted message is shown empty": change("ben sees 5", content=None),
    "a change that is answered as a duplicate": change("ok 3", seq=None, new=False),
    "an edit that was made, and sent again when the message was deleted": both(
        refuse(3, "not_found"), message("m1", content="", deleted=1),
        lambda story: story.database.reactions.clear()),
    "a post that is refused after leaving": both(
        put("say", c="ben", t="say", id="s7", op="post", room="room", content="?"),
        put("no", c="ben", t="no", id="s7", code="forbidden")),
}

BAD = [
    ("never answered", drop("ok 2")),
    ("answered twice", again("ok 2")),
    ("refused:", refuse(2, "internal")),
    ("refused, but stored", refuse(2, "forbidden")),
    ("acknowledged, but lost", lambda story: story.database.messages.pop("m3")),
    ("acknowledged differently than stored", change("ok 2", seq=7)),
    ("acknowledged differently than stored", change("ok 2", message="m9")),
    ("acknowledged differently than stored", message("m2", room="wall")),
    ("stored twice", lambda story: story.database.messages.update(m9=stored(2, "ben", "two"))),
    ("stored, but never sent",
     lambda story: story.database.messages.update(m9=stored(7, "ben", "what?"))),
    ("acknowledged, but not deleted", message("m3", content="three", deleted=0)),
    ("acknowledged, but the message has", message("m1", content="one")),
    ("acknowledged, but the message has", message("m3", content="three")),
    ("acknowledged, but the reaction is different", lambda story: story.database.reactions.clear()),
    ("acknowledged, but the reaction is different", change("say 4", on=False)),
    ("pinned differently than the log says", message("m2", pinned=1)),
    ("acknowledged, but the room's log has", entry(4, on=False)),
    ("acknowledged, but the room's log has", lambda story: story.database.log.pop(("room", 3))),
    ("shown an entry of a room that the client is not in", change("ben sees 4", room="wall")),
    ("shown an entry of a room that the client is not in", both(
        put("knock", "ben sees 4", c="ben", t="join", room="wall", since=None),
        change("ben sees 4", room="wall"))),
    ("shown an entry of a room that the client is not in",
     put("out", "ben sees 6", c="ben", t="out", room="room")),
    ("shown again or too late", again("ben sees 3")),
    ("shown again or too late", again("ben sees 3", "ben sees 2")),
    ("shown instead of", drop("ben sees 3")),
    ("shown instead of", drop("ben sees 1")),
    ("shown instead of", both(leave_and_rejoin(2, 6), drop("ben sees 3", "ben sees 4"))),
    ("position goes back", both(entry(4, pos=25), change("ann sees 4", "ben sees 4", pos=25))),
    ("shown, but not stored", lambda story: story.database.log.pop(("room", 5))),
    ("shown differently than stored", change("ben sees 4", on=False)),
    ("shown differently than stored", change("ben sees 2", user="u-ann")),
    ("shown differently than stored", change("ben sees 2", pos=21)),
    ("shown with a text that was never sent", change("ben sees 3", content="two")),
    ("shown empty", change("ben sees 2", content=None)),
    ("not caught up with the room", drop("ben sees 6")),
    *(("an unexplained gap", put(t, c="ben", t=t)) for t in ("gap", "reset", "end", "error")),
]


@pytest.mark.parametrize("name", GOOD)
def test_the_checker_accepts_a_correct_history(name):
    story = Story()
    GOOD[name](story)
    assert story.faults() == []


@pytest.mark.parametrize("number, fault", enumerate(fault for fault, _ in BAD))
def test_the_checker_names_the_fault(number, fault):
    story = Story()
    BAD[number][1](story)
    faults = story.faults()
    assert any(told.startswith(fault) for told in faults), faults
