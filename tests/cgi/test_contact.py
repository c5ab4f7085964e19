"""The privacy setting `contact`: the users that may invite a user, share with a user, address the twin."""

import pytest
from conftest import refused

PRIVACY = "/api/v1/users/me/privacy"


@pytest.fixture
def contact(realm, ada, ben, cleo):
    """Sets the users that may contact ben; ben has made cleo a friend."""
    ben("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "friend"})
    yield lambda who: ben("PUT", PRIVACY, {"contact": who})
    ben("PUT", PRIVACY, {"contact": "everyone"})


def ways(realm, sender, receiver):
    """The three ways to contact a user."""
    note = sender("POST", "/knowledge", {"content": "x", "knowledge_type": "note"}).json["id"]
    room = realm.room(sender.name, is_public=False)
    return (("POST", f"/rooms/{room}/invitations", {"user_id": receiver.id}),
            ("POST", f"/knowledge/{note}/share", {"user_id": receiver.id}),
            ("POST", "/aeon/interactions", {"target_aeon_user_id": receiver.id, "content": "x",
                                            "interaction_type": "question"}))


def heard(user, since):
    answer = user("GET", f"/events?epoch={since['epoch']}&since={since['pos']}").json
    return [event["type"] for event in answer["events"]]


def test_everyone_is_the_default(realm, ada, ben):
    assert ben("GET", PRIVACY).json["contact"] == "everyone"
    assert all(ada(*way).status in (200, 201) for way in ways(realm, ada, ben))


def test_friends_are_those_whom_the_receiver_has_made_friends(realm, ada, ben, cleo, contact):
    ada("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "friend"})
    assert contact("friends").json["contact"] == "friends"
    since = ben("GET", "/events").json
    for way in ways(realm, ada, ben):
        assert refused(ada(*way), 403, "contact_refused")
    assert heard(ben, since) == []
    for way in ways(realm, cleo, ben):
        assert cleo(*way).status in (200, 201)
    assert sorted(heard(ben, since)) == ["interaction_created", "invitation", "knowledge_shared"]


def test_nobody_keeps_everyone_away_and_ben_still_answers(realm, ada, ben, cleo, contact):
    asked = ada(*ways(realm, ada, ben)[2]).json["id"]
    room = realm.room("ada", is_public=False)
    assert ada("POST", f"/rooms/{room}/invitations", {"user_id": ben.id}).status == 201
    contact("nobody")
    for sender in (ada, cleo):
        for way in ways(realm, sender, ben):
            assert refused(sender(*way), 403, "contact_refused")
    answer = {"response_content": "y"}
    assert ben("POST", f"/aeon/interactions/{asked}/respond", answer).status == 200
    assert ben("POST", f"/rooms/{room}/join").status == 200
    assert ben(*ways(realm, ben, ada)[2]).status == 201


def test_a_blocked_sender_learns_nothing_of_the_setting(realm, ada, ben, contact):
    contact("nobody")
    ben("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": "blocked"})
    try:
        for way in ways(realm, ada, ben):
            assert refused(ada(*way), 404, "user_not_found")
    finally:
        ben("DELETE", f"/relationships/{ada.id}")


def test_the_setting_is_exported(ben, contact):
    contact("friends")
    assert ben("GET", "/api/v1/users/me/export").json["privacy"][0]["contact"] == "friends"
