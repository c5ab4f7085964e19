"""Settings that administrators change while the realm runs."""

import json
import urllib.request

import pytest

from conftest import faults, refused
from realm import PASSWORD, Realm

SETTINGS = "/api/v1/admin/settings"


def setting(caller, key):
    return next(row for row in caller("GET", SETTINGS).json if row["key"] == key)


@pytest.fixture(autouse=True)
def as_configured(ada):
    yield
    changed = [row["key"] for row in ada("GET", SETTINGS).json if row["is_changed"]]
    assert ada("PATCH", SETTINGS, dict.fromkeys(changed)).status == 200


def test_a_change_counts_at_the_next_request(realm, ada):
    answer = ada("PATCH", SETTINGS, {"session_days": 2})
    assert answer.status == 200 and answer.json == ada("GET", SETTINGS).json
    row = setting(ada, "session_days")
    assert (row["value"], row["configured"], row["is_changed"]) == (2, 30, True)
    entry = ada("GET", "/api/v1/admin/audit?action=setting_changed").json[0]
    assert (entry["actor_id"], entry["object"], entry["detail"]) == (ada.id, "session_days", "2")
    login = {"username": "ben", "password": PASSWORD}
    token = realm.cgi("POST", "/api/v1/users/login", login).json
    assert token["expires_in"] == 2 * 86400


def test_a_running_worker_sees_a_change_of_another_program():
    with Realm() as realm:
        realm.user("ada")
        realm.start_all()

        def lifetime():
            request = urllib.request.Request(
                realm.url + "/api/v1/users/login", method="POST",
                data=json.dumps({"username": "ada", "password": PASSWORD}).encode(),
                headers={"Content-Type": "application/json"})
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["expires_in"]
        assert lifetime() == 30 * 86400
        realm.ctl("set", "session_days", "3")
        assert lifetime() == 3 * 86400
        realm.ctl("unset", "session_days")
        assert lifetime() == 30 * 86400


def test_null_returns_to_the_configured_value(ada):
    ada("PATCH", SETTINGS, {"events_hours": 48, "session_days": 5})
    ada("PATCH", SETTINGS, {"events_hours": None})
    assert setting(ada, "events_hours")["value"] == 24
    assert not setting(ada, "events_hours")["is_changed"]
    assert setting(ada, "session_days")["value"] == 5


def test_a_wrong_value_is_refused_with_its_bounds_and_nothing_changes(ada):
    answer = ada("PATCH", SETTINGS, {"session_days": 0, "events_hours": "soon", "nonsense": 1,
                                     "database": "/tmp/x", "user_rate": 5})
    assert faults(answer) == [("value_error", ("body", name)) for name in
                              ("session_days", "events_hours", "nonsense", "database")]
    assert "from 1 to 3650" in answer.json["detail"][0]["msg"]
    assert not setting(ada, "user_rate")["is_changed"]
    for value in (1.5, True, [], {}, "1e3", 2 ** 63 - 1):
        assert faults(ada("PATCH", SETTINGS, {"session_days": value})), value
    many = {f"key{i}": 1 for i in range(5000)}
    assert len(ada("PATCH", SETTINGS, many).body) < 1000


def test_only_administrators_see_and_change_settings(ada, ben):
    assert refused(ben("GET", SETTINGS), 403, "forbidden")
    assert refused(ben("PATCH", SETTINGS, {"session_days": 1}), 403, "forbidden")
    assert not setting(ada, "session_days")["is_changed"]


def test_a_stored_value_that_is_out_of_bounds_does_not_count(realm, ada):
    with realm.rows.transaction() as db:
        db.execute("INSERT INTO realm_settings VALUES ('session_days', '0'), ('gone', 'x')")
        db.execute("INSERT OR REPLACE INTO realm_meta VALUES ('settings_generation', '999')")
    assert setting(ada, "session_days")["value"] == 30
    with realm.rows.transaction() as db:
        db.execute("DELETE FROM realm_settings WHERE key = 'gone'")
