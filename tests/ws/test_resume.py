"""Resuming after a lost connection, whether the client or the bridge was down."""


import pytest

from wsclient import Client

SMALL = {"ws_queue_bytes": 65536}


@pytest.fixture(scope="module")
def settings():
    return SMALL


class Left:
    """The position that a client has when it loses its connection."""

    def __init__(self, people, who, **how):
        client = people.connect(who, greeted=False, **how)
        self.epoch = client.hear("welcome")["epoch"]
        client.say("ping")
        self.pos = client.hear("pong")["pos"]
        client.socket.close()


def resume(people, who, left, hello=None, **fields):
    """A new connection that resumes. Returns it, its messages, and the data of `resumed`."""
    client = people.connect(who)
    if hello is not None:
        client.say("hello", rooms=hello)
        client.hear("welcome")
    client.say("resume", **{"epoch": left.epoch, "pos": left.pos} | fields)
    heard = client.until("resumed")
    return client, heard[:-1], heard[-1]["data"]


def post(people, who, room, content):
    answer = people.realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/messages",
                              {"content": content}, token=people.token(who))
    assert answer.status == 201, answer
    return answer.json


def contents(messages):
    return [m["data"]["content"] for m in messages if m["type"] == "chat_message"]


def lasting(messages):
    return [m for m in messages if m["type"] not in ("presence_update", "typing_indicator")]


def test_missed_events_come_once_in_order_before_live_ones(people):
    room = people.room("ada", "ben")
    left = Left(people, "ben")
    for i in range(3):
        post(people, "ada", room, f"m{i}")
    people.name("carol")
    people.realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/join", token=people.token("carol"))
    ben, heard, resumed = resume(people, "ben", left)
    heard = lasting(heard)
    assert contents(heard) == ["m0", "m1", "m2"]
    assert [m["type"] for m in heard] == ["chat_message"] * 3 + ["user_joined"]
    assert [m["pos"] for m in heard] == sorted(m["pos"] for m in heard)
    (head,), = people.realm.rows.select("SELECT max(pos) FROM realm_events")  # one of no client
    assert resumed == {"pos": head, "replayed": 4, "gaps": [], "epoch_changed": False}
    post(people, "ada", room, "live")
    assert ben.hear("chat_message")["content"] == "live"


def test_a_long_poll_returns_the_same_events(people, realm):
    room, hidden = people.room("ada", "ben"), people.room("ada", is_public=False)
    left = Left(people, "ben")
    secret = post(people, "ada", room, "a secret")["message_id"]
    post(people, "ada", hidden, "for nobody else")
    post(people, "ben", room, "mine")
    realm.cgi("DELETE", f"/api/v1/phase3/rooms/{room}/messages/{secret}", token=people.token("ada"))
    realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/join", token=people.token("cleo"))
    _, heard, resumed = resume(people, "ben", left)
    answer = realm.cgi("GET", f"/api/v1/phase3/events?epoch={left.epoch}&since={left.pos}",
                       token=people.token("ben")).json
    assert answer["events"] == lasting(heard) and len(lasting(heard)) == 4
    assert {name: answer[name] for name in ("pos", "gaps", "epoch_changed")} == \
        {name: resumed[name] for name in ("pos", "gaps", "epoch_changed")}


def test_more_than_a_page_is_replayed_completely_while_others_post(people):
    room = people.room("ada", "ben")
    left = Left(people, "ben")
    ada = people.connect("ada")
    for i in range(300):
        ada.say("chat_message", room_id=room, content="x" * 2000, client_id=str(i))
        ada.hear("ack", client_id=str(i))
    ben = people.connect("ben")
    ben.say("resume", epoch=left.epoch, pos=left.pos)
    for i in range(300, 400):
        ada.say("chat_message", room_id=room, content="x" * 2000, client_id=str(i))
        ada.hear("ack", client_id=str(i))  # the input of a client that does not read is paused
    heard = ben.until("chat_message", seq=400)
    if "resumed" not in [m["type"] for m in heard]:
        heard += ben.until("resumed")
    seqs = [m["data"]["seq"] for m in heard if m["type"] == "chat_message"]
    began = seqs.index(1)
    assert seqs[began:] == list(range(1, 401)), "from the resume on, each once"


def test_clients_resume_after_kill_9_of_the_bridge(people, realm):
    room = people.room("ada", "ben")
    left = Left(people, "ben")
    ada = people.connect("ada")
    for i in range(20):
        ada.say("chat_message", room_id=room, content=f"m{i}", client_id=str(i))
    for i in range(10):
        ada.hear("ack", client_id=str(i))
    bridge = realm.processes["bridge"]
    bridge.kill()
    bridge.wait()
    post(people, "ada", room, "meanwhile")
    realm.start_bridge()
    _, heard, resumed = resume(people, "ben", left)
    known = contents(heard)
    assert known[:10] == [f"m{i}" for i in range(10)] and known[-1] == "meanwhile"
    assert resumed["epoch_changed"] is False


