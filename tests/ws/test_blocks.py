"""Blocks: a user and a blocked user in one room are hidden from each other."""

import pytest

from wsclient import Client

REST = "/api/v1/phase3"


@pytest.fixture
def trio(people):
    """A room with ada, ben and cleo. A test lets ada block ben."""
    return Room(people)


class Room:
    def __init__(self, people):
        self.people, self.id = people, people.room("ada", "ben", "cleo")
        self.ids = {who: people.realm.cgi("GET", "/api/v1/users/me",
                                          token=people.token(who)).json["id"]
                    for who in ("ada", "ben", "cleo")}

    def call(self, who, method, path, body=None):
        return self.people.realm.cgi(method, REST + path, body, token=self.people.token(who))

    def block(self, who="ada", whom="ben"):
        assert self.call(who, "POST", "/relationships", {
            "related_user_id": self.ids[whom], "relationship_type": "blocked"}).status == 201

    def unblock(self, who="ada", whom="ben"):
        assert self.call(who, "DELETE", f"/relationships/{self.ids[whom]}").status == 204

    def say(self, who, content):
        return self.call(who, "POST", f"/rooms/{self.id}/messages", {"content": content}).json

    def shown(self, client, *, seq):
        """(type, seq) of the entries of the room up to this seq."""
        shown = []
        while not shown or shown[-1][1] < seq:
            message = client.next()
            if message["data"].get("room_id") == self.id and "seq" in message["data"]:
                shown.append((message["type"], message["data"]["seq"]))
                if message["type"] == "hidden":
                    assert set(message["data"]) == {"room_id", "seq"}
        return shown


def test_a_message_of_a_blocked_user_is_only_a_number(trio, people):
    ada, ben, cleo = (people.connect(who) for who in ("ada", "ben", "cleo"))
    old = people.connect("ada", v1=False)
    trio.say("ben", "before")
    trio.block()
    trio.say("ben", "to ada: hidden")
    trio.say("ada", "to ben: hidden")
    trio.say("cleo", "to all")
    hidden, visible = ("hidden", 2), ("chat_message", 2)
    assert trio.shown(ada, seq=4)[1:3] == [hidden, ("chat_message", 3)]
    assert trio.shown(ben, seq=4)[1:3] == [visible, ("hidden", 3)]
    assert trio.shown(cleo, seq=4)[1:3] == [visible, ("chat_message", 3)]
    heard = [m["data"].get("content") for m in old.until("chat_message", content="to all")]
    assert "before" in heard and "to ada: hidden" not in heard
    trio.unblock()
    trio.say("ben", "again")
    assert ada.hear("chat_message", content="again")["seq"] == 5


def test_a_deletion_by_a_blocked_moderator_is_heard_in_the_name_of_the_sender(trio, people):
    message = trio.say("cleo", "to all")["message_id"]
    assert trio.call("ada", "PUT", f"/rooms/{trio.id}/participants/{trio.ids['ben']}", {"role": "moderator"}).status == 200
    trio.block()
    ada = people.connect("ada")
    assert trio.call("ben", "DELETE", f"/rooms/{trio.id}/messages/{message}").status == 200
    heard = ada.hear("message_deleted")
    assert (heard["message_id"], heard["user_id"]) == (message, trio.ids["cleo"])


@pytest.mark.parametrize("blocker, blocked", [("ada", "ben"), ("ben", "ada")])
def test_a_share_is_heard_without_the_text_where_reader_and_creator_have_a_block(trio, people, blocker, blocked):
    item = trio.call("ben", "POST", "/knowledge", {"content": "Otters", "knowledge_type": "x"}).json["id"]
    ada, again, cleo = (people.connect(who) for who in ("ada", "ada", "cleo"))
    old = people.connect("ada", v1=False)
    trio.block(blocker, blocked)
    assert trio.call("cleo", "POST", f"/knowledge/{item}/share", {"room_id": trio.id}).status == 200
    message, = trio.call("ada", "GET", f"/rooms/{trio.id}/messages").json
    assert (message["message_type"], message["shared"]) == ("knowledge", None)
    for client in (ada, again, old):
        assert client.hear("chat_message") == message
    shown = cleo.hear("chat_message")
    assert shown["shared"]["knowledge_id"] == item
    assert shown == message | {"shared": shown["shared"]}
    again.say("join_room", room_id=trio.id, since=0)
    assert again.hear("chat_message") == message


def test_a_share_by_a_blocked_user_is_only_a_number(trio, people):
    item = trio.call("cleo", "POST", "/knowledge", {"content": "Otters", "knowledge_type": "x"}).json["id"]
    ada = people.connect("ada")
    trio.block()
    assert trio.call("ben", "POST", f"/knowledge/{item}/share", {"room_id": trio.id}).status == 200
    assert trio.shown(ada, seq=1) == [("hidden", 1)]


