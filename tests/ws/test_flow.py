"""Silent clients and too many connections are closed, and no other client is affected."""

import time

import pytest

from realm import wait_until
from wsclient import PING, PONG, Client


@pytest.fixture(scope="module")
def settings():
    return {"ws_ping_seconds": 1, "ws_queue_bytes": 65536,
            "ws_connections": 8}


def test_a_client_that_reads_in_bursts_receives_everything(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    for i in range(100):
        ada.say("chat_message", room_id=room, content="y" * 500)
    assert [ben.hear("chat_message")["seq"] for _ in range(100)] == list(range(1, 101))
    assert [ada.hear("chat_message")["seq"] for _ in range(100)] == list(range(1, 101))


def test_catching_up_may_be_larger_than_the_queue(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    for i in range(100):
        ada.say("chat_message", room_id=room, content="z" * 4000, client_id=str(i))
        ada.hear("ack", client_id=str(i))
        ben.hear("chat_message")
    ben.say("join_room", room_id=room, since=0)
    ben.say("ping", id=5)
    ada.say("chat_message", room_id=room, content="live")
    assert [ben.hear("chat_message")["seq"] for _ in range(101)] == list(range(1, 102))


def test_a_client_that_answers_pings_stays_connected(people):
    began, seen = time.monotonic(), 0
    ada = people.connect("ada")
    while seen < 4:  # a silent client is closed after the second
        first, payload = ada.next_frame()
        if first == 0x80 | PING:
            seen += 1
            ada.frame(PONG, payload)
    assert time.monotonic() - began > 3


def test_a_silent_client_is_closed_with_4009(people):
    began, frames = time.monotonic(), []
    ada = people.connect("ada")
    while not frames or frames[-1][0] & 0xf != 8:
        frames.append(ada.next_frame())
    assert frames[-1][1][:2] == (4009).to_bytes(2, "big")
    assert len([f for f in frames if f[0] & 0xf == PING]) == 2
    assert time.monotonic() - began > 2.5


def test_a_changed_limit_counts_without_a_restart(people, realm):
    def announced():
        client = Client(realm, people.token("ada"))
        limit = client.hear("welcome")["limits"]["burst"]
        client.socket.close()
        return limit
    assert announced() == 1000000
    realm.ctl("set", "user_burst", "50000")
    wait_until(lambda: announced() == 50000, "the bridge to read the settings")
    realm.ctl("unset", "user_burst")
    wait_until(lambda: announced() == 1000000, "the bridge to read the settings")


def test_too_many_connections_are_closed_with_4012(people, realm):
    people.name("ada")
    kept = []
    try:
        for _ in range(9):
            kept.append(Client(realm))
        assert kept[-1].closed() == 4012
        kept[0].say("authenticate", token=people.token("ada"))
        kept[0].hear("welcome")
    finally:
        for client in kept:
            client.socket.close()
