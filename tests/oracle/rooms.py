"""Rooms: their settings, and which rooms are visible to a viewer. Members are in memberships.py."""

import functools
import itertools
from dataclasses import dataclass, field

from compare import TIME, Expected, check, if_visible, time_if
from registry import action, erasure, view
from world import WORDS

MISSING = "01890000-0000-7000-8000-000000000000"
MEMBER, MODERATOR, OWNER = range(3)
ROLES = ("member", "moderator", "owner")


@dataclass
class Room:
    id: str
    name: str
    topic: str
    public: bool
    aeon: bool
    max_participants: int
    creator: int = None
    description: str = None
    deleted: bool = False  # or removed
    closed: bool = False
    kind: str = "room"
    key: list = None       # the users whose room this is, if it is not an ordinary one
    memberships: dict = field(default_factory=dict)  # user: Membership, also a past one
    invited: dict = field(default_factory=dict)      # user: the user that invited
    banned: dict = field(default_factory=dict)       # user: the user that banned, or None
    log: list = field(default_factory=list)          # the entries of messages.py

    def has(self, user):
        return user in self.memberships and self.memberships[user].current

    def rank(self, user):
        return ROLES.index(self.memberships[user].role) if self.has(user) else -1

    def members(self):
        return [user for user in self.memberships if self.has(user)]


@dataclass
class Rooms:
    rooms: dict = field(default_factory=dict)

    def room_readable(self, viewer, room):
        return not room.deleted and (room.public or room.has(viewer))

    def room_visible(self, viewer, room):
        return self.room_readable(viewer, room) or (not room.deleted and viewer in room.invited)

    def room_closed(self, room):
        return room.closed or room.kind == "direct" and any(
            self.blocked(one, other) for one in room.memberships for other in room.memberships)

    def room_others(self, viewer, room):
        return [user for user in sorted(room.memberships) if user != viewer and
                (room.has(user) or room.kind == "direct") and not self.blocked(viewer, user)]

    def acting_rank(self, user, room):
        """A room without an owner who could act belongs to the administrators who can read it."""
        if room.kind != "room":
            return room.rank(user)
        owner = next((other for other in room.members() if room.rank(other) == OWNER and
                      self.users[other].active and not self.users[other].suspended), None)
        if owner is None and self.is_staff(user) and self.room_readable(user, room):
            return OWNER
        return room.rank(user)

    def room_refusal(self, user, room, rank, writes=False):
        """The status for a user without this rank in the room, or None. writes: not in a closed room."""
        if self.acting_rank(user, room) < rank or rank == MEMBER and not room.has(user):
            return 403 if room.has(user) or self.room_visible(user, room) else 404
        return 403 if writes and self.room_closed(room) else None

    def delete_room_if_abandoned(self, room):
        if not room.public and not room.members() and not room.invited and not room.key:
            room.deleted = True

    def show_room_settings(self, room):
        return {"id": room.id, "name": room.name, "description": room.description,
                "topic": room.topic, "is_public": room.public,
                "max_participants": room.max_participants, "is_aeon_room": room.aeon,
                "is_closed": self.room_closed(room)}

    def show_room_in_list(self, viewer, room):
        hidden = room.creator is None or self.blocked(viewer, room.creator)
        others = self.room_others(viewer, room) if room.kind != "room" else []
        other = next((user for user in others if room.kind == "direct" and self.users[user].active), None)
        return self.show_room_settings(room) | {
            "name": ", ".join(map(self.user_name, others)) or room.name, "kind": room.kind,
            "other": other and {"user_id": other, "username": self.user_name(other), **self.show_names(other)},
            "created_by": None if hidden else room.creator,
            "created_at": TIME, "last_seq": len(room.log),
            "current_participants": sum(not self.blocked(viewer, user) for user in room.members())}

    def shown_members(self, viewer, room):
        return [user for user in room.members() if self.user_known(viewer, user)]

    def show_room(self, viewer, room):
        members = sorted(self.shown_members(viewer, room),
                         key=lambda user: room.memberships[user].joined)
        return self.show_room_in_list(viewer, room) | {
            "more_participants": False,
            "participants": [self.show_participant(viewer, room, user) for user in members],
            "my_role": room.memberships[viewer].role if room.has(viewer) else None,
            "muted_until": time_if(room.has(viewer) and room.memberships[viewer].muted),
            "notify": room.memberships[viewer].notify if room.has(viewer) else None,
            "pins": self.show_pins(viewer, room)}


@erasure
def erase_room_creator(model, user):
    for room in model.rooms.values():
        if room.key and user in room.memberships:
            room.key = None
            room.deleted = room.deleted or not room.members()
        room.creator = None if room.creator == user else room.creator


