"""WebSockets that a browser opens with the cookie of a login."""

import pytest

from realm import PASSWORD
from wsclient import Client, Refused

HOST = {"Host": "realm.example"}


@pytest.fixture
def cookie(people, realm):
    def login(who, origin="https://realm.example"):
        answer = realm.cgi("POST", "/api/v1/users/login",
                           {"username": people.name(who), "password": PASSWORD, "cookie": True},
                           headers={"HTTP_HOST": "realm.example", "HTTP_ORIGIN": origin})
        assert answer.status == 200, answer
        return answer.headers["set-cookie"].split(";")[0]
    people.name("ada")
    return login


def test_a_page_of_the_realm_connects_with_the_cookie(people, realm, cookie):
    for origin in ("https://realm.example", "http://realm.example"):
        shown = HOST | {"Origin": origin, "Cookie": "theme=dark; " + cookie("ada", origin)}
        with Client(realm, headers=shown) as client:
            assert client.hear("welcome")["username"] == people.name("ada")


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null",
                                    "https://realm.example:8443"])
def test_a_page_of_another_origin_cannot_use_the_cookie(realm, cookie, origin):
    shown = HOST | {"Cookie": cookie("ada")} | ({"Origin": origin} if origin else {})
    with pytest.raises(Refused) as refused:
        Client(realm, headers=shown)
    assert refused.value.status == 403


def test_a_token_and_a_cookie_or_two_cookies_are_refused(people, realm, cookie):
    shown = HOST | {"Origin": "https://realm.example", "Cookie": cookie("ada")}
    with pytest.raises(Refused) as refused:
        Client(realm, people.token("ada"), headers=shown)
    assert refused.value.status == 400
    shown["Cookie"] += "; __Host-aeon=x"
    with pytest.raises(Refused) as refused:
        Client(realm, headers=shown)
    assert refused.value.status == 400


def test_a_cookie_without_the_prefix_does_not_count_by_tls(realm, cookie):
    planted = cookie("ben", "http://realm.example")
    assert planted.startswith("aeon=")
    with Client(realm, headers=HOST | {"Origin": "https://realm.example",
                                       "Cookie": planted}) as client:
        client.say("ping")
        assert client.next()["data"]["code"] == "unauthenticated"


def test_a_ticket_counts_before_the_cookie(people, realm, cookie):
    ticket = realm.cgi("POST", "/api/v1/phase3/ws/ticket", token=people.token("ben")).json["ticket"]
    with Client(realm, headers=HOST | {
            "Origin": "https://realm.example", "Cookie": cookie("ada"),
            "Sec-WebSocket-Protocol": f"aeon.v1, ticket.{ticket}"}) as client:
        assert client.hear("welcome")["username"] == people.name("ben")


def test_signing_out_in_one_tab_closes_the_connections_of_the_others(realm, cookie):
    shown = cookie("ada")
    headers = HOST | {"Origin": "https://realm.example", "Cookie": shown}
    with Client(realm, headers=headers) as one, Client(realm, headers=headers) as two:
        one.hear("welcome")
        two.hear("welcome")
        answer = realm.cgi("POST", "/api/v1/users/logout",
                           headers={"HTTP_HOST": "realm.example", "HTTP_COOKIE": shown,
                                    "HTTP_ORIGIN": "https://realm.example"})
        assert answer.status == 200, answer
        assert one.closed() == 4401 and two.closed() == 4401
    with Client(realm, headers=headers) as late:
        assert late.closed() == 4401
