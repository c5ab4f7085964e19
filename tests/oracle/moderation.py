"""Moderation by administrators of the realm: removal, restoring, closing, suspension and reports."""

from dataclasses import dataclass, field

from compare import ANYTHING, TEXT, TIME, Expected
from events import HIDDEN
from messages import messages_in
from registry import action, erasure, export, view
from rooms import in_room
from world import WORDS

ADMIN = "/api/v1/admin"
REPORTS = "/api/v1/reports"
KINDS = ("room", "message", "knowledge", "interaction", "user")
STATES = ("open", "taken", "done", "rejected")
FAR = "2999-12-31T12:00:00.000000Z"


@dataclass
class Removal:
    kind: str
    object: str
    author: int  # None: the realm itself
    by: int
    thing: object
    room: object = None
    other: int = None          # the target of an interaction
    members: tuple = ()        # of a room
    public: bool = None


@dataclass
class Report:
    id: int
    reporter: int
    kind: str
    object: str
    author: int
    reason: str
    state: str = "open"
    note: str = None
    assignee: int = None


@dataclass
class Moderation:
    removals: dict = field(default_factory=dict)  # (kind, object): Removal, in order
    filed: dict = field(default_factory=dict)  # the reports, by id

    def may_moderate(self, viewer, other):
        """other None: the realm itself."""
        roles = {"owner": 2, "admin": 1, "user": 0}
        mine = roles[self.users[viewer].role]
        theirs = 0 if other is None else roles[self.users[other].role]
        return mine == 2 or mine == 1 and theirs == 0

    def room_owner(self, room):
        return next((user for user in room.members()
                     if room.memberships[user].role == "owner"), None)

    def things(self, kind):
        """(id, author, thing, room) of everything that exists."""
        rooms = [room for room in self.rooms.values() if not room.deleted]
        if kind == "room":
            return [(room.id, self.room_owner(room), room, room) for room in rooms]
        if kind == "message":
            return [(message.id, message.sender, message, room) for room in rooms
                    for message in messages_in(room) if not message.deleted]
        if kind == "knowledge":
            return [(str(item.id), item.creator, item, None) for item in self.knowledge.values()]
        if kind == "interaction":
            return [(str(item.id), item.author, item, None)
                    for item in self.interactions.values()]
        return [(str(user.id), user.id, user, None) for user in self.users.values()
                if not user.erased]

    def thing_visible(self, viewer, kind, author, thing, room):
        if kind == "room":
            return self.room_visible(viewer, room)
        if kind == "message":
            return self.room_readable(viewer, room) and not self.blocked(viewer, author)
        if kind == "knowledge":
            return self.knowledge_visible(viewer, thing)
        if kind == "interaction":
            return self.interaction_visible(viewer, thing)
        return self.user_visible(viewer, author)

    def handles(self, viewer, report):
        return self.is_staff(viewer) and report.author != viewer and \
            self.may_moderate(viewer, report.author)

    def reports_waiting(self, viewer):
        return sum(report.state == "open" and self.handles(viewer, report) for report in self.filed.values()) \
            if self.is_staff(viewer) else None

    def show_report(self, report):
        return {"id": report.id, "kind": report.kind, "object": report.object,
                "reason": report.reason, "state": report.state, "note": report.note,
                "created_at": TIME, "updated_at": TIME}

    def show_moderated_report(self, report):
        thing = next((thing for number, _, thing, _ in self.things(report.kind)
                      if number == report.object), None)
        removal = self.removals.get((report.kind, report.object))
        if report.kind == "room" and removal:
            thing = removal.thing
        if report.kind == "message" and not thing:  # perhaps in a removed room
            thing = next((message for room in self.rooms.values()
                          if ("room", room.id) in self.removals for message in messages_in(room)
                          if message.id == report.object and not message.deleted), None)
        excerpt = getattr(thing, "name" if report.kind in ("room", "user") else "content", None)
        if report.kind == "message" and thing and thing.knowledge:
            item = self.knowledge.get(thing.knowledge)
            excerpt = (item.title or item.content) if item and item.visibility == "public" else ""
        return self.show_report(report) | {
            "reporter_id": report.reporter, **self.show_named("reporter", report.reporter),
            "author_id": report.author, **self.show_named("author", report.author),
            "assignee_id": report.assignee, **self.show_named("assignee", report.assignee),
            "excerpt": excerpt, "is_removed": bool(removal)}

    def show_removal(self, number, removal):
        return {"id": number, "kind": removal.kind, "object": removal.object,
                "room_id": removal.room.id if removal.room else None,
                "author_id": removal.author, **self.show_named("author", removal.author),
                "removed_by": removal.by, **self.show_named("remover", removal.by), "removed_at": TIME,
                "reason": TEXT, "content": ANYTHING}


