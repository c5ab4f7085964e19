"""Hostile input: each wrong message has its answer, and the bridge continues.

Frames that break the protocol are in test_frames.py.
"""

import json
import time

import pytest

from wsclient import TEXT, Client, Closed
from realm import PATIENCE, wait_until

GARBAGE = ["", "nonsense", "[1,2]", "7", "{", '{"type":"ping"', "{\"a\":\"\\ud800\"}",
           "{\"a\":\"\\u0000\"}", "[" * 5000, '{"a":' * 20 + "1" + "}" * 20]


def test_three_messages_that_are_not_json_end_the_connection(people):
    ada = people.connect("ada")
    for text in ("nonsense", "[1]"):
        ada.text(text)
        error = ada.hear("error")
        assert error["code"] == "validation_error" and error["errors"][0]["type"]
    ada.text("{")
    assert ada.closed() == 4400


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_refused_and_the_next_message_is_accepted(people, text):
    ada = people.connect("ada")
    ada.text(text)
    assert ada.hear("error")["code"] == "validation_error"
    ada.say("ping", id="x")
    assert ada.hear("pong")["id"] == "x"


@pytest.mark.parametrize("message, wrong", [
    ({}, {"type"}),
    ({"type": 7}, {"type"}),
    ({"type": "no_such"}, {"type"}),
    ({"type": "chat_message"}, {"room_id", "content"}),
    ({"type": "chat_message", "room_id": "r", "content": ""}, {"content"}),
    ({"type": "chat_message", "room_id": "r", "content": "x" * 4001}, {"content"}),
    ({"type": "chat_message", "room_id": 7, "content": 7, "message_type": "loud", "meta_data": [],
      "client_id": "x" * 65, "reply_to": "y"},
     {"room_id", "content", "message_type", "meta_data", "client_id", "reply_to"}),
    ({"type": "join_room"}, {"room_id"}),
    ({"type": "join_room", "room_id": "x" * 65}, {"room_id"}),
    ({"type": "join_room", "room_id": "r", "since": "3"}, {"since"}),
    ({"type": "join_room", "room_id": "r", "since": -2}, {"since"}),
    ({"type": "leave_room", "room_id": None}, {"room_id"}),
    ({"type": "typing", "room_id": "r"}, {"is_typing"}),
    ({"type": "typing", "room_id": "r", "is_typing": "yes"}, {"is_typing"}),
    ({"type": "presence"}, {"status"}),
    ({"type": "authenticate"}, {"token"}),
    ({"type": "authenticate", "token": "x" * 300}, {"token"}),
])
def test_every_wrong_field_is_named(people, message, wrong):
    ada = people.connect("ada")
    ada.text(json.dumps(message))
    error = ada.hear("error")
    assert error["code"] == "validation_error" and error["retryable"] is False
    assert {e["loc"][-1] for e in error["errors"]} == wrong


def test_a_token_is_never_echoed(people):
    ada = people.connect("ada")
    ada.text(json.dumps({"type": "authenticate", "token": "s3cret" * 100}))
    assert "s3cret" not in json.dumps(ada.hear("error"))


def test_an_error_names_its_message_and_room(people):
    ada = people.connect("ada")
    ada.say("chat_message", room_id="nowhere", content="x", client_id="mine")
    error = ada.hear("error")
    assert error["client_id"] == "mine" and error["room_id"] == "nowhere"
    assert error["message"] and "errors" not in error


REFUSED = {
    "too large": (b'{"type":"chat_message","client_id":"mine","content":"%s"}' % (b"x" * 70_000),
                  "body_too_large", 1009),
    "too deep": (b'{"type":"chat_message","meta_data":%s,"client_id":"mine"}'
                 % (b'{"a":' * 20 + b"1" + b"}" * 20), "validation_error", None),
    "half an emoji": (rb'{"type":"chat_message","content":"\ud83d","client_id":"mine"}',
                      "validation_error", None),
    "a NUL": (rb'{"type":"chat_message","content":"\u0000","client_id":"mine"}',
              "validation_error", None),
    "not UTF-8": (b'{"type":"chat_message","content":"\xff","client_id":"mine"}',
                  "validation_error", 1007),
    "not JSON": (b'{"type":"chat_message","client_id":"mine"', "validation_error", None),
}


@pytest.mark.parametrize("text, code, close", REFUSED.values(), ids=REFUSED)
def test_a_message_that_cannot_be_taken_is_named_in_its_error(people, text, code, close):
    ada = people.connect("ada")
    ada.frame(TEXT, text)
    error = ada.hear("error")
    assert (error["client_id"], error["command"], error["code"]) == ("mine", "chat_message", code)
    assert error["retryable"] is False
    if close:
        assert ada.closed() == close
    else:
        ada.say("ping", id=1)
        ada.hear("pong", id=1)


def test_an_error_names_the_command_and_a_client_id_that_is_too_long(people):
    ada = people.connect("ada")
    ada.text(json.dumps({"type": "chat_message", "room_id": "r", "content": "x",
                         "client_id": "i" * 300}))
    assert ada.hear("error")["client_id"] == "i" * 300
    for command in ("join_room", "leave_room", "typing", "read"):
        ada.text(json.dumps({"type": command, "room_id": "nowhere", "is_typing": True,
                             "up_to_seq": 1}))
        error = ada.hear("error")
        assert (error["command"], error["room_id"]) == (command, "nowhere")


def test_garbage_instead_of_a_handshake_affects_no_other_client(people, realm):
    ada = people.connect("ada")
    for head in (b"\0" * 5000, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 2000 + b"\r\n", b"\r\n\r\n"):
        import socket
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(realm.run / "ws.sock"))
            try:
                raw.sendall(head)
                raw.settimeout(2)
                raw.recv(4096)
            except OSError:
                pass
    ada.say("ping", id=1)
    ada.hear("pong", id=1)


def test_short_connections_leave_nothing_behind(people, realm):
    for i in range(100):
        client = Client(realm, people.token("ada"), v1=i % 2 == 0)
        if i % 3 == 0:
            client.say("join_room", room_id="nowhere")
        client.socket.close()

    def all_are_gone():
        try:
            return people.connect("ada")
        except Closed as end:
            assert end.code == 4012  # the bridge has not noticed all the ends yet
    wait_until(all_are_gone, "a free place")
