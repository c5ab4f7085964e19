"""Users: accounts, privacy settings, presence, and which users a user can see."""

import time
from collections import Counter
from dataclasses import dataclass, field

from compare import ANYTHING, TIME, Expected, check, if_visible, iso_time
from events import HIDDEN
from realm import PASSWORD
from registry import ERASURES, EXPORTS, action, export, reveals_nothing, view
from world import WORDS

PRIVACY = ("presence", "relationships", "network", "contact", "discoverable")
CIRCLES = ("everyone", "friends", "nobody")
HOUR = 3600_000_000  # microseconds
STATUSES = ("offline", "away", "connected")  # the last one counts


def words_of(text):
    return text.lower().replace("-", " ").split()


@dataclass
class User:
    id: int
    name: str
    role: str = "user"
    full_name: str = None
    active: bool = True
    erased: bool = False
    pending: bool = False
    signed_in: bool = True
    suspended: bool = False
    until: str = None  # the end of the suspension; None: without an end
    presence: str = "everyone"
    relationships: str = "friends"
    network: str = "friends"
    contact: str = "everyone"
    discoverable: bool = True
    last_seen: int = None  # microseconds; None before the first presence
    status: str = "offline"  # on a bridge
    asking: str = "offline"  # by REST
    current_room: str = None
    settings: dict = None  # that the user's clients keep
    counts: Counter = field(default_factory=Counter)  # what the user ever made, for analytics


@dataclass
class Users:
    users: dict = field(default_factory=dict)

    def user_visible(self, viewer, user):
        return user in self.users and self.users[user].active and not self.blocked(viewer, user)

    def user_known(self, viewer, user):
        """Whether the viewer may name the user."""
        return self.user_visible(viewer, user) and self.has_something_in_common(viewer, user)

    def has_something_in_common(self, viewer, user):
        pair = {viewer, user}
        return self.users[user].discoverable or viewer == user or \
            any(room.has(viewer) and room.has(user) or
                any({guest, inviter} == pair for guest, inviter in room.invited.items())
                for room in self.rooms.values()) or \
            any({row.author, row.other} == pair for row in self.relationships.values()) or \
            any(set(item.users()) == pair for item in self.interactions.values()) or \
            any(set(share) == pair for item in self.knowledge.values() for share in item.shares)

    def allows(self, user, viewer, setting):
        """Whether the viewer is in the circle of this privacy setting of the user."""
        circle = getattr(self.users[user], setting)
        return user == viewer or circle == "everyone" or \
            (circle == "friends" and self.is_friend(user, viewer))

    def contact_refusal(self, viewer, user):
        """Why the viewer may not invite the user, share with the user, or address the twin."""
        if not self.user_known(viewer, user):
            return 404
        return None if self.allows(user, viewer, "contact") else 403

    def presence_visible(self, viewer, user):
        return self.users[user].last_seen is not None and self.allows(user, viewer, "presence")

    def status(self, user):
        row = self.users[user]
        return max(row.status, row.asking, key=STATUSES.index)

    def is_staff(self, user):
        return self.users[user].role != "user"

    def user_name(self, user):
        return self.users[user].name

    def show_names(self, user, prefix=""):
        """Those beside the username. The twins of these worlds do nothing by themselves."""
        return {f"{prefix}full_name": self.users[user].full_name, f"{prefix}twin": None}

    def show_named(self, prefix, user):
        """The names of a user who may be missing, each with that prefix."""
        return {f"{prefix}_name": user and self.user_name(user),
                f"{prefix}_full_name": user and self.users[user].full_name}

    def show_user(self, viewer, user):
        row = self.users[user]
        private = viewer == user or self.is_staff(viewer)
        return {"id": row.id, "username": row.name,
                "email": f"{row.name}@example.org" if private else None,
                "full_name": row.full_name, "bio": None, "twin": None,
                "may_contact": self.allows(user, viewer, "contact"), "role": row.role, "is_active": row.active, "created_at": TIME,
                "updated_at": TIME}

    def is_named(self, user, text):
        """Whether words of the user's names begin with each word of the text."""
        words = words_of(f"{user.name} {user.full_name or ''}")
        return all(any(word.startswith(part) for word in words) for part in words_of(text))

    def people_named(self, viewer, text):
        """Users with these beginnings of words: friends, then co-members, then others, by username."""
        def distance(user):
            return 0 if self.is_friend(viewer, user.id) else 2 - any(
                room.has(viewer) and room.has(user.id) for room in self.rooms.values())
        found = [user for user in self.users.values()
                 if user.id != viewer and self.user_known(viewer, user.id) and self.is_named(user, text)]
        return sorted(found, key=lambda user: (distance(user), user.name))

    def show_privacy(self, user):
        return {name: getattr(self.users[user], name) for name in PRIVACY}

    def show_presence(self, viewer, user):
        if self.live_reports:  # the bridge sets presence, and the model does not follow it
            return dict.fromkeys(("status", "last_seen", "current_room"), ANYTHING)
        row, visible = self.users[user], self.presence_visible(viewer, user)
        room, status = self.rooms.get(row.current_room), self.status(user) if visible else "offline"
        return {"status": status, "last_seen": iso_time(row.last_seen) if visible else None,
                "current_room": room.id if status != "offline" and room and
                self.room_readable(viewer, room) else None}

    def erase_user(self, user):
        """Deletes all but the messages in rooms."""
        row = self.users[user]
        row.active, row.erased, row.signed_in, row.pending = False, True, False, False
        row.suspended, row.role = False, "user"
        row.name, row.full_name, row.last_seen = "deleted user", None, None
        self.erase_events(user)  # first: the events that the erasure itself causes must stay
        told = [other for other in self.users if self.blocked(other, user) and self.has_heard(other, user)]
        for erase in ERASURES:
            erase(self, user)
        self.withdraw_reactions(user)
        for other in told:
            self.account_changed(other, "relationship")