@erasure
def erase_moderation(model, user):
    model.removals = {key: removal for key, removal in model.removals.items()
                      if removal.other != user and (removal.author != user or
                                                    removal.kind == "room")}
    for removal in model.removals.values():
        removal.author = None if removal.author == user else removal.author
        removal.by = None if removal.by == user else removal.by
        removal.members = [member for member in removal.members if member != user]
        if removal.kind == "knowledge":
            removal.thing.votes.pop(user, None)
            removal.thing.shares = {share for share in removal.thing.shares if share[0] != user}
    model.filed = {number: report for number, report in model.filed.items()
                     if user not in (report.reporter, report.author)}
    for report in model.filed.values():
        report.assignee = None if report.assignee == user else report.assignee


# --- removing and restoring ---------------------------------------------------------------------


def moderator(w):
    """A user, mostly one with the right to moderate."""
    staff = [user for user in w.actors() if w.model.is_staff(user)]
    return w.dice.choice(staff if w.chance(0.85) else w.actors())


def remove_thing(w, removal):
    m, thing, room = w.model, removal.thing, removal.room
    if removal.kind == "room":
        for other in [*room.members(), *room.invited]:
            m.append_event("room_removed", {"room_id": room.id}, user=other)
        removal.members, removal.public = room.members(), room.public
        for membership in room.memberships.values():
            membership.current = False
        room.deleted, room.public, room.invited = True, False, {}
    elif removal.kind == "message":
        removal.content = thing.content
        thing.content, thing.deleted, thing.removed, thing.reactions = "", True, True, set()
        thing.former = []
        thing.pinned = None
        m.append_change(room, "message_removed", thing, thing.sender)
    elif removal.kind == "knowledge":
        del m.knowledge[thing.id]
    else:
        del m.interactions[thing.id]


@action(2.4, "POST /api/v1/admin/remove", events=("room_removed", "message_removed", HIDDEN))
def remove(w, _):
    m, user, kind = w.model, moderator(w), w.dice.choice(KINDS[:-1])
    found = w.pick(m.things(kind))
    number, author, thing, room = found or ("999", None, None, None)
    if not m.is_staff(user) or found and not m.may_moderate(user, author):
        status = 403
    else:
        status = 204 if found else 404
    w.must(status, user, "POST", ADMIN + "/remove",
           {"kind": kind, "id": number, "reason": w.dice.choice(WORDS)})
    if status == 204:
        removal = Removal(kind, number, author, user, thing, room,
                          thing.target if kind == "interaction" else None)
        m.removals[kind, number] = removal
        remove_thing(w, removal)


def in_order_of_ids(things, thing):
    """Puts a thing back among others that are in the order of their ids."""
    return dict(sorted((things | {thing.id: thing}).items()))


def restore_thing(w, removal):
    m, thing, room = w.model, removal.thing, removal.room
    if removal.kind == "room":
        for member in removal.members:
            room.memberships[member].current = True
        room.deleted, room.public = False, removal.public
        members = sorted((room.memberships[user].role == "member", room.memberships[user].joined,
                          user) for user in removal.members if m.users[user].active)
        if room.kind == "room" and members and m.room_owner(room) is None:
            room.memberships[members[0][2]].role = "owner"
        for member in removal.members:
            m.append_event("room_restored", {"room_id": room.id}, user=member,
                           visible=lambda viewer: m.room_visible(viewer, room))
    elif removal.kind == "message":
        thing.content, thing.deleted, thing.removed = removal.content, False, False
        m.append_change(room, "message_restored", thing, thing.sender)
    elif removal.kind == "knowledge":
        m.knowledge = in_order_of_ids(m.knowledge, thing)
        m.told_later.add(thing.id)
    else:
        m.interactions = in_order_of_ids(m.interactions, thing)


