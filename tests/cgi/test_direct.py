"""Direct rooms, of two users, and groups."""

import threading

import pytest
from conftest import Caller, faults, refused

OTHERS = ("dan", "eve", "fay", "gus", "hal", "ida", "jon", "kim")


def opened(caller, *others):
    path, body = (f"/direct/{others[0].id}", None) if len(others) == 1 else \
        ("/direct", {"user_ids": [other.id for other in others]})
    answer = caller("PUT", path, body)
    assert answer.status in (200, 201), answer
    return answer.json


def names(room):
    return sorted(member["username"] for member in room["participants"])


@pytest.fixture(scope="module")
def others(realm):
    for name in OTHERS:
        realm.ids[name] = realm.user(name)
    return [Caller(realm, name) for name in OTHERS]


def test_two_users_always_have_the_same_room(ada, ben):
    answer = ada("PUT", f"/direct/{ben.id}")
    room = answer.json
    assert answer.status == 201 and answer.headers["location"].endswith(room["id"])
    assert (room["kind"], room["name"], room["is_public"], names(room)) == ("direct", "ben", False, ["ada", "ben"])
    assert room["other"] == {"user_id": ben.id, "username": "ben", "full_name": None, "twin": None}
    theirs = opened(ben, ada)
    assert (theirs["id"], theirs["name"], theirs["other"]["user_id"]) == (room["id"], "ada", ada.id)
    assert ada("PUT", "/direct", {"user_ids": [ben.id, ben.id]}).json == opened(ada, ben)
    assert ben("POST", f"/rooms/{room['id']}/messages", {"content": "hello"}).status == 201
    assert [line["content"] for line in ada("GET", f"/rooms/{room['id']}/messages").json] == ["hello"]
    listed = next(row for row in ada("GET", "/rooms?joined=true").json if row["id"] == room["id"])
    assert (listed["kind"], listed["name"], listed["other"]["username"]) == ("direct", "ben", "ben")


def test_both_open_it_at_the_same_moment_and_get_one_room(realm, others):
    one, other = others[:2]
    ids = []
    threads = [threading.Thread(target=lambda pair=pair: ids.append(opened(*pair)["id"]))
               for pair in ((one, other), (other, one)) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6 and len(set(ids)) == 1


def test_nobody_else_enters_it_and_nobody_rules_it(realm, ada, ben, cleo):
    room = opened(ada, ben)["id"]
    refused(cleo("POST", f"/rooms/{room}/join"), 404, "room_not_found")
    refused(cleo("GET", f"/rooms/{room}"), 404, "room_not_found")
    for caller in (ada, ben):  # ada owns the realm
        for call in (("POST", f"/rooms/{room}/invitations", {"user_id": cleo.id}),
                     ("PATCH", f"/rooms/{room}", {"name": "ours"}), ("PATCH", f"/rooms/{room}", {"is_public": True}),
                     ("DELETE", f"/rooms/{room}"), ("GET", f"/rooms/{room}/bans"),
                     ("PUT", f"/rooms/{room}/participants/{ada.id}", {"role": "moderator"}),
                     ("DELETE", f"/rooms/{room}/participants/{ben.id}"),
                     ("DELETE", f"/rooms/{room}/participants/{cleo.id}?ban=true")):
            refused(caller(*call), 403, "forbidden")


def test_who_leaves_comes_back_to_what_was_said(ada, cleo):
    room = opened(ada, cleo)["id"]
    cleo("POST", f"/rooms/{room}/messages", {"content": "kept"})
    for leaver, opener in ((ada, ada), (ada, cleo), (cleo, ada)):
        assert leaver("POST", f"/rooms/{room}/leave").status == 200
        refused(leaver("GET", f"/rooms/{room}"), 404, "room_not_found")
        refused(leaver("POST", f"/rooms/{room}/join"), 404, "room_not_found")
        again = opened(opener, cleo if opener is ada else ada)
        assert (again["id"], names(again)) == (room, ["ada", "cleo"])
    for leaver in (ada, cleo):
        leaver("POST", f"/rooms/{room}/leave")
    assert opened(cleo, ada)["id"] == room
    assert [line["content"] for line in ada("GET", f"/rooms/{room}/messages").json] == ["kept"]


def test_a_block_closes_it_to_both_and_its_end_opens_it(ada, ben):
    room = opened(ada, ben)["id"]
    ben("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": "blocked"})
    for caller, other in ((ada, ben), (ben, ada)):
        refused(caller("PUT", f"/direct/{other.id}"), 404, "user_not_found")
        refused(caller("POST", f"/rooms/{room}/messages", {"content": "no"}), 403, "room_closed")
        shown = caller("GET", f"/rooms/{room}").json
        assert (shown["is_closed"], shown["other"], names(shown)) == (True, None, [caller.name])
        assert other.name not in str(shown)
    ben("DELETE", f"/relationships/{ada.id}")
    assert not opened(ada, ben)["is_closed"]
    assert ada("POST", f"/rooms/{room}/messages", {"content": "again"}).status == 201


