"""Long lists arrive whole, in messages of a bounded size."""

import json
import socket

import pytest

from conftest import ROOMS, enter

MEMBERS = 2500
LIST_BYTES = 16 * 1024
API = "/api/v1/phase3/rooms"
LAPS = 30  # more than a list has portions
FAR = 2**60  # a time, in microseconds

protocols = pytest.mark.parametrize("v1", [True, False], ids=["aeon.v1", "compat"])


def crowd(realm, room, count):
    """Puts that many new users into the room, by the database alone."""
    realm.rows.change(f"""INSERT INTO users (username, email, email_key, password_hash, role, created_at, updated_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        SELECT 'crowd' || i || '-{room[-12:]}', 'crowd' || i || '{room}', 'crowd' || i || '{room}', 'x', 'user', 1, 1 FROM n""")
    realm.rows.change(f"""INSERT INTO room_participants (room_id, user_id, role, joined_at, last_activity)
        SELECT '{room}', id, 'member', 1, 1 FROM users WHERE email LIKE 'crowd%{room}'""")
    return f"SELECT id FROM users WHERE email LIKE 'crowd%{room}'"


def connect(realm, users, status):
    """Makes the users present, as those who ask by REST are."""
    realm.rows.change(f"""INSERT INTO user_presence (user_id, status, last_seen)
        SELECT id, '{status}', 1 FROM users WHERE id IN ({users})""")
    realm.rows.change(f"""INSERT INTO connected_users (user_id, instance, status, until)
        SELECT id, 0, '{status}', {FAR} FROM users WHERE id IN ({users})""")


def parts(client, kind):
    """The data of a message that comes in parts."""
    while True:
        message = client.until(kind)[-1]
        assert len(json.dumps(message, separators=(",", ":"))) <= LIST_BYTES
        yield message["data"]
        if "more" not in message:
            return


def members(client):
    listed = [(member["room_id"], member["user_id"])
              for part in parts(client, "room_participants") for member in part]
    assert len(listed) == len(set(listed)), "each once"
    return listed


@protocols
def test_no_member_of_a_large_room_or_of_the_rooms_behind_it_is_left_out(people, realm, v1):
    large, later = people.room("ada", max_participants=MEMBERS + 1), people.room("ada", "ben")
    crowd(realm, large, MEMBERS)
    ada = people.connect("ada", greeted=False, v1=v1)
    rooms = [room for room, _ in members(ada)]
    assert rooms.count(large) == MEMBERS + 1 and rooms.count(later) == 2


@protocols
def test_no_room_of_a_user_of_hundreds_is_left_out(people, realm, call, rooms, v1):
    enter(realm, call("ada", "GET", "/api/v1/users/me")["id"], rooms)
    listed = members(people.connect("ada", greeted=False, v1=v1))
    assert {room for room, _ in listed} == set(rooms) and len(listed) >= 2 * ROOMS


def presences(client, count):
    """The next presences, of that many users of a crowd."""
    heard = {}
    while len(heard) < count:
        presence = client.hear("presence_update")
        if presence["username"].startswith("crowd"):
            heard[presence["user_id"]] = presence["status"]
    return list(heard.values())


@protocols
def test_a_user_who_enters_a_large_room_is_told_of_each_member_who_is_connected(people, realm, v1):
    large = people.room("ada", max_participants=MEMBERS + 2)
    connect(realm, crowd(realm, large, MEMBERS), "connected")
    ben = people.connect("ben", v1=v1)
    ben.say("join_room", room_id=large)
    assert presences(ben, MEMBERS) == ["connected"] * MEMBERS


@protocols
@pytest.mark.parametrize("who, method, path", [("ada", "DELETE", ""), ("ben", "POST", "/leave")],
                         ids=["deleted", "left"])
