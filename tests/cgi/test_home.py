"""Home: one snapshot of what a client shows first, and the events that go on from it."""

import pytest
from conftest import faults

HOME, EVENTS = "/api/v1/phase3/home", "/api/v1/phase3/events"
SETTINGS = "/api/v1/users/me/settings"


@pytest.fixture
def hall(realm, ada, ben):
    """A public room of ada and ben."""
    room = realm.room("ada", "Hall")
    ben("POST", f"/rooms/{room}/join")
    return room


def say(caller, room, content):
    return caller("POST", f"/rooms/{room}/messages", {"content": content}).json


def home_row(caller, room):
    return next(row for row in caller("GET", HOME).json["rooms"] if row["id"] == room)


def test_unread_are_messages_of_others_after_the_read_marker_that_still_have_a_text(ada, ben, cleo, hall):
    cleo("POST", f"/rooms/{hall}/join")
    said = [say(ada, hall, f"No. {i}") for i in range(4)]
    say(ben, hall, "mine")
    say(cleo, hall, "of cleo")
    path = f"/rooms/{hall}/messages/{said[1]['message_id']}"
    ada("PATCH", path, {"content": "edited"})
    cleo("PUT", path + "/reactions/heart")
    assert home_row(ben, hall)["unread"] == 5
    ada("DELETE", f"/rooms/{hall}/messages/{said[3]['message_id']}")
    assert home_row(ben, hall)["unread"] == 4
    ben("PUT", f"/rooms/{hall}/read", {"up_to_seq": said[0]["seq"]})
    assert home_row(ben, hall)["unread"] == 3
    ben("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    row = home_row(ben, hall)
    assert row["unread"] == 2 and row["last"]["excerpt"] == "mine"
    ben("DELETE", f"/relationships/{cleo.id}")
    assert home_row(ben, hall)["unread"] == 3


def test_more_than_99_unread_are_100(realm, ada, ben, hall):
    for i in range(101):
        realm.rows.change("INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp) "
                          "VALUES (?, ?, ?, ?, 'x', 1)", f"{i:036}", hall, i + 1, ada.id)
    realm.rows.change("UPDATE chat_rooms SET last_seq = 101 WHERE id = ?", hall)
    assert home_row(ben, hall)["unread"] == 100
    ben("PUT", f"/rooms/{hall}/read", {"up_to_seq": 2})
    assert home_row(ben, hall)["unread"] == 99


def test_rooms_are_sorted_by_activity_and_paged(realm, ada, ben):
    rooms = [realm.room("ada", f"Room {i}") for i in range(3)]
    for room in rooms:
        ben("POST", f"/rooms/{room}/join")
    message = say(ada, rooms[1], "x" * 200)
    path = "/rooms?joined=true&sort=activity"
    first = ben("GET", path + "&limit=1")
    assert [row["id"] for row in first.json] == [rooms[1]]
    assert first.json[0]["last"] == {"message_id": message["message_id"], "sender_id": ada.id,
                                     "sender_name": "ada", "sender_full_name": None, "excerpt": "x" * 120,
                                     "at": message["timestamp"], "is_aeon": False}
    link = first.headers["link"]
    rest = ben("GET", link[1:link.index(">")].replace("limit=1", "limit=50")).json
    assert [row["id"] for row in rest[:2]] == [rooms[2], rooms[0]]
    assert first.json + rest == ben("GET", path).json == ben("GET", HOME).json["rooms"]


@pytest.mark.parametrize("query", ["sort=activity", "sort=activity&joined=false", "sort=activity&joined=true&q=a"])
def test_only_own_rooms_are_sorted_by_activity(ada, query):
    assert faults(ada("GET", "/rooms?" + query)) == [("value_error", ("query", "sort"))]


def test_reports_that_wait_are_shown_to_administrators_alone(realm, ada, ben, cleo, hall):
    message = say(ben, hall, "something bad")
    cleo("POST", "/api/v1/reports", {"kind": "message", "id": message["message_id"], "reason": "It is bad."})
    assert [user("GET", HOME).json["reports_waiting"] for user in (ada, ben)] == [1, None]


def test_settings_are_shared_by_all_devices_and_shown_at_home(ada, ben):
    start = ben("GET", EVENTS).json
    assert ben("GET", SETTINGS).json == {"settings": {}, "updated_at": None}
    for settings in ({"theme": "dark", "columns": [1, 2]}, {"theme": "light"}, {"theme": "light"}):
        kept = ben("PUT", SETTINGS, {"settings": settings}).json
        assert kept["settings"] == settings and kept == ben("GET", SETTINGS).json == ben("GET", HOME).json["settings"]
    events = ben("GET", f"{EVENTS}?epoch={start['epoch']}&since={start['pos']}").json["events"]
    assert [event["data"]["part"] for event in events if event["type"] == "account_changed"] == ["settings"] * 2
    assert ada("GET", SETTINGS).json["settings"] == {}


@pytest.mark.parametrize("settings, fault", [({"x": "y" * 8192}, "value_error"), ([], "dict_type"), (None, "dict_type")])
def test_settings_are_an_object_of_at_most_8_kib(ben, settings, fault):
    assert [kind for kind, _ in faults(ben("PUT", SETTINGS, {"settings": settings}))] == [fault]


# --- a snapshot and the events behind it are the next snapshot -------------------------------------

class Client:
    """What a client knows: a snapshot, changed by events alone. `stale` are rooms that it must read again."""

    def __init__(self, caller):
        self.caller, self.home = caller, caller("GET", HOME).json
        self.rooms = {row["id"]: row for row in self.home["rooms"]}
        self.invitations = {row["room_id"]: row for row in self.home["invitations"]}
        self.mentions = set()  # ids of messages

    def follow(self):
        answer = self.caller("GET", f"{EVENTS}?epoch={self.home['epoch']}&since={self.home['pos']}").json
        for event in answer["events"]:
            handler = getattr(self, event["type"], None)
            if handler:
                handler(event["data"])
        self.home["pos"] = answer["pos"]

    def entry(self, data):
        room = self.rooms[data["room_id"]]
        room["last_seq"] = data["seq"]
        return room

    def chat_message(self, data):
        room, is_others = self.entry(data), data["sender_id"] != self.caller.id
        room["unread"] += is_others
        self.mentioning(room, data["message_id"], is_others and data["mentions_room"])
        room["last"] = {"message_id": data["message_id"], "sender_id": data["sender_id"], "sender_name": data["sender_name"],
                        "sender_full_name": data["sender_full_name"],
                        "excerpt": data["content"][:120], "at": data["timestamp"],
                        "is_aeon": data["is_aeon_message"]}

    reaction = message_edited = entry

    def mention(self, data):
        self.mentioning(self.rooms[data["room_id"]], data["message_id"], data["is_mentioned"])

    def mentioning(self, room, message_id, is_mentioned):
        """A message counts once, also if it mentions the user and the whole room."""
        if is_mentioned != (message_id in self.mentions):
            self.mentions ^= {message_id}
            room["mentions"] += 1 if is_mentioned else -1

    def pin(self, data):
        self.entry(data)["pins"] += 1 if data["on"] else -1

    def read_marker(self, data):
        room = self.rooms[data["room_id"]]
        if data["user_id"] == self.caller.id:
            assert data["up_to_seq"] == room["last_seq"], "else the client asks again"
            room["read_seq"], room["unread"], room["mentions"] = data["up_to_seq"], 0, 0

    def user_joined(self, data):
        self.rooms[data["room_id"]]["current_participants"] += 1

    def user_left(self, data):
        if data["user_id"] == self.caller.id:
            del self.rooms[data["room_id"]]
        else:
            self.rooms[data["room_id"]]["current_participants"] -= 1

    def room_updated(self, data):
        self.rooms[data["id"]].update(data)

    def room_muted(self, data):
        self.rooms[data["room_id"]].update(muted_until=data["muted_until"], notify=data["notify"])

    def invitation(self, data):
        self.invitations[data["room_id"]] = data

    def room_removed(self, data):
        self.rooms.pop(data["room_id"], None)
        self.invitations.pop(data["room_id"], None)

    def agrees(self):
        """Whether a new snapshot is the same, but for its order."""
        now = self.caller("GET", HOME).json
        return (self.rooms, self.invitations) == ({row["id"]: row for row in now["rooms"]},
                                                  {row["room_id"]: row for row in now["invitations"]}) \
            and self.home["pos"] == now["pos"]


def test_a_snapshot_and_the_events_behind_it_are_the_next_snapshot(realm, ada, ben, cleo, hall):
    other, den = realm.room("ada", "Other"), realm.room("ada", "Den", is_public=False)
    ben("POST", f"/rooms/{other}/join")
    client = Client(ben)
    message = say(ada, hall, "first")
    ada("PATCH", f"/rooms/{hall}/messages/{message['message_id']}", {"content": "first"})
    cleo("POST", f"/rooms/{hall}/join")
    cleo("PUT", f"/rooms/{hall}/messages/{message['message_id']}/reactions/heart")
    ada("PUT", f"/rooms/{hall}/pins/{message['message_id']}")
    say(cleo, hall, "second, @ben")
    say(ada, hall, "@ben and @room")
    corrected = say(cleo, hall, "@ben, third")
    cleo("PATCH", f"/rooms/{hall}/messages/{corrected['message_id']}", {"content": "third"})
    say(ben, other, "mine")
    ada("POST", f"/rooms/{den}/invitations", {"user_id": ben.id})
    client.follow()
    assert client.agrees() and client.rooms[hall]["unread"] == 4 and client.rooms[hall]["mentions"] == 2
    ben("PUT", f"/rooms/{hall}/read", {"up_to_seq": client.rooms[hall]["last_seq"]})
    ben("PUT", f"/rooms/{other}/mute", {"until": "2999-12-31T12:00:00Z"})
    ben("PUT", f"/rooms/{other}/notify", {"notify": "all"})
    ada("PATCH", f"/rooms/{hall}", {"topic": "changed"})
    cleo("POST", f"/rooms/{hall}/leave")
    ada("DELETE", f"/rooms/{den}/participants/{ben.id}")
    client.follow()
    assert client.agrees() and client.rooms[hall]["unread"] == 0 and client.invitations == {}
    ben("POST", f"/rooms/{hall}/leave")
    ada("DELETE", f"/rooms/{other}")
    client.follow()
    assert client.agrees() and not {hall, other} & set(client.rooms)


def test_home_says_whether_there_are_more_invitations_and_the_list_has_them_in_pages(realm, ada, ben):
    assert ben("GET", HOME).json["has_more_invitations"] is False
    sql = ("INSERT INTO room_invitations (room_id, user_id, invited_by, created_at) VALUES (?, ?, ?, ?)",)
    rooms = []
    for i in range(101):
        rooms.append(realm.room(("ada", "cleo")[i % 2], f"Room {i}"))
        realm.rows.change(*sql, rooms[-1], ben.id, ada.id, 1_000_000 * (i // 2))
        if i == 99:
            assert ben("GET", HOME).json["has_more_invitations"] is False
    home = ben("GET", HOME).json
    assert home["has_more_invitations"] is True and len(home["invitations"]) == 100
    first = ben("GET", "/api/v1/phase3/invitations?limit=100")
    assert first.json == home["invitations"]
    link = first.headers["link"]
    rest = ben("GET", link[1:link.index(">")])
    assert "link" not in rest.headers
    listed = [row["room_id"] for row in first.json + rest.json]
    # each two have the same time
    assert listed == sorted(rooms, key=lambda room: (rooms.index(room) // 2, room), reverse=True)
