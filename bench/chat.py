"""Shared by the benchmarks of live chat: a realm with users in rooms, the bridge, and the load."""

import argparse
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import stack
from stack import Unable

USERS = 5  # in a room
SOCKETS = 10  # of each user
GREETING_SECONDS = 300  # time to open thousands of connections, on any machine


class Server:
    """A server's port and processes, and the id, path and tokens of each room."""

    def __init__(self, name, port, pids, rooms, silent=False):
        self.name = name
        self.port = port
        self.pids = pids
        self.rooms = rooms
        self.silent = silent  # sends no greeting on a new connection

    def cpu(self):
        return sum(stack.cpu(pid) for pid in self.pids)

    def rss(self):
        return sum(stack.rss(pid) for pid in self.pids)


class Load:
    """The load generator, and the folder of its lists of connections."""

    def __init__(self, build, folder):
        subprocess.run(["make", "-s", "-C", build, "bench/load/wsload"], check=True,
                       stdout=subprocess.DEVNULL)
        self.program = build / "bench" / "load" / "wsload"
        self.folder = folder
        self.lists = 0

    def command(self, server, scenario, sockets, **options):
        """The command line for `sockets` connections with each token of the server's rooms."""
        self.lists += 1
        peers = self.folder / f"peers-{self.lists}"
        peers.write_text("".join(f"{room} {path} {token}\n" * sockets
                                 for room, path, tokens in server.rooms for token in tokens))
        command = [self.program, "--target", f"127.0.0.1:{server.port}", "--peers", peers,
                   "--scenario", scenario, "--server", ",".join(map(str, server.pids))]
        command += ["--silent"] * server.silent
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}", value]
        return [str(part) for part in command]

    def run(self, server, scenario, sockets, seconds, **options):
        """The figures of a scenario that ends by itself after about `seconds`."""
        out = subprocess.run(self.command(server, scenario, sockets, seconds=seconds, **options),
                             stdout=subprocess.PIPE, timeout=2 * seconds + GREETING_SECONDS)
        if out.returncode != 0:
            raise Unable(f"the load generator failed for {server.name} ({scenario})")
        return json.loads(out.stdout)

    @contextmanager
    def playing(self, server, scenario, sockets, **options):
        """A scenario with which the block exchanges lines; it ends with the block."""
        load = subprocess.Popen(self.command(server, scenario, sockets, **options),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            yield load
            load.stdin.close()
            if load.wait(60) != 0:
                raise Unable(f"the load generator failed for {server.name} ({scenario})")
        finally:
            load.kill()
            load.wait()
            load.stdout.close()

    @contextmanager
    def held(self, server, sockets):
        """Connections that stay open until the block ends; yields the times of opening them."""
        with self.playing(server, "idle", sockets) as load:
            yield json.loads(next_line(load))


def next_line(load):
    """The next line of the scenario's output."""
    line = load.stdout.readline()
    if not line:
        raise Unable("the load generator ended too early")
    return line


class Realm:
    """A realm on disk, with REST by plain CGI and a bridge."""

    def __init__(self, build, folder, **settings):
        self.build = build
        self.folder = folder
        self.env = stack.environment(**{
            "AEON_DATABASE": folder / "realm.db", "AEON_RUN_DIR": folder, "AEON_LOG_LEVEL": "warn",
            "AEON_WS_USER_CONNECTIONS": 100000} | settings)
        self.port = stack.free_port()
        self.log = folder / "aeon-ws.log"  # of the last bridge
        subprocess.run([build / "aeonctl", "init"], env=self.env, check=True,
                       stdout=subprocess.DEVNULL)

    def call(self, method, path, body=None, token=None):
        return stack.cgi(self.build, self.env, method, path, body, token)

    def user(self, name):
        """Registers a user; returns the token of a login."""
        who = {"username": name, "password": "correct horse"}
        self.call("POST", "/api/v1/users/register", who | {"email": f"{name}@example.org"})
        return self.call("POST", "/api/v1/users/login", who)["access_token"]

    def room(self, name, tokens):
        """Creates a room of the first user, which the others join; returns it as in Server.rooms."""
        owner, *others = tokens
        room = self.call("POST", "/api/v1/phase3/rooms",
                         {"name": name, "max_participants": 1000}, owner)["id"]
        for token in others:
            self.call("POST", f"/api/v1/phase3/rooms/{room}/join", {}, token)
        return room, "/api/v1/phase3/ws/me", tokens

    def settle(self, rooms, users=USERS):
        """Creates rooms, each with its own users."""
        stack.note(f"registering {rooms * users} users in {rooms} rooms")

        def fill(room):
            return self.room(f"Room {room}",
                             [self.user(f"bench-{room:03}-{i:02}") for i in range(users)])

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(fill, range(rooms)))

    @contextmanager
    def bridge(self, rooms):
        with stack.started([self.build / "aeon-ws", "--listen", f"127.0.0.1:{self.port}"],
                           lambda: stack.reachable(self.port), self.log,
                           env=self.env) as process:
            yield Server("aeon-ws", self.port, [process.pid], rooms)


def arguments(description):
    """The options of all these benchmarks."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", type=Path, default=stack.ROOT / "build",
                        help="directory of the built programs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    return parser
