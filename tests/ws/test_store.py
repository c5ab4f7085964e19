"""A database that fails: who is told what, and how the bridge goes on by itself afterwards."""


import pytest

from realm import full_disk


@pytest.fixture(scope="module")
def settings():
    return {"store_wait_ms": 200}


@pytest.fixture
def locked(realm):
    """Another process that writes for as long as this is entered."""
    return realm.rows.locked


@pytest.fixture
def full(realm):
    """A bridge that cannot write, for as long as this is entered."""
    return lambda: full_disk(realm.processes["bridge"].pid)


def refused(client, code, **fields):
    """Whether the next answer is that error, and worth another try."""
    error = client.hear("error", code=code, **fields)
    return error["retryable"] is True and error["retry_after_ms"] > 0 and error["message"]


def pos(client):
    client.say("ping")
    return client.hear("pong")["pos"]


def contents(messages):
    return [m["data"]["content"] for m in messages if m["type"] == "chat_message"]


def taken_once_by_all(room, sender, *others, client_id):
    """Sends again what was refused, twice: it is new, then known, and everybody sees it once."""
    for _ in range(2):
        sender.say("chat_message", room_id=room, content="again", client_id=client_id)
    first, second = sender.hear("ack"), sender.hear("ack")
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["message_id"] == second["message_id"]
    sender.say("chat_message", room_id=room, content="and on")
    for client in others:
        heard = [client.hear("chat_message") for _ in range(2)]
        assert [m["content"] for m in heard] == ["again", "and on"]
        assert [m["seq"] for m in heard] == [first["seq"], first["seq"] + 1]
        assert contents(client.up_to_now(room)) == []
    return first


# --- locked --------------------------------------------------------------------------------------

def test_a_locked_database_is_store_busy_and_what_is_sent_again_is_taken_once(people, locked):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    with locked():
        ada.say("chat_message", room_id=room, content="again", client_id="1")
        assert refused(ada, "store_busy", client_id="1", room_id=room)
        ben.say("join_room", room_id=room)
        assert refused(ben, "store_busy", room_id=room)
    assert taken_once_by_all(room, ada, ben, client_id="1")["seq"] == 1


def test_who_only_reads_is_served_while_the_database_is_locked(people, locked):
    """Also when the question comes together with those of others, who write."""
    room = people.room("ada")
    ada = people.connect("ada")
    people.name("ben")
    with locked():
        for i in range(3):
            ada.say("chat_message", room_id=room, content="x", client_id=str(i))
        ben = people.connect("ben")
        ben.say("ping", id=1)
        ben.hear("pong", id=1)
        for i in range(3):
            assert refused(ada, "store_busy", client_id=str(i))


def test_who_joins_while_the_database_is_locked_joins_by_asking_again(people, locked):
    room = people.room("ada")
    ada, ben = people.connect("ada"), people.connect("ben")
    with locked():
        ben.say("join_room", room_id=room)
        assert refused(ben, "store_busy", room_id=room)
    ben.say("join_room", room_id=room)
    ben.hear("room_info", room_id=room)
    assert ada.hear("user_joined")["username"] == people.name("ben")


# --- full ----------------------------------------------------------------------------------------

def test_a_full_disk_is_store_unavailable_and_what_is_sent_again_is_taken_once(people, realm, full):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    with full():
        for _ in range(2):
            ada.say("chat_message", room_id=room, content="again", client_id="1")
            assert refused(ada, "store_unavailable", client_id="1", room_id=room)
        path = f"/api/v1/phase3/rooms/{room}/messages"
        assert realm.cgi("GET", path, token=people.token("ada")).json == []
        assert realm.ctl("check").returncode == 0
        people.connect("ben")
    assert taken_once_by_all(room, ada, ben, client_id="1")["seq"] == 1
    assert realm.ctl("check").returncode == 0


def test_what_a_full_disk_did_not_take_is_no_place_in_the_log(people, full):
    """A pos that is told must be of something that is there, or whoever goes on from it misses
    what comes to stand there."""
    room = people.room("ada")
    ada, ben = people.connect("ada"), people.connect("ben")
    before = pos(ben)
    with full():
        ben.say("join_room", room_id=room)
        assert refused(ben, "store_unavailable", room_id=room)
        assert pos(ben) == before
    ben.say("join_room", room_id=room)
    ben.hear("room_info", room_id=room)
    assert ada.hear("user_joined")["username"] == people.name("ben")
    assert pos(ben) == before + 1