def test_it_is_opened_only_with_users_who_want_to_be_contacted(realm, ben, others):
    eve = others[1]
    contact = "UPDATE users SET privacy_contact = ? WHERE id = ?"
    realm.rows.change(contact, "nobody", eve.id)
    refused(ben("PUT", f"/direct/{eve.id}"), 403, "contact_refused")
    refused(ben("PUT", "/direct", {"user_ids": [eve.id, others[2].id]}), 403, "contact_refused")
    room = opened(eve, ben)["id"]
    assert opened(ben, eve)["id"] == room, "it is there, and both are in it"
    eve("POST", f"/rooms/{room}/leave")
    refused(ben("PUT", f"/direct/{eve.id}"), 403, "contact_refused")
    assert names(ben("GET", f"/rooms/{room}").json) == ["ben"]
    realm.rows.change(contact, "everyone", eve.id)
    assert names(opened(ben, eve)) == ["ben", "eve"]


def test_wrong_users_are_refused(ada, others):
    assert faults(ada("PUT", f"/direct/{ada.id}")) == [("value_error", ("path", "user_id"))]
    refused(ada("PUT", "/direct/999999"), 404, "user_not_found")
    assert faults(ada("PUT", "/direct/x")) == [("int_parsing", ("path", "user_id"))]
    for wrong, kind in (([], "value_error"), ([ada.id, 2], "value_error"), (["2"], "int_type"), ("2", "list_type"),
                        ([2.5], "int_type"), ([other.id for other in others], "too_long")):
        assert faults(ada("PUT", "/direct", {"user_ids": wrong})) == [(kind, ("body", "user_ids"))], wrong


def test_a_group_is_the_same_for_the_same_users_and_nobody_is_brought_back(others):
    dan, eve, fay = others[:3]
    room = opened(dan, eve, fay)
    assert (room["kind"], room["name"], room["other"]) == ("group", "eve, fay", None)
    assert opened(fay, dan, eve)["id"] == room["id"]
    assert opened(dan, eve)["id"] != room["id"]
    eve("POST", f"/rooms/{room['id']}/leave")
    left = opened(dan, fay, eve)
    assert (left["id"], names(left), left["name"]) == (room["id"], ["dan", "fay"], "fay")
    assert names(opened(eve, fay, dan)) == ["dan", "eve", "fay"]
    assert len(opened(dan, *others[1:])["participants"]) == 8


def test_a_removed_room_is_not_opened_again_until_it_is_restored(ada, ben, cleo):
    room = opened(ben, cleo)["id"]
    thing = {"kind": "room", "id": room, "reason": "Threats"}
    assert ada("POST", "/api/v1/admin/remove", thing).status in (200, 201, 204)
    refused(ben("PUT", f"/direct/{cleo.id}"), 403, "room_closed")
    assert ada("POST", "/api/v1/admin/restore", {"kind": "room", "id": room}).status in (200, 204)
    assert (opened(ben, cleo)["id"], opened(ben, cleo)["participants"][0]["role"]) == (room, "member")


def test_the_number_of_rooms_that_a_user_opens_is_bounded(realm, ada, others):
    assert ada("PATCH", "/api/v1/admin/settings", {"quota_direct": 1}).status == 200
    gus = others[3]
    room = opened(gus, others[4])["id"]
    refused(gus("PUT", f"/direct/{others[5].id}"), 409, "quota_exceeded")
    realm.rows.change("UPDATE chat_rooms SET deleted_at = 1 WHERE id = ?", room)
    opened(gus, others[5])
    refused(gus("PUT", f"/direct/{others[6].id}"), 409, "quota_exceeded")
    ada("PATCH", "/api/v1/admin/settings", {"quota_direct": None})
    opened(gus, others[6])


def test_a_removed_room_without_members_can_be_restored_after_one_of_them_is_erased(ada, others):
    hal, ida = others[4:6]
    room = opened(hal, ida)["id"]
    for who in (hal, ida):
        assert who("POST", f"/rooms/{room}/leave").status == 200
    ada("POST", "/api/v1/admin/remove", {"kind": "room", "id": room, "reason": "Threats"})
    assert hal("DELETE", "/api/v1/users/me").status == 204
    assert ada("POST", "/api/v1/admin/restore", {"kind": "room", "id": room}).status == 204


def test_the_other_one_keeps_what_an_erased_user_has_said(realm, ada, ben, others):
    jon, kim = others[6:8]
    room, of_others = opened(jon, kim)["id"], opened(ada, ben)["id"]
    jon("POST", f"/rooms/{room}/messages", {"content": "still here"})
    assert jon("DELETE", "/api/v1/users/me").status == 204
    shown = kim("GET", f"/rooms/{room}").json
    assert (shown["kind"], shown["other"], names(shown)) == ("direct", None, ["kim"])
    assert [line["content"] for line in kim("GET", f"/rooms/{room}/messages").json] == ["still here"]
    assert opened(ada, ben)["id"] == of_others
    assert kim("POST", f"/rooms/{room}/leave").status == 200
    assert realm.rows.select("SELECT deleted_at IS NOT NULL FROM chat_rooms WHERE id = ?", room) in ([(1,)], [])
