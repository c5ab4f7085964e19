"""What a client believes of the presence of others is what REST says, at any moment."""

import pytest

from realm import wait_until

API = "/api/v1"
ROOMS = API + "/phase3/rooms"
BONDS = API + "/phase3/relationships"


@pytest.fixture
def number(call):
    return lambda who: call(who, "GET", API + "/users/me")["id"]


def told(client, room, people, who):
    """The statuses of a user that the client has heard by now."""
    return [m["data"]["status"] for m in client.up_to_now(room)
            if m["type"] == "presence_update" and m["data"]["username"] == people.name(who)]


def hears(client, people, who, status):
    return client.hear("presence_update", username=people.name(who), status=status)


def test_a_new_connection_learns_who_is_there(people, call, realm, number):
    people.room("ada", "ben", "cleo", "dora")
    realm.rows.change("DELETE FROM connected_users WHERE user_id = ?", number("cleo"))
    dora, ben, _ = people.connect("dora"), people.connect("ben"), people.connect("eve")
    call("eve", "POST", BONDS, {"related_user_id": number("ada"), "relationship_type": "friend"})
    ben.say("presence", status="away")
    hears(dora, people, "ben", "away")
    ada = people.connect("ada", greeted=False)
    status = {m["username"]: m["status"] for m in ada.hear("room_participants")}
    assert [status[people.name(who)] for who in ("ben", "cleo", "dora")] == [
        "away", "offline", "connected"]
    hears(ada, people, "eve", "connected")


@pytest.mark.parametrize("way", ["live", "REST"])
def test_who_enters_a_room_and_its_members_learn_of_each_other(people, call, way):
    room = people.room("ada")
    ada, ben = people.connect("ada"), people.connect("ben")
    if way == "live":
        ben.say("join_room", room_id=room)
    else:
        call("ben", "POST", f"{ROOMS}/{room}/join")
    hears(ada, people, "ben", "connected")
    hears(ben, people, "ada", "connected")


def test_who_leaves_the_last_shared_room_turns_offline_for_its_members(people, call):
    room, other = people.room("ada", "ben", "cleo"), people.room("ben", "cleo")
    ada, cleo, _ = people.connect("ada"), people.connect("cleo"), people.connect("ben")
    hears(ada, people, "ben", "connected")
    call("ben", "POST", f"{ROOMS}/{room}/leave")
    assert hears(ada, people, "ben", "offline")["last_seen"] is None
    assert "offline" not in told(cleo, other, people, "ben")


@pytest.mark.parametrize("way", ["leave_room", "removed"])
def test_for_who_leaves_the_last_shared_room_its_members_turn_offline(people, call, number, way):
    room, other = people.room("ada", "ben", "cleo"), people.room("ben", "cleo")
    ben, _, _ = people.connect("ben"), people.connect("cleo"), people.connect("ada")
    hears(ben, people, "ada", "connected")
    if way == "leave_room":
        ben.say("leave_room", room_id=room)
    else:
        call("ada", "DELETE", f"{ROOMS}/{room}/participants/{number('ben')}")
    hears(ben, people, "ada", "offline")
    assert "offline" not in told(ben, other, people, "cleo")


def test_who_asks_by_rest_is_there_for_those_who_may_see_it(people, call, realm, number):
    room, _ = people.room("ada", "ben"), people.room("cleo")
    ada, cleo = people.connect("ada"), people.connect("cleo")
    realm.rows.change("UPDATE connected_users SET until = 1 WHERE user_id = ?", number("ben"))
    hears(ada, people, "ben", "offline")

    def asks():
        """Ben asks by REST. A request that finds another writer leaves the note to the next one."""
        call("ben", "GET", ROOMS)
        return realm.rows.select("SELECT 1 FROM connected_users WHERE user_id = ?", number("ben"))
    wait_until(asks, "a note that ben is there")
    hears(ada, people, "ben", "connected")
    call("ben", "PUT", API + "/phase3/presence", {"status": "away"})
    hears(ada, people, "ben", "away")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "nobody"})
    hears(ada, people, "ben", "offline")
    call("ben", "PUT", API + "/phase3/presence", {"status": "connected"})
    assert "connected" not in told(ada, room, people, "ben")
    assert told(cleo, people.room("cleo"), people, "ben") == []


def test_the_current_room_ends_with_the_membership(people, call):
    room, other = people.room("ada", "ben"), people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    ben.say("join_room", room_id=room)
    ada.until("presence_update", username=people.name("ben"), current_room=room)
    ben.say("leave_room", room_id=room)
    ada.until("presence_update", username=people.name("ben"), current_room=None)
    shown = call("ada", "GET", f"{ROOMS}/{other}")["participants"]
    assert [p["current_room"] for p in shown if p["username"] == people.name("ben")] == [None]


def private_room(people, call, number, owner, *members):
    room = people.room(owner, is_public=False)
    for member in members:
        call(owner, "POST", f"{ROOMS}/{room}/invitations", {"user_id": number(member)})
        call(member, "POST", f"{ROOMS}/{room}/join")
    return room


