"""scripts/up: a realm starts, two run side by side, and all of it stops.

Every request goes through nginx, as that of a client does. AEON_BUILD names the directory of the
programs. Without it, build/ in the source tree is brought up to date first.
"""

import concurrent.futures
import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from up_realm import UP, Realm, get, handshake, post, refuses
from realm import BUILD, PASSWORD, PATIENCE, TOP, free_port, wait_until
from rows import Rows


# --- starting and stopping -----------------------------------------------------------------------


def test_two_realms_run_side_by_side(realm, home):
    other = Realm(home).wait_ready()
    try:
        assert realm.person("only_here")
        with other.client() as c:
            login = c.post("/users/login", data={"username": "only_here", "password": PASSWORD})
        assert login.status_code == 401
        assert realm.healthy() and other.healthy()
    finally:
        assert other.stop() == 0
    assert realm.healthy()


def test_the_default_rooms_exist(realm):
    rooms = realm.person("visitor").get("/phase3/rooms").json()
    assert {"General", "AEON Hub", "Knowledge Exchange"} <= {room["name"] for room in rooms}


def test_data_survives_a_restart_and_no_process_is_left_behind(home):
    first = Realm(home).wait_ready()
    first.person("keeper").post("/phase3/rooms", json={"name": "Kept"})
    assert first.stop() == 0
    assert first.leftovers() == []
    assert not (first.data / "run").exists()
    second = Realm(home, port=first.port).wait_ready()
    rooms = second.person("keeper").get("/phase3/rooms").json()
    assert second.stop() == 0
    assert "Kept" in [room["name"] for room in rooms]


def test_all_processes_end_when_up_is_killed(home):
    r = Realm(home).wait_ready()
    assert len(r.services()) == 5
    r.up.kill()
    r.up.wait()
    wait_until(lambda: r.leftovers() == [], "all ended")


@pytest.mark.parametrize("how", ["aeon.conf", "environment"])
def test_two_bridges_are_supervised_like_one(home, how):
    r = Realm(home, settings="ws_bridges = 2\n" if how == "aeon.conf" else "",
              **({"AEON_WS_BRIDGES": "2"} if how == "environment" else {})).wait_ready()
    assert set(r.services()) == {"fast", "slow", "bridge", "bridge-2", "twin", "nginx"}
    wait_until(r.healthy, "healthy")
    os.kill(r.services()["bridge"], signal.SIGKILL)
    assert handshake(r.url) == 101
    wait_until(lambda: "bridge" in r.services() and r.healthy(), "healthy again")
    assert r.stop() == 0, r.stderr()
    assert r.leftovers() == []


def test_stopping_during_the_start_leaves_no_process(home):
    r = Realm(home)
    wait_until(lambda: r.services() or r.up.poll() is not None, "something started")
    assert r.stop() == 0, r.stderr()
    assert r.leftovers() == []


def test_long_and_odd_directory_names_work(home):
    data = home / ("long" * 30) / "with spaces, 'quotes' & more"
    port = free_port()
    up = subprocess.Popen([*UP, "--port", str(port), "--data", str(data)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        lines = [up.stdout.readline() for _ in range(3)]
        assert lines[0].startswith("setup code: ") and lines[2].startswith("ready:")
    finally:
        up.terminate()
        assert up.wait(timeout=PATIENCE) == 0


def test_open_opens_the_address_where_there_is_a_desktop(home):
    desktop, opened = home / "desktop", home / "opened"
    desktop.mkdir()
    (desktop / "xdg-open").write_text(f'#!/bin/sh\necho "$1" >{opened}.new && mv {opened}.new {opened}\n')
    (desktop / "xdg-open").chmod(0o755)
    path = f"{desktop}:{os.environ['PATH']}"
    r = Realm(home, "--open", DISPLAY=":0", PATH=path).wait_ready()
    wait_until(opened.exists, "the address is opened")
    assert opened.read_text() == f"http://localhost:{r.port}\n"
    assert r.stop() == 0, r.stderr()
    assert r.leftovers() == []
    opened.unlink()
    r = Realm(home, "--open", port=r.port, DISPLAY="", WAYLAND_DISPLAY="", PATH=path).wait_ready()
    assert f"open http://localhost:{r.port} yourself" in r.stderr()
    assert r.stop() == 0, r.stderr()
    assert not opened.exists()


# --- refusing to start ---------------------------------------------------------------------------


def test_a_taken_port_is_reported(realm, home):
    code, line = refuses(home, data=home / "late", port=realm.port)
    assert (code, line) == (69, f"up: port {realm.port} is in use; choose another one with --port")
    assert not (home / "late").exists()


def test_a_running_realm_is_reported(realm, home):
    code, line = refuses(home, data=realm.data)
    assert (code, line) == (75, f"up: a realm is already running in {realm.data}")


def test_a_wrong_configuration_line_is_reported(home):
    r = Realm(home, settings="# fine\nno_such_key = 1\n")
    assert r.up.wait(timeout=PATIENCE) == 78, r.stderr()
    assert re.search(r"aeon\.conf:2: .*no_such_key", r.stderr())
    assert not (r.data / "run").exists() and r.leftovers() == []


def test_a_wrong_value_in_the_environment_is_reported(home):
    code, line = refuses(home, data=home / "odd", AEON_SESSION_DAYS="many")
    assert code == 78 and "AEON_SESSION_DAYS" in line


def test_a_newer_database_is_reported_and_left_unchanged(home):
    data = home / "newer"
    data.mkdir()
    data.chmod(0o777)
    rows = Rows(data / "aeon.db")
    rows.set_version(9999)
    (data / "aeon.db").chmod(0o666)
    code, line = refuses(home, data=data)
    assert code == 65 and "newer" in line
    assert rows.version() == 9999


def test_an_unusable_directory_is_reported(home):
    (home / "file").write_text("")
    assert refuses(home, data=home / "file")[0] == 73
    assert refuses(home, data=home / "file" / "below")[0] == 73


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "x"], ["--port"], ["--what"]])
def test_wrong_arguments_are_reported(home, arguments):
    code, _ = refuses(home, *arguments, port="")
    assert code == 64


