"""Knowledge that is shared with a room: a message that shows each reader what the reader may see now."""

import pytest
from conftest import refused
from realm import PASSWORD, wait_until

HOME, ADMIN = "/api/v1/phase3/home", "/api/v1/admin"
TEXT = "Otters @ben hold hands\nwhile they sleep"


@pytest.fixture
def hall(realm, ada, ben, cleo):
    """A public room of ada, ben and cleo."""
    room = realm.room("ada", "Hall")
    for who in (ben, cleo):
        assert who("POST", f"/rooms/{room}/join").status in (200, 201)
    return room


def knowledge(creator, **more):
    return creator("POST", "/knowledge", {"content": TEXT, "knowledge_type": "fact", **more}).json["id"]


def share(who, item, room):
    return who("POST", f"/knowledge/{item}/share", {"room_id": room})


def history(who, room):
    return who("GET", f"/rooms/{room}/messages").json


def at_home(who, room):
    return next(row for row in who("GET", HOME).json["rooms"] if row["id"] == room)


def start(who):
    answer = who("GET", "/events").json
    return f"/events?since={answer['pos']}&epoch={answer['epoch']}"


def test_a_share_with_a_room_is_a_message_of_its_log(ada, ben, cleo, hall):
    since, item = start(ben), knowledge(cleo)
    assert share(ada, item, hall).json["share_count"] == 1
    message, = history(ben, hall)
    assert (message["content"], message["message_type"], message["seq"]) == ("", "knowledge", 1)
    assert (message["sender_id"], message["mentions"]) == (ada.id, [])
    assert message["shared"] == {
        "knowledge_id": item, "title": "Otters @ben hold hands", "excerpt": TEXT,
        "creator_id": cleo.id, "creator_name": "cleo", "creator_full_name": None, "visibility": "public"}
    assert ben("GET", f"/rooms/{hall}/messages/{message['message_id']}").json == message
    event, = ben("GET", since).json["events"]
    assert (event["type"], event["data"]) == ("chat_message", message)
    row = at_home(ben, hall)
    assert (row["unread"], row["mentions"], row["last"]["excerpt"]) == (1, 0, "Otters @ben hold hands")
    assert at_home(ada, hall)["unread"] == 0


def test_a_share_is_one_message_until_that_is_deleted(ada, ben, hall):
    item = knowledge(ben)
    for _ in range(2):
        assert share(ada, item, hall).json["share_count"] == 1
    message, = history(ben, hall)
    path = f"/rooms/{hall}/messages/{message['message_id']}"
    refused(ada("PATCH", path, {"content": "a text"}), 403, "forbidden")
    deleted = ada("DELETE", path).json
    assert deleted["deleted_at"] and (deleted["shared"], deleted["message_type"]) == (None, "knowledge")
    assert share(ada, item, hall).json["share_count"] == 1
    assert [row["shared"] is not None for row in history(ben, hall)] == [True, False]


def test_answers_and_pins_show_the_title_of_what_is_shared(ada, ben, hall):
    item = knowledge(ben, title="Otters")
    share(ada, item, hall)
    first, = history(ada, hall)
    ben("POST", f"/rooms/{hall}/messages", {"content": "True", "reply_to": first["message_id"]})
    assert ada("PUT", f"/rooms/{hall}/pins/{first['message_id']}").status == 200

    def titles(who):
        return history(who, hall)[0]["reply"]["excerpt"], who("GET", f"/rooms/{hall}").json["pins"][0]["content"]
    assert titles(ada) == ("Otters", "Otters")
    ben("PATCH", f"/knowledge/{item}", {"visibility": "private"})
    assert titles(ada) == ("", "") and titles(ben) == ("Otters", "Otters")


@pytest.mark.parametrize("blocker", ["reader", "creator"])
def test_a_reader_with_a_block_to_the_creator_sees_the_message_and_not_what_it_shares(ada, ben, cleo, hall, blocker):
    item, since = knowledge(cleo), start(ben)
    share(ada, item, hall)
    who, other = (ben, cleo) if blocker == "reader" else (cleo, ben)
    assert who("POST", "/relationships", {"related_user_id": other.id, "relationship_type": "blocked"}).status == 201
    try:
        message, = history(ben, hall)
        assert (message["shared"], message["message_type"], message["seq"]) == (None, "knowledge", 1)
        assert [e["data"] for e in ben("GET", since).json["events"] if e["type"] == "chat_message"] == [message]
        assert (at_home(ben, hall)["unread"], at_home(ben, hall)["last"]["excerpt"]) == (1, "")
        assert history(cleo, hall)[0]["shared"]["knowledge_id"] == item
    finally:
        who("DELETE", f"/relationships/{other.id}")
    assert history(ben, hall)[0]["shared"]["knowledge_id"] == item