def test_a_private_room_is_a_current_room_for_its_members_alone(people, call, number):
    people.room("ada", "ben")
    room = private_room(people, call, number, "ben", "ada")
    ada, ben = people.connect("ada"), people.connect("ben")
    ben.say("join_room", room_id=room)
    ada.hear("presence_update", username=people.name("ben"), current_room=room)
    call("ada", "POST", f"{ROOMS}/{room}/leave")
    left = ada.hear("presence_update", username=people.name("ben"), current_room=None)
    assert left["status"] == "connected"
    call("ben", "POST", f"{ROOMS}/{room}/invitations", {"user_id": number("ada")})
    call("ada", "POST", f"{ROOMS}/{room}/join")
    ada.hear("presence_update", username=people.name("ben"), current_room=room)


def test_the_current_room_is_told_again_when_it_becomes_private_or_public(people, call):
    people.room("ada", "ben")
    room = people.room("ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    ben.say("join_room", room_id=room)
    ada.hear("presence_update", username=people.name("ben"), current_room=room)
    for is_public, seen in ((False, None), (True, room)):
        call("ben", "PATCH", f"{ROOMS}/{room}", {"is_public": is_public})
        ada.hear("presence_update", username=people.name("ben"), current_room=seen)


def test_a_new_connection_learns_who_is_in_which_room(people):
    room = people.room("ada", "ben", "cleo")
    ben, cleo = people.connect("ben"), people.connect("cleo")
    ben.say("join_room", room_id=room)
    cleo.hear("presence_update", username=people.name("ben"), current_room=room)
    ada = people.connect("ada", greeted=False)
    where = {m["username"]: m["current_room"] for m in ada.hear("room_participants")}
    assert where[people.name("ben")] == room
    assert where[people.name("cleo")] is where[people.name("ada")] is None


def test_an_offline_user_is_in_no_room_also_after_coming_back(people, call, realm, number):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    ben.say("join_room", room_id=room)
    ada.hear("presence_update", username=people.name("ben"), current_room=room)
    realm.rows.change("DELETE FROM connected_users WHERE user_id = ?", number("ben"))

    def shown():
        members = call("ada", "GET", f"{ROOMS}/{room}")["participants"]
        return [(m["status"], m["current_room"]) for m in members if m["username"] == people.name("ben")]
    assert shown() == [("offline", None)]
    ben.say("presence", status="away")
    ada.hear("presence_update", username=people.name("ben"), status="away", current_room=None)
    assert shown() == [("away", None)]


def test_when_a_room_is_deleted_its_members_turn_offline_for_each_other(people, call, number):
    room, other = people.room("ada", "ben", "cleo"), people.room("ada", "cleo")
    ada, ben, cleo, dora = (people.connect(who) for who in ("ada", "ben", "cleo", "dora"))
    call("ada", "POST", f"{ROOMS}/{room}/invitations", {"user_id": number("dora")})
    cleo.say("join_room", room_id=room)
    ada.hear("presence_update", username=people.name("cleo"), current_room=room)
    call("ada", "DELETE", f"{ROOMS}/{room}")
    hears(ada, people, "ben", "offline")
    hears(cleo, people, "ben", "offline")
    hears(ben, people, "ada", "offline")
    hears(ben, people, "cleo", "offline")
    ada.hear("presence_update", username=people.name("cleo"), status="connected", current_room=None)
    assert "offline" not in told(cleo, other, people, "ada")
    dora.hear("room_removed", room_id=room)


def test_who_signs_out_or_is_suspended_is_offline_at_once(people, call, realm, number):
    people.room("ada", "ben", "cleo")
    ada = people.connect("ada")
    for who in ("ben", "cleo"):
        call(who, "PUT", API + "/phase3/presence", {"status": "away"})
        hears(ada, people, who, "away")
    call("ben", "POST", API + "/users/logout")
    hears(ada, people, "ben", "offline")
    realm.rows.change("UPDATE users SET role = 'owner' WHERE id = ?", number("ada"))
    call("ada", "POST", f"{API}/admin/users/{number('cleo')}/suspend", {"reason": "a test"})
    hears(ada, people, "cleo", "offline")


def test_hiding_and_showing_the_presence_is_told_at_once(people, call):
    people.room("ada", "ben")
    ada, _ = people.connect("ada"), people.connect("ben")
    hears(ada, people, "ben", "connected")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "nobody"})
    hidden = hears(ada, people, "ben", "offline")
    assert hidden["last_seen"] is None and hidden["current_room"] is None
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "everyone"})
    hears(ada, people, "ben", "connected")


def test_who_never_saw_a_presence_does_not_learn_of_its_settings_or_of_a_friendship(people, call,
                                                                                   number):
    room = people.room("ada", "ben")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "nobody"})
    ada, eve, _ = people.connect("ada"), people.connect("eve"), people.connect("ben")
    ada.up_to_now(room)  # the bridge has read the log,
    ada.up_to_now(room)  # and has told what the first setting changed
    for circle in ("friends", "nobody"):
        call("ben", "PUT", API + "/users/me/privacy", {"presence": circle, "contact": circle})
    call("ben", "POST", BONDS, {"related_user_id": number("eve"), "relationship_type": "friend"})
    call("ben", "DELETE", f"{BONDS}/{number('eve')}")
    assert told(ada, room, people, "ben") == []
    assert told(eve, people.room("eve"), people, "ben") == []


