"""Memberships: joining and leaving rooms, invitations, roles, removals and bans."""

import itertools
from dataclasses import dataclass, field

from compare import ANYTHING, TIME, Expected, time_if
from registry import action, erasure, export, view
from rooms import MEMBER, MODERATOR, OWNER, has_rank, in_room


@dataclass
class Membership:
    role: str
    joined: int          # step of the model
    current: bool = True
    read_seq: int = 0
    muted: bool = False
    notify: str = "mentions"
    twin: bool = False


@dataclass
class Memberships:
    steps: itertools.count = field(default_factory=itertools.count)

    def join(self, user, room, role="member"):
        membership = room.memberships.setdefault(user, Membership(role, 0))
        membership.current, membership.joined = True, next(self.steps)
        room.invited.pop(user, None)
        self.append_event("user_joined", self.show_member(user, room), room=room, user=user)

    def leave(self, user, room):
        """An owner that leaves has a successor. A user that comes back is a plain member."""
        was_invited = user in room.invited
        room.invited.pop(user, None)
        if room.has(user):
            successors = sorted((room.memberships[other].role == "member",
                                 room.memberships[other].joined, other)
                                for other in room.members()
                                if other != user and self.users[other].active)
            if room.rank(user) < OWNER:
                room.memberships[user].role = "member"
            elif successors:
                room.memberships[user].role = "member"
                room.memberships[successors[0][2]].role = "owner"
            membership = room.memberships[user]
            membership.current = membership.muted = membership.twin = False
            membership.notify = "mentions"
            if self.users[user].current_room == room.id:
                self.users[user].current_room = None
            self.append_event("user_left", self.show_member(user, room), room=room, user=user)
        elif was_invited:
            self.append_event("room_removed", {"room_id": room.id}, user=user)
        self.delete_room_if_abandoned(room)

    def withdraw_invitations(self, inviter, guests):
        for room in self.rooms.values():
            for guest in sorted(guests):
                if room.invited.get(guest) == inviter:
                    del room.invited[guest]
                    self.append_event("room_removed", {"room_id": room.id}, user=guest)

    def tell_direct_others(self, user):
        """The other members of direct rooms and groups that show the user's name."""
        for other in sorted({other for room in self.rooms.values() if room.kind != "room" and not room.deleted and
                             user in room.memberships for other in room.members()} - {user}):
            self.account_changed(other, "relationship")

    def has_heard(self, user, other):
        """Whether a room of the user may have messages of the other user."""
        return any(room.has(user) and other in room.memberships for room in self.rooms.values())

    def co_members(self, viewer):
        """The members of the viewer's rooms that are visible to the viewer."""
        return [self.show_member(user, room) | {"joined_at": TIME,
                                                "read_seq": room.memberships[user].read_seq,
                                                # the bridge sets it
                                                "status": ANYTHING, "current_room": ANYTHING}
                for room in sorted(self.rooms.values(), key=lambda room: room.id)
                if room.has(viewer)
                for user in sorted(room.members()) if self.user_visible(viewer, user)]

    def may_ban(self, viewer, room, user):
        return self.user_visible(viewer, user) and \
            (user in room.memberships or user in room.invited or self.user_known(viewer, user))

    def show_ban(self, viewer, room, user):
        by = room.banned[user]
        by = by if by and self.user_visible(viewer, by) else None
        return {"user_id": user, "username": self.user_name(user), **self.show_names(user), "banned_by": by,
                "banned_by_name": by and self.user_name(by),
                "banned_by_full_name": by and self.users[by].full_name, "created_at": TIME}

    def show_guest(self, viewer, room, guest):
        by = room.invited[guest]
        by = by if by and self.user_visible(viewer, by) else None
        return {"user_id": guest, "username": self.user_name(guest), **self.show_names(guest), "invited_by": by,
                "invited_by_name": by and self.user_name(by),
                "invited_by_full_name": by and self.users[by].full_name, "created_at": TIME}

    def show_invitation(self, viewer, room, guest):
        inviter = room.invited[guest]
        shown = inviter == viewer or self.user_visible(viewer, inviter)
        return {"room_id": room.id, "name": room.name, "user_id": guest,
                "invited_by": inviter if shown else None,
                "username": self.user_name(inviter) if shown else None,
                "full_name": self.users[inviter].full_name if shown else None, "twin": None, "created_at": TIME}

    def show_invitations(self, viewer):
        return [self.show_invitation(viewer, room, viewer) for room in self.rooms.values() if viewer in room.invited]

    def show_member(self, user, room):
        return {"user_id": user, "username": self.user_name(user), "room_id": room.id} | self.show_names(user)

    def show_mute(self, user, room):
        return {"room_id": room.id, "muted_until": time_if(room.memberships[user].muted),
                "notify": room.memberships[user].notify}

    def show_participant(self, viewer, room, user):
        membership = room.memberships[user]
        return self.show_presence(viewer, user) | {
            "user_id": user, "username": self.user_name(user), **self.show_names(user), "is_aeon": membership.twin,
            "role": membership.role, "read_seq": membership.read_seq}


