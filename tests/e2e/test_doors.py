"""What nginx and the pools let in: where a request goes, and which limits count it."""

import contextlib
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


# --- each client's limits, and what nginx answers itself -------------------------------------------

@pytest.fixture(scope="module")
def proxied():
    """A realm behind a trusted proxy: a test says in X-Forwarded-For from where it comes."""
    with Realm(trusted_proxies="127.0.0.1", cors_origins="http://app.example") as made:
        made.start_workers("fast")
        made.start_workers("slow")
        made.start_nginx()
        made.user("ada")
        yield made


def limited(realm, address):
    """Whether nginx counts a request with this X-Forwarded-For, and the client that its log names."""
    name = "from-" + re.sub(r"\W", "-", address)[-40:]
    headers = {"X-Request-Id": name} | ({"X-Forwarded-For": address} if address else {})
    assert ask(realm, "GET", "/api/v1/users/me", headers=headers).status == 401
    counted = limit(realm, name)
    client = re.search(rf"request_id={name} client=(\S+)",
                       (realm.directory / "aeon-access.log").read_text())[1]
    return counted, client


@pytest.mark.parametrize("forwarded, client", [
    ("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "2001:db8::7"),
    ("[2001:db8::7]:443", "2001:db8::7"), ("192.0.2.7:99", "192.0.2.7"),
    ("198.51.100.1, 192.0.2.7", "192.0.2.7"), ("192.0.2.7, 127.0.0.1", "192.0.2.7"),
    ("junk", "127.0.0.1"), ("192.0.2.7, junk", "127.0.0.1"), (",", "127.0.0.1"),
    ("127.0.0.1, " * 400 + "192.0.2.7", "192.0.2.7")])
def test_nginx_limits_the_client_behind_a_trusted_proxy(proxied, forwarded, client):
    assert limited(proxied, forwarded) == ("PASSED", client)


def test_only_a_program_of_this_machine_that_speaks_for_itself_is_not_counted(realm, proxied):
    assert limited(proxied, "") == ("-", "127.0.0.1")
    assert limited(realm, "") == ("-", "127.0.0.1")
    assert limited(realm, "192.0.2.7") == ("PASSED", "127.0.0.1")


def test_slow_bodies_of_one_network_occupy_few_connections(proxied):
    def head(address):
        return (f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n"
                "Content-Length: 1000\r\n\r\n{").encode()

    def status(address):
        return ask(proxied, "POST", LOGIN, {}, headers={"X-Forwarded-For": address}).status
    with contextlib.ExitStack() as stack:
        slow = []
        for number in range(50):
            slow.append(stack.enter_context(
                socket.create_connection(("127.0.0.1", proxied.port), timeout=PATIENCE)))
            slow[-1].sendall(head(f"2001:db8:1:2::{number:x}"))

        def is_full():
            for connection in slow:  # each has some more seconds for the rest
                connection.sendall(b" ")
            return status("2001:db8:1:2:ffff::1") == 429
        wait_until(is_full, "a refusal")
        assert status("2001:db8:1:3::1") == 422
        assert ask(proxied, "GET", "/health",
                   headers={"X-Forwarded-For": "2001:db8:1:2::1"}).status == 200
    wait_until(lambda: status("2001:db8:1:2:ffff::1") == 422, "free connections")


def test_a_large_body_needs_a_token(realm):
    body = json.dumps({"username": "x" * 20_000, "password": "x"}).encode()
    assert ask(realm, "POST", LOGIN, raw=body).status == 413
    headers = {"Authorization": f"Bearer {realm.tokens['ada']}"}
    note = {"content": "x" * 18_000, "knowledge_type": "fact"}
    path = "/api/v1/phase3/knowledge"
    assert ask(realm, "POST", path, note).status == 413
    assert ask(realm, "POST", path, note, headers=headers).status == 201


def own_answers(realm):
    """What nginx answers itself, by status."""
    token = {"Authorization": f"Bearer {realm.tokens['ada']}"}
    socket_headers = {"Upgrade": "websocket", "Connection": "Upgrade, close"}
    yield 413, ask(realm, "POST", LOGIN, raw=b"x" * 300_000, headers=token)
    yield 414, ask(realm, "GET", "/health?q=" + "x" * 70_000)
    yield 431, ask(realm, "GET", "/health", headers={"X-Long": "x" * 70_000})
    yield 405, ask(realm, "TRACE", "/health")
    yield 426, ask(realm, "GET", "/api/v1/phase3/ws/me")
    if "bridge" not in realm.processes:
        yield 503, ask(realm, "GET", "/api/v1/phase3/ws/me", headers=socket_headers)


def test_what_nginx_answers_itself_is_json_that_nobody_stores(realm, proxied):
    for each in (realm, proxied):
        for status, answer in own_answers(each):
            assert answer.status == status
            assert answer.json["detail"] and answer.json["code"]
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-request-id"]


def test_pages_of_other_origins_can_read_it_where_some_are_configured(realm, proxied):
    for status, answer in own_answers(proxied):
        assert answer.headers.get("access-control-allow-origin") == "*", status
        assert "Retry-After" in answer.headers["access-control-expose-headers"]
    for status, answer in own_answers(realm):
        assert "access-control-allow-origin" not in answer.headers, status
    ours = ask(proxied, "GET", ME, headers={"Origin": "http://app.example"})
    assert ours.headers["access-control-allow-origin"] == "http://app.example"
    assert "access-control-allow-origin" not in ask(
        proxied, "GET", ME, headers={"Origin": "http://other.example"}).headers
