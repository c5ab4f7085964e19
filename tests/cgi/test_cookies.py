"""The cookie of a browser's login, and attacks on it by other pages."""

import pytest
from conftest import refused
from realm import PASSWORD

USERS, ROOMS = "/api/v1/users", "/api/v1/phase3/rooms"
HOST = {"HTTP_HOST": "realm.example"}
PAGE = HOST | {"HTTP_ORIGIN": "https://realm.example"}


def login(realm, headers=PAGE, name="ada", **more):
    return realm.cgi("POST", USERS + "/login",
                     {"username": name, "password": PASSWORD, "cookie": True} | more,
                     headers=headers)


class Browser:
    """A browser's cookies. All of its tabs share them."""

    def __init__(self, realm, origin="https://realm.example"):
        self.realm, self.origin, self.jar = realm, origin, {}

    def __call__(self, method, path, json_body=None, headers=None, **keywords):
        own = {"HTTP_HOST": "realm.example", "HTTP_SEC_FETCH_SITE": "same-origin"}
        if method != "GET":
            own["HTTP_ORIGIN"] = self.origin
        if self.jar:
            own["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        answer = self.realm.cgi(method, path, json_body, headers=own | (headers or {}), **keywords)
        if header := answer.headers.get("set-cookie"):
            name, _, value = header.split(";")[0].partition("=")
            self.jar.pop(name, None)
            if "Max-Age=0" not in header:
                self.jar[name] = value
        return answer

    def login(self, name="ada"):
        answer = self("POST", USERS + "/login",
                      {"username": name, "password": PASSWORD, "cookie": True})
        assert answer.status == 200, answer
        return answer


@pytest.fixture(scope="module")
def jar(realm):
    made = Browser(realm)
    made.login()
    return made.jar


@pytest.fixture
def browser(realm, jar):
    made = Browser(realm)
    made.jar = dict(jar)
    return made


def test_a_login_with_a_cookie_keeps_the_token_from_scripts(realm):
    answer = login(realm)
    assert answer.json["access_token"] is None and answer.json["token_type"] == "cookie"
    cookie, *flags = answer.headers["set-cookie"].split("; ")
    assert set(flags) == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict",
                          f"Max-Age={30 * 86400}"}
    name, _, token = cookie.partition("=")
    assert name == "__Host-aeon" and len(token) == 43 and token not in answer.body.decode()
    assert "set-cookie" not in login(realm, cookie=False).headers


def test_without_tls_the_cookie_has_no_prefix(realm):
    plain = login(realm, HOST | {"HTTP_ORIGIN": "http://realm.example"}).headers["set-cookie"]
    assert plain.startswith("aeon=") and "Secure" not in plain and "HttpOnly" in plain
    same = HOST | {"HTTP_SEC_FETCH_SITE": "same-origin"}
    for tls in ({"HTTPS": "on"}, {"HTTP_X_FORWARDED_PROTO": "https"}):
        assert login(realm, same | tls).headers["set-cookie"].startswith("__Host-aeon=")


def test_the_cookie_signs_its_user_in(browser):
    assert browser("GET", USERS + "/me").json["username"] == "ada"
    assert browser("POST", ROOMS, {"name": "By a page"}).status == 201
    browser.origin = "http://realm.example"  # another page than the one that signed in
    browser.jar = {"aeon": browser.jar["__Host-aeon"]}
    assert browser("POST", ROOMS, {"name": "Without TLS"}).status == 201


@pytest.mark.parametrize("headers", [
    {},
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "https://realm.example.evil.example"},
    {"HTTP_ORIGIN": "https://realm.example:8443"},
    {"HTTP_ORIGIN": "http://realm.example", "HTTPS": "on"},
    {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
    {"HTTP_SEC_FETCH_SITE": "none"},
])
def test_another_page_can_neither_act_nor_sign_in(realm, browser, headers):
    shown = HOST | headers | {"HTTP_COOKIE": f"__Host-aeon={browser.jar['__Host-aeon']}"}
    rooms = realm.rows.select("SELECT count(*) FROM chat_rooms")
    for method, path, body in (("POST", ROOMS, {"name": "Forged"}),
                               ("PATCH", USERS + "/me", {"bio": "forged"}),
                               ("POST", USERS + "/logout", None),
                               ("DELETE", USERS + "/me", None)):
        assert refused(realm.cgi(method, path, body, headers=shown), 403, "origin_refused")
    form = f"username=ben&password={PASSWORD}&cookie=true".encode()
    assert refused(realm.cgi("POST", USERS + "/login", body=form, headers=HOST | headers,
                             content_type="application/x-www-form-urlencoded"),
                   403, "origin_refused")
    assert realm.rows.select("SELECT count(*) FROM chat_rooms") == rooms
    assert browser("GET", USERS + "/me").json["bio"] != "forged"


def test_a_token_needs_no_origin(ada):
    assert ada("POST", "/rooms", {"name": "By a program"}).status == 201


def test_two_credentials_are_refused(realm, browser):
    both = PAGE | {"HTTP_COOKIE": f"__Host-aeon={browser.jar['__Host-aeon']}"}
    for method, path in (("GET", USERS + "/me"), ("POST", ROOMS)):
        answer = realm.cgi(method, path, token=realm.tokens["ben"], headers=both)
        assert refused(answer, 400, "two_credentials")
    twice = PAGE | {"HTTP_COOKIE": both["HTTP_COOKIE"] + "; other=1; __Host-aeon=x"}
    assert refused(realm.cgi("GET", USERS + "/me", headers=twice), 400, "two_credentials")


