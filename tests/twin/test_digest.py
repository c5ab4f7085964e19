"""The digest by mail: its link, its setting, and its way through a real mail server."""

import signal

import pytest
from mails import (ADDRESS, DIGEST, FROM, PASSWORD, SITE, USERS, code_in, direct_room, mail_to,
                   mails_to, make_due, say, verified)

import postfix
from doubles.smtp import SMTP
from realm import Realm, wait_until

MAIL = USERS + "/me/mail"


@pytest.fixture(scope="module")
def server():
    with SMTP() as double:
        yield double


@pytest.fixture(scope="module")
def realm(server):
    with Realm(smtp_url=server.url, mail_from=FROM, site_url=SITE + "/", twins=1) as made:
        made.user("olga")
        made.start_twin()
        yield made


def chosen(realm, name):
    answer = realm.cgi("GET", MAIL, token=realm.tokens[name])
    assert answer.status == 200, answer
    return answer.json


def waiting(realm):
    return realm.rows.select("SELECT count(*) FROM mails WHERE kind = 'digest' AND sent_at IS NULL")


def test_a_digest_ends_by_one_click_and_not_by_a_look_at_its_link(realm, server):
    verified(realm, server, "ada")
    room = direct_room(realm, "ada", verified(realm, server, "ben"))
    say(realm, "ada", room, "the text of a direct room")
    make_due(realm)
    mail, text = mail_to(server, "ben", DIGEST)
    assert "1 message from ada" in text and "direct room" not in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip().strip("<>")
    assert link.startswith(SITE + "/api/")
    path = link.removeprefix(SITE)
    page = "/unsubscribe?" + path.partition("?")[2]
    assert SITE + page in text

    for looked_at in (path, page):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert realm.cgi(method, looked_at).status in (200, 204)
        assert f'<form method="post" action="{path}">' in realm.cgi("GET", looked_at).body.decode()
    assert chosen(realm, "ben") == {"digest": "names", "address_verified": True}
    forged = path[:-1] + ("A" if path[-1] != "A" else "Q")
    assert realm.cgi("POST", forged).status in (403, 422)
    assert chosen(realm, "ben")["digest"] == "names"
    body = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    for _ in range(2):
        assert realm.cgi("POST", path, body=body,
                         content_type="multipart/form-data; boundary=b").status == 200
    assert chosen(realm, "ben")["digest"] == "off"
    say(realm, "ada", room, "after the end")
    assert waiting(realm) == [(0,)]
    say(realm, "ben", room, "for ada")  # whose digests go on
    assert waiting(realm) == [(1,)]


def test_the_setting_is_one_of_three_and_is_exported(realm, server):
    realm.user("cleo")
    token = realm.tokens["cleo"]
    assert chosen(realm, "cleo") == {"digest": "names", "address_verified": False}
    assert realm.cgi("PUT", MAIL, {"digest": "loud"}, token=token).status == 422
    answer = realm.cgi("PUT", MAIL, {"digest": "texts"}, token=token)
    assert (answer.status, answer.json["digest"]) == (200, "texts")
    export = realm.cgi("GET", USERS + "/me/export", token=token).json
    assert export["mail_settings"] == [{"digest": "texts", "address_verified": False}]


@pytest.fixture
def real_server():
    if why := postfix.obstacle():
        pytest.skip(f"NOT RUN: {why}")
    with postfix.Postfix() as made:
        yield made


def test_a_real_server_delivers_each_mail_once_also_after_an_hour_without_it(real_server):
    with Realm(smtp_url=real_server.url, mail_from=FROM, site_url=SITE, twins=2) as realm:
        for number in (1, 2):
            realm.start_twin(number)
        ada = verified(realm, real_server, "ada")
        verified(realm, real_server, "ben")
        room = direct_room(realm, "ben", ada)

        real_server.stop()
        forgotten = realm.cgi("POST", USERS + "/password/forgotten", {"email": "ada@example.org"})
        assert forgotten.status == 202
        say(realm, "ben", room, "are you there?")
        realm.user("cleo")
        for attempt in range(1, 4):  # each of them comes when its pause has passed
            make_due(realm)
            wait_until(lambda: realm.rows.select(
                "SELECT count(*) FROM mails WHERE sent_at IS NULL AND attempts >= ? AND instance "
                "IS NULL AND reason <> ''", attempt) == [(3,)], "three failures")
        realm.stop("twin-1", signal.SIGKILL)
        real_server.start()
        realm.start_twin(1)
        make_due(realm)

        _, text = mail_to(real_server, "ada", PASSWORD)
        body = {"code": code_in(text), "password": "another correct horse"}
        assert realm.cgi("POST", USERS + "/password/reset", body).status == 200
        _, text = mail_to(real_server, "ada", DIGEST)
        assert "1 message from ben" in text
        mail_to(real_server, "cleo", ADDRESS)
        assert realm.rows.select("SELECT count(*) FROM mails WHERE sent_at IS NULL") == [(0,)]
        for name, subject in (("ada", PASSWORD), ("ada", DIGEST), ("cleo", ADDRESS)):
            assert len(mails_to(real_server, name, subject)) == 1
