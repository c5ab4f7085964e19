"""Bans from rooms, and members who are not discoverable."""

import pytest
from conftest import Caller, all_pages, refused
from test_rooms import disable, moderated, roles


@pytest.mark.parametrize("is_public, status", [(True, 403), (False, 404)])
def test_a_banned_user_returns_only_by_an_invitation(realm, ada, ben, is_public, status):
    room = moderated(realm, ben, is_public=is_public)
    assert ada("DELETE", f"{room}/participants/{ben.id}?ban=true").status == 204
    assert ben("POST", room + "/join").status == status
    assert ada("POST", room + "/invitations", {"user_id": ben.id}).status == 201
    assert ben("POST", room + "/join").status == 200


def test_a_moderator_ends_the_ban_of_a_user_who_wants_no_contact(realm, ada, ben, cleo):
    room = moderated(realm, ben, cleo)
    ada("PUT", f"{room}/participants/{cleo.id}", {"role": "moderator"})
    ada("DELETE", f"{room}/participants/{ben.id}?ban=true")
    ben("PUT", "/api/v1/users/me/privacy", {"contact": "nobody"})
    refused(cleo("POST", room + "/invitations", {"user_id": ben.id}), 403, "contact_refused")
    refused(ben("DELETE", f"{room}/bans/{ben.id}"), 403, "forbidden")
    assert cleo("DELETE", f"{room}/bans/{ben.id}").status == 204
    refused(cleo("DELETE", f"{room}/bans/{ben.id}"), 404, "user_not_found")
    assert ben("POST", room + "/join").status == 200
    ben("PUT", "/api/v1/users/me/privacy", {"contact": "everyone"})


def test_moderators_list_the_bans_of_their_room(realm, ada, ben, cleo):
    room = moderated(realm, ben, cleo)
    ada("PUT", f"{room}/participants/{cleo.id}", {"role": "moderator"})
    refused(ben("GET", room + "/bans"), 403, "forbidden")
    assert cleo("GET", room + "/bans").json == []
    cleo("DELETE", f"{room}/participants/{ben.id}?ban=true")
    row = ada("GET", room + "/bans").json[0]
    assert row.pop("created_at")
    assert row == {"user_id": ben.id, "username": "ben", "full_name": None, "twin": None, "banned_by": cleo.id,
                   "banned_by_name": "cleo", "banned_by_full_name": None}
    refused(ben("GET", room + "/bans"), 403, "forbidden")
    for who, other in ((ada, ben), (ben, ada)):
        who("POST", "/relationships", {"related_user_id": other.id, "relationship_type": "blocked"})
        assert ada("GET", room + "/bans").json == []
        who("DELETE", f"/relationships/{other.id}")
    ada("DELETE", f"{room}/bans/{ben.id}")
    assert ada("GET", room + "/bans").json == []


def test_the_bans_of_a_private_room_exist_only_for_its_members(realm, ada, ben, cleo):
    room = moderated(realm, ben, is_public=False)
    refused(ben("GET", room + "/bans"), 403, "forbidden")
    refused(cleo("GET", room + "/bans"), 404, "room_not_found")


