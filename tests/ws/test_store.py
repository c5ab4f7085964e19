"""A database that fails: the errors that clients get, and how the bridge recovers by itself."""


import pytest

from realm import full_disk


@pytest.fixture(scope="module")
def settings():
    return {"store_wait_ms": 200}


@pytest.fixture
def locked(realm):
    """A context manager during which another process holds the write lock."""
    return realm.rows.locked


@pytest.fixture
def full(realm):
    """A context manager during which the bridge cannot write."""
    return lambda: full_disk(realm.processes["bridge"].pid)


def refused(client, code, **fields):
    """Whether the next answer is this error and asks for a retry."""
    error = client.hear("error", code=code, **fields)
    return error["retryable"] is True and error["retry_after_ms"] > 0 and error["message"]


def pos(client):
    client.say("ping")
    return client.hear("pong")["pos"]


def contents(messages):
    return [m["data"]["content"] for m in messages if m["type"] == "chat_message"]


def taken_once_by_all(room, sender, *others, client_id):
    """Sends a refused message again, twice: it is new, then a duplicate, and is shown once."""
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

def test_a_locked_database_is_store_busy_and_a_resend_is_stored_once(people, locked):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    with locked():
        ada.say("chat_message", room_id=room, content="again", client_id="1")
        assert refused(ada, "store_busy", client_id="1", room_id=room)
        ben.say("join_room", room_id=room)
        assert refused(ben, "store_busy", room_id=room)
    assert taken_once_by_all(room, ada, ben, client_id="1")["seq"] == 1


def test_a_reader_is_served_while_the_database_is_locked(people, locked):
    """Also when the read arrives together with writes of others."""
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


def test_a_join_that_a_locked_database_refused_succeeds_later(people, locked):
    room = people.room("ada")
    ada, ben = people.connect("ada"), people.connect("ben")
    with locked():
        ben.say("join_room", room_id=room)
        assert refused(ben, "store_busy", room_id=room)
    ben.say("join_room", room_id=room)
    ben.hear("room_info", room_id=room)
    assert ada.hear("user_joined")["username"] == people.name("ben")


# --- full ----------------------------------------------------------------------------------------

def test_a_full_disk_is_store_unavailable_and_a_resend_is_stored_once(people, realm, full):
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


def test_a_position_of_a_write_that_failed_is_never_reported(people, full):
    """A position that is reported belongs to a stored event.

    Otherwise a client that resumes from it misses the event that gets this position later.
    """
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
