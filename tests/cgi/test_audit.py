"""The audit log: its entries, its readers, and that it is bounded and cannot be changed."""

import configparser
import pathlib
import re
import subprocess

import pytest
from conftest import Caller, faults, refused
from realm import BUILD, PASSWORD, TOP, Realm, wait_until

AUDIT = "/api/v1/admin/audit"
LOGIN = "/api/v1/users/login"
FILTER = TOP / "conf/fail2ban/aeon.conf"


@pytest.fixture
def town():
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben")}
        yield made


def entries(town, query=""):
    answer = Caller(town, "ada")("GET", AUDIT + query)
    assert answer.status == 200, answer
    return answer.json


def actions(town, query=""):
    return [row["action"] for row in entries(town, query)]


def fail_to_sign_in(town, name="ben", address="198.51.100.7"):
    return town.cgi("POST", LOGIN, {"username": name, "password": "a wrong password"},
                    headers={"REMOTE_ADDR": address})


def test_each_action_on_an_account_is_an_entry_with_its_actor_and_address(town):
    ada, ben = Caller(town, "ada"), Caller(town, "ben")
    ben("PATCH", "/api/v1/users/me", {"email": "new@example.org"})
    ben("GET", "/api/v1/users/me/export")
    ben("PATCH", "/api/v1/users/me", {"password": "a new password", "old_password": PASSWORD})
    ada("PATCH", f"/api/v1/users/{ben.id}", {"role": "admin"})
    ada("PATCH", f"/api/v1/users/{ben.id}", {"is_active": False})
    rows = entries(town)
    assert [(row["action"], row["actor_name"], row["object"], row["detail"]) for row in rows[:6]] == [
        ("user_disabled", "ada", str(ben.id), None), ("role_changed", "ada", str(ben.id), "admin"),
        ("password_changed", "ben", str(ben.id), None), ("user_exported", "ben", str(ben.id), None),
        ("email_changed", "ben", str(ben.id), None), ("login", "ben", str(ben.id), None)]
    assert {row["address"] for row in rows} == {"127.0.0.1"}


def test_the_operators_commands_are_entries_too(town):
    town.ctl("user", "role", "ben", "admin")
    row = entries(town)[0]
    assert (row["action"], row["actor_id"], row["address"]) == ("role_changed", None, "local")


def test_logouts_and_ended_sessions_are_entries(town):
    ben = Caller(town, "ben")
    first = ben("GET", "/api/v1/users/sessions").json[0]["id"]
    second = town.cgi("POST", LOGIN, {"username": "ben", "password": PASSWORD}).json["access_token"]
    town.cgi("DELETE", f"/api/v1/users/sessions/{first}", token=second)
    town.cgi("POST", "/api/v1/users/logout", token=second)
    assert actions(town)[:3] == ["logout", "session_ended", "login"]


def test_the_log_is_filtered_by_actor_action_and_time_and_comes_in_pages(town):
    ben = Caller(town, "ben")
    for _ in range(3):
        ben("GET", "/api/v1/users/me/export")
    assert actions(town, f"?actor={ben.id}&action=user_exported") == ["user_exported"] * 3
    assert actions(town, "?action=login") == ["login", "login"]
    assert actions(town, "?since=2999-01-01T00:00:00Z") == []
    first = Caller(town, "ada")("GET", f"{AUDIT}?actor={ben.id}&limit=2")
    cursor = re.search(r"cursor=([^&>]+)", first.headers["link"]).group(1)
    rest = entries(town, f"?actor={ben.id}&limit=10&cursor={cursor}")
    assert [row["action"] for row in first.json + rest] == ["user_exported"] * 3 + ["login"]


def test_only_administrators_read_the_log(town):
    refused(Caller(town, "ben")("GET", AUDIT), 403, "forbidden")
    assert faults(Caller(town, "ada")("GET", AUDIT + "?action=nothing")) == [
        ("enum", ("query", "action"))]


def test_failed_logins_of_an_account_from_a_network_are_one_entry(town):
    for _ in range(4):
        assert fail_to_sign_in(town).status == 401
    row, *more = entries(town, "?action=login_failed")
    assert more == []
    assert (row["times"], row["object"], row["address"], row["actor_id"]) == \
        (4, str(town.ids["ben"]), "198.51.100.7", None)


def test_the_name_that_was_typed_is_not_in_the_log_as_it_may_be_a_password(town):
    fail_to_sign_in(town, "my secret password")
    row = entries(town, "?action=login_failed")[0]
    assert (row["kind"], row["object"], row["detail"]) == (None, None, None)


