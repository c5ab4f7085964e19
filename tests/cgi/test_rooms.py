"""Rooms, their members and their messages."""

import json
import threading

import pytest
from conftest import NOBODY, ROOMS, Caller, all_pages, faults, refused


@pytest.fixture
def den(realm, ada):
    """A private room that ada owns."""
    return realm.room("ada", "Den", is_public=False)


@pytest.fixture
def hall(realm, ada):
    """A public room that ada owns."""
    return realm.room("ada", "Hall")


def test_a_new_room_has_its_creator_as_a_member_and_a_location(realm, ada):
    ada("GET", "/rooms")  # the first request makes its user present
    answer = ada("POST", "/rooms/", {"name": "Ideas", "topic": "Anything", "is_aeon_room": True})
    room = answer.json
    assert answer.status == 201 and answer.headers["location"] == f"{ROOMS}/{room['id']}"
    assert room["max_participants"] == 50 and room["is_public"] and room["is_aeon_room"]
    assert room["current_participants"] == 1 and room["created_by"] == ada.id
    assert [(p["username"], p["role"]) for p in room["participants"]] == [("ada", "owner")]
    assert ada("GET", answer.headers["location"]).json == room


def test_the_fields_of_a_room_are_validated(ada):
    answer = ada("POST", "/rooms", {"name": "", "max_participants": 1, "is_public": "yes",
                                    "topic": "x" * 256})
    assert faults(answer) == [
        ("string_too_short", ("body", "name")), ("string_too_long", ("body", "topic")),
        ("bool_type", ("body", "is_public")), ("greater_than_equal", ("body", "max_participants"))]
    assert faults(ada("POST", "/rooms", {"name": "x" * 101})) == [
        ("string_too_long", ("body", "name"))]
    assert ada("POST", "/rooms", {"name": "🙂" * 100}).status == 201


def test_room_lists_are_paged_newest_first_and_stable_under_inserts(realm, ada):
    made = [realm.room("ada", f"Page {i}") for i in range(5)]
    first = ada("GET", "/rooms?limit=2&is_aeon_room=false")
    realm.room("ada", "Later")
    link = first.headers["link"]
    rest = [room["id"] for page in all_pages(ada, link[1:link.index(">")]) for room in page]
    seen = [room["id"] for room in first.json] + rest
    assert seen[:5] == made[::-1] and len(set(seen)) == len(seen)
    assert "is_aeon_room=false" in link and "limit=2" in link


def test_room_lists_are_filtered(realm, ada, ben, den):
    names = [room["name"] for room in ada("GET", "/rooms?is_public=false&limit=200").json]
    assert "Den" in names and "General" not in names
    mine = ben("GET", "/rooms?joined=true").json
    assert mine == []


@pytest.mark.parametrize("query, fault", [
    ("limit=0", ("greater_than_equal", ("query", "limit"))),
    ("limit=201", ("less_than_equal", ("query", "limit"))),
    ("limit=ten", ("int_parsing", ("query", "limit"))),
    ("limit=1%00", ("int_parsing", ("query", "limit"))),
    ("is_public=maybe", ("bool_parsing", ("query", "is_public"))),
    ("cursor=*", ("value_error", ("query", "cursor"))),
    ("cursor=AAAA", ("value_error", ("query", "cursor"))),
    ("cursor=", ("string_too_short", ("query", "cursor"))),
    ("cursor=%ff", ("value_error", ("query", "cursor"))),
])
def test_a_wrong_query_string_is_a_422(ada, query, fault):
    assert faults(ada("GET", "/rooms?" + query)) == [fault]


def test_a_private_room_is_not_found_by_others(ben, den):
    missing = ben("GET", f"/rooms/{NOBODY}").body
    for method, path in (("GET", ""), ("POST", "/join"), ("POST", "/leave"), ("GET", "/messages")):
        answer = ben(method, f"/rooms/{den}{path}")
        assert refused(answer, 404, "room_not_found") and answer.body == missing
    answer = ben("POST", f"/rooms/{den}/messages", {"content": "hi"})
    assert refused(answer, 404, "room_not_found")
    assert den not in [room["id"] for room in ben("GET", "/rooms?limit=200").json]