@erasure
def erase_memberships(model, user):
    model.withdraw_invitations(user, list(model.users))
    model.tell_direct_others(user)
    for room in model.rooms.values():
        if room.has(user):
            model.leave(user, room)
        room.memberships.pop(user, None)
        room.banned = {banned: None if by == user else by
                       for banned, by in room.banned.items() if banned != user}
        room.invited.pop(user, None)


# --- actions ------------------------------------------------------------------------------------


def may_join(model, room, user):
    return model.room_visible(user, room) and not room.has(user)


@action(9, "POST /rooms/{room_id}/join", events=("user_joined",))
@in_room(may_join)
def join_room(w, user, room, path):
    m = w.model
    if not m.room_visible(user, room):
        return w.must(404, user, "POST", path + "/join")
    if not room.has(user):
        if user in room.banned:
            return w.must(403, user, "POST", path + "/join")
        if room.closed:
            return w.must(403, user, "POST", path + "/join")
        if len(room.members()) >= room.max_participants:
            return w.must(409, user, "POST", path + "/join")
        m.join(user, room)
    return w.must(200, user, "POST", path + "/join", None, m.show_room(user, room))


@action(2, "POST /rooms/{room_id}/leave", events=("user_left", "room_removed"))
@in_room(has_rank(MEMBER))
def leave_room(w, user, room, path):
    visible = w.model.room_visible(user, room)
    w.must(200 if visible else 404, user, "POST", path + "/leave")
    if visible:
        w.model.leave(user, room)


@action(0.5, "PUT /rooms/{room_id}/typing")
@in_room(has_rank(MEMBER))
def type_in_room(w, user, room, path):
    w.must(w.model.room_refusal(user, room, MEMBER) or 204, user, "PUT", path + "/typing",
           {"is_typing": w.chance(0.5)})


@action(3, "PUT /rooms/{room_id}/mute", "DELETE /rooms/{room_id}/mute", "PUT /rooms/{room_id}/notify",
        events=("room_muted",))
@in_room(has_rank(MEMBER))
def mute_room(w, user, room, path):
    m, name, value = w.model, "muted", w.chance(0.7)
    call = "PUT" if value else "DELETE", path + "/mute", {"until": "2999-12-31T12:00:00Z"} if value else None
    if w.chance(0.4):
        name, value = "notify", w.dice.choice(("all", "mentions", "none"))
        call = "PUT", path + "/notify", {"notify": value}
    status = m.room_refusal(user, room, MEMBER)
    if status:
        return w.must(status, user, *call)
    membership = room.memberships[user]
    changed = getattr(membership, name) != value
    setattr(membership, name, value)
    answer = m.show_mute(user, room)
    if changed:
        m.append_event("room_muted", answer, user=user,
                       visible=lambda viewer: m.room_visible(viewer, room))
    return w.must(200, user, *call, answer)


def invite(w, user, room, path, guest):
    m = w.model
    status = m.room_refusal(user, room, MODERATOR, writes=True) or \
        m.contact_refusal(user, guest)
    if not status:
        room.banned.pop(guest, None)
        status = 409 if room.has(guest) else 200 if guest in room.invited else 201
        if status != 409:
            room.invited.setdefault(guest, user)
    answer = m.show_invitation(user, room, guest) if status < 300 else None
    w.must(status, user, "POST", path + "/invitations", {"user_id": guest}, answer)
    if status == 201:
        m.append_event("invitation", answer, user=guest, other=user,
                       visible=lambda viewer: m.room_visible(viewer, room))


@action(6, "POST /rooms/{room_id}/invitations", events=("invitation",))
@in_room(has_rank(MODERATOR))
def invite_user(w, user, room, path):
    invite(w, user, room, path, w.pick_user(user, lambda other: not room.has(other)))


def guests_of_others(model, room, user):
    """The users that another user has invited; if possible, one that is hidden from this user."""
    guests = {guest: inviter for guest, inviter in room.invited.items()
              if user not in (guest, inviter)}
    return [guest for guest, inviter in guests.items()
            if not model.user_visible(user, inviter)] or list(guests)


def can_invite_again(model, room, user):
    return room.rank(user) >= MODERATOR and guests_of_others(model, room, user)


@action(3, "POST /rooms/{room_id}/invitations", events=("invitation",))
@in_room(can_invite_again)
def invite_user_again(w, user, room, path):
    guests = guests_of_others(w.model, room, user)
    invite(w, user, room, path, w.pick_user(user, lambda other: other in guests))


def may_link(model, room, user):
    return model.is_staff(user) and room.rank(user) >= MODERATOR


