"""Joining rooms, catching up, leaving, typing, presence."""

import json
import time

import pytest


def posts(people, realm, who, room, count, first=1):
    """Posts that many messages by another process."""
    for i in range(first, first + count):
        answer = realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/messages", {"content": f"m{i}"},
                           token=people.token(who))
        assert answer.status == 201


def test_joining_is_reported_to_the_others_once(people):
    room = people.room("ada", name="Joined", topic="tea")
    ada, ben = people.connect("ada"), people.connect("ben")
    for _ in range(2):
        ben.say("join_room", room_id=room)
        info = ben.hear("room_info")
    assert info["name"] == "Joined" and info["topic"] == "tea"
    assert info["current_participants"] == 2 and info["max_participants"] == 50
    assert info["last_seq"] == 0 and info["is_aeon_room"] is False and info["room_id"] == room
    heard = ada.up_to_now(room)
    joins = [m["data"] for m in heard if m["type"] == "user_joined"]
    assert [j["username"] for j in joins] == [people.name("ben")]
    assert joins[0]["room_id"] == room
    assert not [m for m in ben.up_to_now(room) if m["type"] == "user_joined"]


def test_a_mute_is_reported_to_the_users_own_devices_alone(people, realm):
    room = people.room("ada", "ben")
    phone, laptop, ada = people.connect("ben"), people.connect("ben"), people.connect("ada")
    answer = realm.cgi("PUT", f"/api/v1/phase3/rooms/{room}/mute",
                       {"until": "2999-12-31T12:00:00Z"}, token=people.token("ben"))
    assert phone.hear("room_muted") == laptop.hear("room_muted") == answer.json
    assert not [m for m in ada.up_to_now(room) if m["type"] == "room_muted"]


