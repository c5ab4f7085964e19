#!/usr/bin/env python3
"""Kills processes of a realm under load and checks the history of every client (checker.py).

  crash.py [--rounds 30] [--seed N] [--every 5]

scripts/up runs a realm with two bridges behind nginx. A dozen clients in a Node process (crowd.mjs) post,
edit, delete, react, join and leave. In each round some processes of the realm are killed with
SIGKILL, and in every fifth round all at once; scripts/up starts them again. For the latter the test
measures how long REST, a login and a WebSocket do not work. Then the traffic ends, every client catches up, and the
round is checked. Where the packages of web/ are installed, the web client's state is, too: what it was after the last
round, with the events since then, is what a new snapshot says (web/tests/rounds.test.ts).
A fault is printed with the seed and the round, and the directory is kept. The same seed makes the
same clients do the same again, but not at the same moment.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from checker import Checker, Database  # noqa: E402
from fastcgi import children  # noqa: E402
from realm import BUILD, NODE, PATIENCE, TOP, VITEST, Realm, free_port, wait_until  # noqa: E402
from recovery import Recovery  # noqa: E402
from rows import Rows  # noqa: E402

BRIDGES = 2
PEOPLE = 12
ROUND_MS = 1200           # milliseconds of traffic
KILLS = 3                 # in a round, at most
CHECK_EVERY = 25          # rounds, of the whole database
FAULTS_SHOWN = 20
INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
VICTIMS = {               # the programs to kill, by their first process
    "bridge": ["bridge"], "bridges": ["bridge", "bridge-2"], "master": ["fast"], "nginx": ["nginx"],
    "worker": [], "twin": ["twin"],
    "masters": ["bridge", "bridge-2", "twin", "fast", "slow", "nginx"],
}
EVERYTHING = 5            # every so many rounds all processes are killed at once


class Failure(Exception):
    """A round has failed."""


def descendants(pid):
    return [one for child in children(pid) for one in [child, *descendants(child)]]


# --- a realm that starts its processes again -----------------------------------------------------


class Phoenix(Realm):
    """A realm that scripts/up runs, so its programs are started again when they die.

    The directory is kept when the test failed.
    """

    def __init__(self, **settings):
        super().__init__(**settings)
        data = self.directory / "data"
        data.mkdir(mode=0o700)
        self.run, self.database = data / "run", data / "aeon.db"
        self.rows = Rows(self.database)
        self.environment |= {"AEON_DATABASE": str(self.database), "AEON_RUN_DIR": str(self.run),
                             "AEON_BUILD": str(BUILD),
                             "AEON_USER": "root" if os.getuid() == 0 else ""}

    def __enter__(self):
        self.port = free_port()
        process = self.start("up", TOP / "scripts/up", "--no-install", "--port", str(self.port),
                             "--data", self.run.parent)
        wait_until(lambda: "ready: " in self.log("up"), "the realm", process)
        self.setup_code = re.search(r"^setup code: (\S+)", self.log("up"), re.M)[1]
        return self

    def pids(self, names):
        """The first processes of these programs; a program that just restarts has none."""
        lines = (self.run / "programs").read_text().splitlines()
        programs = {line.split()[0]: int(line.split()[2]) for line in lines}
        return [programs[name] for name in names if programs.get(name)]

    def kill(self, victim):
        """Kills one of VICTIMS in one call."""
        if victim == "worker":
            master = self.pids(["fast"])
            pids = children(master[0])[:1] if master else []
        elif victim == "everything":
            pids = descendants(self.processes["up"].pid)
        else:
            pids = self.pids(VICTIMS[victim])
        if pids:
            subprocess.run(["kill", "-KILL", *map(str, pids)], stderr=subprocess.DEVNULL)

    def __exit__(self, kind=None, *_):
        self.stop("up")
        if kind is None or not issubclass(kind, Exception):
            shutil.rmtree(self.directory)


# --- the clients ---------------------------------------------------------------------------------


class Crowd:
    """The Node process with the clients. It answers a command when it has done it."""

    def __init__(self, realm):
        log = open(realm.directory / "crowd.log", "ab")
        environment = {"NODE_PATH": "/usr/share/nodejs", **os.environ}
        self.process = subprocess.Popen([NODE, HERE / "crowd.mjs"], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)

    def ask(self, what, **how):
        self.process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self.process.stdin.flush()

    def answer(self):
        if not select.select([self.process.stdout], [], [], 2 * PATIENCE)[0]:
            raise Failure("the crowd does not answer")
        line = self.process.stdout.readline()
        if not line:
            raise Failure("the crowd has died, see crowd.log")
        return json.loads(line)

    def do(self, what, **how):
        self.ask(what, **how)
        return self.answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


# --- rounds --------------------------------------------------------------------------------------


class Crash:
    """A realm with its users and rooms, and the rounds of the test."""

    def __init__(self, realm, crowd, seed, every):
        self.realm, self.crowd, self.dice = realm, crowd, random.Random(seed)
        self.every = every  # in one of so many rounds everything is killed
        cast = self.found()
        self.recovery = Recovery(realm, cast[0]["name"])
        self.people = [{"username": who["name"], "id": who["id"], "token": who["token"]} for who in cast]
        users = {who["name"]: who.pop("id") for who in cast}
        self.checker = Checker(users, {who["name"]: set(who["walls"]) for who in cast})
        crowd.do("begin", base=realm.url, cast=cast)
        self.last = self.last_seqs()
        self.follow()

    def follow(self):
        """Compares what the web client makes of the events since the last call with new snapshots."""
        if not VITEST.is_file():
            return
        environment = {"AEON_URL": self.realm.url, "PEOPLE": json.dumps(self.people),
                       "STATES": str(self.realm.directory / "states.json")}
        done = subprocess.run([NODE, VITEST, "run", "tests/rounds.test.ts"], cwd=TOP / "web", capture_output=True,
                              text=True, timeout=4 * PATIENCE, env=os.environ | environment)
        if done.returncode:
            raise Failure(f"the web client's state: {done.stdout}{done.stderr}")

    def found(self):
        """All users are in the public rooms, which all but every third join and leave.

        Each private room has one half of the users. Every fourth user writes over REST.
        """
        realm = self.realm
        names = [f"person-{number}" for number in range(PEOPLE)]
        ids = {name: realm.user(name) for name in names}
        public = [realm.room(names[0], f"public {number}") for number in range(2)]
        private = [realm.room(names[half], f"private {half}", is_public=False) for half in range(2)]
        with realm.rows.transaction() as database:
            for at, name in enumerate(names[2:], 2):
                room = private[at % 2]
                database.execute(
                    "INSERT INTO room_participants (room_id, user_id, role, joined_at, last_activity) "
                    "VALUES (?, ?, 'moderator', 1, 1)", (room, ids[name]))
                database.execute("UPDATE chat_rooms SET current_participants = "
                                 "current_participants + 1 WHERE id = ?", (room,))
        return [{"name": name, "id": ids[name], "token": realm.tokens[name],
                 "rooms": [*public, private[at % 2]], "doors": public if at % 3 else [],
                 "walls": [private[1 - at % 2]], "rest": at % 4 == 3}
                for at, name in enumerate(names)]

    def last_seqs(self):
        return dict(self.realm.rows.select("SELECT id, last_seq FROM chat_rooms"))

    def kill(self):
        """Kills processes at random moments of a round. Returns what it killed."""
        start, done = time.monotonic(), []
        for at in sorted(self.dice.uniform(0.05, ROUND_MS / 1000)
                         for _ in range(self.dice.randint(1, KILLS))):
            time.sleep(max(0, start + at - time.monotonic()))
            victim = self.dice.choice([*VICTIMS])
            self.realm.kill(victim)
            done.append(f"{victim} {at:.2f}")
        return ", ".join(done)

    def kill_everything(self):
        """Kills all processes at a random moment, and waits until the realm works again."""
        at = self.dice.uniform(0.05, ROUND_MS / 1000)
        time.sleep(at)
        self.realm.kill("everything")
        return f"everything {at:.2f}, {self.recovery.measure(time.monotonic())}"

    def round(self, number):
        """Returns a line of text about the round."""
        crowd, history = self.crowd, self.realm.directory / f"round-{number}.jsonl"
        end = time.monotonic() + ROUND_MS / 1000
        crowd.ask("live", seed=self.dice.getrandbits(32), ms=ROUND_MS)
        killed = self.kill_everything() if number % self.every == 0 else self.kill()
        crowd.answer()
        waiting = crowd.do("settle")
        before, self.last = self.last, self.last_seqs()
        lagging = crowd.do("catch_up", last=self.last)
        settled = time.monotonic() - end
        crowd.do("write", file=str(history))
        records = [json.loads(line) for line in history.read_text().splitlines()]
        faults = self.checker.check(records, self.stored(before))
        faults += [f"still waits for an answer: {name}" for name in waiting]
        faults += [f"is not caught up: {name}" for name in lagging]
        if faults:
            raise Failure("\n".join([f"{len(faults)} faults", *faults[:FAULTS_SHOWN]]))
        history.unlink()
        self.follow()
        count = collections.Counter(record["t"] for record in records)
        return (f"killed {killed}: {count['down']} connections lost, "
                f"{count['away']} away, {count['say']} sent, {count['show']} shown, "
                f"caught up after {settled:.2f} s")

    def check_database(self):
        """Reads the whole database, so it is not called in every round: a fault stays there."""
        checked = self.realm.ctl("check", check=False)
        if checked.returncode:
            raise Failure(f"aeonctl check: {checked.stdout} {checked.stderr}")

    def stored(self, before):
        """What the database has of a round that began after these seqs."""
        log, messages, reactions = {}, {}, set()
        with self.realm.rows.connection() as database:
            for room, seq in before.items():
                places = dict(database.execute(PLACES, (room, seq)))
                for at, kind, message, user, key, on in database.execute(LOG, (room, seq)):
                    log[room, at] = {"kind": kind, "message": message, "user": user, "key": key,
                                     "on": None if on is None else bool(on), "pos": places.get(at)}
                for message, *row in database.execute(MESSAGES, (room, seq)):
                    names = ("room", "seq", "user", "client_id", "content", "deleted", "pinned")
                    messages[message] = dict(zip(names, row))
                reactions |= set(database.execute(REACTIONS, (room, seq)))
        return Database(self.last, log, messages, reactions)


LOG = """
SELECT seq, 'chat_message', id, sender_id, NULL, NULL FROM real_time_messages
WHERE room_id = ?1 AND seq > ?2
UNION ALL
SELECT seq, kind, message_id, user_id, key, is_on FROM message_changes
WHERE room_id = ?1 AND seq > ?2
"""
PLACES = "SELECT seq, pos FROM realm_events WHERE room_id = ? AND seq > ?"
MESSAGES = """
SELECT id, room_id, seq, sender_id, client_id, content, deleted_at IS NOT NULL,
       pinned_at IS NOT NULL
