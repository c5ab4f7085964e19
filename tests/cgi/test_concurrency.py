"""Concurrent requests to several workers: one succeeds, counts are exact, and nothing fails."""

import json
import random
import threading

import fastcgi
import pytest
from realm import PASSWORD, Realm

PEOPLE = ("olga", "ben", "cleo", "dan", "eve", "zoe")
API = "/api/v1/phase3"
CLIENTS = 12


@pytest.fixture(scope="module")
def realm():
    with Realm() as made:
        made.ids = {name: made.user(name) for name in PEOPLE}
        made.start_workers("default", workers=4)
        yield made


def ask(realm, line, name, method, path, body=None, **headers):
    """The answer. While the store is busy, the request is repeated, as the answer asks."""
    text = b"" if body is None else json.dumps(body).encode()
    while True:
        answer = line.ask(*fastcgi.request(realm, method, path, text,
                                           realm.tokens.get(name), **headers))
        if answer.status != 503:
            return answer
        assert answer.headers["retry-after"], answer


def at_once(realm, do):
    """Calls do(line, number) for every client at the same moment. Returns the answers."""
    ready, answers = threading.Barrier(CLIENTS), []

    def client(number):
        with fastcgi.Connection(realm.run / "default.sock") as line:
            ready.wait()
            answers.append(do(line, number))
    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == CLIENTS
    return answers


def statuses(answers):
    return sorted(answer.status for answer in answers)


@pytest.mark.parametrize("same", ("username", "email"))
def test_a_name_is_registered_once(realm, same):
    def register(line, number):
        who = {"username": f"{same}-{number}", "email": f"{same}{number}@example.org"}
        who |= {"username": "Wanted" if number % 2 else "wanted"} if same == "username" else \
            {"email": "wanted@example.org"}
        return ask(realm, line, None, "POST", "/api/v1/users/register",
                   who | {"password": PASSWORD})
    realm.rows.change("DELETE FROM attempts")
    assert statuses(at_once(realm, register)) == [201] + [409] * (CLIENTS - 1)


def test_a_key_creates_once_across_workers(realm):
    def create(line, _):
        return ask(realm, line, "ben", "POST", API + "/knowledge",
                   {"content": "once", "knowledge_type": "x"}, HTTP_IDEMPOTENCY_KEY="the same")
    answers = at_once(realm, create)
    assert statuses(answers) == [201] * CLIENTS
    assert len({answer.json["id"] for answer in answers}) == 1


def test_an_invitation_is_made_once(realm):
    room = realm.room("olga", is_public=False)

    def invite(line, _):
        return ask(realm, line, "olga", "POST", f"{API}/rooms/{room}/invitations",
                   {"user_id": realm.ids["ben"]})
    assert statuses(at_once(realm, invite)) == [200] * (CLIENTS - 1) + [201]


def storm(realm, rooms, items):
    """A random request on rows that other clients change at the same time."""
    def do(dice):
        room, item = dice.choice(rooms), dice.choice(items)
        other = dice.choice(list(realm.ids.values()))
        kind = dice.choice(("friend", "colleague", "blocked"))
        return dice.choice((
            ("POST", f"/knowledge/{item}/upvote"), ("POST", f"/knowledge/{item}/downvote"),
            ("DELETE", f"/knowledge/{item}/vote"),
            ("POST", f"/knowledge/{item}/share", {"room_id": room}),
            ("POST", f"/knowledge/{item}/share", {"user_id": other}),
            ("POST", "/knowledge", {"content": "x", "knowledge_type": "x", "tags": ["a", "b"]}),
            ("PATCH", f"/knowledge/{item}", {"visibility": dice.choice(("public", "friends"))}),
            ("PATCH", f"/knowledge/{item}", {"tags": dice.choice((["a"], ["b", "c"]))}),
            ("POST", f"/rooms/{room}/join"), ("POST", f"/rooms/{room}/leave"),
            ("POST", f"/rooms/{room}/messages", {"content": "x"}),
            ("POST", f"/rooms/{room}/invitations", {"user_id": other}),
            ("DELETE", f"/rooms/{room}/participants/{other}"),
            ("PUT", f"/rooms/{room}/read", {"up_to_seq": 5}),
            ("POST", "/relationships", {"related_user_id": other, "relationship_type": kind}),
            ("DELETE", f"/relationships/{other}"),
            ("POST", "/aeon/interactions", {"target_aeon_user_id": other, "content": "x",
                                            "interaction_type": "x", "is_public": True}),
        ))
    return do


def test_all_counts_stay_exact_under_concurrent_writes(realm):
    rooms = [realm.room("olga", max_participants=3) for _ in range(2)]
    with fastcgi.Connection(realm.run / "default.sock") as line:
        items = [ask(realm, line, name, "POST", API + "/knowledge",
                     {"content": name, "knowledge_type": "x", "tags": ["a"]}).json["id"]
                 for name in PEOPLE]
    deed, seen = storm(realm, rooms, items), set()

    def act(line, number):
        dice, name = random.Random(number), PEOPLE[number % len(PEOPLE)]
        for _ in range(120):
            if name == "zoe" and dice.random() < 0.02:  # others change rows of hers meanwhile
                answer = ask(realm, line, name, "DELETE", "/api/v1/users/me")
            else:
                method, path, *body = deed(dice)
                answer = ask(realm, line, name, method, API + path, *body)
            seen.add(answer.status)
        return answer
    at_once(realm, act)
    assert seen <= {200, 201, 204, 401, 403, 404, 409, 422}, seen
    assert realm.ctl("check").returncode == 0
    (most,), = realm.rows.select("SELECT max(current_participants) FROM chat_rooms "
                                 "WHERE id IN (?, ?)", *rooms)
    assert most <= 3
    assert realm.rows.select("SELECT 1 FROM knowledge_votes v JOIN shared_knowledge k "
                             "ON k.id = v.knowledge_id AND k.creator_id = v.user_id") == []
