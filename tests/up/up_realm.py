"""A realm that scripts/up runs, for the tests of this folder."""

import asyncio
import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import websockets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from realm import BUILD, PASSWORD, PATIENCE, TOP, free_port  # noqa: E402

UP = [str(TOP / "scripts/up"), "--no-install"]
# The user of realms that root starts: nobody, or root where nobody cannot read the source tree.
NOBODY = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
AEON_USER = {}
if os.getuid() == 0:
    reached = all(subprocess.run([*NOBODY, "test", "-r", path]).returncode == 0
                  for path in (BUILD / "aeon.fcgi", TOP / "conf/nginx/server.conf"))
    AEON_USER = {"AEON_USER": os.environ.get("AEON_USER", "nobody" if reached else "root")}
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

    def __init__(self, home, *arguments, port=None, settings="", **environment):
        self.port = port or free_port()
        self.data = home / f"realm-{self.port}"
        self.url = f"http://127.0.0.1:{self.port}"
        self.errors = open(home / f"up-{self.port}.log", "w+")
        if settings:
            self.data.mkdir()
            self.data.chmod(0o777)
            (self.data / "aeon.conf").write_text(settings)
        self.up = subprocess.Popen(
            [*UP, "--port", str(self.port), "--data", str(self.data), *arguments], text=True,
            stdout=subprocess.PIPE, stderr=self.errors, env={**os.environ, **AEON_USER, **environment})
        Realm.started.append(self)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read()

    def wait_ready(self):
        line = self.up.stdout.readline()
        if line.startswith("setup code: "):
            self.setup_code = line.split()[-1]
            self.up.stdout.readline()
            line = self.up.stdout.readline()
        assert line == f"ready: http://localhost:{self.port}\n", self.stderr()
        return self

    def services(self):
        """name -> pid of the processes that up started."""
        names = {"--pool fast": "fast", "--pool slow": "slow", "/ws.sock": "bridge",
                 "/ws-2.sock": "bridge-2", "/aeon-twin": "twin",
                 "nginx: master": "nginx"}
        return {name: pid for pid, (parent, command) in processes().items()
                for mark, name in names.items() if parent == self.up.pid and mark in command}

    def programs(self):
        """name -> (state, pid, restarts), as `aeonctl run` writes them for health."""
        lines = (self.data / "run/programs").read_text().split("\n")[:-1]
        return {name: (state, int(pid), int(restarts))
                for name, state, pid, restarts in map(str.split, lines)}

    def all_pids(self):
        """All processes of the realm but the one that supervises them."""
        found, running = [], processes()
        todo = [self.up.pid]
        while todo:
            parent = todo.pop()
            below = [pid for pid, (of, _) in running.items() if of == parent]
            found, todo = found + below, todo + below
        return found

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


def refuses(home, *arguments, data=None, port=None, **environment):
    """Runs an up that must end by itself. Returns its exit code and the last line on stderr."""
    command = [*UP, *arguments] + (["--data", str(data)] if data else [])
    if port != "":
        command += ["--port", str(port or free_port())]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                           env={**os.environ, **AEON_USER, **environment})
    assert "ready" not in ended.stdout
    return ended.returncode, ended.stderr.strip().splitlines()[-1]
