"""A realm for a test: a new database in a temporary directory, and the real programs.

Nothing here imitates a part: requests go to the built programs, as plain CGI or through nginx. The
build directory is what AEON_BUILD names, or build/ in the source tree.
"""

import contextlib
import json
import os
import pathlib
import resource
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from rows import Rows

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("AEON_BUILD", TOP / "build")).resolve()
NGINX = os.environ.get("NGINX") or shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
NODE = os.environ.get("NODE", "node")
VITEST = TOP / "web/node_modules/vitest/vitest.mjs"  # there with the packages of web/
PASSWORD = "correct horse battery"
# Seconds after which a wait has failed. No test expects anything sooner, on any machine.
# A test sends more than any person. The tests of the limits set their own.
UNLIMITED = dict.fromkeys(("user_rate", "user_burst", "network_rate", "network_burst",
                           "reach_rate", "reach_burst"), 1000000) | {
                               "user_requests": 1000, "user_parked": 1000,
                               "votes_ms": 0,
                               "twins": 0}  # the tests of twins start aeon-twin
PATIENCE = 60 * float(os.environ.get("AEON_TEST_PATIENCE", "1"))


def strict_json(text):
    """The JSON value. An object that names a property twice is an error."""
    def unique(pairs):
        assert len({name for name, _ in pairs}) == len(pairs), f"twice in {text}"
        return dict(pairs)
    return json.loads(text, object_pairs_hook=unique)


def wait_until(happens, what, process=None, patience=1):
    """Polls until happens() gives something true, and returns that.

    Fails when it takes too long, `patience` times as long as anything else may take, or when the
    process ends first.
    """
    deadline = time.monotonic() + PATIENCE * patience
    while not (found := happens()):
        assert process is None or process.poll() is None, f"the process ended before {what}"
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        select.select([], [], [], 0.01)
    return found


def connectable(address, kind=socket.SOCK_STREAM):
    """Whether a process listens there: on a path, or on a host and port."""
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    with socket.socket(family, kind) as probe:
        try:
            probe.connect(address if family == socket.AF_INET else str(address))
            return True
        except OSError:
            return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def full_disk(*pids):
    """During this block a file of these processes ends after one and a half pages.

    So their commits stay half written.
    """
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE, (6000, most)) for pid in pids]
    try:
        yield
    finally:
        for pid, limits in zip(pids, before):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


