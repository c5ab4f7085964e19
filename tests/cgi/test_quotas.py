"""Quotas: a user may have only so many rooms, invitations, items of knowledge and relationships."""

import itertools

import pytest
from conftest import Caller, refused
from realm import Realm

QUOTAS = {"quota_rooms": 2, "quota_invitations": 2, "quota_knowledge": 2, "quota_relationships": 2}
names = itertools.count(1)


@pytest.fixture(scope="module")
def realm():
    with Realm(**QUOTAS) as made:
        made.ids = {name: made.user(name) for name in ("ben", "cleo", "dora", "eve")}
        yield made


@pytest.fixture
def ada(realm):
    """A new user, who has nothing yet."""
    name = f"ada-{next(names)}"
    realm.ids[name] = realm.user(name)
    return Caller(realm, name)


def reached(answer, what):
    assert f"2 {what}" in answer.json["detail"]
    return refused(answer, 409, "quota_exceeded")


def test_rooms(realm, ada):
    def rooms():
        return realm.rows.select("SELECT count(*) FROM chat_rooms WHERE created_by = ?", ada.id)
    room = realm.room(ada.name)
    realm.room(ada.name)
    for headers in ({}, {"HTTP_IDEMPOTENCY_KEY": "once"}):
        before = rooms()
        assert reached(ada("POST", "/rooms", {"name": "one more"}, headers=headers), "rooms")
        assert rooms() == before
    assert len(ada("GET", "/rooms?joined=true").json) == 2
    assert ada("DELETE", f"/rooms/{room}").status == 204
    assert ada("POST", "/rooms", {"name": "one more"},
               headers={"HTTP_IDEMPOTENCY_KEY": "once"}).status == 201


def test_a_room_that_belongs_to_another_user_now_does_not_count(realm, ada):
    room = realm.room(ada.name)
    realm.room(ada.name)
    Caller(realm, "ben")("POST", f"/rooms/{room}/join")
    assert ada("POST", f"/rooms/{room}/leave").status == 200
    assert ada("POST", "/rooms", {"name": "one more"}).status == 201


def test_open_invitations(realm, ada):
    path = f"/rooms/{realm.room(ada.name, is_public=False)}"
    for name, status in (("ben", 201), ("cleo", 201), ("cleo", 200)):
        answer = ada("POST", path + "/invitations", {"user_id": realm.ids[name]})
        assert answer.status == status
    answer = ada("POST", path + "/invitations", {"user_id": realm.ids["dora"]})
    assert reached(answer, "open invitations")
    dora = Caller(realm, "dora")
    assert dora("GET", path).status == 404
    assert all(event["type"] != "invitation" or event["data"]["room_id"] not in path
               for event in dora("GET", "/events?since=0").json["events"])
    assert Caller(realm, "ben")("POST", path + "/join").status == 200
    assert ada("POST", path + "/invitations", {"user_id": dora.id}).status == 201


def test_knowledge(ada):
    note = {"content": "x", "knowledge_type": "note"}
    made = [ada("POST", "/knowledge", note | {"visibility": visibility}).json["id"]
            for visibility in ("public", "private")]
    assert reached(ada("POST", "/knowledge", note), "items of knowledge")
    assert ada("PATCH", f"/knowledge/{made[0]}", {"content": "y"}).status == 200
    assert len(ada("GET", f"/knowledge?creator_id={ada.id}").json) == 2
    assert ada("DELETE", f"/knowledge/{made[0]}").status == 204
    assert ada("POST", "/knowledge", note).status == 201


def test_relationships_and_a_block_is_always_possible(realm, ada):
    def relate(name, kind):
        return ada("POST", "/relationships",
                   {"related_user_id": realm.ids[name], "relationship_type": kind})
    assert [relate(name, "friend").status for name in ("ben", "cleo", "ben")] == [201, 201, 200]
    assert reached(relate("dora", "friend"), "relationships")
    assert relate("eve", "blocked").status == 201
    assert len(ada("GET", "/relationships").json) == 3
    assert ada("GET", f"/relationships/{realm.ids['dora']}").status == 404