@action(1.2, "POST /api/v1/admin/restore", events=("room_restored", "message_restored", HIDDEN))
def restore(w, _):
    m, user = w.model, moderator(w)
    removal = w.pick(m.removals.values())
    if not removal:
        w.must(404 if m.is_staff(user) else 403, user, "POST", ADMIN + "/restore",
               {"kind": "knowledge", "id": "999"})
        return
    status = 204 if m.is_staff(user) and m.may_moderate(user, removal.author) else 403
    w.must(status, user, "POST", ADMIN + "/restore",
           {"kind": removal.kind, "id": removal.object})
    if status == 204:
        del m.removals[removal.kind, removal.object]
        restore_thing(w, removal)


@action(1, "POST /api/v1/admin/rooms/{room_id}/close", "DELETE /api/v1/admin/rooms/{room_id}/close",
        events=("room_updated",))
@in_room(lambda model, room, user: not room.deleted)
def close_or_open_room(w, _, room, __):
    m, user, closed = w.model, moderator(w), w.chance(0.4)
    status = 204 if m.is_staff(user) and not room.deleted and \
        m.may_moderate(user, m.room_owner(room)) else \
        403 if not m.is_staff(user) or not room.deleted else 404
    path = f"{ADMIN}/rooms/{room.id}/close"
    if closed:
        w.must(status, user, "POST", path, {"reason": "r"})
    else:
        w.must(status, user, "DELETE", path)
    if status == 204 and room.closed != closed:
        room.closed = closed
        m.append_event("room_updated", m.show_room_settings(room), room=room)


# --- users --------------------------------------------------------------------------------------


@action(0.7, "POST /api/v1/admin/users/{id}/suspend", "DELETE /api/v1/admin/users/{id}/suspend",
        "DELETE /api/v1/admin/users/{id}/sessions")
def suspend_or_end_sessions(w, _):
    m, user = w.model, moderator(w)
    other = w.pick_user(user)
    row, what = m.users[other], w.dice.choice(("suspend", "unsuspend", "sessions"))
    if other == user:
        return  # the owner signs in for all other actions
    status = 403 if not m.is_staff(user) else 404 if row.erased else \
        403 if not m.may_moderate(user, other) or what == "suspend" and row.role == "owner" else 204
    path = f"{ADMIN}/users/{other}/"
    if what == "suspend":
        body = {"reason": "r"} | ({"until": FAR} if w.chance() else {})
        w.must(status, user, "POST", path + "suspend", body)
    else:
        w.must(status, user, "DELETE", path + ("suspend" if what == "unsuspend" else "sessions"))
    if status != 204:
        return
    if what == "unsuspend":
        row.suspended = False
    else:
        w.sign_out(other)
        row.suspended = row.suspended or what == "suspend"
        row.until = body.get("until") if what == "suspend" else row.until


# --- reports ------------------------------------------------------------------------------------


@action(3, "POST /api/v1/reports", events=("report_created",))
def report_thing(w, user):
    m, kind = w.model, w.dice.choice(KINDS)
    found = w.pick(m.things(kind), lambda row: m.thing_visible(user, kind, *row[1:]))
    number, author, *rest = found or ("999", None, None, None)
    if kind == "interaction" and found and author == user and rest[0].response:
        author = rest[0].target
    visible = found and m.thing_visible(user, kind, author, *rest)
    body = {"kind": kind, "id": number, "reason": w.dice.choice(WORDS)}
    same = next((report for report in m.filed.values()
                 if (report.reporter, report.kind, report.object) == (user, kind, number) and
                 report.state in STATES[:2]), None)
    if same:
        w.must(200, user, "POST", REPORTS, body, m.show_report(same))
        return
    status = 404 if not visible else 422 if author == user else 201
    made = w.must(status, user, "POST", REPORTS, body)
    if status != 201:
        return
    report = Report(made["id"], user, kind, number, author, body["reason"])
    m.filed[report.id] = report
    for admin in m.users.values():
        if admin.active and admin.id != user and m.handles(admin.id, report):
            m.append_event("report_created", {"id": report.id, "kind": kind}, user=admin.id)


