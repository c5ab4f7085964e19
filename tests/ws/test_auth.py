"""Authentication: which connections are accepted and which are refused."""

import json
import socket
import time

import pytest

from wsclient import Client, Refused
from realm import PASSWORD, PATIENCE

UNKNOWN = "A" * 43


@pytest.fixture(scope="module")
def settings():
    return {"ws_auth_seconds": 1, "ws_ping_seconds": 1, "ws_user_connections": 3}


def test_a_token_in_the_header_is_welcomed(people):
    client = people.connect("ada", greeted=False)
    welcome = client.next()
    assert welcome["type"] == "welcome"
    data = welcome["data"]
    assert data["username"] == people.name("ada")
    assert set(data) >= {"session_id", "user_id", "epoch", "pos", "server_time", "limits"}
    assert data["heartbeat_ms"] == 1000
    assert client.next() == {"type": "room_participants", "data": []}
    assert "sec-websocket-protocol: aeon.v1" in client.head.lower()


def test_a_client_without_the_subprotocol_gets_no_welcome(people):
    client = people.connect("ada", greeted=False, v1=False)
    assert client.next()["type"] == "room_participants"
    assert "sec-websocket-protocol" not in client.head.lower()


def test_a_token_in_the_first_message_is_welcomed(people, realm):
    with Client(realm) as client:
        client.say("authenticate", token=people.token("ada"))
        assert client.hear("welcome")["username"] == people.name("ada")


def test_messages_right_behind_authenticate_are_not_lost(people, realm):
    room = people.room("ada")
    with Client(realm) as client:
        client.say("authenticate", token=people.token("ada"))
        client.say("chat_message", room_id=room, content="early", client_id="1")
        client.say("ping", id=7)
        heard = [client.next() for _ in range(5)]
        assert [m["type"] for m in heard[:2]] == ["welcome", "room_participants"]
        assert {m["type"] for m in heard[2:]} == {"chat_message", "ack", "pong"}


def test_only_errors_are_sent_before_authentication(people, realm):
    room = people.room("ada")
    with Client(realm) as client:
        client.say("join_room", room_id=room)
        error = client.next()
        assert error["type"] == "error"
        assert error["data"]["code"] == "unauthenticated"
        assert error["data"]["room_id"] == room
        client.say("nonsense")
        assert client.next()["data"]["code"] == "unauthenticated"
        assert client.closed() == 4401


def test_a_client_that_does_not_authenticate_is_closed(realm):
    began = time.monotonic()
    with Client(realm) as client:
        assert client.closed() == 4401
    assert time.monotonic() - began > 0.9, "a client has the time to authenticate"


@pytest.mark.parametrize("token", [UNKNOWN, "short", "x" * 200, "ä" * 20])
def test_a_wrong_token_is_closed_with_4401(realm, token):
    with Client(realm) as client:
        client.say("authenticate", token=token)
        assert client.closed() == 4401
    if token.isascii():
        with Client(realm, token) as client:
            assert client.closed() == 4401


@pytest.mark.parametrize("value", ["Basic YTpi", "Bearer", "Bearer " + "x" * 400])
def test_another_authorization_is_closed_with_4401(realm, value):
    with Client(realm, headers={"Authorization": value}) as client:
        assert client.closed() == 4401


def test_the_path_may_name_only_the_own_user(people, realm):
    mine = people.connect("ada", greeted=False).hear("welcome")["user_id"]
    people.connect("ada", user=mine)
    with Client(realm, people.token("ben"), user=mine) as client:
        assert client.closed() == 4403
    with Client(realm, user=mine) as client:
        client.say("authenticate", token=people.token("ben"))
        assert client.closed() == 4403


@pytest.mark.parametrize("path", ["/", "/api/v1/phase3/ws/", "/api/v1/phase3/ws/you",
                                  "/api/v1/phase3/ws/0", "/api/v1/phase3/ws/-1",
                                  "/api/v1/phase3/ws/1x", "/api/v1/phase3/ws/me/",
                                  "/api/v1/phase3/ws/99999999999999999999", "/" + "x" * 500])
def test_unknown_paths_are_not_found(people, realm, path):
    with pytest.raises(Refused) as refused:
        Client(realm, people.token("ada"), path=path)
    assert refused.value.status == 404