@pytest.mark.parametrize("cookie", ["", "aeon", "aeon=", "x__Host-aeon=%s", "__host-aeon=%s",
                                    "a=b; c", ";;;", "=; =%s", "__Host-aeonx=%s"])
def test_other_cookies_sign_nobody_in(realm, browser, cookie):
    shown = PAGE | {"HTTP_COOKIE": cookie.replace("%s", browser.jar["__Host-aeon"])}
    assert refused(realm.cgi("GET", USERS + "/me", headers=shown), 401, "unauthenticated")


def test_a_cookie_that_was_planted_without_tls_does_not_count(realm):
    planted = Browser(realm, "http://realm.example")
    planted.login("ben")
    victim = PAGE | {"HTTP_COOKIE": f"aeon={planted.jar['aeon']}"}
    assert refused(realm.cgi("POST", ROOMS, {"name": "x"}, headers=victim), 401, "unauthenticated")
    victim = HOST | {"HTTP_COOKIE": f"aeon={planted.jar['aeon']}", "HTTPS": "on"}
    assert refused(realm.cgi("GET", USERS + "/me", headers=victim), 401, "unauthenticated")


def test_a_login_takes_the_place_of_the_cookie_that_was_there(realm):
    attacker = Browser(realm)
    attacker.login("ben")
    victim = Browser(realm)
    victim.jar = dict(attacker.jar)
    victim.login("ada")
    assert victim.jar != attacker.jar
    assert victim("GET", USERS + "/me").json["username"] == "ada"
    assert attacker("GET", USERS + "/me").json["username"] == "ben"


@pytest.mark.parametrize("end", ["logout", "own session", "erasure"])
def test_the_end_of_a_login_removes_the_cookie_from_all_tabs(realm, end):
    name = f"tabs-{end.split()[0]}"
    realm.user(name)
    browser = Browser(realm)
    browser.login(name)
    if end == "logout":
        answer = browser("POST", USERS + "/logout")
    elif end == "erasure":
        answer = browser("DELETE", USERS + "/me", {"password": PASSWORD})
    else:
        current = [s["id"] for s in browser("GET", USERS + "/sessions").json if s["is_current"]]
        answer = browser("DELETE", f"{USERS}/sessions/{current[0]}")
    assert answer.status in (200, 204) and "Max-Age=0" in answer.headers["set-cookie"]
    assert browser.jar == {}
    assert refused(browser("GET", USERS + "/me"), 401, "unauthenticated")


def test_signing_out_everywhere_ends_cookies_and_they_go_at_the_next_request(realm):
    realm.user("everywhere")
    browsers = [Browser(realm) for _ in range(2)]
    for browser in browsers:
        browser.login("everywhere")
    changed = realm.cgi("PATCH", USERS + "/me",
                        {"password": "another " + PASSWORD, "old_password": PASSWORD},
                        token=realm.tokens["everywhere"])
    assert changed.status == 200, changed
    for browser in browsers:
        assert refused(browser("POST", ROOMS, {"name": "x"}), 401, "invalid_token")
        assert browser.jar == {}


def test_the_cookie_of_another_session_stays_when_that_session_ends(browser):
    browser.realm.cgi("POST", USERS + "/login", {"username": "ada", "password": PASSWORD})
    other = [s["id"] for s in browser("GET", USERS + "/sessions").json if not s["is_current"]][0]
    assert "set-cookie" not in browser("DELETE", f"{USERS}/sessions/{other}").headers
    assert browser("GET", USERS + "/me").status == 200


def test_health_shows_its_details_to_an_administrator_with_a_cookie(browser):
    details = browser("GET", "/api/v1/health/detailed",
                      headers={"HTTP_X_FORWARDED_FOR": "192.0.2.1"}).json
    assert len(details) > 3


# --- a GET has no effects --------------------------------------------------------------------------

PARAMETERS = {"limit": "5", "q": "word", "days": "3", "kind": "message", "depth": "1"}
NOTED = {"audit_log", "connected_users", "user_presence"}  # an export is, and who is there


def contents(realm):
    """All rows but notes, and the one by which /health shows that the realm can write."""
    return {name: sorted(row for row in map(repr, realm.rows.all(name)) if "heartbeat" not in row)
            for name in realm.rows.tables() if name not in NOTED}


def test_no_get_of_the_whole_api_changes_anything(realm, ada, ben, browser):
    room = realm.room("ada")
    ids = {"room_id": room, "message_id": room, "user_id": str(ben.id), "id": str(ada.id)}
    before = contents(realm)
    paths = realm.cgi("GET", "/openapi.json").json["paths"]
    asked = [path for path, calls in paths.items() if "get" in calls]
    assert len(asked) > 40
    for path in asked:
        call = paths[path]["get"]
        query = "&".join(f"{p['name']}={PARAMETERS[p['name']]}" for p in call["parameters"]
                         if p["in"] == "query" and p["name"] in PARAMETERS)
        if path.endswith("/events"):
            query = "wait=0"
        answer = browser("GET", path.format(**{p["name"]: ids.get(p["name"], "1")
                                               for p in call["parameters"] if p["in"] == "path"})
                         + "?" + query)
        assert answer.status < 500, (path, answer)
    after = contents(realm)
    assert {name for name in before if before[name] != after[name]} == set()