# --- what nginx answers itself -------------------------------------------------------------------


def test_twenty_users_register_in_a_row(realm):
    for n in range(20):
        assert realm.person(f"guest_{n}")


def test_password_guessing_is_refused(realm):
    wait_until(realm.healthy, "healthy")
    with realm.client() as c, concurrent.futures.ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda n: c.post("/users/login", data={
            "username": f"guess{n}", "password": "12345678"}), range(100)))
    refused = [a for a in answers if a.status_code == 429]
    assert refused
    assert {a.status_code for a in answers} <= {401, 429, 503}
    of_nginx = {"detail": "Too many requests. Try again later.", "code": "rate_limited"}
    assert of_nginx in [answer.json() for answer in refused]
    for answer in refused:
        assert answer.json() == of_nginx or answer.json()["code"] == "too_many_logins"
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.headers["content-type"] == "application/json"


def test_a_body_that_is_too_large_is_a_413_in_json(realm):
    answer = post(realm.url + "/api/v1/users/login", content=b"x" * (256 * 1024 + 1))
    assert answer.status_code == 413 and answer.json()["code"] == "body_too_large"


@pytest.mark.parametrize("line, status", [
    (b"GET /" + b"a" * 70000 + b" HTTP/1.1", 414),
    (b"GET /%00 HTTP/1.1", 400),
    (b"TRACE / HTTP/1.1", 405),
    (b"GET / HTTP/1.1\r\nX-Big: " + b"a" * 70000, 431),
    (b"nonsense", 400),
])
def test_nginx_refuses_in_json(realm, line, status):
    with socket.create_connection(("127.0.0.1", realm.port), timeout=PATIENCE) as s:
        s.sendall(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: s.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d" % status)
    assert b"Content-Type: application/json" in head
    assert set(json.loads(body)) == {"detail", "code"}


def test_the_websocket_path_needs_an_upgrade(realm):
    answer = get(realm.url + "/api/v1/phase3/ws/me")
    assert answer.status_code == 426 and answer.headers["upgrade"] == "websocket"


def test_every_answer_has_one_request_id_and_security_headers(realm):
    for path in ("/health", "/api/v1/phase3/ws/me", "/nowhere"):
        headers = get(realm.url + path, headers={"X-Request-Id": "mine-1"}).headers
        assert headers.get_list("x-request-id") == ["mine-1"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["server"] == "nginx"
    insane = get(realm.url + "/health", headers={"X-Request-Id": "a b\"c"}).headers
    assert re.fullmatch(r"[0-9a-f]{32}", insane["x-request-id"])


def test_query_strings_are_not_logged(realm):
    log = realm.data / "log/aeon-access.log"
    with httpx.Client(base_url=realm.url, timeout=PATIENCE) as client:
        client.get("/health?ticket=geheim")
        client.get("/later")
    wait_until(lambda: "/later" in log.read_text(), "the log lines")
    assert "geheim" not in log.read_text()
    assert "geheim" not in realm.stderr()


def test_the_ipv6_loopback_answers_too(realm):
    if not any(line.startswith("0" * 31 + "1 ") for line in open("/proc/net/if_inet6")):
        pytest.skip("no IPv6 here")
    assert get(f"http://[::1]:{realm.port}/health").status_code == 200