def raw_request(realm, path, *headers):
    """The status and the JSON of the answer, after which the bridge closes the connection."""
    with socket.socket(socket.AF_UNIX) as plain:
        plain.settimeout(PATIENCE)
        plain.connect(str(realm.run / "ws.sock"))
        lines = (f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", "")
        plain.sendall("\r\n".join(lines).encode())
        answer = b""
        while part := plain.recv(4096):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    return int(head.split()[1]), json.loads(body)["code"]


HANDSHAKE = ("Connection: Upgrade", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")


def test_all_that_the_bridge_refuses_is_answered_in_json(realm):
    me = "/api/v1/phase3/ws/me"
    websocket = (*HANDSHAKE, "Upgrade: websocket")
    assert raw_request(realm, me) == (426, "upgrade_required")
    assert raw_request(realm, "/api/v1/users/me") == (404, "not_found")
    assert raw_request(realm, "/api/v1/phase3/ws/you", *websocket) == (404, "not_found")
    other = (*websocket, "Sec-WebSocket-Protocol: other")
    assert raw_request(realm, me, *other) == (400, "bad_request")
    assert raw_request(realm, me, *websocket, "Origin: http://evil.example") == (403, "forbidden")


def test_no_other_protocol_than_websocket_is_spoken(realm):
    h2c = (*HANDSHAKE, "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")
    assert raw_request(realm, "/api/v1/phase3/ws/me", *h2c) == (426, "upgrade_required")


@pytest.mark.parametrize("origin, host, status", [
    ("https://realm.example", "realm.example", 101),
    ("http://localhost:8000", "localhost:8000", 101),
    ("http://LOCALHOST", "localhost", 101),
    ("https://evil.example", "realm.example", 403),
    ("http://localhost:8001", "localhost:8000", 403),
    ("https://realm.example.evil.example", "realm.example", 403),
    ("null", "realm.example", 403),
    ("x" * 2000, "realm.example", 403),
])
def test_only_pages_of_the_same_host_connect(realm, origin, host, status):
    try:
        with Client(realm, headers={"Origin": origin, "Host": host}):
            assert status == 101
    except Refused as refused:
        assert refused.status == status


def test_authenticate_renews_a_live_connection(people, realm):
    client = people.connect("ada")
    old, room = people.token("ada"), people.room("ada")
    login = realm.cgi("POST", "/api/v1/users/login",
                      {"username": people.name("ada"), "password": PASSWORD})
    client.say("authenticate", token=login.json["access_token"])
    client.hear("welcome")
    assert realm.cgi("POST", "/api/v1/users/logout", token=old).status in (200, 204)
    deadline = time.monotonic() + 2.5
    while time.monotonic() < deadline:
        client.say("ping")
        client.hear("pong")
        client.quiet(0.1)  # stays below the rate limit
    client.up_to_now(room)
    client.say("authenticate", token=people.token("ben"))
    assert client.closed() == 4403


def test_one_user_has_no_more_connections_than_allowed(people):
    kept = [people.connect("ada") for _ in range(3)]
    assert people.connect("ada", greeted=False).closed() == 4012
    kept.pop().socket.close()
    for client in kept:
        client.say("ping", id=1)
        client.hear("pong", id=1)


KEY = "AAAAAAAAAAAAAAAAAAAAAA=="


@pytest.mark.parametrize("version, key, status", [
    ("13", KEY, 101), ("8", KEY, 426), ("", KEY, 426), ("13, 8", KEY, 426), ("13", "", 400),
    ("13", "short", 400), ("13", "A" * 24, 400), ("13", KEY + "=", 400), ("13", "x" * 500, 400),
])
def test_a_wrong_handshake_has_an_answer(realm, version, key, status):
    lines = ["GET /api/v1/phase3/ws/me HTTP/1.1", "Host: localhost", "Connection: Upgrade",
             "Upgrade: websocket"]
    lines += [f"Sec-WebSocket-Version: {version}"] if version else []
    lines += [f"Sec-WebSocket-Key: {key}"] if key else []
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(PATIENCE)
        raw.connect(realm.bridge_socket(1))
        raw.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer and (more := raw.recv(4096)):
            answer += more
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"\r\nSec-WebSocket-Version: 13\r\n" in answer) == (status == 426)


@pytest.mark.parametrize("cookies", [1000, 8000, 32 * 1024 - 100])
def test_the_cookies_of_other_programs_do_not_keep_a_client_out(realm, people, cookies):
    headers = {"Cookie": f"sso={'c' * cookies}", "Origin": "http://localhost"}
    with Client(realm, people.token("ada"), headers=headers) as client:
        client.hear("welcome")