def add_default_rooms(w):
    """The rooms that every realm begins with."""
    for row in reversed(w.ask(1, "GET", "/rooms").json):
        w.model.rooms[row["id"]] = Room(
            row["id"], row["name"], row["topic"], row["is_public"], row["is_aeon_room"],
            row["max_participants"], description=row["description"])


# --- actions ------------------------------------------------------------------------------------


def in_room(likely):
    """Makes an action of a function (world, user, room, path). Mostly draws a likely pair."""
    def decorate(function):
        @functools.wraps(function)
        def run(w, _):
            user, room = w.pick(itertools.product(w.actors(), w.model.rooms.values()),
                                lambda pair: likely(w.model, pair[1], pair[0]))
            function(w, user, room, f"/rooms/{room.id}")
        return run
    return decorate


def has_rank(rank):
    return lambda model, room, user: room.rank(user) >= rank


@action(6, "POST /rooms", events=("user_joined",))
def create_room(w, user):
    m = w.model
    body = {"name": w.dice.choice(WORDS), "topic": w.dice.choice((None, *WORDS)),
            "is_public": w.chance(), "is_aeon_room": w.chance(0.3),
            "max_participants": w.dice.choice((2, 3, 50))}
    made = w.must(201, user, "POST", "/rooms", body)
    room = Room(made["id"], body["name"], body["topic"], body["is_public"], body["is_aeon_room"],
                body["max_participants"], user)
    m.rooms[room.id] = room
    m.join(user, room, "owner")
    check(m.show_room(user, room), made)


@action(2, "PATCH /rooms/{room_id}", events=("room_updated",))
@in_room(has_rank(MODERATOR))
def change_room(w, user, room, path):
    m, body = w.model, {"is_public": w.chance(), "name": w.dice.choice(WORDS)}
    status = m.room_refusal(user, room, MODERATOR, writes=True) or \
        (None if body["is_public"] or room.has(user) else 403)
    if status:
        return w.must(status, user, "PATCH", path, body)
    room.public, room.name = body["is_public"], body["name"]
    w.must(200, user, "PATCH", path, body, m.show_room(user, room))
    return m.append_event("room_updated", m.show_room_settings(room), room=room)


@action(0.8, "DELETE /rooms/{room_id}", events=("room_removed",))
@in_room(has_rank(OWNER))
def delete_room(w, user, room, path):
    status = w.model.room_refusal(user, room, OWNER)
    if status:
        return w.must(status, user, "DELETE", path)
    for other in [*room.members(), *room.invited]:
        w.model.append_event("room_removed", {"room_id": room.id}, user=other)
    for membership in room.memberships.values():
        membership.current = False
    room.deleted, room.invited = True, {}
    return w.must(204, user, "DELETE", path)


# --- views --------------------------------------------------------------------------------------


@view("GET /rooms")
def list_of_rooms(w, viewer):
    m, dice = w.model, w.view_dice
    visible = [room for room in reversed(m.rooms.values()) if m.room_visible(viewer, room)]
    public, joined, aeon = (dice.choice((True, False)) for _ in range(3))
    word = dice.choice(WORDS)
    for query in ("", f"&q={word[:3]}"):
        found = [room for room in visible
                 if not query or word in f"{room.name} {room.topic}".lower()]
        for path, rows in (
                ("/rooms?", found),
                (f"/rooms?is_public={public}", [room for room in found if room.public == public]),
                (f"/rooms?joined={joined}&is_aeon_room={aeon}",
                 [room for room in found if room.has(viewer) == joined and room.aeon == aeon])):
            yield Expected(path.lower() + query,
                           [m.show_room_in_list(viewer, room) for room in rows])


@view("GET /rooms/{room_id}")
def single_room(w, viewer):
    m = w.model
    for room in m.rooms.values():
        yield if_visible(f"/rooms/{room.id}", m.room_visible(viewer, room),
                         lambda: m.show_room(viewer, room))
    yield Expected(f"/rooms/{MISSING}", status=404)


@view("GET /rooms/{room_id}/participants")
def room_members(w, viewer):
    m = w.model
    word = w.view_dice.choice(list(m.users.values())).name[:2]
    for room in m.rooms.values():
        path = f"/rooms/{room.id}/participants"
        members = sorted(m.shown_members(viewer, room), reverse=True)
        for query, text in (("", ""), (f"?q={word}", word)):
            yield if_visible(path + query, m.room_visible(viewer, room), lambda text=text: [
                m.show_participant(viewer, room, user) for user in members
                if m.is_named(m.users[user], text)])
    yield Expected(f"/rooms/{MISSING}/participants", status=404)