@pytest.mark.parametrize("room", ["x", "1", NOBODY, NOBODY.upper(), "%2e%2e", "ü", "' OR 1=1"])
def test_an_id_of_no_room_is_not_found(ada, room):
    assert refused(ada("GET", f"/rooms/{room}"), 404, "room_not_found")


def test_joining_or_leaving_twice_counts_once(ben, hall):
    for _ in range(2):
        room = ben("POST", f"/rooms/{hall}/join").json
        assert room["current_participants"] == 2
    assert [p["username"] for p in room["participants"]] == ["ada", "ben"]
    for _ in range(2):
        assert ben("POST", f"/rooms/{hall}/leave").json == {"message": "Left the room"}
    assert ben("GET", f"/rooms/{hall}").json["current_participants"] == 1


def test_a_full_room_is_a_409(realm, ben, cleo):
    room = realm.room("ada", "Pair", max_participants=2)
    assert ben("POST", f"/rooms/{room}/join").status == 200
    assert refused(cleo("POST", f"/rooms/{room}/join"), 409, "room_full")
    assert ben("POST", f"/rooms/{room}/join").status == 200
    ben("POST", f"/rooms/{room}/leave")
    assert cleo("POST", f"/rooms/{room}/join").status == 200


def test_messages_are_numbered_and_listed_in_both_directions(ada, hall):
    path = f"/rooms/{hall}/messages"
    for i in range(1, 8):
        message = ada("POST", path, {"content": f"No. {i}", "meta_data": {"i": i}}).json
        assert (message["seq"], message["meta_data"]) == (i, {"i": i})
    assert message["sender_name"] == "ada" and message["message_type"] == "text"
    newest = all_pages(ada, path + "?limit=3")
    assert [[m["seq"] for m in page] for page in newest] == [[7, 6, 5], [4, 3, 2], [1]]
    oldest = all_pages(ada, path + "?after=2&limit=3")
    assert [[m["seq"] for m in page] for page in oldest] == [[3, 4, 5], [6, 7]]
    assert [m["seq"] for m in ada("GET", path + "?before=3").json] == [2, 1]
    assert ada("GET", path + "?before=0").json == ada("GET", path + "?before=1").json == []


def test_a_message_that_is_sent_twice_is_stored_once(ada, hall):
    path, message = f"/rooms/{hall}/messages", {"content": "Once", "client_id": f"c-{hall}"}
    first, again = ada("POST", path, message), ada("POST", path, message)
    assert (first.status, again.status) == (201, 200) and first.json == again.json
    for other in ({"content": "Other"}, {"message_type": "memory"}, {"meta_data": {"x": 1}},
                  {"reply_to": first.json["message_id"]}):
        assert refused(ada("POST", path, message | other), 409, "idempotency_conflict")


def test_only_members_post_in_a_room(ben, hall):
    assert ben("GET", f"/rooms/{hall}/messages").json == []
    answer = ben("POST", f"/rooms/{hall}/messages", {"content": "hi"})
    assert refused(answer, 403, "forbidden")


def test_the_fields_of_a_message_are_validated(ada, hall):
    def wrong(**message):
        return faults(ada("POST", f"/rooms/{hall}/messages", message))
    assert wrong() == [("missing", ("body", "content"))]
    assert wrong(content="x" * 4001, message_type="shout", client_id="") == [
        ("string_too_long", ("body", "content")), ("enum", ("body", "message_type")),
        ("string_too_short", ("body", "client_id"))]
    assert wrong(content="x", meta_data={"x": "y" * 8192}) == [
        ("value_error", ("body", "meta_data"))]
    assert wrong(content="x", meta_data=[1]) == [("dict_type", ("body", "meta_data"))]
    assert wrong(content="x", reply_to=NOBODY) == [("value_error", ("body", "reply_to"))]


