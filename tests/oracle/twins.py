"""Twins: their settings, memories and conversations, each for its owner alone, and where they are.

No twin answers here: a turn waits until its owner cancels it.
"""

from dataclasses import dataclass, field

from compare import ANYTHING, TEXT, TIME, Expected, check, if_visible
from registry import action, erasure, export, reveals_nothing, tested_elsewhere, view
from rooms import MEMBER, in_room
from world import WORDS

TWIN, MEMORIES, TALKS, TURNS, DRAFTS, STATUS = (
    f"/api/v1/aeon/{name}"
    for name in ("twin", "memories", "conversations", "turns", "drafts", "status"))
CHAT = "/api/v1/aeon/chat?wait=0"  # nobody answers
TYPES = "xy"
VISIBILITIES = ("private", "friends", "public")

# What waits for the owner needs a twin that answers.
reveals_nothing(*(f"{method} /api/v1/aeon/drafts{path}" for method, path in (
    ("GET", ""), ("POST", "/{id}/approve"), ("POST", "/{id}/reject"))))
tested_elsewhere("draft_waiting")


@dataclass
class Memory:
    id: int
    owner: int
    content: str
    type: str
    importance: int
    visibility: str
    local: bool
    times: int = 1


@dataclass
class Turn:
    id: int
    line: int
    state: str = "queued"


@dataclass
class Talk:
    id: str
    owner: int
    lines: list = field(default_factory=list)  # (id, text)
    used: int = 0                              # step of the model


def no_twin():
    return {"name": None, "persona": None, "traits": {}, "autopilot": "off",
            "answers_to": "everyone", "only_when_away": False, "quiet_hours": None, "model": None,
            "max_replies_per_day": 100, "max_replies_per_person": None, "asks_others": "public"}


@dataclass
class Twins:
    twins: dict = field(default_factory=dict)     # owner: settings
    memories: dict = field(default_factory=dict)  # id: Memory
    talks: dict = field(default_factory=dict)     # id: Talk
    turns: dict = field(default_factory=dict)     # owner: [Turn]

    def memories_of(self, user):
        """Newest first."""
        return [each for each in reversed(self.memories.values()) if each.owner == user]

    def talks_of(self, user):
        """The last used first."""
        return sorted((each for each in self.talks.values() if each.owner == user),
                      key=lambda each: -each.used)

    def show_twin(self, user):
        shown = no_twin() | self.twins.get(user, {})
        shown["name"] = shown["name"] or self.user_name(user)
        if shown["max_replies_per_person"] is None:
            shown["max_replies_per_person"] = (shown["max_replies_per_day"] + 1) // 2
        return shown

    def show_room_twin(self, user, room):
        return {"room_id": room.id, "user_id": user, "username": self.user_name(user),
                "full_name": self.users[user].full_name, "twin_name": self.show_twin(user)["name"],
                "is_inside": room.memberships[user].twin}

    def show_memory(self, each):
        return {"id": each.id, "content": each.content, "memory_type": each.type,
                "importance": each.importance, "visibility": each.visibility,
                "local_only": each.local, "times": each.times, "quote": None,
                "created_at": TIME, "updated_at": TIME, "meta_data": None, "sources": []}

    def show_talk(self, talk):
        return {"id": talk.id, "message_count": len(talk.lines), "created_at": TIME,
                "updated_at": TIME}

    def show_lines(self, talk):
        return [{"id": number, "conversation_id": talk.id, "is_aeon": False, "content": text,
                 "context": None, "turn_id": None, "created_at": TIME}
                for number, text in reversed(talk.lines)]

    def show_turn(self, user, turn):
        ended = turn.state == "cancelled"
        line = str(turn.line)
        return {"id": turn.id, "cause_kind": "chat", "cause_id": line, "root_kind": "chat",
                "root_id": line, "step": 1, "asker_id": user, **self.show_named("asker", user),
                "room_id": None, "question": self.show_question(turn),
                "state": turn.state, "reason": "cancelled" if ended else None,
                "until": None, "content": None, "answer_id": None, "approved": False,
                "engine": None, "model": None, "prompt_tokens": 0, "reply_tokens": 0, "cost": 0,
                "created_at": TIME, "started_at": None,
                "finished_at": TIME if ended else None, "exchange": None, "sources": []}

    def show_question(self, turn):
        said = {number: text for talk in self.talks.values() for number, text in talk.lines}
        return {"content": said[turn.line], "twin": None} if turn.line in said else None

    def show_turns(self, user):
        """Newest first."""
        return [self.show_turn(user, turn) for turn in reversed(self.turns.get(user, []))]