def test_events_that_are_no_longer_visible_are_not_replayed(people):
    kept, gone = people.room("ada", "ben"), people.room("ada", "ben")
    left = Left(people, "ben")
    post(people, "ada", gone, "secret")
    post(people, "ada", kept, "kept")
    answer = people.realm.cgi("POST", f"/api/v1/phase3/rooms/{gone}/leave",
                              token=people.token("ben"))
    assert answer.status == 200, answer
    post(people, "ada", gone, "secret too")
    _, heard, _ = resume(people, "ben", left)
    assert contents(heard) == ["kept"]
    assert [m["type"] for m in heard if gone in str(m)] == ["user_left"]


def test_an_unknown_epoch_or_a_position_ahead_starts_afresh(people):
    room = people.room("ada", "ben")
    left = Left(people, "ben")
    post(people, "ada", room, "m")
    for wrong in ({"epoch": "another"}, {"pos": 9000000000}):
        ben, heard, resumed = resume(people, "ben", left, **wrong)
        assert contents(heard) == []
        ben.say("ping")
        assert resumed == {"pos": ben.hear("pong")["pos"], "replayed": 0, "gaps": [],
                           "epoch_changed": True}
        post(people, "ada", room, "live")
        ben.hear("chat_message", content="live")


def test_a_resume_into_a_pruned_log_names_the_rooms_with_gaps(people, realm):
    room, quiet = people.room("ada", "ben"), people.room("ada", "ben")
    left = Left(people, "ben")
    for i in range(4):
        post(people, "ada", room, f"m{i}")
    realm.rows.change("DELETE FROM realm_events WHERE pos <= ?", left.pos + 2)
    _, heard, resumed = resume(people, "ben", left)
    assert contents(heard) == ["m2", "m3"]
    assert resumed["gaps"] == [{"room_id": room, "to_seq": 2}]
    assert quiet not in str(resumed)


def test_a_connection_subscribed_to_some_rooms_receives_only_those_replayed_and_live(people):
    mine, other = people.room("ada", "ben"), people.room("ada", "ben")
    left = Left(people, "ben")
    post(people, "ada", mine, "mine")
    post(people, "ada", other, "other")
    ben, heard, resumed = resume(people, "ben", left, hello=[mine])
    assert contents(heard) == ["mine"] and resumed["replayed"] == 1
    ada = people.connect("ada")
    for room in (other, mine):
        post(people, "ada", room, "live " + room)
        ada.say("typing", room_id=room, is_typing=True)
    heard = ben.until("typing_indicator", room_id=mine)
    assert contents(heard) == ["live " + mine] and other not in str(heard)
    ben.say("hello")
    ben.hear("welcome")
    post(people, "ada", other, "again")
    assert ben.hear("chat_message")["content"] == "again"


def test_hello_before_authentication_makes_an_aeon_v1_client(people, realm):
    room, other = people.room("ada", "ben"), people.room("ada", "ben")
    with Client(realm, v1=False) as ben:
        ben.say("hello", rooms=[room])
        ben.say("authenticate", token=people.token("ben"))
        limits = ben.hear("welcome")["limits"]
        assert limits["rooms"] == 200 and limits["queue_bytes"] == 65536
        ben.hear("room_participants")
        post(people, "ada", other, "other")
        post(people, "ada", room, "mine")
        assert ben.hear("chat_message")["content"] == "mine"


def test_hello_after_authentication_is_answered_with_welcome(people):
    ben = people.connect("ben", v1=False)
    ben.say("ping")
    ben.hear("error", code="validation_error")
    ben.say("hello")
    ben.hear("welcome")
    ben.say("ping", id=1)
    ben.hear("pong", id=1)


@pytest.mark.parametrize("fields", [{}, {"epoch": "x"}, {"pos": 1}, {"epoch": 1, "pos": 1},
                                    {"epoch": "x", "pos": -1}, {"epoch": "x", "pos": "y"}])
def test_a_resume_without_a_position_is_an_error(people, fields):
    ben = people.connect("ben")
    ben.say("resume", **fields)
    ben.hear("error", code="validation_error")
    ben.say("ping", id=1)
    ben.hear("pong", id=1)


def test_resume_in_compat_mode_and_too_many_rooms_are_errors(people):
    with people.connect("ben", v1=False) as ben:
        ben.say("resume", epoch="x", pos=1)
        ben.hear("error", code="validation_error")
    ben = people.connect("ben")
    ben.say("hello", rooms=["x"] * 201)
    ben.hear("error", code="validation_error")
    ben.say("hello", rooms=["x"] * 200)
    ben.hear("welcome")