# --- changes of messages -------------------------------------------------------------------------

@pytest.fixture
def message_path(ada, ben, hall):
    """The path of a message by ben in the hall."""
    assert ben("POST", f"/rooms/{hall}/join").status == 200
    message = ben("POST", f"/rooms/{hall}/messages", {"content": "Hello", "meta_data": {"x": 1}})
    return f"/rooms/{hall}/messages/{message.json['message_id']}"


def test_a_change_that_is_sent_again_undoes_nothing_newer(ben, message_path):
    edit = {"content": "laptop", "client_id": "e"}
    like, pin = message_path + "/reactions/x", message_path.replace("/messages/", "/pins/")
    ben("PATCH", message_path, edit)
    assert ben("PUT", like + "?client_id=r").json["my_reactions"] == ["x"]
    ben("PATCH", message_path, {"content": "phone"})
    ben("DELETE", like)
    assert ben("PATCH", message_path, edit).json["content"] == "phone"
    assert ben("PUT", like + "?client_id=r").json["my_reactions"] is None
    for method, path, body in (("PATCH", message_path, edit | {"content": "other"}),
                               ("DELETE", like + "?client_id=r", None), ("PUT", pin + "?client_id=e", None),
                               ("DELETE", message_path + "?client_id=r", None)):
        assert refused(ben(method, path, body), 409, "idempotency_conflict")
    assert faults(ben("PUT", like + "?client_id=" + "x" * 65)) == [
        ("string_too_long", ("query", "client_id"))]


def test_a_reply_shows_what_it_answers_as_the_reader_may_see_it(ada, ben, message_path):
    path, original = message_path.rsplit("/", 1)
    made = ada("POST", path, {"content": "And you?", "reply_to": original}).json
    assert made["reply"] is None
    shown = f"{path}/{made['message_id']}"
    assert ben("GET", shown).json["reply"] == {"sender_name": "ben", "sender_full_name": None, "excerpt": "Hello", "is_aeon": False}
    ben("PATCH", message_path, {"content": "x" * 121})
    assert ada("GET", path).json[0]["reply"]["excerpt"] == "x" * 120
    ben("DELETE", message_path)
    assert ada("GET", shown).json["reply"] is None


def test_former_texts_are_shown_to_the_sender_and_moderators_until_the_message_is_deleted(
        ada, ben, cleo, hall, message_path):
    history = message_path + "/history"
    for number in range(21):
        ben("PATCH", message_path, {"content": f"{number}"})
    for who in (ada, ben):
        assert [row["content"] for row in who("GET", history).json] == [f"{n}" for n in range(19, -1, -1)]
    cleo("POST", f"/rooms/{hall}/join")
    assert refused(cleo("GET", history), 403, "forbidden")
    ben("DELETE", message_path)
    assert ben("GET", history).json == []


def test_a_single_message_is_visible_to_those_who_may_read_the_room(ada, ben, den, message_path):
    assert ben("GET", message_path).json["content"] == "Hello"
    assert ben("GET", message_path).json["my_reactions"] is None
    path = f"/rooms/{den}/messages"
    path += "/" + ada("POST", path, {"content": "Secret"}).json["message_id"]
    assert ada("GET", path).status == 200
    assert refused(ben("GET", path), 404, "not_found")


def test_only_the_sender_edits_a_message(ada, ben, message_path):
    message = ben("PATCH", message_path, {"content": "Hello!"}).json
    assert message["content"] == "Hello!" and message["edited_at"] and not message["deleted_at"]
    again = ben("PATCH", message_path, {"content": "Hello!"})
    assert again.status == 200 and again.json == message
    assert refused(ada("PATCH", message_path, {"content": "x"}), 403, "forbidden")
    assert faults(ben("PATCH", message_path, {"content": ""})) == [
        ("string_too_short", ("body", "content"))]
    assert faults(ben("PATCH", message_path, {})) == [("missing", ("body", "content"))]
    assert ada("GET", message_path).json == message