def test_a_changed_quota_counts_at_once(realm, ada):
    note = {"content": "x", "knowledge_type": "note"}
    realm.ctl("set", "quota_knowledge", "1")
    assert [ada("POST", "/knowledge", note).status for _ in range(2)] == [201, 409]
    realm.ctl("unset", "quota_knowledge")
    assert ada("POST", "/knowledge", note).status == 201


@pytest.fixture
def limit(realm):
    """Sets the quota of bytes, so that Ada may have so many more."""
    def set_for(ada, more):
        (had, ), = realm.rows.select("SELECT text_bytes FROM user_counts WHERE user_id = ?", ada.id)
        realm.ctl("set", "quota_bytes", str(max(1, had + more)))
    yield set_for
    realm.ctl("unset", "quota_bytes")


def too_long(answer):
    assert "bytes of texts" in answer.json["detail"]
    return refused(answer, 409, "quota_exceeded")


def test_bytes_of_knowledge_with_tags_and_meta_data(ada, limit):
    note = {"content": "ä" * 10, "knowledge_type": "note", "tags": ["ab"], "meta_data": {"a": 1}}
    limit(ada, 20 + len('["ab"]') + len('{"a":1}'))
    path = f"/knowledge/{ada('POST', '/knowledge', note).json['id']}"
    for change in ({"content": "x" * 21}, {"tags": ["abc"]}, {"meta_data": {"ab": 1}}):
        assert too_long(ada("PATCH", path, change))
    assert too_long(ada("POST", "/knowledge", {"content": "x", "knowledge_type": "note"}))
    assert ada("PATCH", path, {"content": "x" * 17, "tags": ["abcde"]}).status == 200
    assert ada("DELETE", path).status == 204
    assert ada("POST", "/knowledge", note).status == 201


def test_bytes_of_messages_with_those_of_the_texts_before_their_edits(realm, ada, limit):
    path = f"/rooms/{realm.room(ada.name)}/messages"
    limit(ada, 30)
    sent = ada("POST", path, {"content": "x" * 20, "meta_data": {"a": 1}})
    assert sent.status == 201
    one = f"{path}/{sent.json['message_id']}"
    before = ada("GET", path).json
    assert too_long(ada("POST", path, {"content": "x" * 4}))
    assert too_long(ada("PATCH", one, {"content": "y" * 4}))
    assert ada("GET", path).json == before
    assert ada("PATCH", one, {"content": "y" * 3}).status == 200
    assert ada("DELETE", one).status == 200
    assert ada("POST", path, {"content": "x" * 30}).status == 201


def test_a_text_may_become_shorter_when_the_quota_does(realm, ada, limit):
    made = ada("POST", "/knowledge", {"content": "x" * 20, "knowledge_type": "x"}).json
    one = f"/knowledge/{made['id']}"
    limit(ada, -10)
    assert ada("PATCH", one, {"content": "x" * 15}).status == 200
    assert too_long(ada("PATCH", one, {"content": "x" * 16}))


def test_bytes_of_an_interaction_count_for_its_author_and_those_of_the_answer_for_the_target(realm, ada, limit):
    eve = Caller(realm, "eve")
    ask = {"target_aeon_user_id": eve.id, "interaction_type": "question", "content": "x" * 20}
    limit(ada, 27)
    asked = ada("POST", "/aeon/interactions", ask | {"context": {"a": 1}})
    assert asked.status == 201
    assert too_long(ada("POST", "/aeon/interactions", ask))
    path = f"/aeon/interactions/{asked.json['id']}"
    limit(eve, 5)
    assert too_long(eve("POST", path + "/respond", {"response_content": "x" * 6}))
    assert eve("POST", path + "/respond", {"response_content": "x" * 5}).status == 200
    assert ada("DELETE", path).status == 204
    limit(eve, 0)
    assert realm.rows.select("SELECT text_bytes FROM user_counts WHERE user_id = ?", ada.id) == [(0,)]
