"""Edits, deletions, reactions and read markers over the WebSocket."""

import pytest


@pytest.fixture
def talk(people):
    """A room with two connected members, and a message by ada."""
    room = people.room("ada", "ben")
    ada, ben = people.connect("ada"), people.connect("ben")
    ada.say("chat_message", room_id=room, content="helo", client_id="first")
    message = ada.hear("ack")["message_id"]
    ben.hear("chat_message")
    return room, ada, ben, message


def test_an_edit_is_sent_to_all_with_its_own_seq_and_acked(talk):
    room, ada, ben, message = talk
    ada.say("edit_message", room_id=room, message_id=message, content="hello", client_id="e1")
    heard = ada.until("ack", client_id="e1")
    ack = heard[-1]["data"]
    event = ben.hear("message_edited")
    assert (event["message_id"], event["content"], event["seq"]) == (message, "hello", 2)
    assert (ack["seq"], ack["message_id"], ack["duplicate"]) == (2, message, False)
    if not any(m["type"] == "message_edited" for m in heard):
        ada.hear("message_edited")


def test_a_change_without_effect_is_acked_as_a_duplicate_and_not_sent(talk):
    room, ada, ben, message = talk
    for client_id in ("e1", "e2"):
        ada.say("edit_message", room_id=room, message_id=message, content="x", client_id=client_id)
    assert ada.hear("ack", client_id="e1")["seq"] == 2
    again = ada.hear("ack", client_id="e2")
    assert (again["duplicate"], again["seq"], again["pos"]) == (True, None, None)
    ada.say("chat_message", room_id=room, content="next")
    ben.hear("message_edited")
    assert ben.next_but_presence()["type"] == "chat_message"


def test_a_change_that_is_sent_again_is_acked_as_before_and_undoes_nothing_newer(talk):
    room, ada, ben, message = talk
    edit = {"room_id": room, "message_id": message, "content": "laptop", "client_id": "e1"}
    like = {"room_id": room, "message_id": message, "key": "+", "on": True, "client_id": "r1"}
    pin = {"room_id": room, "message_id": message, "on": True, "client_id": "p1"}
    commands = [("edit_message", edit), ("react", like), ("pin", pin)]
    first = []
    for kind, fields in commands:
        ada.say(kind, **fields)
        first.append(ada.hear("ack", client_id=fields["client_id"]))
    ada.say("edit_message", **edit | {"content": "phone", "client_id": "e2"})
    ada.say("react", **like | {"on": False, "client_id": "r2"})
    ada.say("pin", **pin | {"on": False, "client_id": "p2"})
    ada.hear("ack", client_id="p2")
    for (kind, fields), ack in zip(commands, first, strict=True):
        ada.say(kind, **fields)
        again = ada.hear("ack", client_id=fields["client_id"])
        assert again == ack | {"duplicate": True, "pos": None}
    ada.say("chat_message", room_id=room, content="next")
    heard = [m["type"] for m in ben.until("chat_message", content="next")]
    assert heard == ["message_edited", "reaction", "pin"] * 2 + ["chat_message"]


def test_a_client_id_names_one_message_or_change(talk):
    room, ada, _, message = talk
    edit = {"room_id": room, "message_id": message, "content": "x", "client_id": "e1"}
    ada.say("edit_message", **edit)
    ada.hear("ack", client_id="e1")
    for kind, fields in (("edit_message", edit | {"content": "y"}), ("delete_message", edit),
                         ("chat_message", edit), ("edit_message", edit | {"client_id": "first"})):
        ada.say(kind, **fields)
        error = ada.hear("error")
        assert (error["code"], error["client_id"]) == ("idempotency_conflict", fields["client_id"])


def test_a_deletion_and_reactions_are_sent_to_all(talk):
    room, ada, ben, message = talk
    ben.say("react", room_id=room, message_id=message, key="👍", on=True)
    assert ada.hear("reaction")["key"] == "👍"
    ben.say("react", room_id=room, message_id=message, key="👍", on=False)
    assert ada.hear("reaction")["on"] is False
    ada.say("delete_message", room_id=room, message_id=message, client_id="d")
    assert ada.hear("ack", client_id="d")["seq"] == 4
    assert ben.hear("message_deleted")["message_id"] == message