def test_friends_see_a_presence_that_is_shown_to_friends_and_nobody_else_does(people, call, number):
    room = people.room("ada", "ben", "eve")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "nobody"})
    call("ben", "POST", BONDS, {"related_user_id": number("ada"), "relationship_type": "friend"})
    ada, eve, _ = people.connect("ada"), people.connect("eve"), people.connect("ben")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "friends"})
    hears(ada, people, "ben", "connected")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "nobody"})
    hears(ada, people, "ben", "offline")
    assert told(eve, room, people, "ben") == []


def test_a_block_turns_both_offline_until_it_ends(people, call, number):
    people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    hears(ada, people, "ben", "connected")
    call("ben", "POST", BONDS, {"related_user_id": number("ada"), "relationship_type": "blocked"})
    hears(ada, people, "ben", "offline")
    hears(ben, people, "ada", "offline")
    call("ben", "DELETE", f"{BONDS}/{number('ada')}")
    hears(ada, people, "ben", "connected")
    hears(ben, people, "ada", "connected")


def test_a_friend_is_told_while_the_friendship_lasts(people, call, number):
    """Rooms that only one of them is still in do not count."""
    for who, other in (("ada", "ben"), ("ben", "ada")):
        room = people.room(who, other)
        call(other, "POST", f"{ROOMS}/{room}/leave")
    ada, _ = people.connect("ada"), people.connect("ben")
    call("ben", "POST", BONDS, {"related_user_id": number("ada"), "relationship_type": "friend"})
    hears(ada, people, "ben", "connected")
    call("ben", "DELETE", f"{BONDS}/{number('ada')}")
    hears(ada, people, "ben", "offline")


def test_who_has_nothing_to_do_with_a_user_hears_nothing_of_it(people, call, number):
    room, _ = people.room("eve"), people.room("ada", "ben")
    eve, ada = people.connect("eve"), people.connect("ada")
    people.connect("ben")
    hears(ada, people, "ben", "connected")
    for kind in ("colleague", "blocked"):
        call("ben", "POST", BONDS, {"related_user_id": number("eve"), "relationship_type": kind})
    call("ben", "DELETE", f"{BONDS}/{number('eve')}")
    call("ben", "PUT", API + "/users/me/privacy", {"presence": "nobody"})
    assert told(eve, room, people, "ben") == []


def test_what_changed_while_a_client_was_away_is_told_after_it_resumes(people, realm):
    people.room("ada", "ben", "cleo")
    ben, cleo = people.connect("ben"), people.connect("cleo")
    with people.connect("ada", greeted=False) as ada:
        welcome = ada.hear("welcome")
        ada.hear("room_participants")
    ben.say("presence", status="away")
    hears(cleo, people, "ben", "away")
    later = people.connect("ada")
    later.say("resume", epoch=welcome["epoch"], pos=welcome["pos"])
    hears(later, people, "ben", "away")


def test_a_message_ends_the_typing_of_its_connection_alone(people):
    room = people.room("ada", "ben")
    phone, laptop, ada = people.connect("ben"), people.connect("ben"), people.connect("ada")
    phone.say("typing", room_id=room, is_typing=True)
    assert ada.hear("typing_indicator")["is_typing"] is True
    laptop.say("typing", room_id=room, is_typing=False)
    laptop.say("chat_message", room_id=room, content="from the laptop", client_id="1")
    laptop.hear("ack")
    phone.say("chat_message", room_id=room, content="from the phone", client_id="2")
    heard = [m for m in ada.until("typing_indicator")
             if m["type"] in ("chat_message", "typing_indicator")]
    assert [m["data"].get("content", False) for m in heard] == [
        "from the laptop", "from the phone", False]


def test_who_connects_or_enters_a_room_learns_who_types_there(people, call):
    room = people.room("ada", "ben")
    ben, cleo = people.connect("ben"), people.connect("cleo")
    ben.say("typing", room_id=room, is_typing=True)
    ada = people.connect("ada")
    cleo.say("join_room", room_id=room)
    for client in (ada, cleo):
        users = client.hear("typing_indicator", room_id=room)["users"]
        assert [user["username"] for user in users] == [people.name("ben")]


def test_joining_a_room_widens_a_narrow_subscription(people, realm):
    room, other, third = people.room("ada", "ben"), people.room("ada"), people.room("ada", "ben")
    ben, ada = people.connect("ben"), people.connect("ada")
    ben.say("hello", rooms=[room])
    ben.say("join_room", room_id=other)
    ben.hear("room_info")
    for where in (third, other):
        ada.say("chat_message", room_id=where, content=where)
    assert ben.hear("chat_message")["content"] == other
