"""Tickets: a browser, which cannot send a header of its own, opens a WebSocket with one."""


import pytest

from wsclient import Client

TICKET = "/api/v1/phase3/ws/ticket"


@pytest.fixture(scope="module")
def settings():
    return {"log_level": "debug"}


def ticket(people, who):
    answer = people.realm.cgi("POST", TICKET, token=people.token(who))
    assert answer.status == 201, answer
    return answer.json["ticket"]


def open_with(realm, *subprotocols, **how):
    return Client(realm, headers={"Sec-WebSocket-Protocol": ", ".join(subprotocols)}, **how)


def test_a_ticket_among_the_subprotocols_is_accepted_and_not_echoed(people, realm):
    for offered in (("aeon.v1", "ticket.{}"), ("ticket.{}", "aeon.v1")):
        mine = ticket(people, "ada")
        with open_with(realm, *(name.format(mine) for name in offered)) as client:
            assert client.hear("welcome")["username"] == people.name("ada")
            assert "sec-websocket-protocol: aeon.v1\r\n" in (client.head + "\r\n").lower()
            assert mine not in client.head


def test_a_ticket_opens_one_connection(people, realm):
    one, two = ticket(people, "ada"), ticket(people, "ada")
    with open_with(realm, "aeon.v1", f"ticket.{one}") as client:
        client.hear("welcome")
        with open_with(realm, "aeon.v1", f"ticket.{one}") as again:
            assert again.closed() == 4401
        with open_with(realm, "aeon.v1", f"ticket.{two}") as other:
            other.hear("welcome")
        client.say("ping", id=1)
        client.hear("pong", id=1)


def test_only_one_of_many_concurrent_uses_of_a_ticket_connects(people, realm):
    mine = ticket(people, "ada")
    clients = [open_with(realm, "aeon.v1", f"ticket.{mine}") for _ in range(8)]
    first = []
    for client in clients:
        with client:
            try:
                first.append(client.next()["type"])
            except Exception as end:
                first.append(end.code)
    assert sorted(first, key=str) == [4401] * 7 + ["welcome"]


def test_a_ticket_expires(people, realm):
    mine = ticket(people, "ada")
    assert realm.rows.change("UPDATE ws_tickets SET expires_at = 1") > 0
    with open_with(realm, "aeon.v1", f"ticket.{mine}") as client:
        assert client.closed() == 4401


def test_a_ticket_ends_with_its_login(people, realm):
    mine = ticket(people, "ada")
    assert realm.cgi("POST", "/api/v1/users/logout", token=people.token("ada")).status == 200
    with open_with(realm, "aeon.v1", f"ticket.{mine}") as client:
        assert client.closed() == 4401


@pytest.mark.parametrize("wrong", ["", "x", "A" * 43, "-" * 43, "_" * 43, "0" * 43, "A" * 56,
                                   "\xff" * 20])
def test_an_invalid_ticket_is_closed_with_4401(realm, wrong):
    with open_with(realm, "aeon.v1", f"ticket.{wrong}") as client:
        assert client.closed() == 4401


def test_a_token_is_not_a_ticket_and_a_ticket_is_not_a_token(people, realm):
    with open_with(realm, "aeon.v1", f"ticket.{people.token('ada')}") as client:
        assert client.closed() == 4401
    mine = ticket(people, "ada")
    with Client(realm, mine) as client:
        assert client.closed() == 4401
    assert realm.cgi("GET", "/api/v1/users/me", token=mine).status == 401


def test_a_ticket_does_not_open_the_path_of_another_user_and_is_used_up(people, realm):
    mine = ticket(people, "ada")
    with open_with(realm, "aeon.v1", f"ticket.{mine}", user=99999) as client:
        assert client.closed() == 4403
    with open_with(realm, "aeon.v1", f"ticket.{mine}") as client:
        assert client.closed() == 4401


def test_a_ticket_without_aeon_v1_is_never_logged(people, realm):
    mine = ticket(people, "ada")
    with pytest.raises(Exception):
        open_with(realm, f"ticket.{mine}").next()
    with open_with(realm, "aeon.v1", f"ticket.{mine}") as client:
        client.hear("welcome")
    assert mine not in realm.log("bridge")
