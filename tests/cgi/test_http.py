"""Paths, methods, bodies and headers that are wrong, and a database that fails."""

import json
import os
import re
import resource
import signal
import subprocess

import pytest
from conftest import ROOMS, all_pages, faults, refused
from realm import BUILD, PATIENCE, Answer, Realm

KNOWLEDGE = "/api/v1/phase3/knowledge"


# --- paths and methods ---------------------------------------------------------------------------

@pytest.mark.parametrize("path", [
    "/nothing", "/api", "/api/v1", "/api/v1/", "/API/v1/phase3/rooms", "/health/x", "/../health", "*", "health",
    "/api/v1/phase3/rooms/x/y/z", "/" + "x" * 8000, "/healthé", "/health%00", "/health\udcff"])
def test_an_unknown_path_is_a_404(realm, path):
    assert refused(realm.cgi("GET", path), 404, "not_found")


@pytest.mark.parametrize("path", [
    "/api/v1/phase3/rooms", "/api/v1/phase3/rooms/", "/api/v1/phase3/rooms//",
    "//api/v1///phase3/rooms", "/health/", "//health", "/", "//"])
def test_several_slashes_count_as_one_and_one_at_the_end_is_ignored(realm, path):
    """As nginx does it, so that a path means the same behind every web server."""
    assert realm.cgi("GET", path, token=realm.tokens["ada"]).status == 200


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "BREW", "get", "G" * 1000])
def test_an_unknown_method_is_a_405_that_names_the_known_ones(realm, method):
    answer = realm.cgi(method, ROOMS)
    assert refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST, GET, HEAD, OPTIONS"


def test_options_names_the_methods_and_needs_no_token(realm):
    answer = realm.cgi("OPTIONS", "/api/v1/users/me")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"
    assert "access-control-allow-origin" not in answer.headers
    assert realm.cgi("OPTIONS", "/nothing").status == 404


def test_head_is_get_without_a_body(ada):
    head, get = ada("HEAD", "/rooms?limit=1"), ada("GET", "/rooms?limit=1")
    assert head.status == 200 and head.body == b""
    for name in ("content-length", "content-type", "link"):
        assert head.headers[name] == get.headers[name]


def test_the_path_is_taken_from_the_request_line_without_a_path_info(realm):
    environment = realm.cgi_environment("GET", "/x")
    environment |= {"PATH_INFO": "", "REQUEST_URI": "/%68ealth?x=/y"}
    done = subprocess.run([BUILD / "aeon.fcgi"], env=realm.environment | environment,
                          capture_output=True, timeout=PATIENCE, check=True)
    assert Answer.from_cgi(done.stdout).json["service"] == "aeon"


def test_paths_in_answers_begin_with_the_path_of_the_program(ada):
    def place(path):
        return {"SCRIPT_NAME": "/cgi-bin/aeon.fcgi", "REQUEST_URI": "/cgi-bin/aeon.fcgi" + path}
    answer = ada("POST", "/rooms", {"name": "Here"}, headers=place(ROOMS))
    assert answer.headers["location"].startswith("/cgi-bin/aeon.fcgi/api/v1/phase3/rooms/")
    link = ada("GET", "/rooms?limit=1", headers=place(ROOMS + "?limit=1")).headers["link"]
    assert link.startswith("</cgi-bin/aeon.fcgi/api/v1/phase3/rooms?limit=1&cursor=")
    assert b'href="/cgi-bin/aeon.fcgi/docs"' in ada.realm.cgi("GET", "/", headers=place("/")).body


# --- bodies --------------------------------------------------------------------------------------

def deep(levels):
    return b'{"name":"x","z":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize("body", [
    b"{", b"nonsense", b'{"name":"x"', b'{"name":"x"}x', b"{'name':'x'}", b"\x00", b" ",
    b'{"name":"\xff"}', b'{"name":"\xc0\xaf"}', b'{"name":"\\ud800"}', b'{"name":"\xed\xa0\x80"}',
    b'{"name":"a\\u0000b"}', b'{"name":"a\x00b"}', b'{"name":1e999}', deep(16), deep(1000),
    deep(100000), b'{"name":"x","z":[' + b"1," * 10000 + b"1]}", b'{"\\u0000":1}', b"\xef\xbb\xbf{}", b'{"name":NaN}',
], ids=lambda body: repr(body[:24]))
def test_a_body_that_is_not_valid_json_is_a_422(ada, body):
    (fault,) = ada("POST", "/rooms", body=body).json["detail"]
    assert fault["type"] == "json_invalid" and fault["msg"] == "JSON decode error"
    assert fault["loc"][0] == "body" and isinstance(fault["loc"][1], int)


