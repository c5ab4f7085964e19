"""Registration: the first owner, invitations, approval, addresses and passwords."""

import contextlib
import itertools
import json

import pytest

from conftest import Caller, faults, refused
from realm import PASSWORD, Realm, wait_until
from test_rooms import disable

REGISTER, LOGIN = "/api/v1/users/register", "/api/v1/users/login"
RESET = "/api/v1/users/password/reset"
CLAIM, INVITES, WAITING = "/api/v1/users/me/claim", "/api/v1/invites", "/api/v1/admin/users"
numbers = itertools.count(1)


def register(realm, name=None, **more):
    name = name or f"visitor{next(numbers)}"
    return realm.cgi("POST", REGISTER, {"username": name, "email": f"{name}@example.org",
                                        "password": PASSWORD} | more)


def login(realm, name, password=PASSWORD):
    return realm.cgi("POST", LOGIN, {"username": name, "password": password})


@contextlib.contextmanager
def registration(ada, mode):
    assert ada("PATCH", "/api/v1/admin/settings", {"registration": mode}).status == 200
    try:
        yield
    finally:
        assert ada("PATCH", "/api/v1/admin/settings", {"registration": None}).status == 200


# --- the first owner ---

@pytest.fixture
def ownerless():
    with Realm() as made:
        yield made


def test_nobody_becomes_owner_by_being_the_first(ownerless):
    assert register(ownerless).json["role"] == "user"


def test_a_setup_code_works_once_in_every_mode_and_is_stored_as_a_hash(ownerless):
    code = ownerless.setup_code
    assert code not in str(ownerless.rows.all("realm_meta"))
    ownerless.ctl("set", "registration", "closed")
    refused(register(ownerless, setup_code="00000-00000-00000-00000"), 403, "setup_code_invalid")
    typed = code.upper().replace("-", " ")
    assert register(ownerless, "olga", setup_code=typed).json["role"] == "owner"
    refused(register(ownerless, setup_code=code), 403, "setup_code_invalid")
    assert "setup_code" not in json.loads(ownerless.ctl("init", "--json").stdout)


def test_each_init_without_an_owner_makes_a_new_code_and_the_old_one_ends(ownerless):
    new = json.loads(ownerless.ctl("init", "--json").stdout)["setup_code"]
    refused(register(ownerless, setup_code=ownerless.setup_code), 403, "setup_code_invalid")
    assert register(ownerless, setup_code=new).json["role"] == "owner"


def test_a_user_claims_the_realm_with_the_setup_code(ownerless):
    code, ownerless.setup_code = ownerless.setup_code, None
    ownerless.ids = {"olga": ownerless.user("olga")}
    olga = Caller(ownerless, "olga")
    refused(olga("POST", CLAIM, {"setup_code": "wrong"}), 403, "setup_code_invalid")
    assert olga("POST", CLAIM, {"setup_code": code}).json["role"] == "owner"
    assert olga("GET", "/api/v1/admin/audit?action=role_changed").json[0]["detail"] == "owner"
    refused(olga("POST", CLAIM, {"setup_code": code}), 403, "setup_code_invalid")


def test_an_owner_of_aeonctl_ends_the_setup_code(ownerless):
    ownerless.ctl("user", "add", "olga", "o@example.org", "--role", "owner", "--generate")
    refused(register(ownerless, setup_code=ownerless.setup_code), 403, "setup_code_invalid")


# --- the modes ---

def test_a_closed_realm_takes_nobody(realm, ada):
    with registration(ada, "closed"):
        refused(register(realm), 403, "registration_closed")
        code = ada("POST", INVITES, {}).json["code"]
        refused(register(realm, invite_code=code), 403, "registration_closed")
    assert register(realm).status == 201