def test_the_sender_or_a_moderator_deletes_a_message_and_it_stays_empty(ada, ben, cleo, hall,
                                                                        message_path):
    cleo("POST", f"/rooms/{hall}/join")
    assert refused(cleo("DELETE", message_path), 403, "forbidden")
    for _ in range(2):
        message = ada("DELETE", message_path).json
        assert message["content"] == "" and message["meta_data"] is None and message["deleted_at"]
    assert refused(ben("PATCH", message_path, {"content": "x"}), 404, "not_found")
    assert [m["content"] for m in cleo("GET", f"/rooms/{hall}/messages").json] == [""]
    own = ben("POST", f"/rooms/{hall}/messages", {"content": "Mine"}).json
    assert own["seq"] == 3  # the deletion took a number, too
    assert ben("DELETE", f"/rooms/{hall}/messages/{own['message_id']}").status == 200


@pytest.mark.parametrize("method, more", [("PATCH", ""), ("DELETE", ""), ("PUT", "/reactions/+"),
                                          ("DELETE", "/reactions/+")])
def test_a_message_that_does_not_exist_cannot_be_changed(ada, ben, den, hall, method, more):
    body = {"content": "x"} if method == "PATCH" else None
    answer = ada(method, f"/rooms/{hall}/messages/{NOBODY}{more}", body)
    assert refused(answer, 404, "not_found")
    answer = ben(method, f"/rooms/{den}/messages/{NOBODY}{more}", body)
    assert refused(answer, 404, "room_not_found")


def test_the_read_marker_only_moves_forward(ada, ben, cleo, hall, message_path):
    def read(caller, seq):
        return caller("PUT", f"/rooms/{hall}/read", {"up_to_seq": seq})
    ben("POST", f"/rooms/{hall}/messages", {"content": "Two"})
    assert [read(ada, seq).json["up_to_seq"] for seq in (1, 0, 9, 1)] == [1, 1, 2, 2]
    assert read(ada, 1).json | {"up_to_seq": 0} == {
        "room_id": hall, "user_id": ada.id, "username": "ada", "full_name": None, "twin": None, "up_to_seq": 0}
    people = ben("GET", f"/rooms/{hall}").json["participants"]
    assert {p["username"]: p["read_seq"] for p in people} == {"ada": 2, "ben": 0}
    assert refused(read(cleo, 1), 403, "forbidden")
    assert faults(read(ada, -1)) == [("greater_than_equal", ("body", "up_to_seq"))]
    assert faults(read(ada, None)) == [("int_type", ("body", "up_to_seq"))]


def test_a_member_mutes_a_room_until_a_time(ada, ben, hall):
    path = f"/rooms/{hall}/mute"
    assert refused(ben("PUT", path, {"until": "2999-12-31T12:00:00Z"}), 403, "forbidden")
    assert ben("POST", f"/rooms/{hall}/join").status == 200
    answer = ben("PUT", path, {"until": "2999-12-31T13:00:00+01:00"})
    assert answer.json == {"room_id": hall, "muted_until": "2999-12-31T12:00:00.000000Z", "notify": "mentions"}
    assert ben("GET", f"/rooms/{hall}").json["muted_until"] == "2999-12-31T12:00:00.000000Z"
    assert ada("GET", f"/rooms/{hall}").json["muted_until"] is None
    assert ben("PUT", path, {"until": "2001-01-01T00:00:00Z"}).json["muted_until"] is None
    assert ben("DELETE", path).json["muted_until"] is None
    assert faults(ben("PUT", path, {"until": "soon"})) == [("datetime_parsing", ("body", "until"))]
    ben("POST", f"/rooms/{hall}/leave")
    assert refused(ben("PUT", path, {"until": "2999-12-31T12:00:00Z"}), 403, "forbidden")
    assert refused(ben("PUT", f"/rooms/{hall}/notify", {"notify": "all"}), 403, "forbidden")