# --- actions ------------------------------------------------------------------------------------


@action(3, "PUT /api/v1/users/me/privacy", events=("account_changed",))
def change_privacy(w, user):
    row = w.model.users[user]
    row.presence, row.relationships, row.network = (w.dice.choice(CIRCLES) for _ in range(3))
    row.contact = w.dice.choice(("everyone", *CIRCLES))  # so that contacts are not rare
    row.discoverable = w.chance(0.7)
    settings = w.model.show_privacy(user)
    w.must(200, user, "PUT", "/api/v1/users/me/privacy", settings, settings)
    w.model.account_changed(user, "privacy")


@action(3, "PUT /api/v1/users/me", events=("account_changed",))
def change_full_name(w, user):
    row = w.model.users[user]
    row.full_name = w.dice.choice((None, f"{w.dice.choice(WORDS).title()} {w.dice.choice(WORDS)}"))
    w.must(200, user, "PUT", "/api/v1/users/me", {"full_name": row.full_name},
           w.model.show_user(user, user))
    w.model.account_changed(user, "profile")


@action(2, "PUT /presence", with_bridge=False)
def say_presence(w, user):
    row = w.model.users[user]
    row.asking = w.dice.choice(STATUSES[1:])
    told = w.must(200, user, "PUT", "/presence", {"status": row.asking})
    w.keep_presence(user)
    check({"user_id": user, "username": row.name, "is_aeon": False} | w.model.show_names(user) |
          w.model.show_presence(user, user), told)


@action(3, with_bridge=False)
def set_presence(w, user):
    """As a bridge writes it; the API has no way to do it."""
    row, now = w.model.users[user], time.time_ns() // 1000
    row.last_seen = now - w.dice.randrange(1, 36) * HOUR - user  # no two users at the same time
    row.status, row.asking = w.dice.choice(STATUSES), "offline"
    row.current_room = w.dice.choice([None, *w.model.rooms])
    with w.realm.rows.transaction() as db:
        db.execute("INSERT OR REPLACE INTO user_presence (user_id, status, last_seen, current_room)"
                   " VALUES (?, ?, ?, ?)", (user, row.status, row.last_seen, row.current_room))
        db.execute("DELETE FROM connected_users WHERE user_id = ?", (user,))
        if row.status != "offline":
            db.execute("INSERT INTO connected_users (user_id, instance, status) VALUES (?, 1, ?)", (user, row.status))