FROM real_time_messages WHERE room_id = ? AND seq > ?
"""
REACTIONS = """
SELECT r.message_id, r.user_id, r.key FROM message_reactions r
JOIN real_time_messages m ON m.id = r.message_id WHERE m.room_id = ? AND m.seq > ?
"""


def run(rounds, seed, every):
    print(f"crash: {rounds} rounds, seed {seed}", flush=True)
    number = 0
    with Phoenix(ws_bridges=BRIDGES) as realm:
        try:
            with Crowd(realm) as crowd:
                crash = Crash(realm, crowd, seed, every)
                for number in range(1, rounds + 1):
                    print(f"crash: {number}/{rounds}: {crash.round(number)}", flush=True)
                    if number % CHECK_EVERY == 0 or number == rounds:
                        crash.check_database()
                for line in crash.recovery.summary():
                    print(f"crash: {line}", flush=True)
        except Exception:
            print(f"crash: seed {seed}, round {number}, kept in {realm.directory}", flush=True)
            raise


def interrupted(number, _):
    """Only once: afterwards the processes are stopped."""
    for each in INTERRUPTS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--every", type=int, default=EVERYTHING, metavar="ROUNDS",
                        help="in one of so many rounds everything is killed at once (%(default)s)")
    arguments = parser.parse_args()
    for each in INTERRUPTS:
        signal.signal(each, interrupted)
    try:
        run(arguments.rounds, arguments.seed, arguments.every)
    except Failure as failure:
        sys.exit(f"crash: {failure}")


if __name__ == "__main__":
    main()
