"""Mentions: the members of a room that a message names, and the whole room."""

import pytest
from conftest import all_pages, faults, refused

MENTIONS, HOME = "/api/v1/users/me/mentions", "/api/v1/phase3/home"


@pytest.fixture
def hall(realm, ada, ben, cleo):
    """A public room of ada, ben and cleo."""
    room = realm.room("ada", "Hall")
    for who in (ben, cleo):
        who("POST", f"/rooms/{room}/join")
    return room


@pytest.fixture
def say(hall):
    def post(caller, content, room=hall):
        return caller("POST", f"/rooms/{room}/messages", {"content": content}).json["message_id"]
    return post


def mentions(caller, room):
    return [row["message_id"] for row in caller("GET", MENTIONS).json if row["room_id"] == room]


def exported(caller, room):
    rows = caller("GET", "/api/v1/users/me/export").json["mentions"]
    return [row["message_id"] for row in rows if row["room_id"] == room]


def unread_mentions(caller, room):
    return next(row for row in caller("GET", HOME).json["rooms"] if row["id"] == room)["mentions"]


def test_a_message_mentions_the_members_that_it_names(ada, ben, hall, say):
    named = [say(ada, text) for text in (
        "@ben", "Yes, @Ben!", "I asked @ben.", "(@ben)", "@@ben", "@ben-")]
    others = [say(ada, text) for text in (
        "ada@ben", "@benjamin", "@be", "ben", "@", "@ben.cleo", "\N{FULLWIDTH COMMERCIAL AT}ben")]
    assert mentions(ben, hall) == named[::-1] and mentions(ada, hall) == []
    assert unread_mentions(ben, hall) == len(named)
    shown = {row["message_id"]: row["mentions"] for row in ben("GET", f"/rooms/{hall}/messages").json}
    assert shown == dict.fromkeys(named, [ben.id]) | dict.fromkeys(others, [])


def test_only_members_are_mentioned_and_the_sender_is_not(realm, ada, ben, cleo, hall, say):
    cleo("POST", f"/rooms/{hall}/leave")
    message = say(ada, "@ada @cleo @nobody @ben @ben")
    assert ada("GET", f"/rooms/{hall}/messages/{message}").json["mentions"] == [ben.id]
    assert mentions(cleo, hall) == []


def test_an_edit_adds_and_removes_mentions(ada, ben, cleo, hall, say):
    message = say(ada, "@ben")
    for text, users in (("@ben and @cleo", [ben.id, cleo.id]), ("@cleo", [cleo.id]), ("nobody", [])):
        answer = ada("PATCH", f"/rooms/{hall}/messages/{message}", {"content": text})
        assert answer.json["mentions"] == users
        assert [who.id for who in (ben, cleo) if mentions(who, hall)] == users


def test_moderators_alone_mention_the_whole_room(ada, ben, cleo, hall, say):
    first, _ = say(ada, "@room, hello"), say(ben, "@room, hello")
    assert [mentions(who, hall) for who in (ada, ben, cleo)] == [[], [first], [first]]
    assert ben("GET", f"/rooms/{hall}/messages/{first}").json["mentions_room"] is True
    ada("PUT", f"/rooms/{hall}/participants/{ben.id}", {"role": "moderator"})
    second = say(ben, "@cleo and @room")
    assert mentions(cleo, hall) == [second, first] and mentions(ada, hall) == [second]
    assert unread_mentions(cleo, hall) == 2
    ada("PATCH", f"/rooms/{hall}/messages/{first}", {"content": "hello"})
    assert mentions(cleo, hall) == [second]


def test_who_joins_later_is_not_mentioned_by_an_earlier_message_to_the_room(ada, ben, hall, say):
    ben("POST", f"/rooms/{hall}/leave")
    say(ada, "@room")
    assert mentions(ben, hall) == []
    ben("POST", f"/rooms/{hall}/join")
    assert mentions(ben, hall) == [] and unread_mentions(ben, hall) == 0


def test_a_mention_exists_as_long_as_the_message_can_be_read(realm, ada, ben, cleo, say):
    den = realm.room("ada", "Den", is_public=False)
    ada("POST", f"/rooms/{den}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{den}/join")
    message = say(ada, "@ben", den)
    ben("POST", f"/rooms/{den}/leave")
    assert mentions(ben, den) == exported(ben, den) == []
    ada("POST", f"/rooms/{den}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{den}/join")
    assert mentions(ben, den) == exported(ben, den) == [message] and unread_mentions(ben, den) == 1
    ada("DELETE", f"/rooms/{den}/messages/{message}")
    assert mentions(ben, den) == [] and unread_mentions(ben, den) == 0
    assert realm.rows.select("SELECT 1 FROM message_mentions WHERE message_id = ?", message) == []