@pytest.mark.parametrize("body", [
    b'{"username":"ada","password":"hunter2secret', b'{"username":"ada","password":"hunter2secret\n"}',
    b'"hunter2secret"', b'["hunter2secret"]', b'hunter2secret', b'{"password":hunter2secret}',
    b'{"username":1,"password":"hunter2secret"}', b'{"username":["hunter2secret"]}',
    b'{"username":{"password":"hunter2secret"}}', b'{"password":["hunter2secret"]}',
    b'{"user":"ada","pasword":"hunter2secret"}', b'{"password":"hunter2secret","password":1}'])
@pytest.mark.parametrize("path", ["/api/v1/users/register", "/api/v1/users/login"])
def test_an_error_never_shows_a_password_whatever_the_shape_of_the_body(realm, path, body):
    answer = realm.cgi("POST", path, body=body)
    assert answer.status == 422 and b"hunter2" not in answer.body


@pytest.mark.parametrize("body", [b"[]", b"1", b'"name"', b"null", b"true", b'[{"name":"x"}]'])
def test_a_body_that_is_not_an_object_is_a_422(ada, body):
    assert faults(ada("POST", "/rooms", body=body)) == [("model_attributes_type", ("body",))]


def test_a_text_in_a_body_may_have_any_number_of_brackets_and_commas(ada):
    text = '[{,"\\' * 4000
    answer = ada("POST", "/knowledge", {"content": text, "knowledge_type": "brackets"})
    assert answer.status == 201 and answer.json["content"] == text


def test_a_body_of_the_allowed_depth_is_accepted(ada):
    assert ada("POST", "/rooms", body=deep(15)).status == 201


def test_a_missing_body_is_reported_as_missing_fields(ada):
    assert faults(ada("POST", "/rooms")) == [("missing", ("body", "name"))]


@pytest.mark.parametrize("kind, status", [
    ("application/json", 201), ("application/json; charset=utf-8", 201),
    ("APPLICATION/JSON", 201), ("application/vnd.x+json", 201), ("", 201), ("text/plain", 415),
    ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415),
    ("application/jsonx", 415), (";", 415), ("x" * 8000, 415)])
def test_only_json_is_accepted_by_a_route_that_takes_json(ada, kind, status):
    answer = ada("POST", "/rooms", body=b'{"name":"Kind"}', content_type=kind)
    assert answer.status == status
    assert status == 201 or refused(answer, 415, "unsupported_media_type")


def test_a_body_over_the_limit_is_a_413_and_one_at_the_limit_is_read(ada):
    rest = b'{"name":"x","z":""}'
    body = rest[:-2] + b"y" * (256 * 1024 - len(rest)) + rest[-2:]
    assert ada("POST", "/rooms", body=body).status == 201
    assert refused(ada("POST", "/rooms", body=body + b" "), 413, "body_too_large")


@pytest.mark.parametrize("length, status", [
    ("-1", 422), ("x", 422), ("1x", 422), ("+17", 422), (" 17", 422), ("0x11", 422), ("18", 422),
    ("262144", 422), ("262145", 413), ("9" * 30, 413), ("16", 422), ("17", 201), ("017", 201)])
def test_a_wrong_content_length_is_refused(ada, length, status):
    answer = ada("POST", "/rooms", body=b'{"name":"Length"}', headers={"CONTENT_LENGTH": length})
    assert answer.status == status, answer
    assert status != 422 or faults(answer)[0][0] == "json_invalid"


