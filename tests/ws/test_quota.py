"""The quota of bytes over the WebSocket, which REST shares."""

import time

import pytest

from realm import PATIENCE


@pytest.fixture(scope="module")
def settings():
    return {"quota_bytes": 100}


def refused(client, command, **data):
    client.say(command, **data, client_id="refused")
    error = client.hear("error")
    assert (error["code"], error["client_id"], error["retryable"]) == ("quota_exceeded", "refused", False)
    assert "100 bytes of texts" in error["message"]


def post(client, room, content):
    client.say("chat_message", room_id=room, content=content, client_id=content[:64])
    return client.hear("ack")


def test_messages_and_edits_above_the_quota_are_refused_and_those_of_others_are_not(people, realm):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    first = post(ada, room, "x" * 90)
    refused(ada, "chat_message", room_id=room, content="x" * 11)
    refused(ada, "edit_message", room_id=room, message_id=first["message_id"], content="x" * 101)
    assert post(ben, room, "y" * 100)["seq"] == first["seq"] + 1
    ada.say("delete_message", room_id=room, message_id=first["message_id"], client_id="gone")
    ada.hear("ack")
    post(ada, room, "z" * 100)


def test_a_changed_quota_counts_soon(people, realm):
    room = people.room("ada")
    ada = people.connect("ada")
    post(ada, room, "x" * 100)
    refused(ada, "chat_message", room_id=room, content="x")
    realm.ctl("set", "quota_bytes", "200")
    until = time.monotonic() + 10 * PATIENCE
    answer = None
    while answer != "ack" and time.monotonic() < until:
        ada.quiet(0.2)
        ada.say("chat_message", room_id=room, content="y" * 100, client_id="again")
        while (answer := ada.next()["type"]) not in ("ack", "error"):
            pass
    assert answer == "ack"