@action(1.5, "PATCH /api/v1/admin/reports/{id}", events=("report_decided",))
def decide_report(w, _):
    m, user = w.model, moderator(w)
    report, state = w.pick(m.filed.values()), w.dice.choice(STATES)
    if not report:
        return
    others = [other for other in m.filed.values() if other is not report and
              (other.reporter, other.kind, other.object) ==
              (report.reporter, report.kind, report.object) and other.state in STATES[:2]]
    body = {"state": state} | ({"note": w.dice.choice(WORDS)} if w.chance() else {})
    status = 403 if not m.is_staff(user) else 404 if not m.handles(user, report) else \
        409 if others and state in STATES[:2] else 200
    changed = report.state != state
    if status == 200:
        report.state, report.note = state, body.get("note", report.note)
        report.assignee = None if state == "open" else user
    w.must(status, user, "PATCH", f"{ADMIN}/reports/{report.id}", body,
           m.show_moderated_report(report) if status == 200 else None)
    if status == 200 and changed and state in STATES[2:]:
        m.append_event("report_decided", m.show_report(report), user=report.reporter)


# --- views --------------------------------------------------------------------------------------


def for_staff(w, viewer, path, rows, order=None):
    return Expected(path, rows(), order=order) if w.model.is_staff(viewer) else Expected(path, status=403)


def without_deleted_rooms(w):
    """Leaves out removed messages of deleted rooms, which go step by step. For rows of removals."""
    going = {key for key, removal in w.model.removals.items()
             if removal.kind == "message" and removal.room.deleted}
    return lambda rows: [row for row in rows if (row["kind"], row["object"]) not in going]


@view("GET /api/v1/admin/removals")
def list_of_removals(w, viewer):
    m = w.model
    yield for_staff(w, viewer, ADMIN + "/removals", lambda: [
        m.show_removal(ANYTHING, removal) for removal in reversed(m.removals.values())],
        without_deleted_rooms(w))


@view("GET /api/v1/admin/suspensions")
def list_of_suspensions(w, viewer):
    yield for_staff(w, viewer, ADMIN + "/suspensions", lambda: [
        {"id": user.id, "username": user.name, **w.model.show_names(user.id), "suspended_at": TIME,
         "suspended_until": user.until, "reason": "r"} for user in reversed(w.model.users.values()) if user.suspended])


@view("GET /api/v1/admin/reports")
def queue_of_reports(w, viewer):
    m, state = w.model, w.view_dice.choice(STATES)
    for query, states in (("", STATES), (f"?state={state}", (state,))):
        yield for_staff(w, viewer, ADMIN + "/reports" + query, lambda states=states: [
            m.show_moderated_report(report) for report in reversed(m.filed.values())
            if report.state in states and m.handles(viewer, report)])


@view("GET /api/v1/reports")
def own_reports(w, viewer):
    m = w.model
    yield Expected(REPORTS, [m.show_report(report) for report in reversed(m.filed.values())
                             if report.reporter == viewer])


@export("removals")
def exported_removals(w, user):
    rows = [{"kind": removal.kind, "object": removal.object} for removal in reversed(w.model.removals.values())
            if user in (removal.author, removal.by, removal.other)]
    left = without_deleted_rooms(w)
    return rows, lambda rows: [(row["kind"], row["object"]) for row in left(rows)]


@export("reports")
def exported_reports(w, user):
    return [report.id for report in reversed(w.model.filed.values())
            if user in (report.reporter, report.assignee)], \
        lambda rows: [row if isinstance(row, int) else row["id"] for row in rows]