def test_what_is_shared_follows_the_visibility_and_the_text_as_they_are_now(ada, ben, cleo, hall):
    item = knowledge(cleo)
    share(ada, item, hall)

    def seen():
        return [row and row["title"] for row in (history(who, hall)[0]["shared"] for who in (ben, cleo))]
    cleo("PATCH", f"/knowledge/{item}", {"title": "New"})
    assert seen() == ["New", "New"]
    cleo("PATCH", f"/knowledge/{item}", {"visibility": "friends"})
    assert seen() == [None, "New"]
    cleo("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "friend"})
    assert seen() == ["New", "New"]
    cleo("DELETE", f"/relationships/{ben.id}")
    cleo("PATCH", f"/knowledge/{item}", {"visibility": "public"})
    thing = {"kind": "knowledge", "id": str(item)}
    assert ada("POST", ADMIN + "/remove", thing | {"reason": "x"}).status == 204
    assert seen() == [None, None]
    assert ada("POST", ADMIN + "/restore", thing).status == 204
    assert seen() == ["New", "New"]
    cleo("DELETE", f"/knowledge/{item}")
    assert seen() == [None, None]
    assert len(history(ben, hall)) == 1


def test_a_removed_share_comes_back_and_is_not_shared_again_meanwhile(ada, ben, hall):
    item = knowledge(ada)
    share(ben, item, hall)
    message, = history(ada, hall)
    thing = {"kind": "message", "id": message["message_id"]}
    ada("POST", ADMIN + "/remove", thing | {"reason": "x"})
    share(ben, item, hall)
    shown, = history(ben, hall)
    assert (shown["removed"], shown["shared"]) == (True, None)
    ada("POST", ADMIN + "/restore", thing)
    assert history(ben, hall) == [message]


def test_a_share_needs_a_member_an_open_room_and_public_knowledge(realm, ada, ben, cleo, hall):
    item, own = knowledge(ben), knowledge(ben, visibility="friends")
    refused(share(ben, own, hall), 403, "forbidden")
    cleo("POST", f"/rooms/{hall}/leave")
    refused(share(cleo, item, hall), 403, "forbidden")
    assert ada("POST", f"{ADMIN}/rooms/{hall}/close", {"reason": "x"}).status == 204
    refused(share(ben, item, hall), 403, "room_closed")
    assert history(ada, hall) == []


def test_a_share_is_no_question_to_a_twin_and_no_text_of_the_index(realm, ada, ben):
    room = realm.room("ada", is_aeon_room=True)
    ben("POST", f"/rooms/{room}/join")
    ben("PUT", "/api/v1/aeon/twin", {"autopilot": "on"})
    ben("POST", f"/rooms/{room}/twin")
    ada("POST", f"/rooms/{room}/messages", {"content": "@ben a question"})
    asked = realm.rows.select("SELECT count(*) FROM twin_turns")
    share(ada, knowledge(ada), room)
    message, *_ = history(ada, room)
    assert asked[0][0] == 1 and realm.rows.select("SELECT count(*) FROM twin_turns") == asked
    assert not realm.rows.select("SELECT 1 FROM texts_waiting WHERE source = ?", message["message_id"])


def test_the_export_has_shares_and_an_erased_creator_takes_the_text_along(realm, ada, hall):
    dora = realm.user("dora")
    item = realm.cgi("POST", "/api/v1/phase3/knowledge", {"content": TEXT, "knowledge_type": "x"},
                     token=realm.tokens["dora"]).json["id"]
    share(ada, item, hall)
    exported = ada("GET", "/api/v1/users/me/export").json
    assert [row["shared"]["creator_id"] for row in exported["messages"] if row["room_id"] == hall] == [dora]
    realm.cgi("DELETE", "/api/v1/users/me", {"password": PASSWORD}, token=realm.tokens["dora"])
    wait_until(lambda: history(ada, hall)[0]["shared"] is None, "the end of the text")
    assert history(ada, hall)[0]["message_type"] == "knowledge"
