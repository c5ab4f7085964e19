"""Twins as connected clients see them: changes by an owner's other device, and twins in rooms."""

import pytest

ROOMS = "/api/v1/phase3/rooms"
AEON = "/api/v1/aeon"


def changes(heard):
    return [(m["data"]["part"], m["data"]["id"], m["data"]["is_deleted"])
            for m in heard if m["type"] == "twin_changed"]


# --- other devices ------------------------------------------------------------------------------


def test_the_own_devices_hear_of_each_change_of_the_twin_and_no_other_user_does(people, call):
    room = people.room("ben", "ada")
    phone, laptop = people.connect("ada"), people.connect("ada")
    ben, compat = people.connect("ben"), people.connect("ada", v1=False)
    call("ada", "PUT", AEON + "/twin", {"name": "Echo"})
    memory = {"content": "I like tea", "memory_type": "fact"}
    number = str(call("ada", "POST", AEON + "/memories", memory)["id"])
    call("ada", "POST", AEON + "/memories", memory)
    call("ada", "PATCH", f"{AEON}/memories/{number}", {"importance": 9})
    call("ada", "DELETE", f"{AEON}/memories/{number}")
    talk = call("ada", "POST", AEON + "/chat", {"message": "Hello"})["conversation_id"]
    call("ada", "DELETE", f"{AEON}/conversations/{talk}")
    expected = [("settings", None, False), *[("memory", number, False)] * 3,
                ("memory", number, True), ("conversation", talk, False),
                ("conversation", talk, True)]
    for device in (phone, laptop):
        assert changes(device.up_to_now(room)) == expected
    for other in (ben, compat):
        assert changes(other.up_to_now(room)) == []


def test_a_device_that_was_away_hears_of_the_changes_without_their_texts(people, realm, call):
    with people.connect("ada", greeted=False) as phone:
        welcome = phone.hear("welcome")
    call("ada", "PUT", AEON + "/twin", {"persona": "A secret persona"})
    call("ada", "POST", AEON + "/memories", {"content": "A secret memory", "memory_type": "fact"})
    later = people.connect("ada")
    later.say("resume", epoch=welcome["epoch"], pos=welcome["pos"])
    heard = later.until("resumed")
    assert [part for part, _, _ in changes(heard)] == ["settings", "memory"]
    assert realm.rows.select("SELECT 1 FROM realm_events WHERE data LIKE '%A secret%'") == []


def test_what_a_refused_change_would_have_changed_is_told_to_nobody(people, realm):
    room = people.room("ada")
    ada = people.connect("ada")
    for method, path, body in (("PUT", "/twin", {"quiet_hours": {"from": "25:00", "to": "01:00"}}),
                               ("PATCH", "/memories/999999", {"importance": 9}),
                               ("DELETE", "/memories/999999", None)):
        assert realm.cgi(method, AEON + path, body, token=people.token("ada")).status in (404, 422)
    assert changes(ada.up_to_now(room)) == []


# --- twins in rooms -----------------------------------------------------------------------------


def is_aeon(call, who, room, user):
    people = call(who, "GET", f"{ROOMS}/{room}")["participants"]
    return [p["is_aeon"] for p in people if p["username"] == user]


def test_a_twin_in_a_room_is_seen_live_and_in_the_list_of_participants(people, call):
    room = people.room("ada", "ben", is_aeon_room=True)
    ada, ben, phone = people.connect("ada"), people.connect("ben"), people.connect("ben")
    told = call("ben", "POST", f"{ROOMS}/{room}/twin")
    call("ben", "POST", f"{ROOMS}/{room}/twin")
    assert ada.hear("room_twin") == told and told["is_inside"]
    assert [m["type"] for m in ada.up_to_now(room)].count("room_twin") == 0
    assert is_aeon(call, "ada", room, people.name("ben")) == [True]
    for own in (ben, phone):
        assert changes(own.up_to_now(room)) == [("room", room, False)]
    call("ben", "DELETE", f"{ROOMS}/{room}/twin")
    assert ada.hear("room_twin") == told | {"is_inside": False}
    assert is_aeon(call, "ada", room, people.name("ben")) == [False]
    for own in (ben, phone):
        assert changes(own.up_to_now(room)) == [("room", room, True)]


@pytest.mark.parametrize("how", ("leaves", "is removed by a moderator"))
def test_a_twin_goes_with_its_owner(people, realm, call, how):
    room = people.room("ada", "ben", "cleo", is_aeon_room=True)
    call("ben", "POST", f"{ROOMS}/{room}/twin")
    ids = {p["username"]: p["user_id"] for p in call("ada", "GET", f"{ROOMS}/{room}")["participants"]}
    ben = ids[people.name("ben")]
    call("ada", "PUT", f"{ROOMS}/{room}/participants/{ids[people.name('cleo')]}",
         {"role": "moderator"})
    ada = people.connect("ada")
    if how == "leaves":
        call("ben", "POST", f"{ROOMS}/{room}/leave")
    else:
        call("cleo", "DELETE", f"{ROOMS}/{room}/participants/{ben}")
    assert ada.hear("user_left")["user_id"] == ben
    assert realm.rows.select("SELECT 1 FROM room_twins WHERE room_id = ?", room) == []
    call("ben", "POST", f"{ROOMS}/{room}/join")
    assert is_aeon(call, "ada", room, people.name("ben")) == [False]


def test_a_deleted_room_has_no_twins_and_its_members_hear_of_the_deletion(people, realm, call):
    room = people.room("ada", "ben", is_aeon_room=True)
    call("ben", "POST", f"{ROOMS}/{room}/twin")
    ben = people.connect("ben")
    call("ada", "DELETE", f"{ROOMS}/{room}")
    assert ben.hear("room_removed")["room_id"] == room
    refused = realm.cgi("POST", f"{ROOMS}/{room}/twin", token=people.token("ben"))
    assert refused.status == 404
    assert realm.rows.select("SELECT 1 FROM room_twins WHERE room_id = ?", room) == []


def test_a_blocked_member_does_not_hear_of_the_twin(people, realm, call):
    room = people.room("ada", "ben", "cleo", is_aeon_room=True)
    ids = {p["username"]: p["user_id"] for p in call("ada", "GET", f"{ROOMS}/{room}")["participants"]}
    call("cleo", "POST", "/api/v1/phase3/relationships",
         {"related_user_id": ids[people.name("ben")], "relationship_type": "blocked"})
    cleo, ada = people.connect("cleo"), people.connect("ada")
    call("ben", "POST", f"{ROOMS}/{room}/twin")
    assert ada.hear("room_twin")["username"] == people.name("ben")
    assert "room_twin" not in [m["type"] for m in cleo.up_to_now(room)]