def test_an_invitation_lets_in_as_many_as_it_says(realm, ada, ben):
    made = ada("POST", INVITES, {"uses": 2})
    assert made.status == 201 and (made.json["uses"], made.json["used"]) == (2, 0)
    code = made.json["code"]
    assert code not in json.dumps(realm.rows.all("invites"), default=repr)
    with registration(ada, "invite"):
        refused(register(realm), 403, "invite_invalid")
        refused(register(realm, invite_code="00000-00000-00000-00000"), 403, "invite_invalid")
        assert register(realm, invite_code=code).json["is_active"]
        assert register(realm, "x", invite_code=code).status == 422  # uses nothing up
        assert register(realm, invite_code=code.upper()).status == 201
        refused(register(realm, invite_code=code), 403, "invite_invalid")
    row = next(row for row in ada("GET", INVITES).json if row["id"] == made.json["id"])
    assert (row["used"], row["code"]) == (2, None)
    refused(ben("GET", INVITES), 403, "forbidden")
    refused(ben("POST", INVITES, {}), 403, "forbidden")
    refused(ben("DELETE", f"{INVITES}/{made.json['id']}"), 403, "forbidden")


def test_an_invitation_ends_when_it_expires_or_is_deleted(realm, ada):
    old, gone = (ada("POST", INVITES, {"uses": 1000}).json for _ in range(2))
    realm.rows.change("UPDATE invites SET expires_at = 1 WHERE id = ?", old["id"])
    assert ada("DELETE", f"{INVITES}/{gone['id']}").status == 204
    assert refused(ada("DELETE", f"{INVITES}/{gone['id']}"), 404, "not_found")
    with registration(ada, "invite"):
        refused(register(realm, invite_code=old["code"]), 403, "invite_invalid")
        refused(register(realm, invite_code=gone["code"]), 403, "invite_invalid")
    for wrong in ({"uses": 0}, {"uses": 1001}, {"expires_at": "2020-01-01T00:00:00Z"},
                  {"expires_at": "2999-01-01T00:00:00Z"}):
        assert faults(ada("POST", INVITES, wrong)), wrong


# --- invitations into a room ---

JOIN = INVITES + "/join"


def link(ada, room, **more):
    made = ada("POST", INVITES, {"room_id": room} | more)
    assert made.status == 201 and made.json["room_id"] == room, made
    return made.json["code"]


@pytest.mark.parametrize("mode", ["open", "invite", "approval"])
def test_a_user_who_registers_by_the_link_of_a_private_room_is_in_it(realm, ada, mode):
    room = realm.room("ada", is_public=False)
    code = link(ada, room)
    with registration(ada, mode):
        name = register(realm, invite_code=code).json["username"]
    token = login(realm, name).json["access_token"]
    mine = realm.cgi("GET", "/api/v1/phase3/rooms?joined=true", token=token).json
    assert [one["id"] for one in mine] == [room]
    joined = realm.cgi("POST", JOIN, {"code": code}, token=token)  # the link still leads there
    assert joined.status == 200 and joined.json["id"] == room


def test_a_full_or_deleted_room_keeps_nobody_from_registering(realm, ada, ben):
    full, gone = realm.room("ada", max_participants=2), realm.room("ada")
    assert ben("POST", f"/rooms/{full}/join").status == 200
    codes = [link(ada, full), link(ada, gone)]
    assert ada("DELETE", f"/rooms/{gone}").status == 204
    with registration(ada, "invite"):
        for code in codes:
            assert register(realm, invite_code=code).status == 201


def test_a_code_that_has_ended_refuses_nobody_where_everybody_may_register(realm):
    assert register(realm, invite_code="00000-00000-00000-00000").status == 201


def test_users_join_a_private_room_by_its_link_as_often_as_it_says(realm, ada, ben, cleo):
    room = realm.room("ada", is_public=False)
    code = link(ada, room)
    refused(ben("GET", f"/rooms/{room}"), 404, "room_not_found")
    assert ben("POST", JOIN, {"code": code.lower()}).json["id"] == room
    assert ben("POST", JOIN, {"code": code}).status == 200
    refused(cleo("POST", JOIN, {"code": code}), 403, "invite_invalid")
    assert [row["used"] for row in ada("GET", INVITES).json if row["room_id"] == room] == [1]