class Answer:
    """Status, headers (their names in lower case) and body of one HTTP answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @classmethod
    def from_cgi(cls, output):
        head, _, body = output.partition(b"\r\n\r\n")
        headers = {}
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return cls(int(headers.pop("status", "200").split()[0]), headers, body)

    @property
    def json(self):
        return strict_json(self.body)

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:500]!r}>"


class Realm:
    """A context manager that stops every process that it started."""

    def __init__(self, **settings):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="aeon-test."))
        self.run = self.directory / "run"
        self.run.mkdir()
        self.database = self.directory / "aeon.db"
        self.rows = Rows(self.database)
        self.processes = {}
        self.ws = str(self.run / "ws.sock")  # where WebSockets connect: a path, or host and port
        self.bridges = settings.get("ws_bridges", 1)
        self.port = None
        self.tokens = {}
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith(("AEON_", "CHROMA_", "NEO4J_", "OPENAI_")) or k == "AEON_MUTANT"}
        self.environment |= {"AEON_DATABASE": str(self.database), "AEON_RUN_DIR": str(self.run)}
        self.environment |= {f"AEON_{k.upper()}": str(v) for k, v in (UNLIMITED | settings).items()}

    def __enter__(self):
        try:
            self.setup_code = json.loads(self.ctl("init", "--json").stdout)["setup_code"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in list(self.processes):
            self.stop(name)
        shutil.rmtree(self.directory, ignore_errors=True)

    # --- programs ---------------------------------------------------------------------------------

    def ctl(self, *arguments, check=True, **keywords):
        return subprocess.run([BUILD / "aeonctl", *arguments], env=self.environment, check=check,
                              capture_output=True, text=True, timeout=PATIENCE, **keywords)

    def start(self, name, *command, env=None, **how):
        with open(self.directory / f"{name}.log", "ab") as log:
            process = subprocess.Popen(command, env=self.environment | (env or {}),
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)
        self.processes[name] = process
        return process

    def log(self, name):
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def stop(self, name, how=signal.SIGTERM):
        """Stops the process and returns its exit status. Fails when it does not stop in time."""
        process = self.processes.pop(name)
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def start_workers(self, pool="fast", workers=2):
        """`workers` None: as many as the program starts by itself."""
        path = self.run / f"{pool}.sock"
        number = ["--workers", str(workers)] if workers else []
        process = self.start(pool, BUILD / "aeon.fcgi", "--listen", f"unix:{path}", "--pool", pool,
                             *number)
        wait_until(lambda: connectable(path), path, process)
        return process

    def bridge_socket(self, number=1):
        return self.ws if number == 1 else str(self.run / f"ws-{number}.sock")

    def start_bridge(self, name="bridge", number=1, **settings):
        where = self.bridge_socket(number)
        listen = f"unix:{where}" if isinstance(where, str) else "{}:{}".format(*where)
        process = self.start(name, BUILD / "aeon-ws", "--listen", listen, "--instance", str(number),
                             env={f"AEON_{k.upper()}": str(v) for k, v in settings.items()})
        wait_until(lambda: connectable(where), listen, process)
        return process

    def start_bridges(self):
        """The names of the bridges are "bridge", "bridge-2" and so on."""
        for number in range(1, self.bridges + 1):
            self.start_bridge("bridge" if number == 1 else f"bridge-{number}", number)

    def start_twin(self, number=1):
        """The names of the processes of aeon-twin are "twin-1", "twin-2" and so on."""
        path = self.run / f"twin-{number}.sock"
        process = self.start(f"twin-{number}", BUILD / "aeon-twin", "--instance", str(number))
        wait_until(lambda: connectable(path, socket.SOCK_DGRAM), path, process)
        return process

    def start_nginx(self, conf=TOP / "conf/nginx"):
        """`conf` has the files of nginx."""
        self.port = free_port()
        (self.run / "tmp").mkdir()
        bridges = (f'server "unix:{self.bridge_socket(number)}" max_fails=0;'
                   for number in range(1, self.bridges + 1))
        with open(self.run / "settings.conf", "wb") as settings:
            subprocess.run([BUILD / "aeon.fcgi", "--nginx-settings"], env=self.environment,
                           stdout=settings, check=True)
        tokens = {"CONF": conf, "WEB": TOP / "web/dist",
                  "ROUTES": BUILD / "conf/nginx/routes.conf",
                  "SETTINGS": self.run / "settings.conf", "RUN": self.run, "LOG": self.directory,
                  "LISTEN": f"listen 127.0.0.1:{self.port};", "BRIDGES": " ".join(bridges),
                  "CONNECTIONS": 4096}
        for name in ("site.conf", "nginx.conf"):
            text = (conf / f"{name}.in").read_text()
            for token, value in tokens.items():
                text = text.replace(f"@{token}@", str(value))
            (self.run / name).write_text(text)
        command = [NGINX, "-p", self.run, "-c", self.run / "nginx.conf", "-e", "stderr"]
        if os.geteuid() == 0:
            command += ["-g", "user root;"]
        process = self.start("nginx", *command)

        wait_until(lambda: connectable(("127.0.0.1", self.port)), "nginx", process)
        return process

    def start_all(self, workers=2):
        self.start_workers("fast", workers)
        self.start_workers("slow")
        self.start_bridges()
        for number in range(1, int(self.environment.get("AEON_TWINS", 1)) + 1):
            self.start_twin(number)
        self.start_nginx()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # --- requests as plain CGI --------------------------------------------------------------------

    def cgi_environment(self, method, path, body=b"", token=None, content_type="application/json",
                        headers=None):
        path, _, query = path.partition("?")
        environment = {"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": method, "PATH_INFO": path,
                       "REQUEST_URI": path + ("?" + query if query else ""), "SCRIPT_NAME": "",
                       "QUERY_STRING": query, "SERVER_PROTOCOL": "HTTP/1.1",
                       "SERVER_NAME": "localhost", "SERVER_PORT": "80",
                       "REMOTE_ADDR": "127.0.0.1"}
        if body:
            environment |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type}
        if token:
            environment["HTTP_AUTHORIZATION"] = "Bearer " + token
        for name, value in (headers or {}).items():
            environment[name] = value
        return environment

    def cgi(self, method, path, json_body=None, *, body=b"", **keywords):
        """One request to the plain CGI program. `headers` are CGI variables."""
        if json_body is not None:
            body = json.dumps(json_body).encode()
        environment = self.cgi_environment(method, path, body, **keywords)
        done = subprocess.run([BUILD / "aeon.fcgi"], env=self.environment | environment, input=body,
                              capture_output=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return Answer.from_cgi(done.stdout)

    def user(self, name):
        """Registers a user and logs in, over plain CGI. Returns the id; `tokens` has the token.

        The first user owns the realm.
        """
        setup = {"setup_code": self.setup_code} if self.setup_code else {}
        self.setup_code = None
        registered = self.cgi("POST", "/api/v1/users/register", {
            "username": name, "email": f"{name}@example.org", "password": PASSWORD} | setup)
        assert registered.status == 201, registered
        answer = self.cgi("POST", "/api/v1/users/login", {"username": name, "password": PASSWORD})
        assert answer.status == 200, answer
        self.tokens[name] = answer.json["access_token"]
        return registered.json["id"]

    def room(self, owner, name="A room", **more):
        answer = self.cgi("POST", "/api/v1/phase3/rooms", {"name": name, **more},
                          token=self.tokens[owner])
        assert answer.status == 201, answer
        return answer.json["id"]