@erasure
def erase_twins(model, user):
    model.twins.pop(user, None)
    model.turns.pop(user, None)
    for things in (model.memories, model.talks):
        for number in [number for number, each in things.items() if each.owner == user]:
            del things[number]


def tell_twin(w, user, part, number=None, deleted=False):
    w.model.append_event("twin_changed", {
        "part": part, "id": number if number is None else str(number), "is_deleted": deleted},
        user=user)


# --- actions ------------------------------------------------------------------------------------


@action(2, f"PUT {TWIN}", events=("twin_changed",))
def set_twin(w, user):
    m, dice = w.model, w.dice
    body = dice.choice((
        {"name": dice.choice((*WORDS, None))}, {"persona": dice.choice((*WORDS, None))},
        {"answers_to": dice.choice(("everyone", "friends", "nobody"))},
        {"only_when_away": w.chance()}, {"traits": {"tone": dice.choice(WORDS)}},
        {"quiet_hours": dice.choice((None, {"from": "22:05", "to": "07:00", "utc_offset": -90}))},
        {"max_replies_per_day": dice.randrange(100)},
        {"max_replies_per_person": dice.randrange(100)},
        {"asks_others": dice.choice(("never", "public", "always"))}))
    m.twins.setdefault(user, {}).update(body)
    w.must(200, user, "PUT", TWIN, body, m.show_twin(user))
    tell_twin(w, user, "settings")


@action(3, "POST /rooms/{room_id}/twin", "DELETE /rooms/{room_id}/twin",
        events=("room_twin", "twin_changed"))
@in_room(lambda model, room, user: room.has(user) and room.aeon)
def move_twin(w, user, room, path):
    m, inside = w.model, w.chance(0.7)
    method = "POST" if inside else "DELETE"
    status = m.room_refusal(user, room, MEMBER, writes=inside) or \
        (409 if inside and not room.aeon else None)
    if status:
        return w.must(status, user, method, path + "/twin")
    membership = room.memberships[user]
    changed, membership.twin = membership.twin != inside, inside
    shown = m.show_room_twin(user, room)
    if changed:
        tell_twin(w, user, "room", room.id, not inside)
        m.append_event("room_twin", shown, room=room, user=user)
    return w.must(200 if inside else 204, user, method, path + "/twin", None,
                  shown if inside else None)


@action(5, f"POST {MEMORIES}", events=("twin_changed",))
def add_memory(w, user):
    m, dice = w.model, w.dice
    body = {"content": dice.choice(WORDS), "memory_type": dice.choice(TYPES),
            "importance": dice.randrange(1, 11), "visibility": dice.choice(VISIBILITIES),
            "local_only": w.chance()}
    known = next((each for each in m.memories_of(user) if each.content == body["content"]), None)
    made = w.must(200 if known else 201, user, "POST", MEMORIES, body)
    if known:
        known.times += 1
        known.importance = max(known.importance, body["importance"])
    else:
        known = m.memories[made["id"]] = Memory(made["id"], user, *body.values())
    check(m.show_memory(known), made)
    tell_twin(w, user, "memory", known.id)


def pick_memory(w, user):
    """Mostly the user's own."""
    return w.pick(w.model.memories.values(), lambda each: each.owner == user)


