"""Typing that a slow client has missed is told again, in a bounded number of indicators."""

import pytest

from conftest import enter


@pytest.fixture(scope="module")
def settings():
    return {"ws_queue_bytes": 65536}


def test_a_slow_client_in_hundreds_of_rooms_is_told_of_typing_in_a_quarter_of_its_queue(people, call, realm, rooms):
    """All indicators together are more than the queue takes, and a quarter of it takes fewer than half of them."""
    enter(realm, call("slow", "GET", "/api/v1/users/me")["id"], rooms)
    room = people.room("ada", "ben", "slow")
    ada, ben, slow = people.connect("ada"), people.connect("ben"), people.connect("slow")
    for i in range(300):
        ada.say("chat_message", room_id=room, content="x" * 4000, client_id=str(i))
        ada.hear("ack", client_id=str(i))
    ben.say("typing", room_id=room, is_typing=True)
    ada.hear("typing_indicator")
    heard = slow.until("chat_message", seq=300)
    for i in range(100):
        slow.say("ping", id=i)
        heard += slow.until("pong", id=i)
    told = sum(message["type"] == "typing_indicator" for message in heard)
    assert 0 < told < len(rooms) / 2
