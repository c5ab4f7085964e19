"""What the bridge reports: live, on resume, and when a client joins a room.

Live, it must report each event, in order, to the users that may see it at that moment. A replay
shows what is visible now. What a client believes of the presence of others is what REST says.
"""

import contextlib
import signal

from compare import check
from wsclient import Client
from realm import wait_until

# The bridge's own messages; all others come from the event log.
NOT_EVENTS = ("presence_update", "typing_indicator", "room_participants", "welcome", "pong")
# The properties of an event that do not change between its moment and the moment it is read.
LASTING = ("room_id", "seq", "user_id", "knowledge_id", "id", "message_id", "key", "up_to_seq")


def lasting(kind, data):
    return kind, {name: data[name] for name in LASTING if name in data}


class Listener:
    def __init__(self, world, viewer):
        self.world, self.viewer = world, viewer
        self.client = Client(world.realm, world.realm.tokens[viewer])
        self.status = {}  # by user; others are offline
        self.co_members, more = [], True
        while more:
            part = self.until("room_participants")[-1]
            self.co_members += part["data"]
            self.status |= {row["user_id"]: row["status"] for row in part["data"]}
            more = part.get("more", False)

    def until(self, kind):
        messages = self.client.until(kind)
        self.status |= {message["data"]["user_id"]: message["data"]["status"]
                        for message in messages if message["type"] == "presence_update"}
        return messages

    def presence_is_right(self):
        """Whether REST says of all members of the viewer's rooms what the client believes."""
        self.client.say("join_room", room_id="nowhere")
        self.until("error")  # it comes behind all presences that were due
        shown = [self.world.ask(self.viewer, "GET", f"/rooms/{room.id}").json
                 for room in self.world.model.rooms.values() if room.has(self.viewer)]
        said = {row["user_id"]: row["status"] for room in shown
                for row in room.get("participants", []) if row["user_id"] != self.viewer}
        return {user: self.status.get(user, "offline") for user in said} == said

    def received(self):
        """All events that the log holds by now."""
        head = self.world.ask(self.viewer, "GET", "/events").json["pos"]
        found = []
        while True:
            self.client.say("ping")
            more = self.until("pong")
            found += [message for message in more if message["type"] not in NOT_EVENTS]
            if more[-1]["data"]["pos"] >= head:
                return found


@contextlib.contextmanager
def listening(world):
    """The bridge runs and every user is connected. At the end, compares what they received."""
    model = world.model
    world.realm.start_bridge()
    try:
        listeners = {user.id: Listener(world, user.id)
                     for user in model.users.values() if user.signed_in}
        for viewer, listener in listeners.items():
            check(model.co_members(viewer),
                  sorted(listener.co_members, key=lambda row: (row["room_id"], row["user_id"])),
                  f"{viewer} room_participants")
        model.live_reports = {viewer: [] for viewer in listeners}
        yield
        for viewer, listener in listeners.items():
            if model.users[viewer].signed_in:
                compare_events(f"{viewer} live",
                               [row for row in model.live_reports[viewer] if model.is_certain(*row)],
                               [row for row in listener.received() if model.is_certain(row["type"], row["data"])])
                wait_until(listener.presence_is_right, f"the presences that {viewer} believes in")
            listener.client.socket.close()
        for viewer in listeners:
            if model.users[viewer].signed_in:
                compare_replays(world, viewer)
    finally:
        world.realm.stop("bridge", signal.SIGKILL)


def compare_events(what, expected, messages):
    expected = [lasting(kind, data) for kind, data in expected]
    found = [lasting(message["type"], message["data"]) for message in messages]
    for number, (a, b) in enumerate(zip(expected, found)):
        assert a == b, f"{what}, {number}: {a} expected, not {b}"
    assert len(expected) == len(found), f"{what}: {expected[len(found):]} / {found[len(expected):]}"


def compare_replays(world, viewer):
    model, listener = world.model, Listener(world, viewer)
    listener.client.say("resume", epoch=world.epoch, pos=world.start)
    replayed = [{"type": message["type"], "data": message["data"]}
                for message in listener.client.until("resumed")[:-1]
                if message["type"] not in NOT_EVENTS and model.is_certain(message["type"], message["data"])]
    check([{"type": kind, "data": data} for kind, data in model.reports(viewer) if model.is_certain(kind, data)], replayed,
          f"{viewer} resume")
    for room in model.rooms.values():
        if room.has(viewer):
            listener.client.say("join_room", room_id=room.id, since=0)
            compare_events(f"{viewer} since in {room.id}", model.room_log(viewer, room),
                           [message for message in listener.received()
                            if message["data"].get("room_id") == room.id
                            and message["type"] != "room_info" and "seq" in message["data"]])
    listener.client.socket.close()