@action(2, f"PATCH {MEMORIES}/{{id}}", events=("twin_changed",))
def change_memory(w, user):
    m, each = w.model, pick_memory(w, user)
    if not each:
        return
    text = w.dice.choice(WORDS)
    body = w.dice.choice(({"content": text}, {"visibility": w.dice.choice(VISIBILITIES)},
                          {"importance": w.dice.randrange(1, 11)}, {"local_only": w.chance()}))
    taken = "content" in body and any(
        other.content == text and other is not each for other in m.memories_of(user))
    path = f"{MEMORIES}/{each.id}"
    if status := 409 if taken else None if each.owner == user else 404:
        w.must(status, user, "PATCH", path, body)
        return
    for name, value in body.items():
        setattr(each, {"local_only": "local"}.get(name, name), value)
    w.must(200, user, "PATCH", path, body, m.show_memory(each))
    tell_twin(w, user, "memory", each.id)


@action(1, f"DELETE {MEMORIES}/{{id}}", events=("twin_changed",))
def delete_memory(w, user):
    if each := pick_memory(w, user):
        own = each.owner == user
        w.must(204 if own else 404, user, "DELETE", f"{MEMORIES}/{each.id}")
        if own:
            del w.model.memories[each.id]
            tell_twin(w, user, "memory", each.id, True)


def pick_talk(w, user):
    return w.pick(w.model.talks.values(), lambda talk: talk.owner == user)


@action(3, "POST /api/v1/aeon/chat", events=("twin_changed",))
def say(w, user):
    m = w.model
    talk = pick_talk(w, user) if w.chance() else None
    body = {"message": w.dice.choice(WORDS)} | ({"conversation_id": talk.id} if talk else {})
    waiting = sum(turn.state == "queued" for turn in m.turns.get(user, []))
    if status := 429 if waiting >= 10 else 404 if talk and talk.owner != user else None:
        w.must(status, user, "POST", CHAT, body)
        return
    made = w.must(202, user, "POST", CHAT, body)
    check({"message": None, "conversation_id": talk.id if talk else TEXT, "turn_id": ANYTHING,
           "memory_accessed": [], "response_time": None, "tokens_used": 0, "state": "queued",
           "reason": None}, made)
    talk = m.talks.setdefault(made["conversation_id"], Talk(made["conversation_id"], user))
    turn = w.must(200, user, "GET", f"{TURNS}/{made['turn_id']}")
    line = int(turn["cause_id"])
    talk.lines.append((line, body["message"]))
    talk.used = next(m.steps)
    m.turns.setdefault(user, []).append(Turn(made["turn_id"], line))
    tell_twin(w, user, "conversation", talk.id)


@action(0.6, f"DELETE {TALKS}/{{conversation_id}}", events=("twin_changed",))
def delete_talk(w, user):
    if talk := pick_talk(w, user):
        own = talk.owner == user
        w.must(204 if own else 404, user, "DELETE", f"{TALKS}/{talk.id}")
        if own:
            del w.model.talks[talk.id]
            tell_twin(w, user, "conversation", talk.id, True)


@action(1, f"POST {TURNS}/{{id}}/cancel", events=("turn_updated",))
def cancel_turn(w, user):
    m = w.model
    owner, turn = w.pick([(owner, turn) for owner, turns in m.turns.items() for turn in turns],
                         lambda pair: pair[0] == user) or (None, None)
    if not turn:
        return
    path = f"{TURNS}/{turn.id}/cancel"
    if status := 404 if owner != user else 409 if turn.state != "queued" else None:
        w.must(status, user, "POST", path)
        return
    turn.state = "cancelled"
    w.must(200, user, "POST", path, None, m.show_turn(user, turn))
    m.append_event("turn_updated", {
        "turn_id": turn.id, "state": "cancelled", "reason": "cancelled", "cause_kind": "chat",
        "cause_id": str(turn.line), "room_id": None, "answer_id": None}, user=user)


