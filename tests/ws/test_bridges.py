"""Two bridges of one realm keep the same promises as one."""

import json
import signal
import socket

import pytest

from conftest import People
from realm import Realm, wait_until


@pytest.fixture(scope="module")
def settings():
    return {"ws_bridges": 2}


@pytest.fixture
def own():
    """A realm whose bridges a test may stop."""
    with Realm(ws_bridges=2) as made:
        made.start_bridges()
        yield made


def names(typing):
    return [user["username"] for user in typing["users"]]


def test_a_message_on_one_bridge_reaches_both_in_one_order(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben", bridge=2)
    for i in range(50):
        for client, who in ((ada, "ada"), (ben, "ben")):
            client.say("chat_message", room_id=room, content=f"{who} {i}", client_id=f"{who} {i}")
    views = []
    for client in (ada, ben):
        heard = client.until("chat_message", seq=100)
        views.append([(m["pos"], m["data"]["seq"], m["data"]["content"]) for m in heard
                      if m["type"] == "chat_message"])
    assert views[0] == views[1] and [seq for _, seq, _ in views[0]] == list(range(1, 101))


def test_edits_reactions_and_read_markers_reach_the_other_bridge(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben", bridge=2)
    ada.say("chat_message", room_id=room, content="one")
    message_id = ben.hear("chat_message")["message_id"]
    ada.say("edit_message", room_id=room, message_id=message_id, content="two")
    assert ben.hear("message_edited")["content"] == "two"
    ben.say("react", room_id=room, message_id=message_id, key="+1", on=True)
    ada.hear("reaction", key="+1", on=True)
    ben.say("read", room_id=room, up_to_seq=3)
    ada.hear("read_marker", up_to_seq=3)


def test_joins_and_leaves_reach_the_other_bridge(people):
    room = people.room("ada")
    ada, ben = people.connect("ada"), people.connect("ben", bridge=2)
    ben.say("join_room", room_id=room)
    ada.hear("user_joined", username=people.name("ben"))
    ada.say("chat_message", room_id=room, content="in")
    ben.hear("chat_message", content="in")
    ben.say("leave_room", room_id=room)
    ada.hear("user_left", username=people.name("ben"))
    mark = people.room("ada", "ben")
    ada.say("chat_message", room_id=room, content="out")
    ada.say("chat_message", room_id=mark, content="mark")
    heard = ben.until("chat_message", content="mark")
    assert "out" not in [m["data"].get("content") for m in heard]


def test_typing_by_rest_reaches_the_bridges(people, realm):
    room = people.room("ada", "ben")
    ada = people.connect("ada")
    path = f"/api/v1/phase3/rooms/{room}/typing"
    assert realm.cgi("PUT", path, {"is_typing": True}, token=people.token("ben")).status == 204
    typing = ada.hear("typing_indicator")
    assert names(typing) == [people.name("ben")] and not typing["is_aeon"]
    assert realm.cgi("PUT", path, {"is_typing": False}, token=people.token("ben")).status == 204
    assert names(ada.hear("typing_indicator")) == []
    assert realm.cgi("PUT", path, {"is_typing": True}, token=people.token("cleo")).status == 403


def test_typing_reaches_the_other_bridge_and_ends_there(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben", bridge=2)
    ben.say("typing", room_id=room, is_typing=True)
    assert names(ada.hear("typing_indicator")) == [people.name("ben")]
    ben.say("typing", room_id=room, is_typing=False)
    assert names(ada.hear("typing_indicator")) == []


def test_typing_reaches_only_the_members_of_its_room(people):
    room, other = people.room("ada", "ben"), people.room("ben", "eve")
    ben, eve = people.connect("ben"), people.connect("eve", bridge=2)
    ben.say("typing", room_id=room, is_typing=True)
    ben.say("typing", room_id=other, is_typing=True)
    assert eve.hear("typing_indicator")["room_id"] == other


def test_presence_reaches_the_other_bridge_as_privacy_allows(people):
    people.room("ada", "ben")
    ben = people.connect("ben", bridge=2)
    ada = people.connect("ada")
    ben.hear("presence_update", username=people.name("ada"), status="connected")
    ada.say("presence", status="away")
    ben.hear("presence_update", username=people.name("ada"), status="away")
    ben_id = people.realm.cgi("GET", "/api/v1/users/me", token=people.token("ben")).json["id"]
    people.realm.cgi("POST", "/api/v1/phase3/relationships",
                     {"related_user_id": ben_id, "relationship_type": "blocked"},
                     token=people.token("ada"))
    ada.say("presence", status="connected")
    cleo = people.connect("cleo")
    shared = people.room("cleo", "ben")
    cleo.say("join_room", room_id=shared)
    heard = ben.until("presence_update", username=people.name("cleo"), current_room=shared)
    assert [m["data"]["status"] for m in heard if m["type"] == "presence_update" and
            m["data"]["username"] == people.name("ada")] == ["offline"]


def test_a_user_on_both_bridges_is_away_only_when_away_on_both(people):
    room = people.room("ada", "ben")
    ben = people.connect("ben", bridge=2)
    one, two = people.connect("ada"), people.connect("ada", bridge=2)
    ben.hear("presence_update", username=people.name("ada"), status="connected")
    one.say("presence", status="away")
    one.say("chat_message", room_id=room, content="still here")
    heard = ben.until("chat_message", content="still here")
    assert not [m for m in heard if m["type"] == "presence_update"]
    two.say("presence", status="away")
    ben.hear("presence_update", username=people.name("ada"), status="away")


def test_a_login_ends_on_both_bridges(people):
    one, two = people.connect("ada"), people.connect("ada", bridge=2)
    assert people.realm.cgi("POST", "/api/v1/users/logout",
                            token=people.token("ada")).status in (200, 204)
    assert one.closed() == two.closed() == 4401


def test_clients_of_a_dead_bridge_continue_on_the_other(own):
    people = People(own)
    room = people.room("ada", "ben")
    ada = people.connect("ada")
    ben = people.connect("ben", greeted=False, bridge=2)
    epoch = ben.hear("welcome")["epoch"]
    ada.say("chat_message", room_id=room, content="before")
    heard = ben.until("chat_message", content="before")
    own.processes["bridge-2"].kill()
    assert ben.closed() is None
    ada.say("chat_message", room_id=room, content="meanwhile", client_id="1")
    ada.hear("ack", client_id="1")
    ben = people.connect("ben")
    ben.say("resume", epoch=epoch, pos=heard[-1]["pos"])
    replayed = [m["data"]["content"] for m in ben.until("resumed") if m["type"] == "chat_message"]
    assert replayed == ["meanwhile"]
    own.stop("bridge-2", signal.SIGKILL)
    own.start_bridge("bridge-2", 2)
    assert people.connect("ben", bridge=2)


def test_a_user_of_a_dead_bridge_who_does_not_return_goes_offline_later(own):
    people = People(own)
    people.room("ada", "ben")
    ada, _ = people.connect("ada"), people.connect("ben", bridge=2)
    ada.hear("presence_update", username=people.name("ben"), status="connected")
    own.stop("bridge-2", signal.SIGKILL)
    ada.hear("presence_update", username=people.name("ben"), status="offline")


def test_a_bridge_that_slept_past_its_lease_reports_its_users_again(own):
    people = People(own)
    people.room("ada", "ben")
    ada, _ = people.connect("ada"), people.connect("ben", bridge=2)
    ada.hear("presence_update", username=people.name("ben"), status="connected")
    own.processes["bridge-2"].send_signal(signal.SIGSTOP)
    ada.hear("presence_update", username=people.name("ben"), status="offline")
    own.processes["bridge-2"].send_signal(signal.SIGCONT)
    ada.hear("presence_update", username=people.name("ben"), status="connected")


def test_any_bridge_does_the_maintenance():
    with Realm(ws_bridges=2) as realm:
        people = People(realm)
        people.room("ada")
        realm.rows.change("UPDATE realm_events SET created_at = 1")
        bridge = realm.start_bridge("bridge-2", 2)
        wait_until(lambda: realm.rows.select("SELECT 1 FROM realm_events") == [], "the maintenance",
                   bridge)


def test_health_and_doctor_name_a_missing_bridge(own):
    own.start_workers()
    own.stop("bridge-2", signal.SIGKILL)
    health = own.cgi("GET", "/api/v1/phase3/health/phase3").json
    assert health["status"] == "degraded"
    doctor = own.ctl("doctor", check=False)
    assert doctor.returncode != 0 and "bridge 2 does not receive them" in doctor.stdout


def test_invalid_datagrams_are_ignored(people, realm):
    room = people.room("ada")
    ada = people.connect("ada")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        stranger.connect(str(realm.run / "peer-1.sock"))
        for datagram in (b"", b"{", b"[]", b"{}", b"\0" * 2000, b'{"type":7}', b'{"type":"ping"}',
                         b'{"type":"presence","user_id":"x"}', b'{"type":"typing","user_id":9}',
                         b'{"type":"typing","user_id":1e300,"room_id":7}',
                         b'{"type":"typing","user_id":77,"username":"x","is_typing":true,'
                         b'"room_id":"00000000-0000-7000-8000-000000000000"}'):
            stranger.send(datagram)
        typing = {"type": "typing", "user_id": 9, "room_id": room, "username": "zoe",
                  "is_typing": True}
        stranger.send(json.dumps(typing).encode())
    assert names(ada.hear("typing_indicator")) == ["zoe"]
