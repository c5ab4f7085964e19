"""Accounts, logins and tokens."""

from urllib.parse import urlencode

import pytest
from conftest import Caller, faults, refused
from realm import PASSWORD, Realm

USERS = "/api/v1/users"


def test_the_user_with_the_setup_code_is_the_owner_and_later_ones_are_not(realm, ada, ben):
    assert ada("GET", USERS + "/me").json["role"] == "owner"
    assert ben("GET", USERS + "/me").json["role"] == "user"


def test_a_new_account_is_returned_without_its_password(realm):
    answer = realm.cgi("POST", USERS + "/register", {
        "username": "dora", "email": "dora@example.org", "password": PASSWORD,
        "full_name": "Dora Ö.", "bio": "🙂", "unknown": "ignored"})
    assert answer.status == 201
    assert answer.json["username"] == "dora" and answer.json["full_name"] == "Dora Ö."
    assert answer.json["is_active"] is True and answer.json["created_at"].endswith("Z")
    assert "password" not in answer.body.decode()


def test_a_taken_name_or_email_is_a_409_whatever_its_case(realm):
    new = {"username": "ADA", "email": "other@example.org", "password": PASSWORD}
    assert refused(realm.cgi("POST", USERS + "/register", new), 409, "username_taken")
    new = {"username": "other", "email": "ADA@example.org", "password": PASSWORD}
    assert refused(realm.cgi("POST", USERS + "/register", new), 409, "email_taken")


def test_all_wrong_fields_are_named_at_once_and_no_password_is_echoed(realm):
    answer = realm.cgi("POST", USERS + "/register", {
        "username": "a b", "email": "nope", "password": "short77", "bio": "x" * 501})
    assert faults(answer) == [
        ("string_pattern_mismatch", ("body", "username")), ("value_error", ("body", "email")),
        ("string_too_short", ("body", "password")), ("string_too_long", ("body", "bio"))]
    assert b"short77" not in answer.body
    assert faults(realm.cgi("POST", USERS + "/register")) == [
        ("missing", ("body", name)) for name in ("username", "email", "password")]


def test_login_accepts_json_and_forms_with_a_name_or_an_email(realm):
    form = urlencode({"grant_type": "password", "username": "ada@example.org",
                      "password": PASSWORD}).encode()
    for answer in (
            realm.cgi("POST", USERS + "/login", {"username": "Ada", "password": PASSWORD}),
            realm.cgi("POST", USERS + "/login", body=form,
                      content_type="application/x-www-form-urlencoded; charset=UTF-8")):
        assert answer.status == 200, answer
        assert answer.json["token_type"] == "bearer" and answer.json["expires_in"] == 30 * 86400
        token = answer.json["access_token"]
        assert realm.cgi("GET", USERS + "/me", token=token).json["username"] == "ada"


def test_an_unknown_user_and_a_wrong_password_get_the_same_answer(realm):
    wrong = [realm.cgi("POST", USERS + "/login", {"username": name, "password": "wrong one"})
             for name in ("cleo", "nobody")]
    assert wrong[0].body == wrong[1].body
    assert refused(wrong[0], 401, "login_failed")
    assert wrong[0].headers["www-authenticate"] == "Bearer"


def test_repeated_failures_delay_the_next_login_of_an_account(realm):
    for _ in range(10):
        answer = realm.cgi("POST", USERS + "/login", {"username": "victim", "password": "wrong"})
        assert answer.status == 401
    for _ in range(2):
        answer = realm.cgi("POST", USERS + "/login", {"username": "victim", "password": "wrong"})
    assert refused(answer, 429, "too_many_logins")
    assert int(answer.headers["retry-after"]) >= 1


def test_a_strangers_guesses_keep_no_user_out():
    with Realm(trusted_proxies="127.0.0.1") as own:
        own.user("vera")

        def login(password, forwarded):
            return own.cgi("POST", USERS + "/login", {"username": "vera", "password": password},
                           headers={"HTTP_X_FORWARDED_FOR": forwarded}).status
        assert [login("wrong", f"192.0.2.{number}") for number in range(12)] == [401] * 10 + [429] * 2
        assert login(PASSWORD, "192.0.2.9") == 429
        assert login(PASSWORD, "198.51.100.7") == 200
        assert login(PASSWORD, "192.0.2.9, 198.51.100.7") == 200


def test_a_header_about_the_address_counts_only_from_a_trusted_proxy(realm):
    wrong = {"username": "spoofed", "password": "wrong"}
    seen = [realm.cgi("POST", USERS + "/login", wrong, headers={
        "HTTP_X_FORWARDED_FOR": f"198.51.{number}.7", "HTTP_FORWARDED": f"for=198.51.{number}.7",
        "HTTP_X_REAL_IP": f"198.51.{number}.7"}).status for number in range(12)]
    assert seen == [401] * 10 + [429] * 2


