"""The log of a room: messages and their changes, live and replayed, and its pruned beginning."""


import pytest

from conftest import People
from realm import Realm, wait_until

CHANGES = ("message_edited", "message_deleted", "reaction")


class Talk:
    """A room that ada owns, with ben in it. All messages and changes are made over REST."""

    def __init__(self, people):
        self.people, self.room = people, people.room("ada", "ben")

    def call(self, who, method, path="", body=None):
        answer = self.people.realm.cgi(method, f"/api/v1/phase3/rooms/{self.room}/messages{path}",
                                       body, token=self.people.token(who))
        assert answer.status in (200, 201), answer
        return answer.json

    def say(self, text):
        return "/" + self.call("ada", "POST", body={"content": text})["message_id"]


@pytest.fixture
def talk(people):
    return Talk(people)


def log_of(messages):
    """(type, seq) of the entries of a room's log."""
    return [(m["type"], m["data"]["seq"]) for m in messages
            if m["type"] in ("chat_message", *CHANGES)]


def caught_up(client, room, since):
    """The messages after the room_info of a join."""
    client.say("join_room", room_id=room, since=since)
    assert client.next_but_presence()["type"] == "room_info"
    return client.up_to_now(room)


def test_only_v1_clients_receive_changes_over_rest_live(people, talk):
    ben, old = people.connect("ben"), people.connect("ben", v1=False)
    message = talk.say("first")
    talk.call("ada", "PATCH", message, {"content": "better"})
    edited = ben.hear("message_edited")
    assert edited | {"timestamp": "", "edited_at": ""} == {
        "room_id": talk.room, "seq": 2, "message_id": message[1:], "content": "better",
        "user_id": edited["user_id"], "username": people.name("ada"), "full_name": None, "twin": None,
        "timestamp": "", "edited_at": "", "key": None, "on": None}
    assert edited["edited_at"] == edited["timestamp"]
    talk.call("ben", "PUT", message + "/reactions/👍")
    reaction = ben.hear("reaction")
    assert (reaction["seq"], reaction["key"], reaction["on"]) == (3, "👍", True)
    assert reaction["username"] == people.name("ben") and reaction["content"] is None
    talk.call("ben", "DELETE", message + "/reactions/👍")
    assert ben.hear("reaction")["on"] is False
    talk.call("ada", "DELETE", message)
    assert ben.hear("message_deleted")["seq"] == 5
    assert log_of(old.up_to_now(talk.room)) == [("chat_message", 1)]


def test_a_change_without_effect_is_not_sent(people, talk):
    message = talk.say("first")
    ben = people.connect("ben")
    talk.call("ada", "PATCH", message, {"content": "first"})
    talk.call("ben", "DELETE", message + "/reactions/👍")
    talk.call("ada", "DELETE", message)
    talk.call("ada", "DELETE", message)
    assert log_of(ben.up_to_now(talk.room)) == [("message_deleted", 2)]


def test_since_replays_messages_and_changes_in_order(people, talk):
    message = talk.say("first")
    talk.say("second")
    talk.call("ada", "PATCH", message, {"content": "better"})
    talk.call("ben", "PUT", message + "/reactions/👍")
    talk.say("third")
    ben, old = people.connect("ben"), people.connect("ben", v1=False)
    everything = [("chat_message", 1), ("chat_message", 2), ("message_edited", 3), ("reaction", 4),
                  ("chat_message", 5)]
    assert log_of(caught_up(ben, talk.room, 0)) == everything
    assert log_of(caught_up(ben, talk.room, 2)) == everything[2:]
    assert caught_up(ben, talk.room, 5) == []
    heard = caught_up(old, talk.room, 0)
    assert log_of(heard) == [entry for entry in everything if entry[0] == "chat_message"]
    assert heard[0]["data"]["content"] == "better"
    assert heard[0]["data"]["reactions"] == {"👍": 1}


