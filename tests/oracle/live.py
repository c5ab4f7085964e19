"""What the bridge tells of a small realm: live, when somebody resumes, and when a room is joined.

Live it must tell each event as it happens to whom it is there for at that moment, in order; a replay
tells what is there now.
"""

import contextlib
import signal

from truth import same
from wsclient import Client

FLEETING = ("presence_update", "typing_indicator", "room_participants", "welcome", "pong")
NAMES = ("room_id", "seq", "user_id", "knowledge_id", "id", "message_id", "key", "up_to_seq")


def brief(kind, data):
    """What of an event does not change between the moment it happens and the one it is read."""
    return kind, {name: data[name] for name in NAMES if name in data}


class Listener:
    def __init__(self, world, viewer):
        self.world, self.viewer = world, viewer
        self.client = Client(world.realm, world.realm.tokens[viewer])
        self.greeting = self.client.until("room_participants")[-1]["data"]

    def heard(self):
        """All that has been told by now."""
        head = self.world.ask(self.viewer, "GET", "/events").json["pos"]
        found = []
        while True:
            self.client.say("ping")
            more = self.client.until("pong")
            found += [m for m in more if m["type"] not in FLEETING]
            if more[-1]["data"]["pos"] >= head:
                return found


@contextlib.contextmanager
def listening(world):
    """The bridge runs, and everybody is connected; compared at the end."""
    truth = world.truth
    world.realm.start_bridge(ws_rate=1000000, ws_burst=1000000)
    try:
        listeners = {user.id: Listener(world, user.id)
                     for user in truth.users.values() if user.signed_in}
        for viewer, listener in listeners.items():
            difference = same(truth.mates(viewer), sorted(
                listener.greeting, key=lambda mate: (mate["room_id"], mate["user_id"])))
            assert not difference, f"{viewer} room_participants{difference}"
        truth.heard = {viewer: [] for viewer in listeners}
        yield
        for viewer, listener in listeners.items():
            if truth.users[viewer].signed_in:
                compare(f"{viewer} live", [brief(*row) for row in truth.heard[viewer]],
                        [brief(m["type"], m["data"]) for m in listener.heard()])
            listener.client.socket.close()
        for viewer in listeners:
            if truth.users[viewer].signed_in:
                replay(world, viewer)
    finally:
        world.realm.stop("bridge", signal.SIGKILL)


def compare(what, expected, found):
    for number, (a, b) in enumerate(zip(expected, found)):
        assert a == b, f"{what}, {number}: {a} expected, not {b}"
    assert len(expected) == len(found), f"{what}: {expected[len(found):]} / {found[len(expected):]}"


def replay(world, viewer):
    truth, listener = world.truth, Listener(world, viewer)
    listener.client.say("resume", epoch=world.epoch, pos=world.start)
    told = [m for m in listener.client.until("resumed")[:-1] if m["type"] not in FLEETING]
    difference = same([{"type": kind, "data": data} for kind, data in truth.told(viewer)],
                      [{"type": m["type"], "data": m["data"]} for m in told])
    assert not difference, f"{viewer} resume{difference}"
    for room in truth.rooms.values():
        if room.inside(viewer):
            listener.client.say("join_room", room_id=room.id, since=0)
            compare(f"{viewer} since in {room.id}",
                    [brief(*row) for row in truth.log(viewer, room)],
                    [brief(m["type"], m["data"]) for m in listener.heard()
                     if m["data"].get("room_id") == room.id and m["type"] != "room_info"
                     and "seq" in m["data"]])
    listener.client.socket.close()
