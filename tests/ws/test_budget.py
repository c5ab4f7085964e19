"""The budget of a user over the WebSocket, which REST shares."""

import json
import time

import pytest

from realm import PATIENCE
from wsclient import Client


@pytest.fixture(scope="module")
def settings():
    return {"user_rate": 5, "user_burst": 60}


def refusals_of(client, count):
    """Acknowledgements and errors, until there are so many of both."""
    acks, errors = [], []
    while len(acks) + len(errors) < count:
        message = client.next()
        if message["type"] == "ack":
            acks.append(message["data"])
        elif message["type"] == "error":
            errors.append(message["data"])
    return acks, errors


def chat(room, count, content="hello"):
    return [("chat_message", {"room_id": room, "content": content, "client_id": str(i)})
            for i in range(count)]


def test_messages_over_the_budget_are_refused_and_not_stored(people):
    room = people.room("ada")
    ada = people.connect("ada")
    ada.say_together(*chat(room, 80))
    acks, errors = refusals_of(ada, 80)
    assert len(acks) >= 20 and errors, "the requests before took their processor time, too"
    assert {e["code"] for e in errors} == {"rate_limited"}
    for error in errors:
        assert error["retryable"] and error["retry_after_ms"] > 0 and error["client_id"]
    assert [a["seq"] for a in acks] == list(range(1, len(acks) + 1))
    ada.quiet(errors[-1]["retry_after_ms"] / 1000)
    ada.say("chat_message", room_id=room, content="again", client_id=errors[0]["client_id"])
    assert ada.hear("ack")["duplicate"] is False


def test_connections_of_a_user_and_rest_share_one_budget(people, realm):
    room = people.room("ada")
    clients = [people.connect("ada") for _ in range(3)]
    for number, client in enumerate(clients):
        client.say_together(*(("chat_message", {"room_id": room, "content": "x",
                                                "client_id": f"{number}-{i}"}) for i in range(30)))
    answers = [refusals_of(client, 30) for client in clients]
    assert any(errors for _, errors in answers)
    heavy = realm.cgi("GET", "/api/v1/phase3/social/similar-users", token=people.token("ada"))
    assert heavy.status == 429
    assert realm.cgi("GET", "/api/v1/phase3/social/similar-users",
                     token=people.token("ben")).status == 200


def test_a_long_message_weighs_more_than_a_short_one(people):
    room = people.room("ada")
    ada = people.connect("ada")
    ada.say_together(*chat(room, 20, content="界" * 4000))
    acks, errors = refusals_of(ada, 20)
    assert errors and len(acks) <= 12


def test_a_client_that_stays_over_the_budget_is_closed_with_4029(people):
    ada = people.connect("ada")
    ada.socket.settimeout(0.02)
    ends = time.monotonic() + PATIENCE
    code = None
    while code is None and time.monotonic() < ends:
        try:
            for _ in range(30):
                ada.say("ping")
            while True:
                ada.next()
        except TimeoutError:
            pass
        except OSError:
            break
        except Exception as end:
            code = end.code
    assert code == 4029


def test_a_connection_that_does_not_authenticate_may_send_little(people):
    with Client(people.realm) as stranger:
        for _ in range(21):
            stranger.text(json.dumps({"type": "ping"}))
        assert stranger.closed() == 4029
