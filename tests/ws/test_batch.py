"""Several messages in a frame for clients that offer it, and reconnecting after a restart."""

import signal

import pytest


def test_several_messages_share_a_frame_for_a_client_that_offers_it(people):
    room = people.room("ada", "ben")
    ada = people.connect("ada")
    ben = people.connect("ben", headers={"Sec-WebSocket-Protocol": "aeon.v1.batch, aeon.v1"})
    assert "aeon.v1.batch" in ben.head
    for i in range(200):
        ada.say("chat_message", room_id=room, content=str(i))
    ada.hear("chat_message", content="199")
    joined = 0
    for i in range(200):
        assert ben.hear("chat_message")["content"] == str(i)
        joined += bool(ben.lines)
    assert joined, "some came together"


def test_each_message_has_its_own_frame_without_the_offer(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    for i in range(200):
        ada.say("chat_message", room_id=room, content=str(i))
    for i in range(200):
        assert ben.hear("chat_message")["content"] == str(i)
        assert not ben.lines


def test_a_ticket_fits_beside_both_subprotocols(people):
    realm = people.realm
    ticket = realm.cgi("POST", "/api/v1/phase3/ws/ticket", token=people.token("ada")).json["ticket"]
    ada = people.connect("ada", headers={
        "Sec-WebSocket-Protocol": f"aeon.v1.batch, aeon.v1, ticket.{ticket}", "Authorization": ""})
    assert "aeon.v1.batch" in ada.head


def test_a_bridge_that_stops_says_when_to_reconnect(people):
    realm = people.realm
    clients = [people.connect("ada") for _ in range(10)]
    old = people.connect("ben", v1=False)
    assert realm.stop("bridge", signal.SIGTERM) == 0
    waits = [client.hear("reconnect")["after_ms"] for client in clients]
    assert all(0 <= wait <= 60 for wait in waits), "eleven are back soon"
    assert {client.closed() for client in clients} == {1012}
    assert old.closed() == 1012
    realm.start_bridge()