def test_no_more_than_the_content_length_is_read(realm, ada):
    """A server may keep standard input open, so a program that waits for its end would hang."""
    body = b'{"name":"Open"}'
    environment = realm.environment | realm.cgi_environment(
        "POST", ROOMS, body, token=realm.tokens["ada"])
    with subprocess.Popen([BUILD / "aeon.fcgi"], env=environment, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as program:
        program.stdin.write(body + b"more")
        program.stdin.flush()
        assert program.wait(PATIENCE) == 0
        assert Answer.from_cgi(program.stdout.read()).status == 201


@pytest.mark.parametrize("method, path, status", [
    ("POST", "/nothing", 404), ("PUT", "/api/v1/users/login", 405), ("POST", ROOMS, 401)])
def test_the_body_is_read_to_its_end_before_an_answer_that_does_not_need_it(realm, method, path,
                                                                            status):
    """Apache reads the answer only after it has written the body."""
    answer = realm.cgi(method, path, body=b"x" * 1_000_000)
    assert answer.status == status, answer


def test_a_body_without_a_length_is_a_411(ada):
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    body = b"{" + b" " * 1_000_000
    assert refused(ada("POST", "/rooms", body=body, headers=chunked), 411, "length_required")
    assert refused(ada("POST", "/aeon/interactions/1/respond", body=body, headers=chunked), 411,
                   "length_required")


@pytest.fixture(scope="module", autouse=True)
def late_body(realm):
    """A request whose body never arrives. It starts before all other tests of this file."""
    environment = realm.environment | realm.cgi_environment(
        "POST", "/api/v1/users/login", b"{}")
    with subprocess.Popen([BUILD / "aeon.fcgi"], env=environment, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as program:
        yield program
        program.kill()


@pytest.mark.parametrize("text", ["x\u202ey", "x\x7f", "\tx\n", "<script>", "'; DROP TABLE users;--",
                                  "%s%n", "🏳️‍🌈", "\U0010ffff", "\ufffe"])
def test_unusual_text_is_returned_unchanged(ada, text):
    answer = ada("POST", "/knowledge", {"content": text, "knowledge_type": "odd"})
    assert answer.status == 201 and answer.json["content"] == text
    assert json.loads(answer.body.decode("utf-8", "strict")) == answer.json


# --- headers -------------------------------------------------------------------------------------

def test_the_request_id_of_the_caller_is_kept_when_it_is_valid(realm):
    for name in ("a", "A-1_b.c", "x" * 64):
        assert realm.cgi("GET", "/health", headers={"HTTP_X_REQUEST_ID": name}).headers[
            "x-request-id"] == name
    for name in ("", " ", "a b", "x" * 65, "a\r\nSet-Cookie: b", "ü", '"'):
        answer = realm.cgi("GET", "/health", headers={"HTTP_X_REQUEST_ID": name})
        assert re.fullmatch("[0-9a-f-]{36}", answer.headers["x-request-id"])
        assert "set-cookie" not in answer.headers


def test_answers_have_a_length_and_are_not_cached(realm, ada):
    for answer in (ada("GET", "/rooms"), realm.cgi("GET", "/nothing"), realm.cgi("GET", "/health")):
        assert int(answer.headers["content-length"]) == len(answer.body)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("query", ["&&&", "=", "limit", "limit=%", "limit=%zz", "%00=%00", "?" * 99,
                                   "&".join(["x=1"] * 20000), "q=\udcff", "limit=5&limit=%ff"])
def test_odd_query_strings_do_no_harm(ada, query):
    assert ada("GET", "/rooms?" + query).status in (200, 422)


def test_the_last_of_repeated_query_fields_counts(ada):
    assert len(ada("GET", "/rooms?limit=3&limit=1").json) == 1


def test_a_link_header_cannot_be_injected(ada):
    link = ada("GET", "/rooms?limit=1&x=%3e%22%0d%0aSet-Cookie:b&y=>;\r\n").headers["link"]
    assert link.count("<") == link.count(">") == 1 and "\n" not in link


def test_only_pages_of_configured_origins_may_read():
    with Realm(cors_origins="https://a.example https://b.example") as realm:
        def ask(method, origin):
            return realm.cgi(method, ROOMS, headers={"HTTP_ORIGIN": origin}).headers
        preflight = ask("OPTIONS", "https://b.example")
        assert preflight["access-control-allow-origin"] == "https://b.example"
        assert preflight["access-control-allow-methods"] == "POST, GET, HEAD, OPTIONS"
        assert "Authorization" in preflight["access-control-allow-headers"]
        refusal = ask("GET", "https://a.example")
        assert refusal["access-control-allow-origin"] == "https://a.example"
        assert "Link" in refusal["access-control-expose-headers"]
        for origin in ("https://c.example", "https://a.example https://b.example", "null", "",
                       "https://a.exampl"):
            headers = ask("GET", origin)
            assert "access-control-allow-origin" not in headers and headers["vary"] == "Origin"


# --- the program ---------------------------------------------------------------------------------

def run(realm, *arguments, **environment):
    return subprocess.run([BUILD / "aeon.fcgi", *arguments], env=realm.environment | environment,
                          capture_output=True, text=True, timeout=PATIENCE)


def test_the_command_line_explains_itself(realm):
    assert run(realm, "--help").stdout.startswith("Usage: aeon.fcgi")
    assert run(realm, "--version").stdout.startswith("aeon.fcgi ")
    for arguments in ([], ["--nothing"], ["--listen", "8000"], ["--listen", "unix:"], ["x"],
                      ["--listen", "unix:/tmp/x", "--workers", "0"],
                      ["--listen", "unix:/tmp/x", "--workers", "2x"]):
        done = run(realm, *arguments)
        assert done.returncode == 64 and done.stderr and not done.stdout


def test_a_wrong_configuration_is_reported_in_one_sentence(realm):
    done = run(realm, AEON_SESSION_DAYS="many", REQUEST_METHOD="GET")
    assert done.returncode == 78 and done.stderr.count("\n") == 1
    assert "AEON_SESSION_DAYS" in done.stderr
    assert run(realm, "--config", "/nonexistent/aeon.conf").returncode == 78


@pytest.mark.parametrize("contact", ["security@example.org", "javascript:alert(1)", "https:a b",
                                     "mailto:a@example.org\nContact: mailto:b@example.org"])
def test_a_security_contact_that_is_no_uri_is_a_wrong_configuration(realm, contact):
    done = run(realm, AEON_SECURITY_CONTACT=contact, REQUEST_METHOD="GET")
    assert done.returncode == 78 and "security_contact" in done.stderr


def test_a_query_string_is_never_read_as_options(realm):
    """Web servers pass the words of a query without '=' as arguments."""
    environment = realm.cgi_environment("GET", "/health")
    assert '"service":"aeon"' in run(realm, "--config", "/etc/passwd", **environment).stdout


# --- a database that fails -----------------------------------------------------------------------

def test_a_locked_database_is_a_503_with_a_retry_after():
    with Realm(store_wait_ms=200) as realm:
        realm.user("ada")
        token = realm.tokens["ada"]
        with realm.rows.locked():
            answer = realm.cgi("POST", ROOMS, {"name": "x"}, token=token)
            assert refused(answer, 503, "store_busy")
            assert int(answer.headers["retry-after"]) >= 1
            assert realm.cgi("GET", ROOMS, token=token).status == 200
        assert realm.cgi("POST", ROOMS, {"name": "x"}, token=token).status == 201


def test_a_full_disk_is_a_503_and_loses_no_stored_data():
    with Realm() as realm:
        realm.user("ada")
        token = realm.tokens["ada"]
        size = max(path.stat().st_size for path in realm.directory.glob("aeon.db*"))

        def limited():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))
        body = json.dumps({"content": "x" * 20000, "knowledge_type": "large"}).encode()
        request = realm.cgi_environment("POST", KNOWLEDGE, body, token=token)
        environment = realm.environment | request
        done = subprocess.run([BUILD / "aeon.fcgi"], env=environment, input=body, timeout=PATIENCE,
                              capture_output=True, preexec_fn=limited, check=True)
        answer = Answer.from_cgi(done.stdout)
        assert refused(answer, 503, "store_unavailable") and "retry-after" in answer.headers
        assert realm.cgi("GET", KNOWLEDGE, token=token).json == []
        assert realm.cgi("POST", KNOWLEDGE, body=body, token=token).status == 201
        assert realm.ctl("check").returncode == 0


