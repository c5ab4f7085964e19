"""The realm as a plain CGI program: one table of calls for every web server that runs it."""

import json
import os
import pathlib
import sys
from dataclasses import dataclass, field

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from realm import BUILD, PASSWORD, Realm  # noqa: E402
from servers import SITES, Client, install_home  # noqa: E402

ORIGIN = "https://pages.example"
LIMIT = 256 * 1024  # bytes of a body
SMALL, LARGE = b'{"name": "x"}', b'{"name": "' + b"x" * 200_000 + b'"}'
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def realm():
    with Realm() as made:
        made.user("ada")
        made.user("bob")
        install_home(made, os.environ.get("AEON_CGI", BUILD / "aeon.fcgi"), cors_origins=ORIGIN,
                     ws_bridges=0)
        yield made


@pytest.fixture(scope="module", params=SITES, ids=lambda site: site.name)
def site(request, realm):
    made = request.param(realm)
    if not made.program():
        pytest.skip(f"{made.name} is not installed")
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture
def client(site):
    with Client(site.port) as made:
        yield made


def padded(size):
    """A valid body of so many bytes."""
    body = b'{"name": "At the limit"}'
    return body + b" " * (size - len(body))


@dataclass
class Call:
    method: str
    path: str  # below /api/v1, or the whole path if it begins with "="
    status: int
    code: str = None  # of the problem
    body: bytes = b""
    token: str = "ada"
    headers: dict = field(default_factory=dict)
    chunked: bool = False
    has: dict = field(default_factory=dict)  # headers of the answer

    def url(self, site):
        return site.base + self.path[1:] if self.path.startswith("=") else site.url + self.path

    def ask(self, client, site, realm):
        headers = {**(JSON if self.body else {}), "X-Request-Id": "call-1", **self.headers}
        token = realm.tokens.get(self.token, self.token)
        if token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {token}"
        return client.ask(self.method, self.url(site), self.body, headers, self.chunked)


def login(password):
    return json.dumps({"username": "ada", "password": password}).encode()


