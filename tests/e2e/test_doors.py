"""What nginx and the pools let in: where a request goes, and which limits count it."""

import json
import pathlib
import re
import socket
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from fastcgi import Connection, request  # noqa: E402
from realm import PASSWORD, PATIENCE, Answer, Realm, wait_until  # noqa: E402

LOGIN, ME = "/api/v1/users/login", "/api/v1/users/me"


@pytest.fixture(scope="module")
def realm():
    with Realm(log_level="debug") as made:
        made.start_all()
        made.user("ada")
        yield made


def ask(realm, method, target, body=None, *, headers=None, raw=None):
    """One request with the target exactly as it is written. Returns the answer."""
    raw = json.dumps(body).encode() if body is not None else raw or b""
    head = {"Host": "localhost", "Connection": "close", **(headers or {})}
    if raw:
        head |= {"Content-Length": len(raw), "Content-Type": "application/json"}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    with socket.create_connection(("127.0.0.1", realm.port), timeout=PATIENCE) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)
        data = b""
        while part := connection.recv(65536):
            data += part
    return Answer.from_cgi(re.sub(rb"^HTTP/1.1 (.*)\r\n", rb"Status: \1\r\n", data, count=1))


def pools(realm, request_id):
    """The pools that have logged the request, with the status of each."""
    found = {}
    for pool in ("fast", "slow"):
        for line in realm.log(pool).splitlines():
            if f"request_id={request_id} " in line:
                found[pool] = int(re.search(r"status=(\d+)", line)[1])
    return found


def limit(realm, request_id):
    """What nginx's log says of the limit of costly requests: PASSED, DELAYED, REJECTED or -."""
    log = realm.directory / "aeon-access.log"
    line = wait_until(lambda: re.search(rf"request_id={request_id} .* limit=(\S+)",
                                        log.read_text()), "a line of nginx's log")
    return line[1]


SPELLINGS = ["/api/v1/users/login", "/api/v1/users/login/", "/api/v1/users/login//",
             "//api/v1/users/login", "/api/v1//users///login/", "/api/v1/./users/login",
             "/api/v1/rooms/../users/login", "/api/v1/users/login/.", "/api/v1/users%2flogin",
             "/api%2Fv1%2fusers/login%2F", "/api/v1/users/%6cogin", "/api/v1/users/%6Cogin/",
             "/api/v1/users/login?", "/api/v1/users/login?x=%2f", "/api/v1/users/login/?a=b#c"]


@pytest.mark.parametrize("number", range(len(SPELLINGS)), ids=SPELLINGS)
def test_every_spelling_of_the_login_reaches_the_slow_pool_and_is_counted(realm, number):
    name = f"spelling-{number}"
    answer = ask(realm, "POST", SPELLINGS[number], {"username": "ada", "password": PASSWORD},
                 headers={"X-Request-Id": name})
    assert answer.status == 200, answer
    assert pools(realm, name) == {"slow": 200}
    assert limit(realm, name) in ("PASSED", "DELAYED")


@pytest.mark.parametrize("method, target", [
    ("OPTIONS", LOGIN), ("GET", LOGIN), ("GET", ME), ("POST", LOGIN + "x"),
    ("POST", "/api/v1/users/LOGIN"), ("POST", "/x" + LOGIN)])
def test_what_hashes_nothing_is_not_counted(realm, method, target):
    name = f"free-{method}-{target.replace('/', '.')}"
    ask(realm, method, target, headers={"X-Request-Id": name})
    assert list(pools(realm, name)) == ["fast"]
    assert limit(realm, name) == "-"


def test_a_new_password_goes_from_the_fast_pool_to_the_slow_one_whole(realm):
    token = realm.user("bea") and realm.tokens["bea"]
    headers = {"Authorization": f"Bearer {token}", "X-Request-Id": "renewal"}
    etag = ask(realm, "GET", ME, headers=headers).headers["etag"]
    for method, old, new in (("PATCH", PASSWORD, "another good one"),
                             ("PUT", "another good one", "a third good one")):
        name = f"renewal-{method}"
        change = {"old_password": old, "password": new, "bio": method + "x" * 400}
        answer = ask(realm, method, ME + "//", change,
                     headers=headers | {"If-Match": etag, "X-Request-Id": name})
        assert answer.status == 200 and answer.json["bio"] == change["bio"]
        assert pools(realm, name) == {"fast": 503, "slow": 200}
        etag = ask(realm, "GET", ME, headers=headers).headers["etag"]
    stale = ask(realm, "PATCH", ME, {"old_password": "a third good one", "password": PASSWORD},
                headers=headers | {"If-Match": '"old"'})
    assert stale.status == 412
    login = ask(realm, "POST", LOGIN, {"username": "bea", "password": "a third good one"})
    assert login.status == 200
    assert ask(realm, "PATCH", ME, {"bio": ""}, headers=headers | {"X-Request-Id": "cheap"}
               ).status == 200
    assert pools(realm, "cheap") == {"fast": 200}


def test_the_fast_pool_hashes_nothing_whatever_it_is_sent(realm):
    token = realm.tokens["ada"]
    new = {"username": "zoe", "email": "zoe@example.org", "password": PASSWORD}
    with Connection(realm.run / "fast.sock") as connection:
        for method, path, body in (
                ("POST", LOGIN, {"username": "ada", "password": PASSWORD}),
                ("POST", "/api/v1/users/register", new),
                ("PATCH", ME, {"old_password": PASSWORD, "password": "another good one"})):
            answer = connection.ask(*request(realm, method, path, json.dumps(body).encode(), token))
            assert (answer.status, answer.json["code"]) == (503, "other_pool"), path
            assert answer.headers["x-accel-redirect"] == "@aeon_slow"
            assert "retry-after" in answer.headers
    assert realm.rows.select("SELECT count(*) FROM guesses") == [(0,)]
    assert "zoe" not in realm.ctl("user", "list").stdout


def test_a_ticket_is_answered_by_the_program_however_its_path_ends(realm):
    headers = {"Authorization": f"Bearer {realm.tokens['ada']}"}
    for end in ("", "/", "//"):
        answer = ask(realm, "POST", "/api/v1/phase3/ws/ticket" + end, headers=headers)
        assert answer.status == 201, end