# --- views --------------------------------------------------------------------------------------


@view(f"GET {TWIN}")
def own_twin(w, viewer):
    yield Expected(TWIN, w.model.show_twin(viewer))


@view(f"GET {MEMORIES}")
def list_of_memories(w, viewer):
    m, wanted = w.model, w.view_dice.choice(TYPES)
    rows = [m.show_memory(each) for each in m.memories_of(viewer)]
    yield Expected(MEMORIES, rows)
    yield Expected(f"{MEMORIES}?memory_type={wanted}",
                   [row for row in rows if row["memory_type"] == wanted])


@view(f"GET {MEMORIES}/{{id}}")
def single_memory(w, viewer):
    for each in w.model.memories.values():
        yield if_visible(f"{MEMORIES}/{each.id}", each.owner == viewer,
                         lambda: w.model.show_memory(each))


@view(f"GET {TALKS}")
def list_of_talks(w, viewer):
    m = w.model
    yield Expected(TALKS, [m.show_talk(talk) for talk in m.talks_of(viewer)])


@view(f"GET {TALKS}/{{conversation_id}}")
def single_talk(w, viewer):
    m = w.model
    for talk in m.talks.values():
        yield if_visible(f"{TALKS}/{talk.id}", talk.owner == viewer,
                         lambda: m.show_talk(talk) | {"messages": m.show_lines(talk)})


@view(f"GET {TURNS}")
def list_of_turns(w, viewer):
    rows = w.model.show_turns(viewer)
    yield Expected(TURNS, rows)
    yield Expected(f"{TURNS}?state=queued", [row for row in rows if row["state"] == "queued"])
    yield Expected(DRAFTS, [])


@view(f"GET {TURNS}/{{id}}")
def single_turn(w, viewer):
    m = w.model
    for owner, turns in m.turns.items():
        for turn in turns[-3:]:
            yield if_visible(f"{TURNS}/{turn.id}", owner == viewer,
                             lambda: m.show_turn(owner, turn))


@view(f"GET {TURNS}/{{id}}/held-back")
def held_back(w, viewer):
    """All turns here answer their owners. From an owner nothing is held back."""
    for owner, turns in w.model.turns.items():
        for turn in turns[-3:]:
            yield if_visible(f"{TURNS}/{turn.id}/held-back", owner == viewer, list)


@view(f"GET {STATUS}")
def status(w, viewer):
    m, talks = w.model, w.model.talks_of(viewer)
    yield Expected(STATUS, {
        "conversations": len(talks), "messages": sum(len(talk.lines) for talk in talks),
        "memories": len(m.memories_of(viewer)), "replies_today": 0,
        "max_replies_per_day": m.show_twin(viewer)["max_replies_per_day"], "tokens_today": 0,
        "waiting": sum(turn.state == "queued" for turn in m.turns.get(viewer, [])), "drafts": 0,
        "max_tokens_per_day": 200000, "texts": ANYTHING, "texts_waiting": 0,
        "providers": [{"interface": "llm", "provider": "recall", "host": None, "texts": "none"}]})


# --- the export ---------------------------------------------------------------------------------


@export("twin")
def exported_twin(w, user):
    return ([w.model.show_twin(user)] if user in w.model.twins else []), None


@export("twin_rooms")
def exported_twin_rooms(w, user):
    rooms = sorted(room.id for room in w.model.rooms.values()
                   if room.has(user) and room.memberships[user].twin)
    return [{"room_id": room, "added_at": TIME} for room in rooms], None


@export("memories")
def exported_memories(w, user):
    return [w.model.show_memory(each) for each in w.model.memories_of(user)], None


@export("conversations")
def exported_talks(w, user):
    rows = [w.model.show_talk(talk) for talk in w.model.talks_of(user)]
    return sorted(rows, key=lambda row: row["id"]), None


@export("turns")
def exported_turns(w, user):
    return w.model.show_turns(user), None