def test_an_old_password_is_throttled_like_a_login():
    with Realm() as own:
        own.user("otto")
        token = own.tokens["otto"]

        def change(old):
            return own.cgi("PATCH", USERS + "/me", {"password": "another good one",
                                                    "old_password": old}, token=token)
        assert [change("wrong").status for _ in range(11)] == [422] * 10 + [429]
        assert refused(change(PASSWORD), 429, "too_many_logins")
        assert own.rows.select("SELECT action, address, sum(times) FROM audit_log "
                               "WHERE action = 'login_failed' GROUP BY 1, 2") == [
            ("login_failed", "127.0.0.1", 10)]
        login = own.cgi("POST", USERS + "/login", {"username": "otto", "password": PASSWORD})
        assert refused(login, 429, "too_many_logins")


def test_logout_ends_only_its_own_token(realm):
    login = {"username": "ben", "password": PASSWORD}
    one, two = (realm.cgi("POST", USERS + "/login", login).json["access_token"] for _ in "12")
    assert realm.cgi("POST", USERS + "/logout", token=one).json == {"message": "Logged out"}
    assert refused(realm.cgi("GET", USERS + "/me", token=one), 401, "invalid_token")
    assert realm.cgi("GET", USERS + "/me", token=two).status == 200


def test_a_signed_in_user_gets_a_ticket_for_the_websocket(realm, ada):
    one, two = (ada("POST", "/ws/ticket") for _ in "12")
    assert one.status == 201 and set(one.json) == {"ticket", "expires_in"}
    assert one.json["expires_in"] == 30 and len(one.json["ticket"]) == 43
    assert one.headers["cache-control"] == "no-store"
    assert one.json["ticket"] != two.json["ticket"]
    assert refused(realm.cgi("POST", "/api/v1/phase3/ws/ticket"), 401, "unauthenticated")
    assert refused(realm.cgi("POST", "/api/v1/phase3/ws/ticket", token="x" * 43), 401,
                   "invalid_token")
    assert refused(ada("GET", "/ws/ticket"), 405, "method_not_allowed")
    realm.ctl("checkpoint")
    stored = b"".join(path.read_bytes() for path in realm.directory.glob("aeon.db*"))
    assert one.json["ticket"].encode() not in stored


def test_a_valid_token_is_required(realm):
    assert refused(realm.cgi("GET", USERS + "/me"), 401, "unauthenticated")
    for header in ("Basic YWRhOmFkYQ==", "Bearer", "Bearer"):
        answer = realm.cgi("GET", USERS + "/me", headers={"HTTP_AUTHORIZATION": header})
        assert refused(answer, 401, "unauthenticated")
    for token in ("x", "x" * 43, "ü" * 43, "x" * 10000, realm.tokens["ada"] + "x"):
        answer = realm.cgi("GET", USERS + "/me", token=token)
        assert refused(answer, 401, "invalid_token")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_the_bearer_scheme_is_accepted_in_any_case(realm):
    for scheme in ("bearer", "BEARER "):
        header = {"HTTP_AUTHORIZATION": f"{scheme} {realm.tokens['ada']}"}
        assert realm.cgi("GET", USERS + "/me", headers=header).status == 200


def test_the_database_holds_no_token_and_no_password(realm):
    realm.ctl("checkpoint")
    stored = b"".join(path.read_bytes() for path in realm.directory.glob("aeon.db*"))
    assert realm.tokens["ada"].encode() not in stored
    assert PASSWORD.encode() not in stored


def test_an_expired_token_is_refused():
    with Realm() as realm:
        realm.user("eve")
        realm.rows.change("UPDATE sessions SET created_at = 0, expires_at = 1")
        answer = realm.cgi("GET", USERS + "/me", token=realm.tokens["eve"])
        assert refused(answer, 401, "invalid_token")


def test_only_the_given_fields_of_the_own_account_change(realm, cleo):
    for method in ("PUT", "PATCH"):
        me = cleo(method, USERS + "/me", {"full_name": "Cleo", "bio": "Reads."}).json
        assert (me["full_name"], me["bio"]) == ("Cleo", "Reads.")
        me = cleo(method, USERS + "/me", {"bio": None}).json
        assert (me["full_name"], me["bio"], me["email"]) == ("Cleo", None, "cleo@example.org")
        assert cleo(method, USERS + "/me").json["full_name"] == "Cleo"
    assert refused(cleo("PUT", USERS + "/me", {"email": "ada@example.org"}), 409, "email_taken")
    assert faults(cleo("PUT", USERS + "/me", {"full_name": 1})) == [
        ("string_type", ("body", "full_name"))]


# --- logins, privacy, administration -------------------------------------------------------------


@pytest.fixture
def town():
    """A separate realm: olga is its owner, adam an administrator, uma and udo are users."""
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("olga", "adam", "uma", "udo")}
        made.ctl("user", "role", "adam", "admin")
        yield made


def who(town, name):
    return Caller(town, name)


def test_the_own_logins_are_listed_and_ended(town):
    uma, first = who(town, "uma"), town.tokens["uma"]
    second = town.cgi("POST", "/api/v1/users/login", {"username": "uma", "password": PASSWORD},
                      headers={"HTTP_USER_AGENT": "Phone"}).json["access_token"]
    listed = uma("GET", "/api/v1/users/sessions").json
    assert [(s["client"], s["is_current"]) for s in listed] == [("Phone", False), (None, True)]
    answer = who(town, "udo")("DELETE", f"/api/v1/users/sessions/{listed[0]['id']}")
    refused(answer, 404, "not_found")
    assert uma("DELETE", f"/api/v1/users/sessions/{listed[0]['id']}").status == 204
    assert town.cgi("GET", "/api/v1/users/me", token=second).status == 401
    assert town.cgi("GET", "/api/v1/users/me", token=first).status == 200