@action(2, "PATCH /api/v1/users/{id}", events=("account_changed",))
def disable_or_enable(w, user):
    m, user = w.model, user if w.chance(0.2) else 1  # mostly the realm's owner, who may do it
    other, body = w.pick_user(user), {"is_active": w.chance(0.3)}
    row, path = m.users[other], f"/api/v1/users/{other}"
    if not m.is_staff(user):
        return w.must(403, user, "PATCH", path, body)
    if row.erased:
        return w.must(404, user, "PATCH", path, body)
    if not m.may_moderate(user, other):
        return w.must(403, user, "PATCH", path, body)
    if other == user:
        return w.must(200 if body["is_active"] else 409, user, "PATCH", path, body)
    changed, row.active = row.active != body["is_active"], body["is_active"]
    row.pending = row.pending and not row.active
    w.must(200, user, "PATCH", path, body, m.show_user(user, other))
    if changed:
        m.tell_direct_others(other)
    if not row.active:
        w.sign_out(other)
    return None


@action(1, "PATCH /api/v1/admin/settings", "POST /api/v1/users/register",
        events=("registration_pending",))
def register_for_approval(w, user):
    """The account waits, and exists for administrators alone."""
    m, name = w.model, f"visitor-{len(w.model.users) + 1}"
    settings = "/api/v1/admin/settings"
    w.must(200, 1, "PATCH", settings, {"registration": "approval"})
    made = w.must(201, user, "POST", "/api/v1/users/register", {
        "username": name, "email": f"{name}@example.org", "password": PASSWORD})
    w.must(200, 1, "PATCH", settings, {"registration": None})
    new = made["id"]
    m.users[new] = User(new, name, active=False, pending=True, signed_in=False)
    for staff in m.users.values():
        if m.is_staff(staff.id) and staff.active:
            m.append_event("registration_pending", {"user_id": new, "username": name, "full_name": None},
                           user=staff.id, other=new)


@action(1, "POST /api/v1/admin/users/{id}/approve", "POST /api/v1/admin/users/{id}/reject",
        with_bridge=False)
def decide_about_an_account(w, user):
    m, user = w.model, user if w.chance(0.2) else 1
    other = w.pick(list(m.users), lambda one: m.users[one].pending)
    row, verb = m.users[other], w.dice.choice(("approve", "reject"))
    path = f"/api/v1/admin/users/{other}/{verb}"
    if not m.is_staff(user):
        w.must(403, user, "POST", path)
    elif not row.pending:
        w.must(404, user, "POST", path)
    elif verb == "approve":
        row.active, row.pending = True, False
        w.must(200, user, "POST", path, shows=m.show_user(user, other))
    else:
        w.must(204, user, "POST", path)
        m.erase_user(other)


# The events of an erased user are deleted, and the bridge may not have reported them yet.
@action(0.3, "DELETE /api/v1/users/me", events=("user_left", "room_removed", "account_changed", "reaction", HIDDEN),
        with_bridge=False)
def erase_account(w, user):
    owner = w.model.users[user].role == "owner"
    w.must(409 if owner else 204, user, "DELETE", "/api/v1/users/me")
    if not owner:
        w.model.erase_user(user)


# --- views --------------------------------------------------------------------------------------

reveals_nothing("POST /api/v1/users/login", "POST /api/v1/users/password/forgotten",
                "POST /api/v1/users/password/reset", "POST /api/v1/users/email/verified",
                "POST /api/v1/users/me/email/verification",
                "GET /api/v1/users/me/mail", "PUT /api/v1/users/me/mail",
                "GET /api/v1/users/mail/unsubscribe", "POST /api/v1/users/mail/unsubscribe",
                "POST /api/v1/admin/users/{id}/password-code",
                "POST /api/v1/users/logout", "POST /ws/ticket",
                "PATCH /api/v1/users/me", "DELETE /api/v1/users/sessions", "DELETE /api/v1/users/sessions/{id}",
                "GET /api/v1/admin/settings", "PATCH /api/v1/admin/settings",
                "GET /api/v1/users/me/totp", "POST /api/v1/users/me/totp", "POST /api/v1/users/me/totp/confirm",
                "DELETE /api/v1/users/me/totp", "POST /api/v1/users/me/claim", "POST /api/v1/users/me/export", "GET /api/v1/invites",
                "DELETE /api/v1/invites/{id}")


@view("GET /api/v1/users/me")
def own_account(w, viewer):
    yield Expected("/api/v1/users/me", w.model.show_user(viewer, viewer))


@view("GET /api/v1/users/sessions")
def own_sessions(w, viewer):
    yield Expected("/api/v1/users/sessions", [{"is_current": True}],
                   order=lambda rows: [row["is_current"] for row in rows])