def test_moderators_list_who_is_invited_until_the_user_comes_or_is_blocked(realm, ada, ben, cleo):
    room = moderated(realm, ben, is_public=False)
    refused(ben("GET", room + "/invitations"), 403, "forbidden")
    refused(cleo("GET", room + "/invitations"), 404, "room_not_found")
    ada("PUT", f"{room}/participants/{ben.id}", {"role": "moderator"})
    assert ben("POST", room + "/invitations", {"user_id": cleo.id}).status == 201
    row = ada("GET", room + "/invitations").json[0]
    assert row.pop("created_at")
    assert row == {"user_id": cleo.id, "username": "cleo", "full_name": None, "twin": None, "invited_by": ben.id,
                   "invited_by_name": "ben", "invited_by_full_name": None}
    ada("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    assert ada("GET", room + "/invitations").json == []
    assert [row["user_id"] for row in ben("GET", room + "/invitations").json] == [cleo.id]
    ada("DELETE", f"/relationships/{cleo.id}")
    cleo("POST", room + "/join")
    assert ben("GET", room + "/invitations").json == []


def test_a_block_ends_invitations_between_both_users_and_a_friendship_does_not(realm, ada, ben, cleo):
    room = moderated(realm, ben, is_public=False)
    ada("PUT", f"{room}/participants/{ben.id}", {"role": "moderator"})
    assert ben("POST", room + "/invitations", {"user_id": cleo.id}).status == 201
    for who, other, kind, invited in ((ben, cleo, "friend", [cleo.id]), (cleo, ben, "friend", [cleo.id]),
                                      (ben, cleo, "blocked", [])):
        who("POST", "/relationships", {"related_user_id": other.id, "relationship_type": kind})
        assert [row["user_id"] for row in ada("GET", room + "/invitations").json] == invited
    ben("DELETE", f"/relationships/{cleo.id}")
    cleo("DELETE", f"/relationships/{ben.id}")


def test_a_moderator_who_is_hidden_or_disabled_is_not_named(realm, ada, ben, cleo):
    invited, banned = moderated(realm, ben, is_public=False), moderated(realm, ben, cleo)
    for room in (invited, banned):
        ada("PUT", f"{room}/participants/{ben.id}", {"role": "moderator"})
    ben("POST", invited + "/invitations", {"user_id": cleo.id})
    ben("DELETE", f"{banned}/participants/{cleo.id}?ban=true")

    def named():
        own, = (row for row in cleo("GET", "/invitations").json if invited.endswith(row["room_id"]))
        return (own["username"], ada("POST", invited + "/invitations", {"user_id": cleo.id}).json["username"],
                ada("GET", invited + "/invitations").json[0]["invited_by_name"],
                ada("GET", banned + "/bans").json[0]["banned_by_name"])
    assert named() == ("ben", "ben", "ben", "ben")
    disable(realm, ben)
    assert named() == (None, None, None, None)
    disable(realm, ben, active=1)
    ada("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "blocked"})
    assert named() == ("ben", None, None, None)
    ada("DELETE", f"/relationships/{ben.id}")


def test_many_bans_come_in_pages(realm, ada, ben, cleo):
    room = moderated(realm)
    for user in (ben, cleo):
        assert ada("DELETE", f"{room}/participants/{user.id}?ban=true").status == 204
    pages = all_pages(ada, room + "/bans?limit=1")
    assert [[row["username"] for row in page] for page in pages] == [["cleo"], ["ben"]]


@pytest.fixture
def hidden(realm):
    """A new user who is not discoverable and has nothing in common with others."""
    name = f"hidden{len(realm.ids)}"
    realm.ids[name] = realm.user(name)
    caller = Caller(realm, name)
    caller("PUT", "/api/v1/users/me/privacy", {"discoverable": False})
    return caller


def test_a_ban_does_not_tell_whether_an_undiscoverable_user_exists(realm, ada, hidden):
    """But a user who has been in the room can be banned and is listed."""
    room = moderated(realm)
    ban = f"{room}/participants/{hidden.id}?ban=true"
    refused(ada("DELETE", ban), 404, "user_not_found")
    hidden("POST", room + "/join")
    hidden("POST", room + "/leave")
    assert ada("DELETE", ban).status == 204
    assert [row["username"] for row in ada("GET", room + "/bans").json] == [hidden.name]


def test_a_moderator_bans_an_undiscoverable_user_whom_another_one_has_invited(realm, ada, ben, hidden):
    hidden("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": "friend"})
    room = moderated(realm, ben)
    ada("PUT", f"{room}/participants/{ben.id}", {"role": "moderator"})
    refused(ben("DELETE", f"{room}/participants/{hidden.id}?ban=true"), 404, "user_not_found")
    assert ada("POST", room + "/invitations", {"user_id": hidden.id}).status == 201
    assert ben("DELETE", f"{room}/participants/{hidden.id}?ban=true").status == 204


def test_undiscoverable_members_of_a_public_room_are_shown_to_its_members_alone(realm, cleo, hidden):
    room = moderated(realm, hidden)
    assert set(roles(cleo, room)) == {"ada"}
    cleo("POST", room + "/join")
    assert set(roles(cleo, room)) == {"ada", hidden.name, "cleo"}
    cleo("POST", room + "/leave")
    assert set(roles(cleo, room)) == {"ada"}


def test_a_user_who_was_never_a_member_can_be_banned(realm, ada, ben):
    room = moderated(realm)
    assert ada("DELETE", f"{room}/participants/{ben.id}?ban=true").status == 204
    refused(ben("POST", room + "/join"), 403, "forbidden")