def test_a_missing_database_is_a_503_that_shows_no_path(realm):
    nowhere = {"AEON_DATABASE": "/nonexistent/secret.db"}
    answer = realm.cgi("GET", ROOMS, token="x" * 43, headers=nowhere)
    assert refused(answer, 503, "store_unavailable") and b"secret" not in answer.body
    health = realm.cgi("GET", "/health", headers=nowhere)
    assert health.status == 503 and b"secret" not in health.body


def test_a_newer_and_an_older_database_are_refused():
    with Realm() as realm:
        for version, code in ((9999, "store_too_new"), (0, "store_too_old")):
            realm.rows.set_version(version)
            assert refused(realm.cgi("GET", ROOMS, token="x" * 43), 503, code)


def test_a_file_that_is_not_a_database_is_a_503(realm):
    rubbish = realm.directory / "rubbish.db"
    rubbish.write_bytes(os.urandom(8192))
    answer = realm.cgi("GET", ROOMS, token="x" * 43, headers={"AEON_DATABASE": str(rubbish)})
    assert refused(answer, 503, "store_damaged")


def test_the_log_never_holds_a_secret_and_names_the_request():
    with Realm(log_level="debug") as realm:
        realm.user("ada")
        body = json.dumps({"content": "a private thought", "knowledge_type": "x"}).encode()
        environment = realm.environment | realm.cgi_environment(
            "POST", KNOWLEDGE, body, token=realm.tokens["ada"],
            headers={"HTTP_X_REQUEST_ID": "me-1"})
        done = subprocess.run([BUILD / "aeon.fcgi"], env=environment, input=body, timeout=PATIENCE,
                              capture_output=True, check=True)
        line = done.stderr.decode()
        assert "request_id=me-1" in line and "status=201" in line and KNOWLEDGE in line
        assert realm.tokens["ada"] not in line and "private thought" not in line