def test_a_link_opens_no_door_that_its_maker_cannot_open(realm, ada, ben, cleo):
    room = realm.room("ada", is_public=False)
    code = link(ada, room, uses=9)
    assert ben("POST", JOIN, {"code": code}).status == 200
    assert ada("DELETE", f"/rooms/{room}/participants/{ben.id}?ban=true").status == 204
    refused(ben("POST", JOIN, {"code": code}), 403, "forbidden")
    blocked = {"related_user_id": ada.id, "relationship_type": "blocked"}
    assert cleo("POST", "/relationships", blocked).status == 201
    refused(cleo("POST", JOIN, {"code": code}), 403, "invite_invalid")
    assert cleo("DELETE", f"/relationships/{ada.id}").status < 300
    refused(cleo("POST", JOIN, {"code": ada("POST", INVITES, {}).json["code"]}), 403,
            "invite_invalid")
    theirs = realm.room("ben", is_public=False)
    refused(ada("POST", INVITES, {"room_id": theirs}), 404, "room_not_found")
    refused(ada("POST", INVITES, {"room_id": realm.room("ben")}), 403, "forbidden")
    disable(realm, ada)
    refused(cleo("POST", JOIN, {"code": code}), 403, "invite_invalid")
    disable(realm, ada, active=1)
    assert ada("POST", f"/rooms/{room}/leave").status < 300
    refused(cleo("POST", JOIN, {"code": code}), 403, "invite_invalid")


def test_the_list_of_invitations_names_no_room_that_is_hidden(realm, ada, ben):
    room = realm.room("ada", is_public=False)
    link(ada, room)
    assert room in [row["room_id"] for row in ada("GET", INVITES).json]
    assert ada("PATCH", f"/api/v1/users/{ben.id}", {"role": "admin"}).status == 200
    try:
        rows = ben("GET", INVITES).json
        assert rows and room not in [row["room_id"] for row in rows]
    finally:
        assert ada("PATCH", f"/api/v1/users/{ben.id}", {"role": "user"}).status == 200


def test_an_account_waits_for_approval(realm, ada, ben):
    start = ada("GET", "/events").json
    with registration(ada, "approval"):
        made = register(realm, "wanda")
    assert made.status == 201 and made.json["is_active"] is False
    user = made.json["id"]
    refused(login(realm, "wanda"), 403, "approval_pending")
    refused(login(realm, "wanda", "another password"), 401, "login_failed")
    refused(ben("GET", f"/api/v1/users/{user}"), 404, "user_not_found")
    assert [row["id"] for row in ada("GET", WAITING + "?state=pending").json] == [user]
    events = ada("GET", f"/events?epoch={start['epoch']}&since={start['pos']}").json["events"]
    assert [event["data"] for event in events if event["type"] == "registration_pending"] == [
        {"user_id": user, "username": "wanda", "full_name": None}]
    for path in ("", f"/{user}/approve", f"/{user}/reject"):
        refused(ben("POST" if path else "GET", WAITING + path), 403, "forbidden")
    assert ada("POST", f"{WAITING}/{user}/approve").json["is_active"]
    assert login(realm, "wanda").status == 200
    refused(ada("POST", f"{WAITING}/{user}/approve"), 404, "user_not_found")
    refused(ada("POST", f"{WAITING}/{user}/reject"), 404, "user_not_found")
    assert ada("GET", WAITING).json == []


def test_a_rejected_account_is_erased_and_its_name_is_free(realm, ada):
    with registration(ada, "approval"):
        user = register(realm, "rita").json["id"]
        invited = register(realm, invite_code=ada("POST", INVITES, {}).json["code"])
        assert invited.json["is_active"]  # an invitation is an approval
    assert ada("POST", f"{WAITING}/{user}/reject").status == 204
    refused(login(realm, "rita"), 401, "login_failed")
    assert register(realm, "rita").status == 201