def test_rooms_are_found_by_prefixes_of_words(realm, ada, ben):
    made = {name: realm.room("ada", name, topic=topic, **more) for name, topic, more in (
        ("Gardening for zebras", "plants", {}), ("Zebra crossing", "traffic", {}),
        ("Hidden zebras", None, {"is_public": False}), ("Nothing", "a zebra's day", {}))}

    def found(who, q, more=""):
        return [room["name"] for room in who("GET", f"/rooms?q={q}{more}").json]
    assert found(ada, "zeb") == [
        "Nothing", "Hidden zebras", "Zebra crossing", "Gardening for zebras"]
    assert found(ben, "ZEB") == ["Nothing", "Zebra crossing", "Gardening for zebras"]
    assert found(ada, "zeb%20gard") == found(ada, "gard%20zebras") == ["Gardening for zebras"]
    assert found(ada, "zeb", "&is_public=false") == ["Hidden zebras"]
    assert found(ben, "zeb", "&joined=true") == []
    for hostile in ("%22", "*", "AND", "zeb%22%20OR%20%22x", "-", "name:x", "()"):
        assert found(ada, hostile) == [], hostile
    pages = all_pages(ada, "/rooms?q=zeb&limit=3")
    assert [len(page) for page in pages] == [3, 1]
    ada("PATCH", f"/rooms/{made['Nothing']}", {"topic": None, "name": "Still nothing"})
    assert found(ada, "zeb", "&is_public=true") == ["Zebra crossing", "Gardening for zebras"]
    ada("DELETE", f"/rooms/{made['Zebra crossing']}")
    assert found(ben, "zeb") == ["Gardening for zebras"]


# --- moderation ----------------------------------------------------------------------------------


def moderated(realm, *members, **how):
    """The path of a room that ada owns, with these members."""
    room = realm.room("ada", **how)
    for member in members:
        if not how.get("is_public", True):
            Caller(realm, "ada")("POST", f"/rooms/{room}/invitations", {"user_id": member.id})
        assert member("POST", f"/rooms/{room}/join").status == 200
    return f"/rooms/{room}"


def reported(realm, caller, kind):
    """The data of the last event of this kind for the caller."""
    found = realm.rows.select("SELECT data FROM realm_events WHERE kind = ? AND user_id = ? AND "
                              "room_id IS NULL ORDER BY pos DESC LIMIT 1", kind, caller.id)
    return json.loads(found[0][0]) if found else None


@pytest.fixture
def block():
    """A function by which one user blocks another until the end of the test."""
    made = []

    def block(user, other):
        user("POST", "/relationships", {"related_user_id": other.id,
                                        "relationship_type": "blocked"})
        made.append((user, other))
    yield block
    for user, other in made:
        user("DELETE", f"/relationships/{other.id}")


def roles(caller, room):
    return {p["username"]: p["role"] for p in caller("GET", room).json["participants"]}


def test_an_invitation_opens_a_private_room(realm, ada, ben, cleo):
    room = moderated(realm, is_public=False)
    path = room + "/invitations"
    refused(ben("POST", path, {"user_id": cleo.id}), 404, "room_not_found")
    answer = ada("POST", path, {"user_id": ben.id})
    assert (answer.status, answer.json["invited_by"]) == (201, ada.id)
    assert reported(realm, ben, "invitation") == answer.json
    assert ada("POST", path, {"user_id": ben.id}).status == 200
    refused(ada("POST", path, {"user_id": 999999}), 404, "user_not_found")
    refused(ada("POST", path, {"user_id": ada.id}), 409, "already_inside")
    room_id = room.rpartition("/")[2]
    assert room_id in [r["id"] for r in ben("GET", "/rooms?limit=200").json]
    assert room_id not in [r["id"] for r in cleo("GET", "/rooms?limit=200").json]
    assert ben("GET", room).status == 200
    refused(ben("GET", room + "/messages"), 404, "room_not_found")
    refused(ben("POST", room + "/messages", {"content": "x"}), 403, "forbidden")
    assert ben("POST", room + "/join").status == 200
    assert ben("POST", room + "/leave").status == 200
    refused(ben("POST", room + "/join"), 404, "room_not_found")


