"""A user's other devices: they hear what the user does on one of them, live and by `resume`."""

import pytest
from realm import PASSWORD

API = "/api/v1"
ROOMS = API + "/phase3/rooms"


@pytest.fixture
def watch(people):
    """Connects ben's laptop and reads what it hears, as often as it is asked for."""
    own = people.room("ben")  # only to ask in

    def start(**how):
        laptop = people.connect("ben", **how)
        return lambda: [(m["type"], m["data"]) for m in laptop.up_to_now(own)
                        if m["type"] not in ("presence_update", "pong")]
    return start


def kinds(heard):
    return [kind for kind, _ in heard]


def test_what_one_connection_does_in_rooms_the_others_hear(people, watch):
    room, other = people.room("ada", "ben"), people.room("ada")
    phone, laptop, compat = people.connect("ben"), watch(), watch(v1=False)
    me = people.name("ben")
    phone.say("chat_message", room_id=room, content="one", client_id="1")
    phone.hear("ack")
    laptop(), compat()
    phone.say("read", room_id=room, up_to_seq=1)
    phone.say("join_room", room_id=other)
    phone.hear("room_info")
    phone.say("leave_room", room_id=other)
    phone.up_to_now(room)
    heard = laptop()
    assert [(kind, data["username"], data["room_id"]) for kind, data in heard] == [
        ("read_marker", me, room), ("user_joined", me, other), ("user_left", me, other)]
    assert kinds(compat()) == ["user_joined", "user_left"]


def test_the_connection_that_asked_does_not_hear_its_own_answer_again(people):
    room, other = people.room("ada", "ben"), people.room("ada")
    phone, laptop = people.connect("ben"), people.connect("ben")
    phone.say("join_room", room_id=other)
    phone.say("leave_room", room_id=other)
    laptop.until("user_left", room_id=other)
    assert not [m for m in phone.up_to_now(room) if m["type"] in ("user_joined", "user_left")]


def test_what_happens_by_rest_all_connections_hear(people, watch, call):
    room, other = people.room("ada", "ben"), people.room("ada")
    call("ben", "POST", f"{ROOMS}/{room}/messages", {"content": "one"})
    phone, laptop = watch(), watch()
    call("ben", "PUT", f"{ROOMS}/{room}/read", {"up_to_seq": 1})
    call("ben", "POST", f"{ROOMS}/{other}/join")
    call("ben", "POST", f"{ROOMS}/{other}/leave")
    made = call("ben", "POST", ROOMS, {"name": "New"})["id"]
    for device in (phone, laptop):
        assert [(kind, data["room_id"]) for kind, data in device()] == [
            ("read_marker", room), ("user_joined", other), ("user_left", other),
            ("user_joined", made)]


def test_the_members_of_a_room_that_is_deleted_hear_it_in_both_protocols(people, realm):
    room = people.room("ada", "ben")
    ben, compat = people.connect("ben"), people.connect("ben", v1=False)
    assert realm.cgi("DELETE", f"/api/v1/phase3/rooms/{room}",
                     token=people.token("ada")).status == 204
    assert ben.hear("room_removed")["room_id"] == room
    left = compat.hear("user_left")
    assert (left["room_id"], left["username"]) == (room, people.name("ben"))


def test_a_user_who_is_removed_from_a_room_hears_it_in_both_protocols(people, watch, call, realm):
    room = people.room("ada", "ben")
    laptop, compat = watch(), watch(v1=False)
    ben = call("ben", "GET", API + "/users/me")["id"]
    call("ada", "DELETE", f"{ROOMS}/{room}/participants/{ben}")
    assert kinds(laptop()) == ["user_left", "room_removed"]
    assert kinds(compat()) == ["user_left"]


def deeds(call, people):
    """Things that ben does to the account: (call, the event's part, id, whether it is deleted)."""
    ada = call("ada", "GET", API + "/users/me")["id"]
    mine = call("ben", "POST", API + "/phase3/knowledge",
                {"content": "mine", "knowledge_type": "fact"})["id"]
    theirs = call("ada", "POST", API + "/phase3/knowledge",
                  {"content": "theirs", "knowledge_type": "fact"})["id"]
    asked = call("ada", "POST", API + "/phase3/aeon/interactions",
                 {"target_aeon_user_id": call("ben", "GET", API + "/users/me")["id"],
                  "interaction_type": "question", "content": "What?"})["id"]
    call("ben", "POST", API + "/phase3/relationships",
         {"related_user_id": ada, "relationship_type": "friend"})
    vote = f"{API}/phase3/knowledge/{theirs}/"
    return [
        (("PATCH", API + "/users/me", {"bio": "x"}), "profile", None, False),
        (("PUT", API + "/users/me/privacy", {"presence": "friends"}), "privacy", None, False),
        (("POST", API + "/users/login", {"username": people.name("ben"),
                                         "password": PASSWORD}),
         "sessions", None, False),
        (("DELETE", f"{API}/phase3/relationships/{ada}"), "relationship", ada, True),
        (("POST", vote + "upvote"), "vote", theirs, False),
        (("DELETE", vote + "vote"), "vote", theirs, True),
        (("PATCH", f"{API}/phase3/knowledge/{mine}", {"content": "new"}), "knowledge", mine, False),
        (("DELETE", f"{API}/phase3/knowledge/{mine}"), "knowledge", mine, True),
        (("POST", f"{API}/phase3/aeon/interactions/{asked}/respond", {"response_content": "That."}),
         "interaction", asked, False),
        (("DELETE", f"{API}/phase3/aeon/interactions/{asked}"), "interaction", asked, True),
    ]


def test_changes_of_the_account_are_told_to_the_own_devices_alone(people, watch, call):
    people.room("ada", "ben")
    things = deeds(call, people)
    laptop, compat, ada = watch(), watch(v1=False), people.connect("ada")
    for deed, part, number, deleted in things:
        call("ben", *deed)
        told = [data for kind, data in laptop() if kind == "account_changed"]
        assert told == [{"part": part, "id": number and str(number), "is_deleted": deleted}], deed
    assert "account_changed" not in kinds(compat())
    assert not [m for m in ada.up_to_now(people.room("ada")) if m["type"] == "account_changed"]


def test_a_device_that_was_away_hears_by_resume_what_the_user_did_meanwhile(people, call):
    room, other = people.room("ada", "ben"), people.room("ada")
    call("ben", "POST", f"{ROOMS}/{room}/messages", {"content": "one"})
    with people.connect("ben", greeted=False) as tablet:
        welcome = tablet.hear("welcome")
    call("ben", "PUT", f"{ROOMS}/{room}/read", {"up_to_seq": 1})
    call("ben", "POST", f"{ROOMS}/{other}/join")
    call("ben", "POST", f"{ROOMS}/{room}/leave")
    call("ben", "PATCH", API + "/users/me", {"bio": "A secret text"})
    later = people.connect("ben")
    later.say("resume", epoch=welcome["epoch"], pos=welcome["pos"])
    heard = [m for m in later.until("resumed")[:-1] if m["type"] != "presence_update"]
    assert [m["type"] for m in heard] == ["read_marker", "user_joined", "user_left",
                                          "account_changed"]
    assert "secret" not in str(heard)