# --- addresses and passwords ---

@pytest.mark.parametrize("first, second", [
    ("{}@example.org", "{}@EXAMPLE.org"), ("пример{}@почта.рф", "ПРИМЕР{}@ПОЧТА.РФ"),
    ("{}@müller.example", "{}@MÜLLER.example"), ("{}@straße.example", "{}@STRASSE.example"),
    ("{}@example.net", "{}@example.net\u200b"), ("{}@example.com", "{}＠example.com"),
    ("{}@caf\u00e9.example", "{}@cafe\u0301.example")])
def test_addresses_that_look_alike_are_the_same(realm, first, second):
    name = f"twin{next(numbers)}"
    assert register(realm, name, email=first.format(name)).status == 201
    answer = register(realm, name + "b", email=second.format(name))
    assert answer.status == 422 or refused(answer, 409, "email_taken")
    assert login(realm, first.format(name).upper()).status in (200, 401)


@pytest.mark.parametrize("email", ["a@b..example", "a@-b.example", "a@b-.example", "x,y@b.example",
                                   "<x>@b.example", "x\u00a0@b.example", "a@b@c.example", "a@b",
                                   "a@b.", "@b.example", "\u200b@b.example", "a b@c.example"])
def test_what_is_no_address_is_refused(realm, email):
    assert faults(register(realm, email=email)) == [("value_error", ("body", "email"))]


def test_a_login_by_address_ignores_case_in_every_script(realm):
    register(realm, "юлия".encode().hex()[:8], email="Юлия@почта.рф")
    assert login(realm, "юЛИЯ@ПОЧТА.рф").status == 200


def test_common_passwords_are_refused(realm, ada, ben):
    for password in ("password1", "PassWord1", "12345678", "qwertyuiop", "zxcvbnm123", "!QAZ1qaz"):
        answer = register(realm, password=password)
        assert faults(answer) == [("value_error", ("body", "password"))], password
        assert password not in answer.body.decode()
    name = f"visitor-{next(numbers)}"
    for own in (name, name.upper(), f"{name}@example.org"):
        assert faults(register(realm, name, password=own)), own
    change = {"old_password": PASSWORD, "password": "password1"}
    assert faults(ben("PATCH", "/api/v1/users/me", change)) == [
        ("value_error", ("body", "password"))]
    assert faults(ben("PATCH", "/api/v1/users/me", change | {"password": "ben@example.org"}))
    assert register(realm, password="password1 and more").status == 201


def test_a_network_cannot_try_which_accounts_exist(realm, ada):
    """Both names and addresses; a visitor who takes a free name is let in."""
    codes = [register(realm, "ada").json["code"] for _ in range(30)]
    codes += [register(realm, email="ben@example.org").json["code"] for _ in range(5)]
    assert codes[0] == "username_taken" and codes[-1] == "rate_limited"
    assert codes.count("rate_limited") >= 15
    assert register(realm).status == 201
    realm.rows.change("DELETE FROM attempts")


def test_a_network_registers_a_bounded_number_of_accounts_a_day():
    with Realm(trusted_proxies="127.0.0.1", registrations_per_network=3) as own:
        own.user("owner")

        def register(number, address):
            return own.cgi("POST", "/api/v1/users/register", {
                "username": f"bot{number}", "email": f"bot{number}@example.org",
                "password": PASSWORD}, headers={"HTTP_X_FORWARDED_FOR": address})
        assert [register(n, f"192.0.2.{n}").status for n in range(5)] == [201] * 3 + [429] * 2
        assert refused(register(6, "192.0.2.200"), 429, "rate_limited")
        assert register(7, "198.51.100.1").status == 201
        assert [register(n, f"2001:db8:0:1::{n}").status for n in range(10, 14)] == [201] * 3 + [429]
        for number in range(20, 24):
            own.user(f"local{number}")