def test_an_invitation_can_be_revoked(realm, ada, ben):
    room = moderated(realm, is_public=False)
    ada("POST", room + "/invitations", {"user_id": ben.id})
    assert ada("DELETE", f"{room}/participants/{ben.id}").status == 204
    refused(ben("POST", room + "/join"), 404, "room_not_found")
    assert reported(realm, ben, "room_removed") == {"room_id": room.rpartition("/")[2]}
    refused(ada("DELETE", f"{room}/participants/{ben.id}"), 404, "user_not_found")


def invitations(caller):
    """The rooms of the invitations that the caller finds in the whole event log."""
    start = caller("GET", "/events").json
    events = caller("GET", f"/events?since=0&epoch={start['epoch']}&limit=200").json["events"]
    return [e["data"]["room_id"] for e in events if e["type"] == "invitation"]


def test_a_revoked_invitation_is_not_replayed(realm, ada, ben):
    stays, goes = moderated(realm, is_public=False), moderated(realm, is_public=False)
    for room in (stays, goes):
        ada("POST", room + "/invitations", {"user_id": ben.id})
    ids = [room.rpartition("/")[2] for room in (stays, goes)]
    assert [i for i in invitations(ben) if i in ids] == ids
    ada("DELETE", f"{goes}/participants/{ben.id}")
    assert [i for i in invitations(ben) if i in ids] == ids[:1]


def test_an_invitation_can_be_declined(realm, ada, ben):
    room = moderated(realm, is_public=False)
    ada("POST", room + "/invitations", {"user_id": ben.id})
    assert ben("POST", room + "/leave").status == 200
    refused(ben("GET", room), 404, "room_not_found")
    assert ada("GET", room).json["current_participants"] == 1


@pytest.mark.parametrize("ada_blocks", (True, False))
def test_blocking_a_user_ends_the_invitations_by_that_user(realm, ada, ben, cleo, block,
                                                           ada_blocks):
    room = moderated(realm, cleo, is_public=False)
    ada("POST", room + "/invitations", {"user_id": ben.id})
    block(*((ada, ben) if ada_blocks else (ben, ada)))
    refused(ben("POST", room + "/join"), 404, "room_not_found")
    refused(ada("POST", room + "/invitations", {"user_id": ben.id}), 404, "user_not_found")
    ada("PUT", f"{room}/participants/{cleo.id}", {"role": "moderator"})
    assert cleo("POST", room + "/invitations", {"user_id": ben.id}).status == 201
    assert ben("POST", room + "/join").status == 200


def test_an_inviter_is_hidden_from_a_user_who_is_blocked(realm, ada, ben, cleo, block):
    room = moderated(realm, cleo, is_public=False)
    ada("PUT", f"{room}/participants/{cleo.id}", {"role": "moderator"})
    assert cleo("POST", room + "/invitations", {"user_id": ben.id}).json["username"] == "cleo"
    block(cleo, ada)
    again = ada("POST", room + "/invitations", {"user_id": ben.id})
    assert (again.status, again.json["invited_by"], again.json["username"]) == (200, None, None)


def test_blocking_the_owner_does_not_protect_a_member_from_removal(realm, ada, ben, block):
    room = moderated(realm, ben)
    block(ben, ada)
    assert ada("DELETE", f"{room}/participants/{ben.id}?ban=true").status == 204
    refused(ben("POST", room + "/join"), 403, "forbidden")