@action(3, "POST /api/v1/invites", "POST /api/v1/invites/join", events=("user_joined",))
@in_room(may_link)
def join_by_link(w, user, room, _):
    """An administrator makes a link into the room, and another user follows it."""
    m, guest = w.model, w.pick(w.actors(), lambda other: not room.has(other))
    status = (m.room_refusal(user, room, MODERATOR) or 201) if m.is_staff(user) else 403
    made = w.must(status, user, "POST", "/api/v1/invites", {"room_id": room.id})
    if status != 201:
        return
    status = 200
    if not room.has(guest):
        if not m.user_visible(guest, user) or guest in room.banned or room.closed:
            status = 403
        elif len(room.members()) >= room.max_participants:
            status = 409
        else:
            m.join(guest, room)
    w.must(status, guest, "POST", "/api/v1/invites/join", {"code": made["code"]},
           m.show_room(guest, room) if status == 200 else None)


def owns_with_others(_, room, user):
    return room.rank(user) == OWNER and len(room.members()) > 1


@action(5, "PUT /rooms/{room_id}/participants/{user_id}", events=("room_updated",))
@in_room(owns_with_others)
def change_role(w, user, room, path):
    m, other = w.model, w.pick_user(user, room.has)
    role = "moderator" if w.chance(0.7) else "member"
    status = m.room_refusal(user, room, OWNER) or (
        404 if not room.has(other) else 403 if room.rank(other) == OWNER else 200)
    if status == 200:
        room.memberships[other].role = role
    w.must(status, user, "PUT", f"{path}/participants/{other}", {"role": role},
           m.show_room(user, room) if status == 200 else None)
    if status == 200:
        m.append_event("room_updated", m.show_room_settings(room), room=room)


def removal_refusal(m, user, room, other, ban):
    status = m.room_refusal(user, room, MODERATOR)
    if status:
        return status
    if ban and not room.has(other) and not m.may_ban(user, room, other):
        return 404
    if not room.has(other) and other not in room.invited and not ban:
        return 404
    return 403 if room.rank(other) >= m.acting_rank(user, room) else None


@action(2, "DELETE /rooms/{room_id}/participants/{user_id}", events=("user_left", "room_removed"))
@in_room(has_rank(MODERATOR))
def remove_from_room(w, user, room, path):
    m, other, ban = w.model, w.pick_user(user, room.has), w.chance()
    status = removal_refusal(m, user, room, other, ban)
    w.must(status or 204, user, "DELETE", f"{path}/participants/{other}" + "?ban=true" * ban)
    if status:
        return
    was_member, was_invited = room.has(other), other in room.invited
    if ban:
        room.banned.setdefault(other, user)
    room.invited.pop(other, None)
    if was_member:
        m.leave(other, room)
    if was_member or was_invited:
        m.append_event("room_removed", {"room_id": room.id}, user=other)


def bans_somebody(_, room, user):
    return room.rank(user) >= MODERATOR and room.banned


@action(1, "DELETE /rooms/{room_id}/bans/{user_id}")
@in_room(bans_somebody)
def unban(w, user, room, path):
    m, other = w.model, w.pick_user(user, lambda other: other in room.banned)
    status = m.room_refusal(user, room, MODERATOR) or (204 if other in room.banned else 404)
    w.must(status, user, "DELETE", f"{path}/bans/{other}")
    if status == 204:
        room.banned.pop(other)


@view("GET /invitations")
def own_invitations(w, viewer):
    yield Expected("/invitations", w.model.show_invitations(viewer),
                   order=lambda rows: sorted(rows, key=lambda row: row["room_id"]))


@view("GET /rooms/{room_id}/invitations")
def guests_of_room(w, viewer):
    m = w.model
    for room in m.rooms.values():
        path, status = f"/rooms/{room.id}/invitations", m.room_refusal(viewer, room, MODERATOR)
        yield Expected(path, status=status) if status else Expected(path, [
            m.show_guest(viewer, room, guest) for guest in sorted(room.invited, reverse=True)
            if m.user_visible(viewer, guest)])


@view("GET /rooms/{room_id}/bans")
def bans_of_room(w, viewer):
    m = w.model
    for room in m.rooms.values():
        path, status = f"/rooms/{room.id}/bans", m.room_refusal(viewer, room, MODERATOR)
        yield Expected(path, status=status) if status else Expected(path, [
            m.show_ban(viewer, room, user) for user in sorted(room.banned, reverse=True)
            if m.may_ban(viewer, room, user)])


@export("memberships")
def exported_memberships(w, user):
    """A deleted room goes step by step, and is left out."""
    rooms = w.model.rooms.values()
    deleted = {room.id for room in rooms if room.deleted}
    return [{"room_id": room.id} for room in rooms if user in room.memberships], \
        lambda rows: sorted({row["room_id"] for row in rows} - deleted)