def test_all_other_logins_end_at_once_and_those_of_others_stay(town):
    uma, first = who(town, "uma"), town.tokens["uma"]
    others = [town.cgi("POST", "/api/v1/users/login", {"username": "uma", "password": PASSWORD})
              .json["access_token"] for _ in range(2)]
    assert uma("DELETE", "/api/v1/users/sessions").status == 204
    assert [town.cgi("GET", "/api/v1/users/me", token=token).status
            for token in (*others, first, town.tokens["udo"])] == [401, 401, 200, 200]
    assert uma("DELETE", "/api/v1/users/sessions").status == 204


def test_a_new_password_needs_the_old_one_and_ends_other_logins(town):
    uma = who(town, "uma")
    other = town.cgi("POST", "/api/v1/users/login",
                     {"username": "uma", "password": PASSWORD}).json["access_token"]
    for old in ({}, {"old_password": "not this one"}):
        answer = uma("PATCH", "/api/v1/users/me", {"password": "quite another one", **old})
        assert faults(answer) == [("value_error", ("body", "old_password"))]
        assert "not this one" not in answer.body.decode()
    assert uma("PATCH", "/api/v1/users/me", {"password": "quite another one",
                                             "old_password": PASSWORD}).status == 200
    assert town.cgi("GET", "/api/v1/users/me", token=other).status == 401
    assert uma("GET", "/api/v1/users/me").status == 200
    for password, status in ((PASSWORD, 401), ("quite another one", 200)):
        assert town.cgi("POST", "/api/v1/users/login",
                        {"username": "uma", "password": password}).status == status


def test_privacy_has_defaults_and_only_the_given_fields_change(town):
    uma, path = who(town, "uma"), "/api/v1/users/me/privacy"
    assert uma("GET", path).json == {"presence": "everyone", "relationships": "friends",
                                     "network": "friends", "contact": "everyone",
                                     "discoverable": True}
    changed = uma("PUT", path, {"presence": "nobody", "discoverable": False}).json
    assert changed == {"presence": "nobody", "relationships": "friends", "network": "friends",
                       "contact": "everyone", "discoverable": False} == uma("GET", path).json
    assert faults(uma("PUT", path, {"network": "all", "discoverable": 1})) == [
        ("enum", ("body", "network")), ("bool_type", ("body", "discoverable"))]


def test_only_the_user_and_administrators_see_an_email(town):
    path = f"/api/v1/users/{town.ids['uma']}"
    for name, email in (("uma", "uma@example.org"), ("olga", "uma@example.org"),
                        ("adam", "uma@example.org"), ("udo", None)):
        answer = who(town, name)("GET", path)
        assert (answer.status, answer.json["email"]) == (200, email), name
    refused(who(town, "udo")("GET", "/api/v1/users/999999"), 404, "user_not_found")
    who(town, "uma")("POST", "/relationships", {"related_user_id": town.ids["udo"],
                                                "relationship_type": "blocked"})
    refused(who(town, "udo")("GET", path), 404, "user_not_found")
    refused(who(town, "uma")("GET", f"/api/v1/users/{town.ids['udo']}"), 404, "user_not_found")
    assert who(town, "adam")("GET", path).status == 200


def test_administrators_list_everybody(town):
    for name in ("olga", "adam"):
        listed = who(town, name)("GET", "/api/v1/users").json
        assert [u["username"] for u in listed] == ["udo", "uma", "adam", "olga"]
    refused(who(town, "uma")("GET", "/api/v1/users/"), 403, "forbidden")


def test_only_a_higher_role_changes_an_account(town):
    def change(name, other, **what):
        return who(town, name)("PATCH", f"/api/v1/users/{town.ids[other]}", what)
    for name, other, what in (("uma", "udo", {"is_active": False}),
                              ("uma", "uma", {"role": "admin"}),
                              ("adam", "uma", {"role": "admin"}),
                              ("adam", "olga", {"is_active": False}),
                              ("adam", "adam", {"role": "user"})):
        refused(change(name, other, **what), 403, "forbidden")
    refused(change("olga", "olga", role="user"), 409, "last_owner")
    refused(change("olga", "olga", is_active=False), 409, "last_owner")
    assert change("adam", "udo", is_active=False).json["is_active"] is False
    assert who(town, "udo")("GET", "/api/v1/users/me").status == 401
    refused(who(town, "uma")("GET", f"/api/v1/users/{town.ids['udo']}"), 404, "user_not_found")
    assert change("adam", "udo", is_active=True).json["is_active"] is True
    assert change("olga", "adam", role="owner").json["role"] == "owner"
    assert change("olga", "olga", role="user").json["role"] == "user"
    refused(change("olga", "adam", role="user"), 403, "forbidden")