@view("GET /api/v1/users/me/privacy")
def own_privacy(w, viewer):
    yield Expected("/api/v1/users/me/privacy", w.model.show_privacy(viewer))


@view("GET /api/v1/users/me/as-stranger")
def own_page_of_a_stranger(w, viewer):
    m, row = w.model, w.model.users[viewer]
    shown = m.show_user(viewer, viewer) | {"email": None, "may_contact": row.contact == "everyone"}
    if row.discoverable:
        yield Expected("/api/v1/users/me/as-stranger", shown)
    else:
        yield Expected("/api/v1/users/me/as-stranger", status=404)


@view("GET /api/v1/users")
def list_of_users(w, viewer):
    m = w.model
    if m.is_staff(viewer):
        yield Expected("/api/v1/users", [m.show_user(viewer, user.id) for user in
                                         reversed(m.users.values()) if not user.erased])
    else:
        yield Expected("/api/v1/users", status=403)


@view("GET /api/v1/users")
def people_by_name(w, viewer):
    m, dice = w.model, w.view_dice
    row = dice.choice(list(m.users.values()))
    word, other = dice.sample(WORDS, 2)
    for text in (row.name[:2], row.name.upper(), word[:1], f"{other} {word[:3]}", f"{row.name} {word[:2]}", "-"):
        rows = [] if text == "-" else m.people_named(viewer, text)
        yield Expected(f"/api/v1/users?q={text.replace(' ', '%20')}", [
            m.show_user(viewer, found.id) | {"email": None} for found in rows])


@view("GET /api/v1/users")
def people_of_ids(w, viewer):
    m = w.model
    wanted = w.view_dice.sample(list(m.users), 4)
    yield Expected(f"/api/v1/users?ids={','.join(map(str, [*wanted, wanted[0], 999]))}", [
        m.show_user(viewer, user) for user in sorted(wanted, reverse=True)
        if m.is_staff(viewer) and not m.users[user].erased or m.user_known(viewer, user)])


@view("GET /api/v1/users/by-name/{username}")
def user_by_name(w, viewer):
    m = w.model
    for user in m.users.values():
        if not user.erased:
            visible = m.is_staff(viewer) or m.user_known(viewer, user.id)
            yield if_visible(f"/api/v1/users/by-name/{user.name.title()}", visible,
                             lambda: m.show_user(viewer, user.id))
    yield Expected("/api/v1/users/by-name/nobody", status=404)


@view("GET /api/v1/admin/users")
def waiting_users(w, viewer):
    m, path = w.model, "/api/v1/admin/users?state=pending"
    if m.is_staff(viewer):
        yield Expected(path, [m.show_user(viewer, user.id) for user in reversed(m.users.values())
                              if user.pending])
    else:
        yield Expected(path, status=403)


@view("GET /api/v1/users/{id}")
def single_user(w, viewer):
    m = w.model
    for user in m.users.values():
        visible = m.is_staff(viewer) and not user.erased or m.user_known(viewer, user.id)
        yield if_visible(f"/api/v1/users/{user.id}", visible,
                         lambda: m.show_user(viewer, user.id))
    yield Expected("/api/v1/users/999", status=404)


@view("GET /api/v1/admin/minutes")
def minutes(w, viewer):
    yield Expected("/api/v1/admin/minutes", status=200 if w.model.is_staff(viewer) else 403)


@view("GET /api/v1/admin/audit")
def audit_log(w, viewer):
    yield Expected("/api/v1/admin/audit", status=200 if w.model.is_staff(viewer) else 403)


@export("audit")
def exported_audit(w, user):
    return ANYTHING, None


@export("mail_settings")
def exported_mail_settings(w, user):
    return [{"digest": "names", "address_verified": False}], None


@export("mails")
def exported_mails(w, user):
    return [], None


@export("account")
def exported_account(w, user):
    return [w.model.show_user(user, user)], None


@export("privacy")
def exported_privacy(w, user):
    return [w.model.show_privacy(user)], None


@view("GET /api/v1/users/me/export")
def whole_export(w, viewer):
    parts = {part: read(w, viewer) for part, read in EXPORTS.items()}

    def in_order(whole):
        return {part: order(whole[part]) if order else whole[part]
                for part, (_, order) in parts.items()}
    yield Expected("/api/v1/users/me/export", {part: rows for part, (rows, _) in parts.items()},
                   order=in_order)