def test_a_deleted_text_is_not_replayed(people, talk):
    message = talk.say("a secret")
    talk.call("ada", "PATCH", message, {"content": "a secret as well"})
    talk.call("ada", "DELETE", message)
    ben = people.connect("ben")
    heard = caught_up(ben, talk.room, 0)
    assert log_of(heard) == [("chat_message", 1), ("message_edited", 2), ("message_deleted", 3)]
    assert "secret" not in str(heard)
    assert heard[0]["data"]["deleted_at"] and heard[1]["data"]["content"] is None


def test_a_read_marker_is_sent_to_all_members(people, talk):
    talk.say("first")
    ada, ben, old = people.connect("ada"), people.connect("ben"), people.connect("ada", v1=False)
    for seq in (1, 1, 0):
        answer = people.realm.cgi("PUT", f"/api/v1/phase3/rooms/{talk.room}/read",
                                  {"up_to_seq": seq}, token=people.token("ben"))
        assert answer.status == 200
    markers = [[m["data"] for m in client.up_to_now(talk.room) if m["type"] == "read_marker"]
               for client in (ada, ben, old)]
    assert [len(heard) for heard in markers] == [1, 1, 0]
    assert markers[0][0]["username"] == people.name("ben") and markers[0][0]["up_to_seq"] == 1


def test_old_entries_are_pruned_and_leave_a_gap():
    with Realm(messages_days=1) as realm:
        people = People(realm)
        talk = Talk(people)
        for text in "abc":
            talk.call("ben", "PUT", talk.say(text) + "/reactions/👍")
        with realm.rows.transaction() as db:
            db.execute("UPDATE realm_events SET created_at = 1")
            db.execute("UPDATE real_time_messages SET id = '00' || substr(id, 3) WHERE seq <= 3")
            db.execute("UPDATE message_reactions SET message_id = '00' || substr(message_id, 3) "
                       "WHERE message_id NOT IN (SELECT id FROM real_time_messages)")
        bridge = realm.start_bridge()

        def gone():
            return realm.rows.select("SELECT first_seq FROM chat_rooms WHERE id = ?",
                                     talk.room) == [(4,)]
        wait_until(gone, "the maintenance", bridge)
        ben, old = people.connect("ben"), people.connect("ben", v1=False)
        heard = caught_up(ben, talk.room, 1)
        assert heard[0] == {"type": "history_gap",
                            "data": {"room_id": talk.room, "from_seq": 2, "to_seq": 3}}
        assert log_of(heard) == [("reaction", 4), ("chat_message", 5), ("reaction", 6)]
        assert [m["type"] for m in caught_up(ben, talk.room, 3)][0] == "reaction"
        assert log_of(caught_up(old, talk.room, 0)) == [("chat_message", 5)]
        for client in (ben, old):
            client.socket.close()
        assert realm.stop("bridge") == 0
        assert realm.ctl("check").returncode == 0


def test_a_removed_room_is_deleted_from_the_database_in_steps_once_its_members_know():
    with Realm() as realm:
        people = People(realm)
        room, recent = people.room("ada", "ben"), people.room("ada", "ben")
        for number in range(6):
            realm.cgi("POST", f"/api/v1/phase3/rooms/{(room, recent)[number % 2]}/messages",
                      {"content": str(number)}, token=people.token("ben"))
        for deleted in (room, recent):
            assert realm.cgi("DELETE", f"/api/v1/phase3/rooms/{deleted}",
                             token=people.token("ada")).status == 204
        realm.rows.change("UPDATE chat_rooms SET deleted_at = 1 WHERE id = ?", room)
        bridge = realm.start_bridge()

        def kept(room):
            return [table for table, column in (("chat_rooms", "id"), ("real_time_messages", "room_id"),
                                                ("room_participants", "room_id"))
                    if realm.rows.select(f"SELECT 1 FROM {table} WHERE {column} = ?", room)]
        wait_until(lambda: not kept(room) and "real_time_messages" not in kept(recent), "the maintenance",
                   bridge)
        assert kept(recent) == ["chat_rooms", "room_participants"]
        assert realm.stop("bridge") == 0
        assert realm.ctl("check").returncode == 0