def test_a_flood_of_failed_logins_makes_a_bounded_number_of_entries(town):
    for i in range(101):
        town.rows.change("INSERT INTO audit_log (created_at, action, network) VALUES "
                         "(unixepoch() * 1000000, 'login_failed', ?)", f"203.0.113.{i}")
    for i in range(3):
        fail_to_sign_in(town, address=f"198.51.100.{i}")
    rows = entries(town, "?action=login_failed&limit=200")
    assert len(rows) == 102
    assert (rows[0]["times"], rows[0]["address"], rows[0]["object"]) == (3, None, None)


def test_the_database_refuses_every_change_of_the_log(town):
    for change in ("UPDATE audit_log SET detail = 'x'", "UPDATE audit_log SET actor_id = 1",
                   "UPDATE audit_log SET times = 0", "UPDATE audit_log SET object = '7'",
                   "UPDATE audit_log SET created_at = 1", "UPDATE audit_log SET action = 'x'",
                   "DELETE FROM audit_log", "DELETE FROM audit_log WHERE id = 2"):
        with pytest.raises(Exception, match="audit log cannot be changed"):
            town.rows.change(change)


def test_entries_are_pruned_by_age_from_the_oldest():
    with Realm(audit_days=1) as other:
        other.rows.change("INSERT INTO audit_log (created_at, action) VALUES (1, 'logout')")
        other.ids = {"ada": other.user("ada")}
        bridge = other.start_bridge()
        wait_until(lambda: actions(other) == ["login", "user_registered"], "the old entry to go", bridge)


def test_an_erased_user_leaves_an_id_without_an_address(town):
    ben = Caller(town, "ben")
    fail_to_sign_in(town)
    ben("DELETE", "/api/v1/users/me")
    for _ in range(3):
        Caller(town, "ada")("GET", "/api/v1/users/me")
    rows = [row for row in entries(town) if row["object"] == str(ben.id)]
    assert [row["action"] for row in rows] == ["user_erased", "login_failed", "login"]
    assert {row["address"] for row in rows} == {None}


def test_ones_own_entries_are_in_the_export_without_the_addresses_of_others(town):
    ada, ben = Caller(town, "ada"), Caller(town, "ben")
    ada("PATCH", f"/api/v1/users/{ben.id}", {"role": "admin"})
    fail_to_sign_in(town)
    rows = ben("GET", "/api/v1/users/me/export").json["audit"]
    assert [(row["action"], row["actor_id"], row["address"]) for row in rows] == [
        ("user_exported", ben.id, "127.0.0.1"), ("login_failed", None, None),
        ("role_changed", None, None), ("login", ben.id, "127.0.0.1")]


# --- the line for fail2ban ------------------------------------------------------------------------


def log_of_a_login(town, name, address, agent="x"):
    """The log of a plain CGI program."""
    body = b'{"username": "%s", "password": "a wrong password"}' % name.encode()
    environment = town.cgi_environment("POST", LOGIN, body, headers={
        "REMOTE_ADDR": address, "HTTP_USER_AGENT": agent})
    done = subprocess.run([BUILD / "aeon.fcgi"], env=town.environment | environment, input=body,
                          capture_output=True, check=True)
    return done.stderr.decode()


def banned(line):
    """The address that the filter's expression finds in a line; fail2ban cuts the date out."""
    config = configparser.ConfigParser()
    config.read(FILTER)
    pattern = config["Definition"]["failregex"].replace("<ADDR>", r"(?P<address>[\da-fA-F:.]+)")
    line = re.sub(r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "", line)
    found = re.search(pattern, line)
    return found and found["address"]


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8::7"])
def test_the_fail2ban_filter_finds_the_address_of_a_failed_login(town, address):
    lines = log_of_a_login(town, "ben", address).splitlines()
    assert [banned(line) for line in lines] == [address], lines


def test_a_client_cannot_write_a_line_that_bans_somebody_else(town):
    fake = " level=warn program=aeon.fcgi pid=1 event=audit action=login_failed address=192.0.2.1 "
    lines = log_of_a_login(town, fake.strip(), "198.51.100.8", fake).splitlines()
    assert [banned(line) for line in lines] == ["198.51.100.8"]


def test_fail2bans_own_tool_accepts_the_filter(town, tmp_path):
    tool = pathlib.Path("/usr/bin/fail2ban-regex")
    if not tool.exists():
        pytest.skip("fail2ban is not installed")
    log = tmp_path / "aeon.log"
    log.write_text(log_of_a_login(town, "ben", "198.51.100.7") +
                   log_of_a_login(town, "ada", "2001:db8::7"))
    done = subprocess.run([tool, log, FILTER], capture_output=True, text=True)
    assert "2 matched" in done.stdout, done.stdout
