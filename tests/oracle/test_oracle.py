"""Small realms by chance, and all that everybody sees of them, compared with the truth.

AEON_WORLDS says how many, AEON_SEED which; a realm that differs is told by its seed and by what was
done in it, and `AEON_SEED=<that> AEON_WORLDS=1` makes it again.
"""

import concurrent.futures
import contextlib
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import traceback

import pytest
from deeds import World
from live import listening
from realm import TOP, Realm
from sights import EVENTS, OF_BRIDGES, ROUTES, look
from truth import Room, Truth, User

PEOPLE = ("olga", "ben", "cleo", "dan", "eve", "zoe")  # zoe only looks
WORLDS = int(os.environ.get("AEON_WORLDS", 200))
SEED = int(os.environ.get("AEON_SEED", 1))
DEEDS = 25       # until somebody looks
TIMES = 4
LIVE = 10        # in each tenth world the bridge runs, too
PORTION = 20     # worlds that one realm is used for, one after the other
FOR_EVER = 2**60
if os.access("/dev/shm", os.W_OK):
    tempfile.tempdir = "/dev/shm"  # nothing here depends on a disk


@pytest.fixture(scope="module")
def realm():
    """A realm where everybody has signed in and nothing has happened, to be copied."""
    with Realm() as made:
        ids = {name: made.user(name) for name in PEOPLE}
        made.tokens = {ids[name]: token for name, token in made.tokens.items()}
        made.rows.change("INSERT INTO bridges (instance, lease_until) VALUES (1, ?)", FOR_EVER)
        yield made


@contextlib.contextmanager
def world(realm, template, seed):
    for name in ("-wal", "-shm"):
        realm.database.with_name(realm.database.name + name).unlink(missing_ok=True)
    shutil.copy(template, realm.database)
    realm.start_workers(workers=1)
    try:
        people = [User(number, name, "user" if number > 1 else "owner")
                  for number, name in enumerate(PEOPLE, 1)]
        made = World(realm, Truth(people), seed)
        start = made.ask(1, "GET", "/events").json
        made.epoch, made.start = start["epoch"], start["pos"]
        for room in reversed(made.ask(1, "GET", "/rooms").json):  # the realm's own
            made.truth.rooms[room["id"]] = Room(
                room["id"], room["name"], room["topic"], room["is_public"], room["is_aeon_room"],
                room["max_participants"], description=room["description"])
        with contextlib.closing(made.line.socket):
            yield made
    finally:
        realm.stop("fast")


def live(made):
    for _ in range(TIMES):
        for _ in range(DEEDS):
            made.act()
        viewers = [user.id for user in made.truth.users.values() if user.signed_in]
        look(made, made.dice.choice(viewers))
    for viewer in viewers:
        look(made, viewer)
    if made.seed % LIVE == 0:
        with listening(made):
            for _ in range(DEEDS):
                made.act()


def differences(template, tokens, seeds):
    """The reports of those that differ."""
    found = []
    with Realm() as realm:
        realm.tokens = tokens
        for seed in seeds:
            with world(realm, template, seed) as made:
                try:
                    live(made)
                except Exception as difference:  # also when nothing more is answered
                    where = traceback.format_tb(difference.__traceback__)[-1]
                    found.append(f"AEON_SEED={seed}: {difference!r}\n{where}after\n" +
                                 "\n".join(made.done))
    return found


def test_everybody_sees_what_they_may(realm):
    seeds, done = range(SEED, SEED + WORLDS), 0
    with concurrent.futures.ProcessPoolExecutor(
            os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        portions = [pool.submit(differences, realm.database, realm.tokens, seeds[i:i + PORTION])
                    for i in range(0, WORLDS, PORTION)]
        for portion in concurrent.futures.as_completed(portions):
            found = portion.result()
            if found:
                pool.shutdown(cancel_futures=True)
                pytest.fail("\n".join(found[:1]))
            done = min(done + PORTION, WORLDS)
            if sys.stderr.isatty():
                print(f"\r{done} of {WORLDS} worlds", end="", file=sys.stderr)


def test_every_route_and_every_event_is_known_here(realm):
    described = realm.cgi("GET", "/openapi.json").json["paths"]
    assert {f"{method.upper()} {path}" for path, methods in described.items()
            for method in methods} == set(ROUTES)
    source = (TOP / "lib/realm/events.h").read_text()
    assert set(re.findall(r'X\([A-Z_]+, "(\w+)"', source)) == EVENTS | OF_BRIDGES
