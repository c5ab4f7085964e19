"""Second factors."""

import itertools

import pytest

from conftest import Caller, refused
from realm import PASSWORD
from test_erase import totp

TOTP, LOGIN, SETTINGS = "/api/v1/users/me/totp", "/api/v1/users/login", "/api/v1/admin/settings"
numbers = itertools.count(1)


def login(realm, name, code=None):
    return realm.cgi("POST", LOGIN, {"username": name, "password": PASSWORD} |
                     ({"totp": code} if code else {}))


@pytest.fixture
def tom(realm):
    name = f"tom{next(numbers)}"
    realm.ids[name] = realm.user(name)
    return Caller(realm, name)


def switch_on(user):
    made = user("POST", TOTP, {}).json
    assert made["secret"] in made["uri"] and made["uri"].startswith("otpauth://totp/")
    answer = user("POST", TOTP + "/confirm", {"code": totp(made["secret"], -1)})
    assert answer.status == 200, answer
    return made["secret"], answer.json["recovery_codes"]


def test_a_login_wants_a_code_that_works_once(realm, tom):
    secret, codes = switch_on(tom)
    refused(login(realm, tom.name), 401, "totp_required")
    refused(login(realm, tom.name, "000000x"), 401, "totp_required")
    assert realm.cgi("POST", LOGIN, {"username": tom.name, "password": "wrong horse",
                                     "totp": totp(secret)}).json["code"] == "login_failed"
    code = totp(secret, 1)
    assert login(realm, tom.name, code).status == 200
    refused(login(realm, tom.name, code), 401, "totp_required")
    assert len(set(codes)) == 10
    assert tom("GET", TOTP).json == {"is_on": True, "recovery_codes": 10}
    assert login(realm, tom.name, codes[0].upper()).status == 200
    refused(login(realm, tom.name, codes[0]), 401, "totp_required")
    assert login(realm, tom.name, codes[1]).status == 200
    assert tom("GET", TOTP).json == {"is_on": True, "recovery_codes": 8}
    assert codes[2] not in str(realm.rows.all("totp_recovery"))


def test_a_secret_counts_only_after_a_right_code(realm, tom):
    tom("POST", TOTP, {})
    assert tom("GET", TOTP).json == {"is_on": False, "recovery_codes": 0}
    assert login(realm, tom.name).status == 200
    refused(tom("POST", TOTP + "/confirm", {"code": "0000000"}), 401, "totp_required")
    switch_on(tom)
    refused(tom("POST", TOTP, {}), 409, "totp_active")
    refused(tom("POST", TOTP + "/confirm", {"code": "123456"}), 409, "totp_active")


def test_wrong_codes_are_throttled(realm, tom):
    switch_on(tom)
    answers = [login(realm, tom.name, "000000x").json["code"] for _ in range(11)]
    assert answers == ["totp_required"] * 10 + ["rate_limited"]


def test_it_is_switched_off_with_the_password_and_a_code_or_by_the_operator(realm, tom):
    secret, codes = switch_on(tom)
    refused(tom("DELETE", TOTP, {"password": "wrong horse", "code": codes[0]}), 401,
            "password_required")
    refused(tom("DELETE", TOTP, {"password": PASSWORD, "code": "000000x"}), 401, "totp_required")
    assert tom("DELETE", TOTP, {"password": PASSWORD, "code": codes[0]}).status == 204
    assert login(realm, tom.name).status == 200
    switch_on(tom)
    realm.ctl("user", "totp-off", tom.name)
    assert login(realm, tom.name).status == 200


def test_administrators_need_a_second_factor_where_the_setting_says_so(realm, ada, tom):
    realm.ctl("user", "role", tom.name, "admin")
    assert tom("GET", SETTINGS).status == 200
    gone = f"gone-{next(numbers)}"
    realm.ids[gone] = realm.user(gone)
    ownerless = f"/rooms/{realm.room(gone)}"
    realm.ctl("user", "disable", gone)
    realm.ctl("set", "totp_required_for_admins", "yes")
    try:
        refused(tom("GET", SETTINGS), 403, "forbidden")
        refused(tom("PATCH", ownerless, {"name": "Ours"}), 403, "forbidden")
        switch_on(tom)
        assert tom("GET", SETTINGS).status == 200
        assert tom("PATCH", ownerless, {"name": "Ours"}).status == 200
    finally:
        realm.ctl("unset", "totp_required_for_admins")