def test_when_a_large_room_ends_a_slow_reader_hears_who_is_offline(people, realm, call, v1, who, method,
                                                                   path):
    large, other = people.room("ada", "ben", max_participants=MEMBERS + 2), people.room("ada", "ben")
    connect(realm, crowd(realm, large, MEMBERS), "connected")
    ada, slow = people.connect("ada", v1=v1), people.connect("ben", v1=v1)
    call(who, method, f"{API}/{large}{path}")
    if who == "ada":
        assert presences(ada, MEMBERS) == ["offline"] * MEMBERS
    for _ in range(LAPS):  # the bridge has sent what fits
        ada.up_to_now(other)
    assert presences(slow, MEMBERS) == ["offline"] * MEMBERS


@protocols
def test_a_new_connection_is_told_of_each_friend_who_is_connected(people, realm, call, v1):
    there = crowd(realm, people.room("ada", max_participants=MEMBERS + 1), MEMBERS)
    ben_id = call("ben", "GET", "/api/v1/users/me")["id"]
    realm.rows.change(f"""INSERT INTO user_relationships
        (user_id, related_user_id, relationship_type, strength, created_at, last_interaction)
        SELECT id, {ben_id}, 'friend', 0.5, 1, 1 FROM users WHERE id IN ({there})""")
    connect(realm, there, "away")
    assert presences(people.connect("ben", v1=v1), MEMBERS) == ["away"] * MEMBERS


def test_a_resume_into_a_pruned_log_names_the_gaps_of_hundreds_of_rooms(people, realm, call, rooms):
    enter(realm, call("ben", "GET", "/api/v1/users/me")["id"], rooms)
    ben = people.connect("ben")
    ben.say("hello")
    epoch = ben.hear("welcome")["epoch"]
    realm.rows.change("UPDATE chat_rooms SET last_seq = 7")
    realm.rows.change("DELETE FROM realm_events")
    ben.say("resume", epoch=epoch, pos=0)
    gaps, ends = {}, set()
    for part in parts(ben, "resumed"):
        gaps |= {gap["room_id"]: gap["to_seq"] for gap in part["gaps"]}
        ends.add((part["pos"], part["replayed"], part["epoch_changed"]))
    assert gaps == {room: 7 for room in rooms} and len(ends) == 1


def test_an_indicator_of_a_crowd_that_types_is_bounded_and_says_how_many_type(people, realm):
    room = people.room("ada")
    ada = people.connect("ada")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as peer:
        peer.connect(str(realm.run / "peer-1.sock"))
        for user_id in range(10**15, 10**15 + 150):
            peer.send(json.dumps({"type": "typing", "user_id": user_id, "room_id": room,
                                  "username": "x" * 50, "is_typing": True}).encode())
    heard = ada.hear("typing_indicator", users_count=150)
    assert len(json.dumps(heard)) <= LIST_BYTES
    assert [user["user_id"] for user in heard["users"]] == list(range(10**15 + 149, 10**15 + 49, -1))


def test_no_message_is_larger_than_the_limit_that_welcome_tells(people, call):
    target = call("ben", "GET", "/api/v1/users/me")["id"]
    ben = people.connect("ben")
    ben.say("hello")
    most = ben.hear("welcome")["limits"]["server_frame_bytes"]
    longest, large = "x" + "\x01" * 7999, {"x": "x" * (8192 - len('{"x":""}'))}
    asked = call("ada", "POST", "/api/v1/phase3/aeon/interactions", {
        "target_aeon_user_id": target, "interaction_type": "x" * 50, "content": longest,
        "context": large, "meta_data": large})
    call("ben", "POST", f"/api/v1/phase3/aeon/interactions/{asked['id']}/respond", {"response_content": longest})
    ada = people.connect("ada")
    ada.say("resume", epoch=call("ada", "GET", "/api/v1/phase3/events")["epoch"], pos=0)
    answered = ada.until("interaction_responded")[-1]
    assert 0.8 * most < len(json.dumps(answered, separators=(",", ":"))) <= most
