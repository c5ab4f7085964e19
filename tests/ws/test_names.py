"""Wherever a live event names a user, it has the full name and the twin beside the username."""

import pytest

ROOMS, FULL, TWIN = "/api/v1/phase3/rooms", "Ada Lovelace", {"name": "Countess"}


@pytest.fixture
def named(people, call):
    """ada has a full name and a twin. Returns what stands beside the username."""
    call("ada", "PUT", "/api/v1/users/me", {"full_name": FULL})
    call("ada", "PUT", "/api/v1/aeon/twin", {"name": TWIN["name"], "autopilot": "draft"})
    return {"username": people.name("ada"), "full_name": FULL, "twin": TWIN}


def names(data):
    return {name: data[name] for name in ("username", "full_name", "twin")}


def test_members_and_what_they_do_in_a_room_have_their_names(people, call, named):
    room, ada_id = people.room("ada", "ben"), call("ada", "GET", "/api/v1/users/me")["id"]
    ben = people.connect("ben", greeted=False)
    member = next(row for row in ben.hear("room_participants") if row["user_id"] == ada_id)
    assert names(member) == named
    ada = people.connect("ada")
    assert names(ben.hear("presence_update", user_id=ada_id)) == named
    ada.say("chat_message", room_id=room, content=f"@{people.name('ben')}: hello")
    message = ben.hear("chat_message")
    assert (message["sender_name"], message["sender_full_name"]) == (named["username"], FULL)
    assert names(ben.hear("mention")) == named
    ada.say("react", room_id=room, message_id=message["message_id"], key="+1", on=True)
    assert names(ben.hear("reaction")) == named
    ada.say("read", room_id=room, up_to_seq=1)
    assert names(ben.hear("read_marker")) == named
    ada.say("leave_room", room_id=room)
    assert names(ben.hear("user_left")) == named
    ada.say("join_room", room_id=room)
    assert names(ben.hear("user_joined")) == named


def test_what_a_user_sends_to_another_one_has_the_names(people, call, named):
    ben_id, ada_id = (call(who, "GET", "/api/v1/users/me")["id"] for who in ("ben", "ada"))
    ben = people.connect("ben")
    secret = people.room("ada", is_public=False)
    call("ada", "POST", f"{ROOMS}/{secret}/invitations", {"user_id": ben_id})
    assert names(ben.hear("invitation")) == named
    item = call("ada", "POST", "/api/v1/phase3/knowledge", {"content": "x", "knowledge_type": "x"})["id"]
    call("ada", "POST", f"/api/v1/phase3/knowledge/{item}/share", {"user_id": ben_id})
    assert names(ben.hear("knowledge_shared")) == named
    call("ada", "POST", "/api/v1/phase3/aeon/interactions", {
        "target_aeon_user_id": ben_id, "interaction_type": "x", "content": "Hello"})
    asked = ben.hear("interaction_created")
    assert (asked["aeon_full_name"], asked["target_aeon_full_name"]) == (FULL, None)
    call("ben", "POST", "/api/v1/phase3/relationships", {"related_user_id": ada_id, "relationship_type": "friend"})
    other = ben.hear("relationship_updated")
    assert (other["related_full_name"], other["related_twin"]) == (FULL, TWIN)
