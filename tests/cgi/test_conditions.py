"""Conditional requests: ETag, If-None-Match, If-Match, Idempotency-Key."""

import threading

import pytest
from conftest import ROOMS, faults, refused
from realm import PASSWORD

KEY = "HTTP_IDEMPOTENCY_KEY"


def keyed(key):
    return {KEY: key}


# --- ETag ----------------------------------------------------------------------------------------


def test_an_unchanged_resource_is_not_sent_again(ada):
    first = ada("GET", "/api/v1/users/me")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    again = ada("GET", "/api/v1/users/me", headers={"HTTP_IF_NONE_MATCH": f'"x", W/{tag}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert ada("PATCH", "/api/v1/users/me", {"bio": "changed"}).status == 200
    fresh = ada("GET", "/api/v1/users/me", headers={"HTTP_IF_NONE_MATCH": tag})
    assert fresh.status == 200 and fresh.headers["etag"] != tag


def test_an_etag_belongs_to_what_the_caller_sees(realm, ada, ben):
    known = ada("POST", "/knowledge", {"content": "shared", "knowledge_type": "x"}).json["id"]
    before = ben("GET", f"/knowledge/{known}").headers["etag"]
    assert ben("POST", f"/knowledge/{known}/upvote").status == 200
    assert ben("GET", f"/knowledge/{known}").headers["etag"] != before


def test_lists_and_refusals_have_no_etag(ada):
    assert "etag" not in ada("GET", ROOMS).headers
    assert "etag" not in ada("GET", "/knowledge/999999").headers


# --- If-Match ------------------------------------------------------------------------------------


def test_a_change_applies_only_to_the_version_that_was_read(ada):
    tag = ada("GET", "/api/v1/users/me").headers["etag"]
    match = {"HTTP_IF_MATCH": tag}
    assert ada("PATCH", "/api/v1/users/me", {"bio": "one"}, headers=match).json["bio"] == "one"
    refused(ada("PATCH", "/api/v1/users/me", {"bio": "two"}, headers=match), 412,
            "precondition_failed")
    assert ada("GET", "/api/v1/users/me").json["bio"] == "one"
    for expected in ("*", '"x", {}'):
        tag = ada("GET", "/api/v1/users/me").headers["etag"]
        assert ada("PATCH", "/api/v1/users/me", {"bio": "one"},
                   headers={"HTTP_IF_MATCH": expected.format(tag)}).status == 200
    weak = "W/" + ada("GET", "/api/v1/users/me").headers["etag"]
    assert ada("PATCH", "/api/v1/users/me", {"bio": "no"},
               headers={"HTTP_IF_MATCH": weak}).status == 412


def test_a_missing_resource_matches_no_etag(realm, ada):
    room = realm.room("ada")
    message = ROOMS + f"/{room}/messages/01890000-0000-7000-8000-000000000000"
    refused(ada("PATCH", message, {"content": "x"}, headers={"HTTP_IF_MATCH": "*"}), 404,
            "not_found")


def test_only_one_of_many_concurrent_changes_succeeds(realm, ada):
    room = realm.room("ada")
    message_id = ada("POST", f"/rooms/{room}/messages", {"content": "0"}).json["message_id"]
    path = f"/rooms/{room}/messages/{message_id}"
    match = {"HTTP_IF_MATCH": ada("GET", path).headers["etag"]}
    statuses = []

    def change(number):
        statuses.append(ada("PATCH", path, {"content": f"by {number}"}, headers=match).status)
    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 7


# --- Idempotency-Key -----------------------------------------------------------------------------


@pytest.mark.parametrize("path, body", [
    (ROOMS, {"name": "Once"}),
    ("/knowledge", {"content": "once", "knowledge_type": "x"}),
    ("/aeon/interactions", {"target_aeon_user_id": 2, "interaction_type": "x", "content": "once"}),
])
def test_a_request_with_an_idempotency_key_creates_once(ada, path, body):
    first = ada("POST", path, body, headers=keyed("k " + path))
    again = ada("POST", path, body, headers=keyed("k " + path))
    assert first.status == again.status == 201
    assert first.body == again.body
    assert first.headers.get("location") == again.headers.get("location")
    other = ada("POST", path, body, headers=keyed("another " + path))
    assert other.status == 201 and other.body != first.body


def test_a_message_with_an_idempotency_key_is_posted_and_reported_once(realm, ada):
    room = realm.room("ada")
    for _ in range(3):
        answer = ada("POST", f"/rooms/{room}/messages", {"content": "hi"}, headers=keyed("m"))
        assert answer.status == 201 and answer.json["seq"] == 1
    assert realm.rows.select("SELECT count(*) FROM realm_events WHERE room_id = ? AND kind = "
                             "'chat_message'", room) == [(1,)]


def test_a_key_belongs_to_one_request(ada):
    body = {"content": "one", "knowledge_type": "x"}
    assert ada("POST", "/knowledge", body, headers=keyed("same")).status == 201
    refused(ada("POST", "/knowledge", body | {"content": "two"}, headers=keyed("same")), 409,
            "idempotency_conflict")
    refused(ada("POST", ROOMS, {"name": "one"}, headers=keyed("same")), 409,
            "idempotency_conflict")


def test_keys_of_different_users_are_independent(ada, ben):
    body = {"content": "one", "knowledge_type": "x"}
    mine = ada("POST", "/knowledge", body, headers=keyed("shared key"))
    theirs = ben("POST", "/knowledge", body, headers=keyed("shared key"))
    assert mine.status == theirs.status == 201 and mine.json["id"] != theirs.json["id"]


def test_a_refusal_is_not_kept_for_the_key(ada):
    body = {"target_aeon_user_id": 1, "interaction_type": "x", "content": "myself"}
    assert ada("POST", "/aeon/interactions", body, headers=keyed("r")).status == 422
    body["target_aeon_user_id"] = 2
    assert ada("POST", "/aeon/interactions", body, headers=keyed("r")).status == 201


def test_a_repeat_gets_the_status_of_the_first_answer(realm, ada):
    friend = {"related_user_id": realm.ids["cleo"], "relationship_type": "friend"}
    assert ada("POST", "/relationships", friend).status == 201
    path = f"/rooms/{realm.room('ada')}/messages"
    message = {"content": "hi", "client_id": "1"}
    assert ada("POST", path, message).status == 201
    for key, (where, body) in enumerate((("/relationships", friend), (path, message))):
        first, again = (ada("POST", where, body, headers=keyed(f"s{key}")) for _ in range(2))
        assert (first.status, again.status) == (200, 200) and first.body == again.body


def test_a_ticket_is_never_stored(realm, ada):
    tickets = [ada("POST", "/ws/ticket", headers=keyed("t")).json["ticket"] for _ in range(2)]
    assert tickets[0] != tickets[1]
    files = [path.read_bytes() for path in realm.directory.glob("aeon.db*")]
    assert len(files) > 1
    for secret in (*tickets, realm.tokens["ada"], PASSWORD):
        assert not any(secret.encode() in content for content in files)


def test_a_key_is_new_after_a_day(realm, ada):
    body = {"content": "one", "knowledge_type": "x"}
    first = ada("POST", "/knowledge", body, headers=keyed("old")).json["id"]
    realm.rows.change("UPDATE idempotency_keys SET created_at = created_at - 86400000001")
    assert ada("POST", "/knowledge", body, headers=keyed("old")).json["id"] != first


@pytest.mark.parametrize("key", ["x" * 256, "grüße"])
def test_an_invalid_key_is_refused(ada, key):
    answer = ada("POST", ROOMS, {"name": "x"}, headers=keyed(key))
    assert faults(answer) == [("value_error", ("header", "Idempotency-Key"))]


def test_only_one_of_many_concurrent_requests_with_one_key_creates(realm, ada):
    answers = []

    def create():
        answers.append(ada("POST", "/knowledge", {"content": "at once", "knowledge_type": "x"},
                           headers=keyed("at once")))
    threads = [threading.Thread(target=create) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert len(realm.rows.select("SELECT 1 FROM shared_knowledge WHERE content = 'at once'")) == 1


def test_a_route_that_creates_nothing_ignores_the_key(realm, ada):
    room = realm.room("ada")
    for _ in range(2):
        assert ada("POST", f"/rooms/{room}/join", headers=keyed("j")).status == 200
    assert realm.rows.select("SELECT count(*) FROM idempotency_keys WHERE key = 'j'") == [(0,)]


@pytest.mark.parametrize("method", ("PUT", "PATCH"))
def test_a_new_password_with_if_match_is_hashed_before_the_transaction(realm, method):
    """The program ends when it hashes inside a write transaction, so any answer is enough."""
    who = f"hasher-{method.lower()}"
    realm.user(who)
    token = realm.tokens[who]
    change = {"old_password": PASSWORD, "password": "quite another one", "bio": "new"}
    for etag, status in (('"old"', 412), ("*", 200)):
        answer = realm.cgi(method, "/api/v1/users/me", change, token=token,
                          headers={"HTTP_IF_MATCH": etag})
        assert answer.status == status, answer
    login = {"username": who, "password": "quite another one"}
    assert realm.cgi("POST", "/api/v1/users/login", login).status == 200