# --- what a token alone must not do ---

def newcomer(realm, name):
    realm.ids[name] = realm.user(name)
    return Caller(realm, name)


@pytest.fixture
def tess(realm):
    """A user whose login is six minutes old."""
    caller = newcomer(realm, f"tess{next(numbers)}")
    realm.rows.change("UPDATE sessions SET created_at = created_at - 360000000 WHERE user_id = ?",
                      caller.id)
    return caller


def test_an_old_login_needs_the_password_to_export_to_erase_and_for_a_new_address(realm, tess):
    me, export = "/api/v1/users/me", "/api/v1/users/me/export"
    for call in (("GET", export), ("POST", export, {}), ("DELETE", me),
                 ("PATCH", me, {"email": "tess@new.example"})):
        refused(tess(*call), 401, "password_required")
    for call in (("POST", export), ("DELETE", me)):
        refused(tess(*call, {"password": "not my password"}), 401, "password_required")
    refused(tess("PATCH", me, {"email": "tess@new.example", "password": "wrong horse"}), 401,
            "password_required")
    assert tess("PATCH", me, {"full_name": "Tess"}).status == 200
    changed = tess("PATCH", me, {"email": f"{tess.name}@new.example", "password": PASSWORD})
    assert changed.json["email"] == f"{tess.name}@new.example"
    assert login(realm, tess.name).status == 200  # the password is still the same
    assert tess("POST", export, {"password": PASSWORD}).json["account"][0]["id"] == tess.id
    assert tess("DELETE", me, {"password": PASSWORD}).status == 204


def test_an_address_can_change_five_times_a_day_and_tries_count(realm, tess):
    me = "/api/v1/users/me"
    taken = {"email": "ada@example.org", "password": PASSWORD}
    for _ in range(5):
        refused(tess("PATCH", me, taken), 409, "email_taken")
    answer = tess("PATCH", me, taken | {"email": f"{tess.name}@free.example"})
    assert refused(answer, 429, "rate_limited") and int(answer.headers["retry-after"]) > 80000
    assert tess("PATCH", me, {"bio": "still here"}).status == 200


# --- users that are not discoverable ---

def test_who_is_not_discoverable_exists_only_for_those_with_something_in_common(realm, ada, ben, tess):
    refused(tess("GET", f"/api/v1/users/{ben.id + 1000}"), 404, "user_not_found")
    assert tess("PUT", "/api/v1/users/me/privacy", {"discoverable": False}).status == 200
    room = realm.room("ben")
    calls = [("GET", f"/api/v1/users/{tess.id}"), ("GET", f"/users/{tess.id}/relationships"),
             ("POST", "/relationships", {"related_user_id": tess.id, "relationship_type": "x"}),
             ("POST", f"/rooms/{room}/invitations", {"user_id": tess.id}),
             ("POST", "/aeon/interactions", {"target_aeon_user_id": tess.id,
                                             "interaction_type": "x", "content": "x"})]
    note = ben("POST", "/knowledge", {"content": "x", "knowledge_type": "x"}).json["id"]
    calls.append(("POST", f"/knowledge/{note}/share", {"user_id": tess.id}))
    for call in calls:
        refused(ben(*call), 404, "user_not_found")
    assert ada("GET", f"/api/v1/users/{tess.id}").status == 200  # an administrator
    assert tess("POST", f"/rooms/{room}/join").status == 200
    for call in calls:
        assert ben(*call).status in (200, 201, 403, 409), call