def test_the_owner_gives_roles(realm, ada, ben, cleo):
    room = moderated(realm, ben, cleo)
    path = f"{room}/participants/"
    refused(ben("PUT", path + str(cleo.id), {"role": "moderator"}), 403, "forbidden")
    assert ada("PUT", path + str(ben.id), {"role": "moderator"}).status == 200
    assert roles(cleo, room) == {"ada": "owner", "ben": "moderator", "cleo": "member"}
    refused(ben("PUT", path + str(cleo.id), {"role": "moderator"}), 403, "forbidden")
    refused(ada("PUT", path + str(ada.id), {"role": "member"}), 403, "forbidden")
    refused(ada("PUT", path + "999999", {"role": "member"}), 404, "user_not_found")
    assert faults(ada("PUT", path + str(ben.id), {"role": "owner"})) == [("enum", ("body", "role"))]


def test_a_higher_role_removes_a_lower_one(realm, ada, ben, cleo):
    room = moderated(realm, ben, cleo)
    path = f"{room}/participants/"
    refused(cleo("DELETE", path + str(ben.id)), 403, "forbidden")
    ada("PUT", path + str(ben.id), {"role": "moderator"})
    refused(ben("DELETE", path + str(ada.id)), 403, "forbidden")
    refused(ben("DELETE", path + str(ben.id)), 403, "forbidden")
    assert ben("DELETE", path + str(cleo.id)).status == 204
    assert reported(realm, cleo, "room_removed") == {"room_id": room.rpartition("/")[2]}
    assert set(roles(ada, room)) == {"ada", "ben"}
    assert ada("GET", room).json["current_participants"] == 2
    assert cleo("POST", room + "/join").status == 200
    assert ada("DELETE", path + str(ben.id)).status == 204


@pytest.mark.parametrize("goes", ("removed", "banned", "leaves"))
def test_a_moderator_who_left_returns_as_a_member(realm, ada, ben, goes):
    room = moderated(realm, ben)
    mine = f"{room}/participants/{ben.id}"
    ada("PUT", mine, {"role": "moderator"})
    if goes == "leaves":
        ben("POST", room + "/leave")
    else:
        ada("DELETE", mine + "?ban=true" * (goes == "banned"))
        ada("POST", room + "/invitations", {"user_id": ben.id})
    assert ben("POST", room + "/join").status == 200
    assert roles(ada, room) == {"ada": "owner", "ben": "member"}


def test_an_owner_who_leaves_has_a_successor(realm, ada, ben, cleo):
    room = moderated(realm, ben, cleo)
    ada("PUT", f"{room}/participants/{cleo.id}", {"role": "moderator"})
    ada("POST", room + "/leave")
    assert roles(ben, room) == {"ben": "member", "cleo": "owner"}
    cleo("POST", room + "/leave"), ada("POST", room + "/join")
    assert roles(ben, room) == {"ben": "owner", "ada": "member"}
    alone = moderated(realm)
    ada("POST", alone + "/leave"), ada("POST", alone + "/join")
    assert roles(ada, alone) == {"ada": "owner"}


def disable(realm, caller, active=0):
    realm.rows.change("UPDATE users SET is_active = ? WHERE id = ?", active, caller.id)


