"""Messages reach all members once and in order, and are acknowledged when they are on disk."""

import json
import threading

import pytest

COMPAT = {"chat_message", "user_joined", "user_left", "typing_indicator", "presence_update",
          "room_info", "room_participants", "error"}


def contents(messages):
    return [m["data"]["content"] for m in messages if m["type"] == "chat_message"]


def test_a_message_reaches_all_members_and_its_sender(people):
    room = people.room("ada", "ben")
    ada, ben, again = people.connect("ada"), people.connect("ben"), people.connect("ada")
    ada.say("chat_message", room_id=room, content="hé \U0001f600", client_id="a",
            meta_data={"k": [1]}, message_type="memory")
    for client in (ada, ben, again):
        heard = client.hear("chat_message", content="hé \U0001f600")
        assert heard["seq"] == 1 and heard["room_id"] == room
        assert heard["sender_name"] == people.name("ada") and heard["client_id"] == "a"
        assert heard["meta_data"] == {"k": [1]} and heard["message_type"] == "memory"
        assert heard["edited_at"] is None and heard["is_aeon_message"] is False
    ack = ada.hear("ack")
    assert ack["message_id"] == heard["message_id"] and ack["seq"] == 1 and not ack["duplicate"]
    assert ack["client_id"] == "a" and ack["timestamp"] == heard["timestamp"] and ack["pos"] > 0


def test_a_message_without_a_client_id_gets_no_ack(people):
    room = people.room("ada")
    ada = people.connect("ada")
    ada.say("chat_message", room_id=room, content="one")
    ada.say("chat_message", room_id=room, content="two", client_id="2")
    assert [m["type"] for m in ada.until("ack")].count("ack") == 1


def test_compat_mode_has_only_the_eight_types(people):
    room = people.room("ada", "ben")
    old, ada = people.connect("ben", v1=False), people.connect("ada")
    old.say("chat_message", room_id=room, content="x", client_id="1")
    old.say("ping")
    assert old.hear("error")["code"] == "validation_error"
    ada.say("typing", room_id=room, is_typing=True)
    ada.say("presence", status="away")
    heard = old.until("presence_update", status="away") + old.up_to_now(room)
    assert {m["type"] for m in heard} <= COMPAT
    assert contents(heard) in (["x"], [])


def test_a_resend_is_acknowledged_as_the_first_message_and_shown_once(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    for _ in range(3):
        ada.say("chat_message", room_id=room, content="once", client_id="same")
    acks = [ada.hear("ack") for _ in range(3)]
    assert [a["duplicate"] for a in acks] == [False, True, True]
    assert len({a["message_id"] for a in acks}) == 1 and {a["seq"] for a in acks} == {1}
    assert contents(ben.up_to_now(room)) == ["once"]
    ada.say("chat_message", room_id=room, content="other", client_id="same")
    error = ada.hear("error")
    assert error["code"] == "idempotency_conflict" and error["client_id"] == "same"
    assert error["room_id"] == room and error["retryable"] is False


def test_concurrent_messages_have_one_order_for_all(people):
    room = people.room("ada", "ben", "cyd")
    clients = [people.connect(who) for who in ("ada", "ben", "cyd")]

    def talk(client, who):
        for i in range(30):
            client.say("chat_message", room_id=room, content=f"{who}{i}")
    threads = [threading.Thread(target=talk, args=(clients[i], "ab"[i])) for i in range(2)]
    for thread in threads:
        thread.start()
    orders = []
    for client in clients:
        heard = [client.hear("chat_message") for _ in range(60)]
        assert [m["seq"] for m in heard] == list(range(1, 61))
        orders.append([m["content"] for m in heard])
    for thread in threads:
        thread.join()
    assert orders[0] == orders[1] == orders[2]
    assert [c for c in orders[0] if c[0] == "a"] == [f"a{i}" for i in range(30)]


def test_a_user_outside_of_a_room_receives_nothing_and_cannot_post(people):
    room, secret = people.room("ada"), people.room("ada", is_public=False)
    ada, eve = people.connect("ada"), people.connect("eve")
    eve.say("chat_message", room_id=room, content="hello?", client_id="1")
    assert eve.hear("error")["code"] == "forbidden"
    eve.say("chat_message", room_id=secret, content="hello?")
    assert eve.hear("error")["code"] == "room_not_found"
    eve.say("chat_message", room_id="00000000-0000-7000-8000-000000000000", content="x")
    assert eve.hear("error")["code"] == "room_not_found"
    ada.say("chat_message", room_id=secret, content="psst", client_id="1")
    ada.hear("ack")
    own = people.room("eve")
    assert contents(eve.up_to_now(own)) == []


def test_a_message_over_rest_is_pushed(people, realm):
    room = people.room("ada", "ben")
    ben, old = people.connect("ben"), people.connect("ben", v1=False)
    answer = realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/messages", {"content": "by post"},
                       token=people.token("ada"))
    assert answer.status == 201
    assert ben.hear("chat_message")["message_id"] == answer.json["message_id"]
    assert old.hear("chat_message")["content"] == "by post"


def test_only_v1_clients_receive_events_for_one_user(people, realm):
    ada = people.connect("ada", greeted=False)
    target = ada.hear("welcome")["user_id"]
    old, room = people.connect("ada", v1=False), people.room("ada")
    answer = realm.cgi("POST", "/api/v1/phase3/aeon/interactions", {
        "target_aeon_user_id": target, "interaction_type": "greeting", "content": "hi"},
        token=people.token("ben"))
    assert answer.status == 201
    assert ada.hear("interaction_created")["content"] == "hi"
    assert "interaction_created" not in {m["type"] for m in old.up_to_now(room)}


@pytest.mark.parametrize("size", [1, 124, 125, 126, 127, 4000])
def test_messages_of_every_frame_size_arrive_whole(people, size):
    room = people.room("ada")
    ada = people.connect("ada")
    ada.say("chat_message", room_id=room, content="x" * size)
    assert len(ada.hear("chat_message")["content"]) == size


def test_a_message_in_fragments_is_reassembled(people):
    room = people.room("ada")
    ada = people.connect("ada")
    text = json.dumps({"type": "chat_message", "room_id": room, "content": "ä" * 3000},
                      ensure_ascii=False).encode()
    ada.frame(1, text[:1], final=False)
    ada.frame(0, text[1:2501], final=False)
    ada.frame(9, b"between")
    ada.frame(0, b"", final=False)
    ada.frame(0, text[2501:])
    assert ada.hear("chat_message")["content"] == "ä" * 3000
