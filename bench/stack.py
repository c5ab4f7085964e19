"""Shared by all benchmarks: processes and their CPU and memory, calls by plain CGI, the table."""

import itertools
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent


class Unable(Exception):
    """The benchmark cannot measure; the text says why."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu(pid):
    """Seconds of CPU that a process and its threads have used, by the kernel's clock of that process."""
    return time.clock_gettime((~pid << 3) | 2)


def rss(pid):
    """Resident bytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def descendants(pid):
    """Name to process ids of all descendants of a process."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        name = text[text.index("(") + 1 : text.rindex(")")]
        parent = int(text[text.rindex(")") + 2 :].split()[1])
        children.setdefault(parent, []).append((name, int(stat.parent.name)))
    found, todo = {}, [pid]
    while todo:
        for name, child in children.get(todo.pop(), []):
            found.setdefault(name, []).append(child)
            todo.append(child)
    return found


def reachable(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def awaited(find, what, patience=30):
    """The first true result of find()."""
    deadline = time.monotonic() + patience
    while not (found := find()):
        if time.monotonic() > deadline:
            raise Unable(f"{what}: not found after {patience} s")
        time.sleep(0.02)
    return found


# A load generator is one user or a few users. Each sends more than any person.
UNLIMITED = {f"AEON_{name}": "1000000" for name in
             ("USER_RATE", "USER_BURST", "NETWORK_RATE", "NETWORK_BURST", "REACH_RATE", "REACH_BURST")} | {
             f"AEON_{name}": "1000" for name in ("USER_REQUESTS", "USER_PARKED")}


def environment(**more):
    """The environment without settings of another realm, and without limits of a user.

    The descriptors of a program can be counted.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AEON_", "OPENAI_")) or k == "AEON_USER"}
    return kept | UNLIMITED | {"AEON_DEBUGGABLE": "1"} | {key: str(value) for key, value in more.items()}


@contextmanager
def started(command, until, log, patience=30, env=None, pass_fds=()):
    """Runs a program until the block ends; the block begins when until() is true."""
    with open(log, "wb") as out:
        process = subprocess.Popen([str(part) for part in command], env=env or environment(),
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   pass_fds=pass_fds)
    try:
        deadline = time.monotonic() + patience
        while not until():
            if process.poll() is not None or time.monotonic() > deadline:
                lines = log.read_text(errors="replace").strip().splitlines() or ["nothing"]
                raise Unable(f"{log.stem} does not start; its last line: {lines[-1]}")
            time.sleep(0.02)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def scratch():
    """A folder for a realm's data, in /var/tmp, which is on a disk; /tmp may be in memory."""
    path = Path(tempfile.mkdtemp(prefix="aeon-bench-", dir="/var/tmp"))
    path.chmod(0o711)  # scripts/up, called by root, runs as another user
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def many_files(count):
    """Allows this process and its children that many descriptors."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < count:
        raise Unable(f"ulimit -Hn is {hard}, {count} descriptors are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def need(program):
    if shutil.which(program) is None:
        raise Unable(f"{program} is not installed")


def cgi(build, env, method, path, body=None, token=None):
    """One REST call by plain CGI, so without a web server's limits."""
    data = b"" if body is None else json.dumps(body).encode()
    request = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": method,
        "REQUEST_URI": path,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(data)),
    }
    if token is not None:
        request["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    answer = subprocess.run(
        [str(build / "aeon.fcgi")], input=data, env=env | request, capture_output=True, timeout=60
    )
    return created(f"{method} {path}", *cgi_answer(answer.stdout))


def cgi_answer(out):
    head, _, body = out.replace(b"\r\n", b"\n").partition(b"\n\n")
    for line in head.splitlines():
        if line.lower().startswith(b"status:"):
            return int(line.split()[1]), body
    return (200, body) if head else (0, b"no answer")


def created(what, status, body):
    if status not in (200, 201):
        raise Unable(f"{what} was answered {status}: {body.decode(errors='replace')[:200]}")
    return json.loads(body)


def median(values):
    return statistics.median(values)


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


class Probe(threading.Thread):
    """Does the same again and again, with pauses, until taken(). `times` has the milliseconds of each."""

    def __init__(self, once, pause):
        super().__init__(daemon=True)
        self.once, self.pause, self.times, self.end = once, pause, [], threading.Event()
        self.failure = None
        self.start()

    def run(self):
        try:
            while not self.end.wait(self.pause):
                begin = time.monotonic()
                self.once()
                self.times.append((time.monotonic() - begin) * 1000)
        except Exception as why:  # of any kind: it is raised by taken(), in the thread that wants the times
            self.failure = why

    def taken(self):
        """The p50 and the p99."""
        self.end.set()
        self.join()
        if self.failure or not self.times:
            raise Unable(f"the probe ended after {len(self.times)} measurements: {self.failure!r}") from self.failure
        return percentile(self.times, 0.5), percentile(self.times, 0.99)


class Talker:
    """Calling it posts in a room, until the own message comes back over the WebSocket."""

    numbers = itertools.count()  # of all talkers: a message with a former client_id would not come back

    def __init__(self, realm, who, room):
        from wsclient import Client
        self.client, self.room = Client(realm, realm.tokens[who]), room
        self.refused = 0  # messages, by a busy database
        self.client.say("join_room", room_id=room)

    def __call__(self):
        said = f"said-{next(self.numbers)}"
        self.client.say("chat_message", room_id=self.room, content=said, client_id=said)
        while (message := self.client.next())["type"] not in ("chat_message", "error"):
            pass
        self.refused += message["type"] == "error"


def note(text):
    """Reports the progress on stderr."""
    print(text, file=sys.stderr, flush=True)


def show(title, columns, rows, as_json):
    """Prints the rows (dictionaries) as one table, or as JSON."""
    if as_json:
        print(json.dumps({"title": title, "rows": rows}, indent=2))
        return
    cells = [columns] + [[str(row.get(column, "")) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    print(title)
    for line in cells:
        first, rest = line[0].ljust(widths[0]), line[1:]
        last = rest.pop()
        print("  ".join([first, *(c.rjust(w) for c, w in zip(rest, widths[1:])), last]).rstrip())


def verdict(holds, text):
    return f"{text}: {'yes' if holds else 'NO'}"


def main(run):
    """The exit status of a benchmark. Bad figures are no failure, but missing figures are."""
    try:
        run()
    except (Unable, subprocess.SubprocessError, OSError) as why:
        print(f"{os.path.basename(sys.argv[0])}: {why}", file=sys.stderr)
        return 69
    return 0