def test_a_disabled_user_is_hidden(realm, ada, ben, cleo):
    room = moderated(realm, ben, cleo)
    ada("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "colleague"})
    disable(realm, ben)
    assert roles(cleo, room) == {"ada": "owner", "cleo": "member"}
    refused(ada("GET", f"/relationships/{ben.id}"), 404, "not_found")
    assert ben.id not in [r["related_user_id"] for r in ada("GET", "/relationships").json]
    ada("POST", room + "/leave")
    assert roles(cleo, room) == {"cleo": "owner"}
    disable(realm, ben, active=1)
    assert roles(cleo, room) == {"ben": "member", "cleo": "owner"}


def gone(realm, room):
    (deleted,), = realm.rows.select("SELECT deleted_at IS NOT NULL FROM chat_rooms WHERE id = ?",
                                    room.rpartition("/")[2])
    return deleted


def test_a_room_that_nobody_can_join_any_more_is_removed(realm, ada, ben):
    private, public = moderated(realm, is_public=False), moderated(realm)
    ada("POST", private + "/invitations", {"user_id": ben.id})
    for room in (private, public):
        ada("POST", room + "/leave")
        assert not gone(realm, room)
    ben("POST", private + "/leave")
    assert gone(realm, private) and not gone(realm, public)


def test_a_room_is_updated_field_by_field(realm, ada, ben):
    room = moderated(realm, ben, name="Before", description="old", topic="t")
    refused(ben("PATCH", room, {"name": "x"}), 403, "forbidden")
    assert ada("PATCH", room, {"name": "After", "topic": None}).status == 200
    now = ben("GET", room).json
    assert (now["name"], now["description"], now["topic"]) == ("After", "old", None)
    assert faults(ada("PATCH", room, {"name": "", "max_participants": 1})) == [
        ("string_too_short", ("body", "name")),
        ("greater_than_equal", ("body", "max_participants"))]
    assert ada("PATCH", room, {"max_participants": 2}).status == 200
    third = moderated(realm, ben)
    Caller(realm, "cleo")("POST", third + "/join")
    assert faults(ada("PATCH", third, {"max_participants": 2})) == [
        ("value_error", ("body", "max_participants"))]
    for empty in ({"is_public": None}, {"max_participants": None}, {"name": None}, {}):
        now = ada("PATCH", room, empty).json
        assert (now["name"], now["is_public"], now["max_participants"]) == ("After", True, 2), empty
    assert ada("PATCH", room, {"is_public": False}).json["is_public"] is False
    refused(Caller(realm, "cleo")("GET", room), 404, "room_not_found")


def test_a_removed_room_is_not_found_by_anybody(realm, ada, ben, cleo):
    room = moderated(realm, ben)
    ada("POST", room + "/messages", {"content": "last words"})
    ada("POST", room + "/invitations", {"user_id": cleo.id})
    refused(ben("DELETE", room), 403, "forbidden")
    assert ada("DELETE", room).status == 204
    for caller in (ada, ben):
        for method, path, body in (("GET", "", None), ("POST", "/join", None), ("DELETE", "", None),
                                   ("GET", "/messages", None), ("PATCH", "", {"name": "x"}),
                                   ("POST", "/messages", {"content": "x"})):
            refused(caller(method, room + path, body), 404, "room_not_found")
    for caller in (ada, ben, cleo):
        assert reported(realm, caller, "room_removed") == {"room_id": room.rpartition("/")[2]}


def test_the_last_free_place_is_taken_once(realm, ada, ben, cleo):
    room = moderated(realm, max_participants=2)
    answers = []

    def join(who):
        answers.append(who("POST", room + "/join").status)
    threads = [threading.Thread(target=join, args=(who,)) for who in (ben, cleo) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {200, 409} and ada("GET", room).json["current_participants"] == 2


def test_the_activity_of_a_room_counts_what_the_reader_may_read_by_day(realm, ada, ben, cleo):
    room = realm.room("ada", is_public=False)
    ada("POST", f"/rooms/{room}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{room}/join")
    sent = [who("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
            for who in (ada, ada, ada, ben)]
    for days, message in zip((2, 1, 0, 1), sent):
        realm.rows.change("UPDATE real_time_messages SET timestamp = timestamp - ? WHERE id = ?",
                          days * 86400_000000, message)
    ben("DELETE", f"/rooms/{room}/messages/{sent[3]}")
    path = f"/rooms/{room}/activity"
    assert [day["messages"] for day in ada("GET", path + "?days=4").json] == [1, 1, 1, 0]
    assert [day["messages"] for day in ben("GET", path + "?days=1").json] == [1]
    assert len(ada("GET", path).json) == 30
    ben("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": "blocked"})
    assert [day["messages"] for day in ben("GET", path + "?days=4").json] == [0] * 4
    ben("DELETE", f"/relationships/{ada.id}")
    assert refused(cleo("GET", path), 404, "room_not_found")
    assert ada("GET", path + "?days=91").status == 422
