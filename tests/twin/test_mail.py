"""Mails: what they hold, which servers are survived, and what their codes do."""

import re
import signal

import pytest

from mails import ADDRESS, FROM, SITE, USERS, code_in, mail_to, make_due, verified
from mails import PASSWORD as NEW_PASSWORD

from doubles.smtp import SMTP
from realm import BUILD, PASSWORD, PATIENCE, Realm, wait_until

NEW = "another " + PASSWORD


@pytest.fixture(scope="module")
def server():
    with SMTP() as double:
        yield double


@pytest.fixture(scope="module")
def realm(server):
    with Realm(smtp_url=server.url, mail_from=FROM, site_url=SITE,
               twins=1) as made:
        made.user("olga")
        made.start_twin()
        yield made


def forgotten(realm, address):
    return realm.cgi("POST", USERS + "/password/forgotten", {"email": address})


def log_in(realm, name, password, **headers):
    return realm.cgi("POST", USERS + "/login", {"username": name, "password": password},
                     headers=headers)


def test_a_new_account_confirms_its_address_once(realm, server):
    realm.user("ada")
    mail, text = mail_to(server, "ada", ADDRESS)
    assert mail["From"].addresses[0].addr_spec == FROM
    assert mail["Auto-Submitted"] == "auto-generated" and "ada" in text and SITE in text
    assert mail["Message-ID"].endswith("@realm.example>")
    code = code_in(text)
    assert realm.rows.select("SELECT count(*) FROM mails WHERE detail LIKE ?", f"%{code}%") == [(0,)]
    for status in (200, 403):
        answer = realm.cgi("POST", USERS + "/email/verified", {"code": code.upper()})
        assert answer.status == status, answer
    assert answer.json["code"] == "code_invalid"


def test_a_code_of_a_mail_sets_a_new_password_once_and_ends_all_logins(realm, server):
    verified(realm, server, "ben")
    assert forgotten(realm, "BEN@example.org").status == 202
    _, text = mail_to(server, "ben", NEW_PASSWORD)
    body = {"code": code_in(text), "password": NEW}
    weak = realm.cgi("POST", USERS + "/password/reset", body | {"password": "password1"})
    assert weak.status == 422, weak
    assert realm.cgi("POST", USERS + "/password/reset", body).status == 200
    assert realm.cgi("GET", USERS + "/me", token=realm.tokens["ben"]).status == 401
    assert log_in(realm, "ben", PASSWORD).status == 401
    assert log_in(realm, "ben", NEW).status == 200
    again = realm.cgi("POST", USERS + "/password/reset", body)
    assert (again.status, again.json["code"]) == (403, "code_invalid")


def test_nobody_learns_by_asking_which_addresses_are_known(realm, server):
    verified(realm, server, "cleo")
    realm.user("dora")  # has not confirmed the address, which may be another person's
    verified(realm, server, "frozen")
    realm.ctl("user", "disable", "frozen")
    answers = [forgotten(realm, f"{name}@example.org") for name in ("cleo", "dora", "frozen", "nobody")]
    assert len({(a.status, a.body) for a in answers}) == 1 and answers[0].status == 202
    mail_to(server, "cleo", NEW_PASSWORD)
    assert realm.rows.select("SELECT DISTINCT u.username FROM mails m JOIN users u ON u.id = m.user_id "
                             "WHERE m.kind = 'password' AND u.username IN ('cleo', 'dora', 'frozen')") == [
                                 ("cleo",)]


def test_a_user_gets_a_bounded_number_of_mails(realm, server):
    verified(realm, server, "flood")
    for _ in range(8):
        realm.rows.change("DELETE FROM attempts")  # as from many networks
        assert forgotten(realm, "flood@example.org").status == 202
    mail_to(server, "flood", NEW_PASSWORD, 5)


def test_a_network_may_not_ask_without_end(realm):
    realm.rows.change("DELETE FROM attempts")
    assert [forgotten(realm, "x@example.org").status for _ in range(11)] == [202] * 10 + [429]
    realm.rows.change("DELETE FROM attempts")


def test_a_changed_address_is_not_confirmed_and_its_codes_end(realm, server):
    verified(realm, server, "emma")
    forgotten(realm, "emma@example.org")
    _, text = mail_to(server, "emma", NEW_PASSWORD)
    changed = realm.cgi("PATCH", USERS + "/me", {"email": "new@example.org"},
                        token=realm.tokens["emma"])
    assert changed.status == 200, changed
    answer = realm.cgi("POST", USERS + "/password/reset", {"code": code_in(text), "password": NEW})
    assert answer.status == 403
    mail_to(server, "new", ADDRESS)
    forgotten(realm, "new@example.org")
    assert realm.rows.select("SELECT count(*) FROM mails m JOIN users u ON u.id = m.user_id "
                             "WHERE u.username = 'emma' AND m.kind = 'password'") == [(1,)]


def test_a_login_from_another_network_is_told(server):
    with Realm(smtp_url=server.url, mail_from=FROM, site_url=SITE, twins=1,
               trusted_proxies="127.0.0.1") as own:
        own.start_twin()
        verified(own, server, "fritz")
        for address, client in (("192.0.2.1", "Home"), ("192.0.2.9", "Home"),
                                ("198.51.100.1", "Löwe\r\nBcc: x@example.org")):
            assert log_in(own, "fritz", PASSWORD, HTTP_X_FORWARDED_FOR=address,
                          HTTP_USER_AGENT=client).status == 200
        wait_until(lambda: own.rows.select("SELECT count(*) FROM mails WHERE kind = 'device' "
                                           "AND sent_at IS NOT NULL")[0][0] == 2, "two notices")
        mail, text = mail_to(server, "fritz", "A login from another network", 2)
        assert "Löwe" in text and "Bcc" not in mail