def test_changes_of_a_hidden_message_are_hidden(trio, people):
    theirs, mine = trio.say("ben", "theirs"), trio.say("ada", "mine")
    ada = people.connect("ada")
    trio.block()
    path = f"/rooms/{trio.id}/messages/"
    trio.call("ben", "PATCH", path + theirs["message_id"], {"content": "more"})
    trio.call("cleo", "PUT", path + theirs["message_id"] + "/reactions/x")
    trio.call("cleo", "PUT", path + mine["message_id"] + "/reactions/x")
    assert trio.shown(ada, seq=5) == [("hidden", 3), ("hidden", 4), ("reaction", 5)]


def test_history_resume_and_long_poll_show_the_same(trio, people):
    left = people.connect("ada", greeted=False)
    epoch = left.hear("welcome")["epoch"]
    left.say("ping")
    pos = left.hear("pong")["pos"]
    trio.block("ben", "ada")
    theirs = trio.say("ben", "one")
    trio.say("cleo", "two")
    trio.call("ben", "PUT", f"/rooms/{trio.id}/messages/{theirs['message_id']}/reactions/x")
    expected = [("hidden", 1), ("chat_message", 2), ("hidden", 3)]
    assert trio.shown(left, seq=3) == expected
    again = people.connect("ada")
    again.say("join_room", room_id=trio.id, since=0)
    assert trio.shown(again, seq=3) == expected
    resumed = people.connect("ada")
    resumed.say("resume", epoch=epoch, pos=pos)
    assert trio.shown(resumed, seq=3) == expected
    polled = trio.call("ada", "GET", f"/events?epoch={epoch}&since={pos}").json["events"]
    assert [(e["type"], e["data"]["seq"]) for e in polled if "seq" in e["data"]] == expected
    listed = trio.call("ada", "GET", f"/rooms/{trio.id}/messages").json
    assert [m["content"] for m in listed] == ["two"]
    path = f"/rooms/{trio.id}/messages/{theirs['message_id']}"
    assert trio.call("ada", "GET", path).status == 404


def test_a_blocked_user_is_not_seen_joining_leaving_typing_or_reading(trio, people):
    ada = people.connect("ada")
    trio.block()
    ben = people.connect("ben")
    ben.say("typing", room_id=trio.id, is_typing=True)
    cleo = people.connect("cleo")
    cleo.say("typing", room_id=trio.id, is_typing=True)
    typing = ada.hear("typing_indicator")
    assert [u["username"] for u in typing["users"]] == [people.name("cleo")]
    ben.say("leave_room", room_id=trio.id)
    ben.say("join_room", room_id=trio.id)
    ben.hear("room_info")
    ben.say("read", room_id=trio.id, up_to_seq=0)
    trio.say("cleo", "mark")
    heard = ada.until("chat_message", content="mark")
    assert trio.ids["ben"] not in [m["data"].get("user_id") for m in heard if m["data"]]


def test_a_hidden_message_cannot_be_answered_or_changed(trio, people):
    theirs = trio.say("ben", "theirs")["message_id"]
    trio.block()
    path = f"/rooms/{trio.id}/messages"
    assert trio.call("ada", "POST", path, {"content": "x", "reply_to": theirs}).status == 422
    for method, more, body in (("PATCH", "", {"content": "x"}), ("DELETE", "", None),
                               ("PUT", "/reactions/x", None), ("DELETE", "/reactions/x", None)):
        assert trio.call("ada", method, f"{path}/{theirs}{more}", body).status == 404, method


def test_hidden_reactions_are_not_counted(trio, people):
    message_id = trio.say("cleo", "both like it")["message_id"]
    path = f"/rooms/{trio.id}/messages/{message_id}"
    for who in ("ada", "ben"):
        trio.call(who, "PUT", path + "/reactions/x")
    assert trio.call("ada", "GET", path).json["reactions"] == {"x": 2}
    trio.block()
    assert trio.call("ada", "GET", path).json["reactions"] == {"x": 1}
    assert trio.call("cleo", "GET", path).json["reactions"] == {"x": 2}
    trio.call("ada", "DELETE", path + "/reactions/x")
    assert trio.call("ada", "GET", path).json["reactions"] is None


def test_a_client_that_connects_later_respects_earlier_blocks(trio, people):
    trio.block()
    with Client(people.realm, people.token("ada")) as ada:
        ada.hear("room_participants")
        trio.say("ben", "hidden")
        assert trio.shown(ada, seq=1) == [("hidden", 1)]