def test_only_the_sender_edits(talk):
    room, _, ben, message = talk
    ben.say("edit_message", room_id=room, message_id=message, content="no", client_id="e")
    error = ben.hear("error")
    assert (error["code"], error["client_id"], error["room_id"]) == ("forbidden", "e", room)


@pytest.mark.parametrize("kind, fields", [
    ("edit_message", {"content": "x"}), ("delete_message", {}),
    ("react", {"key": "a", "on": True}), ("pin", {"on": True})])
def test_an_unknown_message_and_missing_fields_are_refused(talk, kind, fields):
    room, ada, _, _ = talk
    ada.say(kind, room_id=room, message_id="018f0000-0000-7000-8000-000000000001", **fields)
    assert ada.hear("error")["code"] == "not_found"
    ada.say(kind, room_id=room)
    named = {tuple(fault["loc"]) for fault in ada.hear("error")["errors"]}
    assert named == {("body", name) for name in ["message_id", *fields]}


def test_a_pin_is_an_entry_for_all_members_and_acked(talk):
    room, ada, ben, message = talk
    ada.say("pin", room_id=room, message_id=message, on=True, client_id="p1")
    assert ada.hear("ack", client_id="p1")["seq"] == 2
    entry = ben.hear("pin")
    assert (entry["message_id"], entry["seq"], entry["on"]) == (message, 2, True)
    ben.say("pin", room_id=room, message_id=message, on=False)
    assert ben.hear("error")["code"] == "forbidden"
    ben.say("join_room", room_id=room, since=0)
    assert [m["type"] for m in ben.until("pin", seq=2)][-2:] == ["chat_message", "pin"]


def test_compat_mode_can_neither_change_messages_nor_receive_changes(people, talk):
    room, ada, _, message = talk
    old = people.connect("ben", v1=False)
    old.say("delete_message", room_id=room, message_id=message)
    assert old.hear("error")["code"] == "validation_error"
    ada.say("edit_message", room_id=room, message_id=message, content="new")
    ada.hear("message_edited")
    ada.say("chat_message", room_id=room, content="next")
    assert [m["type"] for m in old.until("chat_message", content="next")] == ["chat_message"]


def test_read_markers_are_coalesced_and_never_move_back(talk):
    room, ada, ben, _ = talk
    for i in range(30):
        ada.say("chat_message", room_id=room, content=str(i))
    ben.hear("chat_message", content="29")
    for seq in [*range(1, 32), 3]:
        ben.say("read", room_id=room, up_to_seq=seq)
    markers = [m["data"]["up_to_seq"] for m in ada.until("read_marker", up_to_seq=31)
               if m["type"] == "read_marker"]
    assert markers == sorted(set(markers)) and len(markers) <= 3
    ben.say("chat_message", room_id=room, content="sent to others only")
    assert not any(m["type"] == "read_marker"
                   for m in ben.until("chat_message", content="sent to others only"))


def test_a_read_marker_moves_back_when_it_says_so(talk):
    room, ada, ben, _ = talk
    for i in range(3):
        ada.say("chat_message", room_id=room, content=str(i))
    ben.hear("chat_message", content="2")
    ben.say("read", room_id=room, up_to_seq=3)
    assert ada.hear("read_marker")["up_to_seq"] == 3
    ben.say("read", room_id=room, up_to_seq=1)
    ben.say("read", room_id=room, up_to_seq=0, unread=True)
    ben.say("read", room_id=room, up_to_seq=1)
    assert ada.hear("read_marker")["up_to_seq"] in (0, 1)
    ben.say("read", room_id=room, up_to_seq=0, unread=True)
    ada.until("read_marker", up_to_seq=0)


def test_only_a_member_moves_a_read_marker(people, talk):
    room, *_ = talk
    stranger = people.connect("eve")
    stranger.say("read", room_id=room, up_to_seq=1)
    assert stranger.hear("error")["code"] == "room_not_found"