def test_users_see_their_page_as_a_stranger_does(realm, ben, tess):
    """ben has nothing in common with tess, who changes what strangers may know."""
    mine = "/api/v1/users/me"
    for settings in ({}, {"contact": "friends"}, {"contact": "everyone"}, {"discoverable": False}):
        assert tess("PUT", f"{mine}/privacy", settings).status == 200
        assert tess("PATCH", mine, {"bio": f"{settings}"}).json["email"]
        own, others = tess("GET", f"{mine}/as-stranger"), ben("GET", f"/api/v1/users/{tess.id}")
        assert own.status == others.status == (404 if "discoverable" in settings else 200)
        if own.status == 200:
            assert own.json == others.json
            assert own.json["email"] is None and own.json["may_contact"] is (settings.get("contact") != "friends")


# --- accounts that wait too long ---

def test_an_account_that_waits_too_long_is_erased_with_an_entry_of_the_audit_log():
    with Realm(registration="approval", pending_days=30) as made:
        old, fresh = (made.cgi("POST", "/api/v1/users/register", {
            "username": name, "email": f"{name}@example.org", "password": PASSWORD}).json["id"]
            for name in ("old", "fresh"))
        for user, days in ((old, 31), (fresh, 29)):
            made.rows.change("UPDATE users SET created_at = created_at - ? WHERE id = ?",
                             days * 86400 * 10**6, user)
        bridge = made.start_bridge()
        wait_until(lambda: made.rows.select("SELECT 1 FROM users WHERE erased_at IS NOT NULL"),
                   "the erasure", bridge)
        assert made.rows.select("SELECT id, pending FROM users WHERE erased_at IS NULL") == [(fresh, 1)]
        assert made.rows.select("SELECT object, actor_id FROM audit_log WHERE action = 'user_erased'") == [
            (str(old), None)]


def test_a_user_sets_a_new_password_by_a_code_that_an_administrator_made(realm, ada, ben):
    """Once; the code that was made before it ends, and so do all logins."""
    lost = newcomer(realm, "lost")
    code = f"{WAITING}/{lost.id}/password-code"
    refused(ben("POST", code), 403, "forbidden")
    refused(ada("POST", f"{WAITING}/999999/password-code"), 404, "user_not_found")
    first, made = (ada("POST", code) for _ in range(2))
    assert made.status == 201 and made.json["user_id"] == lost.id
    reset = {"password": "another good password"}

    def use(text):
        return realm.cgi("POST", RESET, reset | {"code": text})
    refused(use(first.json["code"]), 403, "code_invalid")
    assert lost("GET", "/api/v1/users/me").status == 200
    assert use(made.json["code"]).status == 200
    refused(use(made.json["code"]), 403, "code_invalid")
    refused(lost("GET", "/api/v1/users/me"), 401, "invalid_token")
    assert login(realm, "lost", reset["password"]).status == 200
    refused(login(realm, "lost"), 401, "login_failed")
    by_operator = json.loads(realm.ctl("user", "reset", "lost", "--json").stdout)["code"]
    assert use(by_operator).status == 200
    actions = [row["action"] for row in ada("GET", "/api/v1/admin/audit?limit=20").json]
    assert actions.count("password_reset") == 3 and actions.count("password_changed") == 2


def test_an_admin_makes_no_code_for_another_administrator(realm, ada, ben):
    boss = newcomer(realm, "boss")
    realm.ctl("user", "role", "boss", "admin")
    for other in (ada, boss):
        refused(boss("POST", f"{WAITING}/{other.id}/password-code"), 403, "forbidden")
    assert boss("POST", f"{WAITING}/{ben.id}/password-code").status == 201


def test_the_code_of_a_disabled_user_is_refused(realm, ada):
    frozen = newcomer(realm, "frozen")
    code = ada("POST", f"{WAITING}/{frozen.id}/password-code").json["code"]
    realm.ctl("user", "disable", "frozen")
    refused(ada("POST", f"{WAITING}/{frozen.id}/password-code"), 404, "user_not_found")
    refused(realm.cgi("POST", RESET, {"code": code, "password": "another good password"}), 403, "code_invalid")
