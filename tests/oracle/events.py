"""Events: what the event log reports to each viewer."""

from collections.abc import Callable
from dataclasses import dataclass, field

from compare import Expected, if_visible
from registry import view
from rooms import Room

HIDDEN = "hidden"  # what a reader gets for an entry when one of its users is blocked
PAGE = 7           # rows; small, so that there are several pages


@dataclass
class Event:
    """For the members of a room or, without a room, for a user.

    In a room, the user is the one that the event is about; this user gets it also after leaving
    the room. An entry of the room's log has a seq. A viewer gets no event whose user or other is
    blocked.
    """
    kind: str
    data: object              # of this moment; or a function (viewer) that shows it when it is read
    room: Room = None
    user: int = None
    other: int = None
    seq: int = None
    visible: Callable = None  # (viewer): whether the viewer may still see what the event is about


@dataclass
class Events:
    events: list = field(default_factory=list)
    appended: set = field(default_factory=set)         # kinds, by the action that runs
    live_reports: dict = field(default_factory=dict)   # with a bridge: viewer to (kind, data) rows

    def append_event(self, kind, data, **more):
        event = Event(kind, data, **more)
        self.events.append(event)
        self.appended.add(kind)
        for viewer, rows in self.live_reports.items():
            rows += self.report(viewer, event)

    def account_changed(self, user, part, number=None, deleted=False):
        """Tells the other devices of the user."""
        self.append_event("account_changed", {
            "part": part, "id": number and str(number), "is_deleted": deleted}, user=user)

    def reports(self, viewer):
        """What the log reports to the viewer now, as (kind, data)."""
        return [row for event in self.events for row in self.report(viewer, event)]

    def report(self, viewer, event):
        """One (kind, data), or none."""
        room, is_entry = event.room, event.seq is not None
        is_own = event.user == viewer and not is_entry
        if not is_own and (not room or room.deleted or not room.has(viewer)):
            return []
        if any(user is not None and self.blocked(viewer, user)
               for user in (event.user, event.other)):
            return [(HIDDEN, {"room_id": room.id, "seq": event.seq})] if is_entry else []
        if event.visible and not event.visible(viewer):
            return []
        return [(event.kind, event.data(viewer) if callable(event.data) else event.data)]

    def is_certain(self, kind, data):
        """Whether the log must have it.

        At some time a creator hears that the vote of an erased user is gone, and what the votes
        of restored knowledge are.
        """
        return kind != "knowledge_voted" or data["knowledge_id"] not in self.told_later

    def erase_events(self, user):
        """Entries of a room's log stay."""
        self.events = [event for event in self.events
                       if event.seq is not None or user not in (event.user, event.other)]


@view("GET /events")
def event_log(w, viewer):
    def certain(rows):
        return [row for row in rows if w.model.is_certain(row["type"], row["data"])]
    rows = certain([{"type": kind, "data": data} for kind, data in w.model.reports(viewer)])
    w.used.update(row["type"] for row in rows)

    def all_pages():
        found, pos = [], w.start
        while True:
            page = w.ask(viewer, "GET", f"/events?since={pos}&epoch={w.epoch}&limit={PAGE}").json
            assert not page["gaps"] and not page["epoch_changed"], page
            found += [{"type": row["type"], "data": row["data"]} for row in page["events"]]
            if page["pos"] == pos:
                return certain(found)
            pos = page["pos"]
    yield Expected("/events", rows, fetch=all_pages)


@view("GET /rooms/{room_id}/entries")
def logs_of_rooms(w, viewer):
    for room in w.model.rooms.values():
        yield if_visible(f"/rooms/{room.id}/entries", w.model.room_readable(viewer, room), lambda: [
            {"type": kind, "data": data} for kind, data in w.model.room_log(viewer, room)])