def test_plain_cgi_keeps_the_write_ahead_log_small():
    """No process stays, so each one that finds a large log makes a checkpoint."""
    with Realm() as realm:
        realm.user("ada")
        large = {"content": "🙂" * 20000, "knowledge_type": "large"}
        for _ in range(60):
            answer = realm.cgi("POST", KNOWLEDGE, large, token=realm.tokens["ada"])
            assert answer.status == 201
            assert (realm.directory / "aeon.db-wal").stat().st_size < 4.5 * 1024 * 1024
        assert realm.database.stat().st_size > 2 * 1024 * 1024
        assert realm.ctl("check").returncode == 0
        assert len(all_pages(lambda *request: realm.cgi(*request, token=realm.tokens["ada"]),
                             KNOWLEDGE + "?limit=50")[1]) == 10


def test_plain_cgi_prunes_old_messages_and_events():
    with Realm(messages_days=1) as realm:
        realm.user("ada")
        room, token = realm.room("ada"), realm.tokens["ada"]
        path = f"{ROOMS}/{room}/messages"
        old = realm.cgi("POST", path, {"content": "Old"}, token=token).json
        old_events = realm.rows.change("UPDATE realm_events SET created_at = 1")
        assert old_events > 1
        realm.rows.change("UPDATE real_time_messages SET id = '00' || substr(id, 3)")
        new = realm.cgi("POST", path, {"content": "New"}, token=token).json
        large = {"content": "🙂" * 20000, "knowledge_type": "large"}
        for _ in range(60):
            assert realm.cgi("POST", KNOWLEDGE, large, token=token).status == 201
        there = realm.cgi("GET", path, token=token).json
        assert [m["seq"] for m in there] == [new["seq"]] == [old["seq"] + 1]
        assert realm.rows.select("SELECT min(pos), count(seq) FROM realm_events") == [
            (old_events + 1, 1)]
        assert realm.ctl("check").returncode == 0


# --- the realm's place on the site ---------------------------------------------------------------

@pytest.mark.parametrize("uri, script, base", [
    (ROOMS, "", ""),
    (ROOMS + "?q=/x", "/aeon.cgi", ""),
    ("/people/realm" + ROOMS, "/people/realm/aeon.cgi", "/people/realm"),
    ("/people/realm/aeon.cgi" + ROOMS, "/people/realm/aeon.cgi", "/people/realm/aeon.cgi"),
    ("/~ada" + ROOMS.replace("rooms", "%72ooms"), "/~ada/aeon.cgi", "/~ada"),
    ("", "/cgi-bin/aeon.cgi", "/cgi-bin/aeon.cgi"),
    ("/x//api/v1/phase3//rooms", "/x/aeon.cgi", "/x/aeon.cgi"),
    ("//evil.example/../realm" + ROOMS, "/realm/aeon.cgi", "/realm/aeon.cgi"),
    ("/\\evil.example" + ROOMS, "/realm/aeon.cgi", "/realm/aeon.cgi"),
    ("/%22%3E%3Cscript" + ROOMS, "//evil.example", ""),
])
def test_links_begin_with_the_place_of_the_realm_on_the_site(ada, uri, script, base):
    place = {"PATH_INFO": ROOMS, "REQUEST_URI": uri, "SCRIPT_NAME": script}
    answer = ada("POST", "/rooms", {"name": "Here"}, headers=place)
    assert answer.headers["location"] == f"{base}{ROOMS}/{answer.json['id']}"


def test_a_login_that_apache_has_renamed_is_understood(realm):
    token = {"REDIRECT_HTTP_AUTHORIZATION": "Bearer " + realm.tokens["ada"]}
    assert realm.cgi("GET", "/api/v1/users/me", headers=token).json["username"] == "ada"
    token["HTTP_AUTHORIZATION"] = "Bearer " + "x" * 43
    assert realm.cgi("GET", "/api/v1/users/me", headers=token).status == 401


def test_a_body_that_does_not_arrive_is_a_408(late_body):
    answer = Answer.from_cgi(late_body.stdout.read())
    assert refused(answer, 408, "request_timeout") and answer.headers["retry-after"] == "1"