def test_no_address_can_add_a_header_or_a_recipient(realm, server):
    realm.user("gerd")
    before = len(server.mails)
    for address in ("a@x.org>\r\nRCPT TO:<b@x.org", "a@x.org\r\nBcc: b@x.org", "<b@x.org> a@x.org"):
        realm.rows.change("UPDATE users SET email = ? WHERE username = 'gerd'", address)
        asked = realm.cgi("POST", USERS + "/me/email/verification", token=realm.tokens["gerd"])
        assert asked.status == 202
        wait_until(lambda: not realm.rows.select(
            "SELECT 1 FROM mails m JOIN users u ON u.id = m.user_id WHERE u.username = 'gerd' "
            "AND m.sent_at IS NULL AND m.failed_at IS NULL"), "the end of the mail")
    assert not [m for m in server.mails[before:] if "x.org" in str(m)]


@pytest.mark.parametrize("name, answer", [
    ("GREETING", "421 later"), ("RCPT", "450 greylisted"), ("DONE", "451 later"),
    ("GREETING", None), ("DATA", None), ("DONE", None), ("MAIL", "530 sign in first")])
def test_a_mail_waits_for_a_server_that_fails_and_comes_once(realm, server, name, answer):
    who = f"wait-{name.lower()}-{(answer or 'cut')[:3]}"
    server.answers[name].append(answer)
    realm.user(who)
    wait_until(lambda: not server.answers[name], "the failure")
    wait_until(lambda: realm.rows.select("SELECT 1 FROM mails WHERE attempts = 1 AND reason <> ''"
                                         " AND sent_at IS NULL AND failed_at IS NULL"), "its note")
    assert make_due(realm) == 1
    mail_to(server, who, ADDRESS)


def test_a_mail_that_is_refused_for_good_is_given_up(realm, server):
    server.answers["RCPT"].append("550 no such user")
    realm.user("nowhere")
    wait_until(lambda: realm.rows.select("SELECT 1 FROM mails WHERE failed_at IS NOT NULL "
                                         "AND attempts = 1 AND reason LIKE '%550%'"), "the end")
    doctor = realm.ctl("doctor", check=False).stdout
    assert re.search(r"no +mails", doctor), doctor


def test_a_process_that_is_killed_in_the_middle_sends_the_mail_again(realm, server):
    server.answers["DONE"].append("")  # says nothing to a whole mail
    realm.user("killed")
    wait_until(lambda: not server.answers["DONE"], "the mail")
    first = realm.rows.select("SELECT max(id) FROM mails")[0][0]
    realm.stop("twin-1", signal.SIGKILL)
    realm.start_twin()
    mail, _ = mail_to(server, "killed", ADDRESS)
    assert mail["Message-ID"].startswith(f"<{first}.")


def test_a_server_that_is_down_loses_nothing(server):
    with Realm(smtp_url="smtp://127.0.0.1:1", mail_from=FROM, site_url=SITE,
               twins=1) as own:
        own.start_twin()
        names = [f"down{number}" for number in range(3)]
        for name in names:
            own.user(name)
        wait_until(lambda: own.rows.select("SELECT count(*) FROM mails WHERE attempts > 0 AND "
                                           "reason <> ''") == [(3,)], "three attempts")
        doctor = own.ctl("doctor", check=False).stdout
        assert re.search(r"no +mail server", doctor), doctor
        own.stop("twin-1")
        own.environment["AEON_SMTP_URL"] = server.url
        make_due(own)
        own.start_twin()
        wait_until(lambda: own.rows.select("SELECT count(*) FROM mails WHERE sent_at > 0") == [(3,)],
                   "three mails")
        for name in names:
            assert sum(f"{name}@" in str(m["To"]) for m in server.mails) == 1


def test_the_realm_signs_in_at_the_server(server):
    server.logins.add(("realm", "s3cret"))
    try:
        with Realm(smtp_url=server.url, mail_from=FROM, site_url=SITE, twins=1,
                   smtp_user="realm", smtp_password="wrong") as own:
            own.start_twin()
            own.user("signed")
            wait_until(lambda: own.rows.select("SELECT 1 FROM mails WHERE reason <> ''"),
                       "the refusal")
            assert own.rows.select("SELECT failed_at FROM mails") == [(None,)]
            assert "wrong" not in own.log("twin-1")
            own.stop("twin-1")
            own.environment["AEON_SMTP_PASSWORD"] = "s3cret"
            make_due(own)
            own.start_twin()
            wait_until(lambda: own.rows.select("SELECT 1 FROM mails WHERE sent_at > 0"), "the mail")
    finally:
        server.logins.clear()


@pytest.mark.parametrize("wrong", [{"smtp_url": "http://127.0.0.1"}, {"mail_from": "realm"},
                                   {"site_url": ""}, {"smtp_url": "smtp://a:b@127.0.0.1"}])
def test_a_wrong_configuration_is_told_at_the_start(wrong):
    settings = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": FROM,
                "site_url": SITE, "twins": 1}
    with Realm(**(settings | wrong)) as own:
        process = own.start("twin-1", BUILD / "aeon-twin")
        assert process.wait(PATIENCE) == 78
        assert next(iter(wrong)) in own.log("twin-1")


def test_without_a_server_nothing_of_mail_is_there():
    with Realm() as own:
        own.user("plain")
        assert forgotten(own, "plain@example.org").status == 404
        assert own.cgi("POST", USERS + "/me/email/verification",
                       token=own.tokens["plain"]).status == 404
        assert own.rows.select("SELECT count(*) FROM mails") == [(0,)]