def test_a_block_hides_mentions_in_both_directions(ada, ben, cleo, hall, say):
    message, other = say(ada, "@ben @cleo"), say(cleo, "@ben")
    ben("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    assert mentions(ben, hall) == exported(ben, hall) == [message] and unread_mentions(ben, hall) == 1
    assert [who("GET", f"/rooms/{hall}/messages/{message}").json["mentions"] for who in (ada, ben, cleo)] == \
        [[ben.id, cleo.id], [ben.id], [cleo.id]]
    ben("DELETE", f"/relationships/{cleo.id}")
    assert mentions(ben, hall) == [other, message]


def test_a_removed_message_that_is_restored_mentions_again(realm, ada, ben, cleo, hall, say):
    ada("PUT", f"/rooms/{hall}/participants/{ben.id}", {"role": "moderator"})
    named, to_all = say(ben, "@cleo"), say(ben, "@room")
    realm.ctl("user", "role", "ada", "admin")
    things = [{"kind": "message", "id": message} for message in (named, to_all)]
    for thing in things:
        assert ada("POST", "/api/v1/admin/remove", thing | {"reason": "spam"}).status == 204
    assert mentions(cleo, hall) == exported(cleo, hall) == [] and unread_mentions(cleo, hall) == 0
    for thing in things:
        assert ada("POST", "/api/v1/admin/restore", thing).status == 204
    assert mentions(cleo, hall) == [to_all, named] and unread_mentions(cleo, hall) == 2
    assert exported(cleo, hall) == [named]


def test_mentions_are_listed_newest_first_in_pages(ada, ben, hall, say):
    messages = [say(ada, text) for text in ("@ben 1", "@room 2", "@ben 3", "4", "@ben 5")]
    del messages[3]
    found = [row for page in all_pages(ben, MENTIONS + "?limit=1") for row in page if row["room_id"] == hall]
    assert [row["message_id"] for row in found] == messages[::-1]
    assert {row["room_name"] for row in found} == {"Hall"}


def test_pages_go_on_behind_many_mentions_that_are_hidden(realm, ada, ben, cleo, hall, say):
    first = say(ada, "@ben, before")
    with realm.rows.transaction() as db:
        for i in range(600):
            message = f"ffffffff-0000-7000-8000-{i:012}"
            db.execute("INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp) "
                       "VALUES (?, ?, ?, ?, '@ben', 1)", (message, hall, 10 + i, cleo.id))
            db.execute("INSERT INTO message_mentions (user_id, message_id, room_id, seq) VALUES (?, ?, ?, ?)",
                       (ben.id, message, hall, 10 + i))
    ben("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    first_page, second_page, *_ = all_pages(ben, MENTIONS)
    assert first_page == [] and second_page[0]["message_id"] == first
    ben("DELETE", f"/relationships/{cleo.id}")
    realm.rows.change("DELETE FROM message_mentions WHERE message_id > 'f'")


def test_a_text_of_many_names_costs_a_bounded_number_of_queries(ada, ben, hall, say):
    say(ada, " ".join(f"@nobody{i}" for i in range(64)) + " @ben")
    assert mentions(ben, hall) == []
    message = say(ada, " ".join(f"@nobody{i}" for i in range(63)) + " @ben")
    assert mentions(ben, hall) == [message]


def test_a_member_chooses_of_what_a_room_notifies(realm, ada, ben):
    hall = realm.room("ada")
    path = f"/rooms/{hall}/notify"
    assert refused(ben("PUT", path, {"notify": "none"}), 403, "forbidden")
    ben("POST", f"/rooms/{hall}/join")
    assert ben("PUT", path, {"notify": "all"}).json == {"room_id": hall, "muted_until": None, "notify": "all"}
    assert [who("GET", f"/rooms/{hall}").json["notify"] for who in (ada, ben)] == ["mentions", "all"]
    assert faults(ben("PUT", path, {"notify": "some"})) == [("enum", ("body", "notify"))]
    ben("POST", f"/rooms/{hall}/leave")
    assert ben("GET", f"/rooms/{hall}").json["notify"] is None
    ben("POST", f"/rooms/{hall}/join")
    assert ben("GET", f"/rooms/{hall}").json["notify"] == "mentions"
