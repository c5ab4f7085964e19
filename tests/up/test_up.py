"""scripts/up: a realm starts, two run side by side, dead programs start again, and all of it stops.

Every request goes through nginx, as that of a client does. AEON_BUILD names the directory of the
programs. Without it, build/ in the source tree is brought up to date first.
"""
import asyncio
import concurrent.futures
import functools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest
import websockets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from realm import BUILD, PASSWORD, PATIENCE, TOP, free_port, wait_until  # noqa: E402
from rows import Rows  # noqa: E402

UP = [str(TOP / "scripts/up"), "--no-install"]
get = functools.partial(httpx.get, timeout=PATIENCE)
post = functools.partial(httpx.post, timeout=PATIENCE)


def processes():
    """pid -> (parent, command line) of all running processes."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if state not in "ZX":
            found[int(entry.name)] = (int(parent), command)
    return found


def age(pid):
    """Seconds since the process was started."""
    ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


class Realm:
    started = []

    def __init__(self, home, port=None, settings="", **environment):
        self.port = port or free_port()
        self.data = home / f"realm-{self.port}"
        self.url = f"http://127.0.0.1:{self.port}"
        self.errors = open(home / f"up-{self.port}.log", "w+")
        if settings:
            self.data.mkdir()
            self.data.chmod(0o777)
            (self.data / "aeon.conf").write_text(settings)
        self.up = subprocess.Popen(
            [*UP, "--port", str(self.port), "--data", str(self.data)], text=True,
            stdout=subprocess.PIPE, stderr=self.errors, env={**os.environ, **environment})
        Realm.started.append(self)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read()

    def wait_ready(self):
        assert self.up.stdout.readline() == f"ready: http://localhost:{self.port}\n", self.stderr()
        return self

    def services(self):
        """name -> pid of the processes that up started."""
        names = {"--pool fast": "fast", "--pool slow": "slow", "/ws.sock": "bridge",
                 "/ws-2.sock": "bridge-2", "nginx: master": "nginx"}
        return {name: pid for pid, (parent, command) in processes().items()
                for mark, name in names.items() if parent == self.up.pid and mark in command}

    def children(self, name):
        pid = self.services()[name]
        return [p for p, (parent, _) in processes().items() if parent == pid]

    def leftovers(self):
        return [c for p, (_, c) in processes().items() if str(self.data) in c and p != self.up.pid]

    def stop(self):
        self.up.send_signal(signal.SIGCONT)
        self.up.terminate()
        return self.up.wait(timeout=PATIENCE)

    def client(self, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url + "/api/v1", headers=headers, timeout=PATIENCE)

    def person(self, name):
        """A registered and signed-in client."""
        with self.client() as c:
            answer = c.post("/users/register", json={
                "username": name, "email": f"{name}@example.org", "password": PASSWORD})
            assert answer.status_code in (201, 409), answer.text
            token = c.post("/users/login", data={"username": name, "password": PASSWORD})
            return self.client(token.json()["access_token"])

    def healthy(self):
        """Whether REST and WebSocket answer and health is not degraded."""
        try:
            answer = get(self.url + "/api/v1/phase3/health/phase3")
            return (answer.status_code == 200 and answer.json()["status"] != "degraded"
                    and handshake(self.url) == 101)
        except (httpx.HTTPError, OSError):
            return False


def handshake(url):
    """The status of the answer to a WebSocket handshake."""
    async def connect():
        try:
            async with websockets.connect(url.replace("http", "ws") + "/api/v1/phase3/ws/me"):
                return 101
        except websockets.InvalidStatusCode as refused:
            return refused.status_code
    return asyncio.run(connect())


@pytest.fixture(scope="module")
def home():
    # Not pytest's tmp_path: the unprivileged user of the realm may not enter it.
    path = Path(tempfile.mkdtemp(prefix="aeon-up-"))
    path.chmod(0o755)
    yield path
    for realm in Realm.started:
        if realm.up.poll() is None:
            realm.stop()
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def realm(home):
    r = Realm(home).wait_ready()
    yield r
    assert r.stop() == 0


@pytest.fixture
def rested(realm):
    """The realm, after up has forgotten what earlier tests killed."""
    wait_until(realm.healthy, "healthy")
    wait_until(lambda: all(age(pid) > 4 for pid in realm.services().values()), "rested")
    return realm


def refuses(home, *arguments, data=None, port=None, **environment):
    """Runs an up that must end by itself. Returns its exit code and the last line on stderr."""
    command = [*UP, *arguments] + (["--data", str(data)] if data else [])
    if port != "":
        command += ["--port", str(port or free_port())]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                           env={**os.environ, **environment})
    assert "ready" not in ended.stdout
    return ended.returncode, ended.stderr.strip().splitlines()[-1]


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
    assert len(r.services()) == 4
    r.up.kill()
    r.up.wait()
    wait_until(lambda: r.leftovers() == [], "all ended")


@pytest.mark.parametrize("how", ["aeon.conf", "environment"])
def test_two_bridges_are_supervised_like_one(home, how):
    r = Realm(home, settings="ws_bridges = 2\n" if how == "aeon.conf" else "",
              **({"AEON_WS_BRIDGES": "2"} if how == "environment" else {})).wait_ready()
    assert set(r.services()) == {"fast", "slow", "bridge", "bridge-2", "nginx"}
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
        assert up.stdout.readline().startswith("ready:")
    finally:
        up.terminate()
        assert up.wait(timeout=PATIENCE) == 0


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to drop it")
def test_root_runs_the_realm_as_another_user_or_says_why_not(realm):
    nobody = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    reached = all(subprocess.run([*nobody, "test", "-r", path]).returncode == 0
                  for path in (BUILD / "aeon.fcgi", TOP / "conf/nginx/server.conf"))
    users = {Path(f"/proc/{pid}").stat().st_uid for pid in realm.services().values()}
    assert (0 in users) != reached
    assert ("so the realm runs as root" in realm.stderr()) != reached


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


# --- starting again ------------------------------------------------------------------------------


@pytest.mark.parametrize("victim", ["bridge", "nginx", "fast", "slow"])
def test_a_killed_program_is_started_again(rested, victim):
    pid = rested.services()[victim]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: rested.services().get(victim, pid) != pid and rested.healthy(), "back")
    assert rested.person("phoenix").get("/users/me").status_code == 200


@pytest.mark.parametrize("how_many", [1, 2])
def test_killed_workers_are_started_again(rested, how_many):
    before = rested.children("fast")
    assert len(before) == 2
    for pid in before[:how_many]:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(set(rested.children("fast")) - set(before)) == how_many
               and rested.healthy(), "back")


def test_health_is_degraded_while_the_bridge_is_down(rested):
    rested.up.send_signal(signal.SIGSTOP)
    try:
        os.kill(rested.services()["bridge"], signal.SIGKILL)
        answer = wait_until(lambda: (a := get(rested.url + "/api/v1/phase3/health/phase3"))
                            .json()["status"] == "degraded" and a, "degraded")
        assert answer.status_code == 200
        assert answer.json()["features"]["real_time_messaging"] is False
        assert handshake(rested.url) == 503
        assert rested.person("patient").get("/phase3/rooms").status_code == 200
    finally:
        rested.up.send_signal(signal.SIGCONT)
    wait_until(rested.healthy, "healthy again")


def test_the_answer_without_workers_is_a_503_in_json(rested):
    rested.up.send_signal(signal.SIGSTOP)
    try:
        for pid in [rested.services()["fast"], *rested.children("fast")]:
            os.kill(pid, signal.SIGKILL)
        answer = wait_until(lambda: (a := get(rested.url + "/health")).status_code != 200 and a,
                            "an error")
        assert answer.status_code == 503 and answer.json()["code"] == "unavailable"
        assert answer.headers["retry-after"] and answer.headers["x-request-id"]
    finally:
        rested.up.send_signal(signal.SIGCONT)
    wait_until(rested.healthy, "healthy again")


def test_no_acknowledged_message_is_lost_when_everything_is_killed(rested):
    person = rested.person("witness")
    room = person.post("/phase3/rooms", json={"name": "Under fire"}).json()["id"]
    acknowledged, stopping = [], threading.Event()

    def post():
        for n in range(100000):
            if stopping.is_set():
                return
            try:
                answer = person.post(f"/phase3/rooms/{room}/messages", json={"content": str(n)})
            except httpx.HTTPError:
                continue
            if answer.status_code == 201:
                acknowledged.append(answer.json()["message_id"])

    thread = threading.Thread(target=post)
    thread.start()
    try:
        wait_until(lambda: len(acknowledged) > 20, "traffic")
        for pid in rested.children("fast"):
            os.kill(pid, signal.SIGKILL)
        os.kill(rested.services()["bridge"], signal.SIGKILL)
        seen = len(acknowledged)
        wait_until(lambda: len(acknowledged) > seen + 20, "traffic again")
        os.kill(rested.services()["fast"], signal.SIGKILL)
        seen = len(acknowledged)
        wait_until(lambda: len(acknowledged) > seen + 20, "traffic again")
    finally:
        stopping.set()
        thread.join()

    stored, after = {}, 0
    while page := person.get(f"/phase3/rooms/{room}/messages",
                             params={"after": after, "limit": 200}).json():
        stored.update({message["message_id"]: message["seq"] for message in page})
        after = page[-1]["seq"]
    assert set(acknowledged) <= set(stored)
    assert sorted(stored.values()) == list(range(1, len(stored) + 1))
    check = subprocess.run([BUILD / "aeonctl", "--database", rested.data / "aeon.db", "check"],
                           capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr


def test_a_program_that_keeps_dying_is_restarted_with_growing_delays(home):
    r = Realm(home).wait_ready()
    r.up.send_signal(signal.SIGSTOP)
    (r.data / "aeon.db").rename(r.data / "hidden.db")
    (r.data / "aeon.db").mkdir()
    os.kill(r.services()["bridge"], signal.SIGKILL)
    r.up.send_signal(signal.SIGCONT)
    wait_until(lambda: "starting it again in 1 s" in r.stderr(), "a pause")
    assert r.stderr().count("starting it again") < 8
    assert r.stop() == 0 and r.leftovers() == []


# --- what nginx answers itself -------------------------------------------------------------------


def test_twenty_users_register_in_a_row(realm):
    for n in range(20):
        assert realm.person(f"guest_{n}")


def test_password_guessing_is_refused(realm):
    def guess(n):
        with realm.client() as c:
            return c.post("/users/login", data={"username": f"guess{n}", "password": "12345678"})

    wait_until(realm.healthy, "healthy")
    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(guess, range(100)))
    refused = [a for a in answers if a.status_code == 429]
    assert refused
    assert {a.status_code for a in answers} <= {401, 429, 503}
    for answer in refused:
        assert answer.json() == {"detail": "Too many requests. Try again later.", "code": "rate_limited"}
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.headers["content-type"] == "application/json"


def test_a_body_that_is_too_large_is_a_413_in_json(realm):
    answer = post(realm.url + "/api/v1/users/login", content=b"x" * (256 * 1024 + 1))
    assert answer.status_code == 413 and answer.json()["code"] == "body_too_large"


@pytest.mark.parametrize("line, status", [
    (b"GET /" + b"a" * 20000 + b" HTTP/1.1", 414),
    (b"GET /%00 HTTP/1.1", 400),
    (b"TRACE / HTTP/1.1", 405),
    (b"GET / HTTP/1.1\r\nX-Big: " + b"a" * 40000, 431),
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
