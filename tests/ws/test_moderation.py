"""What live clients hear when an administrator of the realm removes, restores and suspends."""


def test_the_members_hear_that_a_message_was_removed_and_restored(people, realm):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    ada.say("chat_message", room_id=room, content="Buy", client_id="a")
    message = ada.hear("ack")["message_id"]
    ben.hear("chat_message")
    realm.ctl("remove", "message", message, "Advertising")
    for client in (ada, ben):
        removed = client.hear("message_removed")
        assert (removed["message_id"], removed["content"], removed["seq"]) == (message, None, 2)
    realm.ctl("restore", "message", message)
    assert ben.hear("message_restored")["content"] == "Buy"


def test_a_client_that_was_away_hears_of_the_removal_and_not_the_text(people, realm):
    room = people.room("ada", "ben")
    ada = people.connect("ada")
    ada.say("chat_message", room_id=room, content="Buy", client_id="a")
    realm.ctl("remove", "message", ada.hear("ack")["message_id"], "Advertising")
    ben = people.connect("ben")
    ben.say("join_room", room_id=room, since=0)
    first = ben.hear("chat_message")
    assert (first["content"], first["removed"]) == ("", True)
    assert ben.hear("message_removed")["seq"] == 2


def test_a_member_is_in_a_restored_room_again_without_a_new_connection(people, realm):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    realm.ctl("remove", "room", room, "Advertising")
    for client in (ada, ben):
        assert client.hear("room_removed")["room_id"] == room
    ada.say("chat_message", room_id=room, content="Hello?", client_id="a")
    assert ada.hear("error")["code"] == "room_not_found"
    realm.ctl("restore", "room", room)
    for client in (ada, ben):
        assert client.hear("room_restored")["room_id"] == room
    ada.say("chat_message", room_id=room, content="Hello", client_id="b")
    assert ben.hear("chat_message")["content"] == "Hello"


def test_in_a_closed_room_a_message_is_refused(people, realm):
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    realm.ctl("close", room, "Insults")
    assert ben.hear("room_updated")["is_closed"] is True
    ada.say("chat_message", room_id=room, content="Hello?", client_id="a")
    assert ada.hear("error")["code"] == "room_closed"


def test_a_suspension_ends_the_connections_of_the_user(people, realm):
    ada, ben = people.connect("ada"), people.connect("ben")
    realm.ctl("user", "suspend", people.name("ben"), "Advertising")
    assert ben.closed() == 4401
    ada.say("ping", id=1)
    ada.hear("pong", id=1)