ROOMS = "/phase3/rooms"
CALLS = {
    # ways to authenticate
    "a token": Call("GET", "/users/me", 200),
    "a scheme in lower case": Call("GET", "/users/me", 200, headers={
        "Authorization": "bearer {token}"}),
    "no token": Call("GET", "/users/me", 401, "unauthenticated", token=None,
                     has={"www-authenticate": "Bearer"}),
    "a wrong token": Call("GET", "/users/me", 401, "invalid_token", token="x" * 43),
    "another scheme": Call("GET", "/users/me", 401, "unauthenticated", headers={
        "Authorization": "Basic YWRhOmFkYQ=="}),
    "a login by JSON": Call("POST", "/users/login", 200, token=None, body=login(PASSWORD)),
    "a login by form": Call("POST", "/users/login", 200, token=None, headers=FORM,
                            body=f"username=ada&password={PASSWORD}".encode()),
    "a wrong password": Call("POST", "/users/login", 401, "login_failed", token=None,
                             body=login("a wrong password")),
    # answers that do not need the body
    "401 to a small body": Call("POST", ROOMS, 401, "unauthenticated", SMALL, token=None),
    "401 to a large body": Call("POST", ROOMS, 401, "unauthenticated", LARGE, token=None),
    "401 to a large body with a wrong token": Call("POST", ROOMS, 401, "invalid_token", LARGE,
                                                   token="x" * 43),
    "404 to a small body": Call("POST", "/nowhere", 404, "not_found", SMALL),
    "404 to a large body": Call("POST", "/nowhere", 404, "not_found", LARGE),
    "405 to a large body": Call("PUT", "/users/login", 405, "method_not_allowed", LARGE),
    "413 to a body just above the limit": Call("POST", ROOMS, 413, "body_too_large",
                                               padded(LIMIT + 1)),
    "413 to 3 MB": Call("POST", ROOMS, 413, "body_too_large", padded(3_000_000)),
    "401 to 3 MB": Call("POST", ROOMS, 401, "unauthenticated", padded(3_000_000), token=None),
    "a large body that no route reads": Call("POST", "/users/logout", 401, "invalid_token", LARGE,
                                             token="y" * 43),
    # bodies
    "a body at the limit": Call("POST", ROOMS, 201, body=padded(LIMIT)),
    "422 to a large body": Call("POST", ROOMS, 422, "validation_error", LARGE),
    "422 to broken JSON": Call("POST", ROOMS, 422, "validation_error", b'{"name": '),
    "422 to no body": Call("POST", ROOMS, 422, "validation_error"),
    "415": Call("POST", ROOMS, 415, "unsupported_media_type", LARGE, headers={
        "Content-Type": "text/plain"}),
    "a body after 100 Continue": Call("POST", ROOMS, 201, body=padded(100_000), headers={
        "Expect": "100-continue"}),
    "401 after 100 Continue": Call("POST", ROOMS, 401, "unauthenticated", LARGE, token=None,
                                   headers={"Expect": "100-continue"}),
    "text that is not ASCII": Call("POST", ROOMS, 201, body='{"name": "Küche 日本"}'.encode()),
    # paths
    "health": Call("GET", "=/health", 200, token=None),
    "a slash at the end": Call("GET", "/users/me/", 200),
    "slashes twice": Call("GET", "//users//me", 200),
    "dots in the path": Call("GET", "/./users/x/../me", 200),
    "an encoded letter": Call("GET", "/users/%6De", 200),
    "a question mark in the path": Call("GET", "/users/me?x=%3F", 200),
    "a path that is not ASCII": Call("GET", ROOMS + "/K%C3%BCche", 404, "room_not_found"),
    "a query that is not ASCII": Call("GET", ROOMS + "?q=K%C3%BCche&limit=3", 200),
    "a query with reserved characters": Call("GET", ROOMS + "?q=a%26b%3Dc%3F%23%2F&limit=3", 200),
    "a wrong query": Call("GET", ROOMS + "?limit=0", 422, "validation_error"),
    "the URL of a file": Call("GET", "=/aeon.conf", 404, "not_found"),
    # methods and headers
    "HEAD": Call("HEAD", "/users/me", 200),
    "HEAD of nothing": Call("HEAD", "/nowhere", 404),
    "OPTIONS": Call("OPTIONS", ROOMS, 204, token=None, has={"allow": "POST, GET, HEAD, OPTIONS"}),
    "a preflight": Call("OPTIONS", ROOMS, 204, token=None, headers={
        "Origin": ORIGIN, "Access-Control-Request-Method": "POST"}, has={
            "access-control-allow-origin": ORIGIN}),
    "a page of another origin": Call("GET", "/users/me", 200, headers={"Origin": ORIGIN}, has={
        "access-control-allow-origin": ORIGIN}),
    "401 to a page of another origin": Call("POST", ROOMS, 401, "unauthenticated", LARGE, token=None,
                                            headers={"Origin": ORIGIN},
                                            has={"access-control-allow-origin": ORIGIN}),
    "DELETE": Call("DELETE", "/users/sessions/999999", 404),
}


def check(answer, call):
    assert answer.status == call.status, answer
    assert answer.headers["x-request-id"] == "call-1", answer
    assert {name: answer.headers.get(name) for name in call.has} == call.has
    if call.method == "HEAD" or call.status == 204:
        assert answer.body == b""
    elif call.code:
        assert answer.json["code"] == call.code
    else:
        assert answer.json is not None


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_is_answered_and_the_connection_still_serves(site, realm, client, call):
    """Twice, so that an answer that depends on luck fails."""
    for _ in range(2):
        if "{token}" in call.headers.get("Authorization", ""):
            call.headers["Authorization"] = "bearer " + realm.tokens["ada"]
        check(call.ask(client, site, realm), call)
        health = client.ask("GET", site.base + "/health")
        assert (health.status, health.json["status"]) == (200, "healthy")


CHUNKED = {
    "a small body": (SMALL, "ada", 201, 411),
    "a large body": (padded(200_000), "ada", 201, 411),
    "a body above the limit": (padded(LIMIT + 1), "ada", 413, 411),
    "a body without a token": (LARGE, None, 401, 401),
}


