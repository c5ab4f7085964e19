"""A connection ends with the login that opened it."""

import time

from realm import PASSWORD

SOON = 5_000_000  # microseconds, enough to connect on a busy machine


def now():
    return time.time_ns() // 1000


def log_in(people, who):
    answer = people.realm.cgi("POST", "/api/v1/users/login",
                              {"username": people.name(who), "password": PASSWORD})
    return answer.json["access_token"]


def log_out(realm, token):
    assert realm.cgi("POST", "/api/v1/users/logout", token=token).status == 200


def closed(*clients):
    return {client.closed() for client in clients} == {4401}


def lives(client):
    client.say("ping", id=1)
    client.hear("pong", id=1)


def test_logging_out_ends_all_connections_of_that_login_and_no_other(people, realm):
    people.name("ada")
    login, other = log_in(people, "ada"), log_in(people, "ada")
    mine = [people.connect("ada", v1=v1, headers={"Authorization": f"Bearer {login}"})
            for v1 in (True, False)]
    beside = people.connect("ada", headers={"Authorization": f"Bearer {other}"})
    ben = people.connect("ben")
    log_out(realm, login)
    assert closed(*mine)
    lives(beside)
    lives(ben)


def test_a_new_password_ends_all_connections_of_the_user(people, realm):
    mine, ben = [people.connect("ada") for _ in range(3)], people.connect("ben")
    realm.ctl("user", "password", people.name("ada"), "--password-stdin", input="another one\n")
    assert closed(*mine)
    lives(ben)


def test_disabling_a_user_ends_all_connections_of_the_user(people, realm):
    ada, ben = people.connect("ada"), people.connect("ben")
    realm.ctl("user", "disable", people.name("ada"))
    assert closed(ada)
    lives(ben)


def test_the_end_of_a_login_is_told_to_the_other_devices_as_a_change_of_the_account(people, realm):
    room, other = people.room("ada"), log_in(people, "ada")
    ada = people.connect("ada")
    log_out(realm, other)
    assert [(m["type"], m["data"]["part"]) for m in ada.up_to_now(room)] == [
        ("account_changed", "sessions")]
    lives(ada)


def test_a_connection_ends_when_its_login_expires(people, realm):
    name, ben, expires = people.name("ada"), people.connect("ben"), now() + SOON
    assert realm.rows.change("UPDATE sessions SET expires_at = ? WHERE user_id ="
                             " (SELECT id FROM users WHERE username = ?)", expires, name) == 1
    ada = people.connect("ada")
    lives(ada)
    assert ada.closed() == 4401
    assert now() > expires - 500_000, "not before, as precisely as the timers of the bridge are"
    lives(ben)


def test_a_renewed_connection_lives_as_long_as_its_new_login(people, realm):
    people.name("ada")
    old, new = log_in(people, "ada"), log_in(people, "ada")
    expires = now() + SOON
    assert realm.rows.change("UPDATE sessions SET expires_at = ? WHERE id ="
                             " (SELECT max(id) - 1 FROM sessions)", expires) == 1
    ada = people.connect("ada", headers={"Authorization": f"Bearer {old}"})
    ada.say("authenticate", token=new)
    ada.hear("welcome")
    assert ada.quiet((expires - now()) / 1e6 + 0.5)
    lives(ada)
    log_out(realm, new)
    assert closed(ada)


def test_a_login_that_cannot_be_read_counts_as_ended(people, realm):
    ada = people.connect("ada", greeted=False)
    user = ada.hear("welcome")["user_id"]
    with realm.rows.without("sessions"):
        realm.rows.change("INSERT INTO realm_events (kind, user_id, created_at, data) VALUES"
                          " ('sessions_ended', ?, 0, '{}')", user)
        assert ada.closed() == 1011
    lives(people.connect("ada"))
