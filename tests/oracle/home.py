"""Home: the rooms of a viewer by activity, with what is not read, and what waits for the viewer."""

from compare import ANYTHING, TIME, Expected, time_if
from messages import messages_in
from registry import action, erasure, export, view
from world import WORDS


class Home:
    def show_settings(self, viewer):
        settings = self.users[viewer].settings
        return {"settings": settings or {}, "updated_at": time_if(settings is not None)}

    def last_said(self, viewer, room):
        """The last message that has a text for the viewer, or None."""
        return next((message for message in reversed(messages_in(room))
                     if not message.deleted and not self.blocked(viewer, message.sender)), None)

    def show_my_room(self, viewer, room):
        mine, last = room.memberships[viewer], self.last_said(viewer, room)
        return self.show_room_in_list(viewer, room) | {
            "my_role": mine.role, "read_seq": mine.read_seq, "muted_until": time_if(mine.muted),
            "notify": mine.notify,
            "mentions": sum(message.seq > mine.read_seq and self.is_mentioned(viewer, room, message)
                            for message in messages_in(room)),
            "unread": sum(message.seq > mine.read_seq and message.sender != viewer and not message.deleted
                          and not self.blocked(viewer, message.sender) for message in messages_in(room)),
            "pins": len(self.show_pins(viewer, room)),
            "last": last and {"message_id": last.id, "sender_id": last.sender,
                              "sender_name": self.user_name(last.sender),
                              "sender_full_name": self.users[last.sender].full_name,
                              "excerpt": self.line(viewer, last), "at": TIME, "is_aeon": last.is_aeon}}

    def show_my_rooms(self, viewer):
        """By activity: the ids of messages and rooms sort by time."""
        def activity(room):
            last = self.last_said(viewer, room)
            return last.id if last else room.id
        mine = [room for room in self.rooms.values() if room.has(viewer)]
        return [self.show_my_room(viewer, room) for room in sorted(mine, key=activity, reverse=True)]


SETTINGS = "/api/v1/users/me/settings"


@erasure
def erase_settings(model, user):
    model.users[user].settings = None


@action(1, f"PUT {SETTINGS}", events=("account_changed",))
def keep_settings(w, user):
    settings, before = {"theme": w.dice.choice(WORDS)}, w.model.users[user].settings
    w.model.users[user].settings = settings
    w.must(200, user, "PUT", SETTINGS, {"settings": settings}, w.model.show_settings(user))
    if settings != before:
        w.model.account_changed(user, "settings")


@view(f"GET {SETTINGS}")
def own_settings(w, viewer):
    yield Expected(SETTINGS, w.model.show_settings(viewer))


@export("settings")
def exported_settings(w, user):
    settings = w.model.users[user].settings
    return [] if settings is None else [w.model.show_settings(user)], None


@view("GET /rooms")
def rooms_by_activity(w, viewer):
    m, public = w.model, w.view_dice.choice((True, False))
    mine = m.show_my_rooms(viewer)
    yield Expected("/rooms?joined=true&sort=activity", mine)
    yield Expected(f"/rooms?joined=true&sort=activity&is_public={public}".lower(),
                   [room for room in mine if room["is_public"] == public])


@view("GET /home")
def home(w, viewer):
    m = w.model
    yield Expected("/home", {
        "epoch": w.epoch, "pos": ANYTHING, "me": m.show_user(viewer, viewer),
        "settings": m.show_settings(viewer), "rooms": m.show_my_rooms(viewer),
        "has_more_rooms": False, "drafts_waiting": 0, "invitations": m.show_invitations(viewer),
        "has_more_invitations": False,
        "reports_waiting": m.reports_waiting(viewer)},
        order=lambda body: body | {"invitations": sorted(body["invitations"], key=lambda row: row["room_id"])})