@pytest.mark.parametrize("body, token, status, hidden", CHUNKED.values(), ids=CHUNKED)
def test_a_chunked_body_is_read_or_refused_and_never_ignored(site, realm, client, body, token,
                                                             status, hidden):
    expected = hidden if site.hides_chunked else status
    for _ in range(2):
        answer = Call("POST", ROOMS, 0, body=body, token=token, chunked=True).ask(client, site, realm)
        assert answer.status == expected, answer
        assert answer.status == 201 or answer.json["code"]
        assert client.ask("GET", site.base + "/health").status == 200


def test_an_encoded_slash_is_a_slash_or_refused(site, realm, client):
    """Apache refuses it, the others decode it."""
    answer = Call("GET", "/users%2Fme", 0).ask(client, site, realm)
    assert answer.status == 404 or answer.json["username"] == "ada"


def test_links_of_an_answer_lead_to_the_same_site(site, realm, client):
    made = Call("POST", ROOMS, 201, body=SMALL).ask(client, site, realm)
    location = made.headers["location"]
    assert location.startswith(site.url + ROOMS)
    read = Call("GET", "=" + location[len(site.base):], 200).ask(client, site, realm)
    assert read.json["id"] == made.json["id"]
    Call("POST", ROOMS, 201, body=SMALL).ask(client, site, realm)
    page = Call("GET", ROOMS + "?limit=1", 200).ask(client, site, realm)
    link = page.headers["link"].partition("<")[2].partition(">")[0]
    assert link.startswith(site.url + ROOMS + "?")
    after = Call("GET", "=" + link[len(site.base):], 200).ask(client, site, realm)
    assert after.status == 200 and after.json[0]["id"] != page.json[0]["id"]


def test_a_stored_answer_is_revalidated_and_a_change_of_an_old_one_is_refused(site, realm, client):
    zipped = {"Accept-Encoding": "gzip, br"}
    piece = b'{"content": "It hums", "knowledge_type": "fact"}'
    made = Call("POST", "/phase3/knowledge", 201, body=piece).ask(client, site, realm)
    one = f"/phase3/knowledge/{made.json['id']}"
    tag = Call("GET", one, 200, headers=zipped).ask(client, site, realm).headers["etag"]
    known = Call("GET", one, 304, headers={"If-None-Match": tag, **zipped}).ask(client, site, realm)
    assert (known.status, known.body, known.headers["etag"]) == (304, b"", tag)
    change = Call("PATCH", one, 200, body=b'{"content": "It sings"}', headers={"If-Match": tag})
    assert change.ask(client, site, realm).status == 200
    assert change.ask(client, site, realm).status == 412


def test_a_long_poll_is_answered_at_once(site, realm, client):
    events = "/phase3/events?"
    start = Call("GET", events, 200).ask(client, site, realm).json
    since = f"{events}since={start['pos']}&epoch={start['epoch']}&wait=25"
    answer = Call("GET", since, 200).ask(client, site, realm)
    assert answer.json["events"] == [] and answer.headers["retry-after"] == "2"


def test_a_client_that_sends_half_a_body_holds_up_nobody(site, realm, client):
    with Client(site.port) as slow, Client(site.port) as gone:
        head = f"POST {site.url}{ROOMS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
        slow.send(head.encode(), b"{")
        gone.send(head.encode(), b"{")
        gone.socket.close()
        for _ in range(3):
            assert Call("GET", "/users/me", 200).ask(client, site, realm).status == 200


def test_nothing_of_the_site_or_of_a_secret_is_shown_or_logged(site, realm, client):
    for path in ("=/.htaccess", "=/aeon.cgi", "=/../home/aeon.conf", "=/server.conf"):
        answer = Call("GET", path, 404).ask(client, site, realm)
        assert answer.status in (400, 403, 404) and b"AEON_CONFIG" not in answer.body, answer
    texts = "".join(realm.log(name) for name in site.names)
    texts += "".join(log.read_text() for log in site.directory.glob("*.log"))
    assert realm.tokens["ada"] not in texts and PASSWORD not in texts