def test_live_messages_begin_with_the_join_and_end_with_the_leave(people):
    room, own = people.room("ada"), people.room("ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    ada.say("chat_message", room_id=room, content="before", client_id="1")
    ada.hear("ack")
    ben.say("join_room", room_id=room)
    assert ben.hear("room_info")["last_seq"] == 1
    ada.say("chat_message", room_id=room, content="during")
    assert ben.hear("chat_message")["content"] == "during"
    ben.say("leave_room", room_id=room)
    assert ada.hear("user_left")["username"] == people.name("ben")
    ada.say("chat_message", room_id=room, content="after", client_id="2")
    ada.hear("ack")
    heard = ben.up_to_now(own)
    assert not [m for m in heard if m["type"] in ("chat_message", "user_left")]


def test_joining_and_leaving_over_rest_applies_to_all_connections(people, realm):
    room, own = people.room("ada"), people.room("ben")
    ada, ben, again = people.connect("ada"), people.connect("ben"), people.connect("ben")
    path = f"/api/v1/phase3/rooms/{room}"
    assert realm.cgi("POST", path + "/join", token=people.token("ben")).status in (200, 201)
    ada.hear("user_joined")
    ada.say("chat_message", room_id=room, content="both")
    assert ben.hear("chat_message")["content"] == again.hear("chat_message")["content"] == "both"
    assert realm.cgi("POST", path + "/leave", token=people.token("ben")).status in (200, 204)
    ada.hear("user_left")
    ada.say("chat_message", room_id=room, content="neither", client_id="1")
    ada.hear("ack")
    for client in (ben, again):
        assert not [m for m in client.up_to_now(own) if m["type"] == "chat_message"]


def test_a_room_created_over_rest_is_live_at_once(people, realm):
    ada = people.connect("ada")
    room = people.room("ada")
    realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/join", token=people.token("ben"))
    assert ada.hear("user_joined")["room_id"] == room
    posts(people, realm, "ben", room, 1)
    assert ada.hear("chat_message")["content"] == "m1"


def test_a_direct_room_is_live_for_both_as_soon_as_one_opens_it(people, realm):
    ada, ben, phone = people.connect("ada"), people.connect("ben"), people.connect("ben")
    other = realm.cgi("GET", "/api/v1/users/me", token=people.token("ben")).json["id"]
    opened = realm.cgi("PUT", f"/api/v1/phase3/direct/{other}", token=people.token("ada")).json
    for client in (ben, phone):
        joined = client.hear("user_joined")
        assert (joined["room_id"], joined["user_id"]) == (opened["id"], other)
    posts(people, realm, "ben", opened["id"], 1)
    assert ada.hear("chat_message")["content"] == phone.hear("chat_message")["content"] == "m1"


def test_since_replays_missed_messages_before_live_ones(people, realm):
    room = people.room("ada", "ben")
    posts(people, realm, "ada", room, 5)
    ben, ada = people.connect("ben"), people.connect("ada")
    ben.say("join_room", room_id=room, since=2)
    ada.say("chat_message", room_id=room, content="m6")
    assert ben.hear("room_info")["last_seq"] in (5, 6)
    seqs = [ben.hear("chat_message")["seq"] for _ in range(4)]
    assert seqs == [3, 4, 5, 6]


def test_no_message_is_lost_between_catching_up_and_live(people):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    for i in range(40):
        ada.say("chat_message", room_id=room, content=str(i))
        if i % 4 == 0:
            ben.say("leave_room", room_id=room)
            ben.say("join_room", room_id=room, since=0)
    heard = ben.until("chat_message", content="39")
    last = max(i for i, m in enumerate(heard) if m["type"] == "room_info")
    seqs = [m["data"]["seq"] for m in heard[last:] if m["type"] == "chat_message"]
    assert seqs == list(range(1, 41))


def test_the_newest_500_of_more_messages_come_after_a_gap(people, realm):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben", v1=False)
    for i in range(1, 511):
        ada.say("chat_message", room_id=room, content=f"m{i}")
    ada.up_to_now(room)
    ada.say("join_room", room_id=room, since=3)
    assert ada.next_but_presence()["type"] == "room_info"
    gap = ada.next_but_presence()
    assert gap == {"type": "history_gap", "data": {"room_id": room, "from_seq": 4, "to_seq": 10}}
    assert [ada.next_but_presence()["data"]["seq"] for _ in range(500)] == list(range(11, 511))
    ben.up_to_now(room)
    ben.say("join_room", room_id=room, since=0)
    assert ben.next_but_presence()["type"] == "room_info"
    assert ben.next_but_presence()["data"]["seq"] == 11


def test_rooms_that_may_not_be_joined_are_refused(people):
    secret, small = people.room("ada", is_public=False), people.room("ada", max_participants=2)
    people.room("ada")
    ben, cyd = people.connect("ben"), people.connect("cyd")
    ben.say("join_room", room_id=secret)
    error = ben.hear("error")
    assert error["code"] == "room_not_found" and error["room_id"] == secret
    ben.say("join_room", room_id="nowhere")
    assert ben.hear("error")["code"] == "room_not_found"
    ben.say("join_room", room_id=small)
    ben.hear("room_info")
    cyd.say("join_room", room_id=small)
    error = cyd.hear("error")
    assert error["code"] == "room_full" and error["retryable"] is False
    cyd.say("leave_room", room_id=secret)
    assert cyd.hear("error")["code"] == "room_not_found"


def test_room_participants_lists_the_members_of_the_own_rooms(people):
    room, left = people.room("ada", "ben", "dan"), people.room("cyd", "ada")
    people.room("cyd")
    for who, where in (("dan", room), ("ada", left)):
        people.realm.cgi("POST", f"/api/v1/phase3/rooms/{where}/leave", token=people.token(who))
    ada = people.connect("ada", greeted=False)
    assert {(m["username"], m["room_id"]) for m in ada.hear("room_participants")} == {
        (people.name("ada"), room), (people.name("ben"), room)}


def test_typing_is_reported_to_the_others_and_ends_by_itself(people):
    room = people.room("ada", "ben")
    ada, ben, old = people.connect("ada"), people.connect("ben"), people.connect("ben", v1=False)
    began = time.monotonic()
    ada.say("typing", room_id=room, is_typing=True)
    heard = ben.hear("typing_indicator")
    assert heard["username"] == people.name("ada") and heard["room_id"] == room
    assert heard["is_typing"] is True
    assert [u["username"] for u in heard["users"]] == [people.name("ada")]
    assert old.hear("typing_indicator")["is_typing"] is True
    heard = ben.hear("typing_indicator")
    assert heard["is_typing"] is False and heard["users"] == []
    assert time.monotonic() - began > 5, "not at once"
    assert not [m for m in ada.up_to_now(room) if m["type"] == "typing_indicator"]


def test_typing_is_reported_at_most_once_a_second(people):
    room = people.room("ada", "ben", "cyd")
    ada, ben, cyd = people.connect("ada"), people.connect("ben"), people.connect("cyd")
    began = time.monotonic()
    for i in range(15):
        ada.say("typing", room_id=room, is_typing=i % 2 == 0)
    ben.say("typing", room_id=room, is_typing=True)
    reported = cyd.until("typing_indicator", username=people.name("ben"))
    seconds = time.monotonic() - began
    assert seconds > 0.9
    assert 2 <= len([m for m in reported if m["type"] == "typing_indicator"]) <= seconds + 2
    names = {u["username"] for u in reported[-1]["data"]["users"]}
    assert names == {people.name("ada"), people.name("ben")}


def test_typing_outside_of_a_room_is_refused(people):
    room = people.room("ada")
    eve = people.connect("eve")
    eve.say("typing", room_id=room, is_typing=True)
    assert eve.hear("error")["code"] == "room_not_found"


def test_leaving_ends_typing(people):
    room = people.room("ada", "ben", "cyd")
    ada, ben, cyd = people.connect("ada"), people.connect("ben"), people.connect("cyd")

    def typing():
        return [user["username"] for user in ben.hear("typing_indicator")["users"]]
    for who, client in (("cyd", cyd), ("ada", ada)):
        client.say("typing", room_id=room, is_typing=True)
        while people.name(who) not in typing():
            pass
    ada.say("leave_room", room_id=room)
    assert typing() == [people.name("cyd")], "not ended by time: cyd's typing would end first"


def test_presence_is_reported_only_to_co_members(people):
    people.room("ada", "ben")
    own = people.room("eve")
    ben, eve = people.connect("ben"), people.connect("eve")
    ada = people.connect("ada")
    heard = ben.hear("presence_update", username=people.name("ada"))
    assert heard["status"] == "connected" and heard["is_aeon"] is False
    ada.say("presence", status="away")
    assert ben.hear("presence_update")["status"] == "away"
    second = people.connect("ada")
    assert ben.hear("presence_update")["status"] == "connected"
    second.socket.close()
    assert ben.hear("presence_update")["status"] == "away"
    assert not [m for m in eve.up_to_now(own) if m["type"] == "presence_update"]


def test_a_reconnect_is_not_reported_and_a_departure_is_reported_later(people):
    room = people.room("ada", "ben")
    ben, ada = people.connect("ben"), people.connect("ada")
    ben.hear("presence_update", status="connected")
    ada.socket.close()
    ada = people.connect("ada")
    assert not [m for m in ben.up_to_now(room) if m["type"] == "presence_update"]
    began = time.monotonic()
    ada.socket.close()
    assert ben.hear("presence_update", username=people.name("ada"))["status"] == "offline"
    assert time.monotonic() - began > 9


def test_the_current_room_is_shown_to_those_who_may_see_it(people):
    shared, secret = people.room("ada", "ben"), people.room("ada", is_public=False)
    ben, ada = people.connect("ben"), people.connect("ada")
    ada.say("join_room", room_id=shared)
    assert ben.hear("presence_update", current_room=shared)["status"] == "connected"
    ada.say("join_room", room_id=secret)
    assert ben.hear("presence_update")["current_room"] is None


@pytest.mark.parametrize("status", ["offline", "busy", 7, None])
def test_presence_accepts_two_states(people, status):
    ada = people.connect("ada")
    ada.say("presence", status=status)
    assert ada.hear("error")["code"] == "validation_error"


# --- moderation ----------------------------------------------------------------------------------


def test_a_removed_member_is_notified_and_receives_nothing_more(people, realm):
    room, other = people.room("ada", "ben"), people.room("ada", "ben")
    ben_id = realm.cgi("GET", "/api/v1/users/me", token=people.token("ben")).json["id"]
    ada, ben = people.connect("ada"), people.connect("ben")
    assert realm.cgi("DELETE", f"/api/v1/phase3/rooms/{room}/participants/{ben_id}?ban=true",
                     token=people.token("ada")).status == 204
    ada.hear("user_left", username=people.name("ben"))
    ben.hear("room_removed", room_id=room)
    ada.say("chat_message", room_id=room, content="alone")
    ada.say("chat_message", room_id=other, content="mark")
    heard = ben.until("chat_message", content="mark")
    assert "alone" not in [m["data"].get("content") for m in heard]
    ben.say("chat_message", room_id=room, content="x", client_id="1")
    assert ben.hear("error")["code"] == "forbidden"
    ben.say("join_room", room_id=room)
    assert ben.hear("error")["code"] == "forbidden"


def test_invitations_changes_and_removal_of_a_room_are_reported(people, realm):
    room = people.room("ada", is_public=False)
    ben_id = realm.cgi("GET", "/api/v1/users/me", token=people.token("ben")).json["id"]
    ada, ben = people.connect("ada"), people.connect("ben")

    def as_ada(method, path, body=None):
        answer = realm.cgi(method, f"/api/v1/phase3/rooms/{room}{path}", body,
                           token=people.token("ada"))
        assert answer.status < 300, answer
    as_ada("POST", "/invitations", {"user_id": ben_id})
    assert ben.hear("invitation", room_id=room)["username"] == people.name("ada")
    ben.say("join_room", room_id=room)
    ben.hear("room_info", room_id=room)
    as_ada("PATCH", "", {"topic": "new"})
    for client in (ada, ben):
        assert client.hear("room_updated", id=room)["topic"] == "new"
    as_ada("DELETE", "")
    for client in (ada, ben):
        client.hear("room_removed", room_id=room)
    ben.say("typing", room_id=room, is_typing=True)
    assert ben.hear("error")["code"] in ("forbidden", "room_not_found")


def test_a_mention_is_reported_to_the_mentioned_user_alone(people):
    room = people.room("ada", "ben", "cleo")
    phone, laptop, ada, cleo = (people.connect(who) for who in ("ben", "ben", "ada", "cleo"))
    ada.say("chat_message", room_id=room, content=f"@{people.name('ben')}: hello")
    message = phone.hear("chat_message")
    assert message["mentions"] is None and message["mentions_room"] is False
    mention = phone.hear("mention")
    assert mention == laptop.hear("mention") and mention["message_id"] == message["message_id"]
    assert (mention["room_id"], mention["message_seq"], mention["username"], mention["is_mentioned"]) == (
        room, message["seq"], people.name("ada"), True)
    ada.say("edit_message", room_id=room, message_id=message["message_id"], content="hello")
    assert phone.hear("mention")["is_mentioned"] is False
    for other in (ada, cleo):
        assert not [m for m in other.up_to_now(room) if m["type"] == "mention"]


def test_a_mention_by_a_blocked_user_is_not_reported(people, call):
    room = people.room("ada", "ben", "cleo")
    cleo_id = call("cleo", "GET", "/api/v1/users/me")["id"]
    call("ben", "POST", "/api/v1/phase3/relationships", {"related_user_id": cleo_id, "relationship_type": "blocked"})
    cleo, ben = people.connect("cleo"), people.connect("ben")
    cleo.say("chat_message", room_id=room, content=f"@{people.name('ben')}: hello", client_id="1")
    cleo.hear("ack")
    heard = {m["type"] for m in ben.up_to_now(room)}
    assert "hidden" in heard and not heard & {"mention", "chat_message"}
