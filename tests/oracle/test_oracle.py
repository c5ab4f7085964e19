"""Small random realms: everything that every viewer sees of them, compared with the model.

AEON_WORLDS is the number of worlds, AEON_SEED the first seed. The report of a difference has its
seed and all writing requests before it. `AEON_SEED=<seed> AEON_WORLDS=1` repeats it.
"""

import concurrent.futures
import contextlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import traceback

import live_contract
import pytest
from compare import compare_views
from followers import Followers
from live import listening
from model import Model
from realm import VITEST, Realm
from registry import ACTIONS, ELSEWHERE, ROUTES, event_kinds
from rooms import add_default_rooms
from users import User
from world import FOREVER, World

NAMES = ("olga", "ben", "cleo", "dan", "eve", "zoe")  # olga owns the realm, zoe only looks
ROLES = {"olga": "owner", "dan": "admin"}
WORLDS = int(os.environ.get("AEON_WORLDS", 200))
SEED = int(os.environ.get("AEON_SEED", 1))
ROUNDS = 4
ACTIONS_A_ROUND = 25  # then a viewer looks
WITH_BRIDGE = 10      # in each tenth world the bridge runs, too
WITH_CLIENTS = int(os.environ.get("AEON_WITH_CLIENTS", 10))  # in every tenth world web clients follow
BATCH = 20            # worlds that one realm serves, one after the other
ENOUGH = 200          # worlds in which everything that is registered occurs
SERVICE = {f"GET {path}" for path in (
    "/", "/docs", "/unsubscribe", "/.well-known/security.txt", "/api/v1/realm", "/metrics", "/openapi.json", "/asyncapi.json", "/health", "/api/v1/health/detailed",
    "/api/v1/phase3/health/phase3")}  # these routes reveal nothing of users
if os.access("/dev/shm", os.W_OK):
    tempfile.tempdir = "/dev/shm"  # nothing here depends on a disk


def client_event_kinds():
    """The kinds of events that clients hear."""
    return set(live_contract.events())


@pytest.fixture(scope="module")
def realm():
    """A realm where all users have signed in and nothing has happened. It is copied."""
    with Realm() as made:
        ids = {name: made.user(name) for name in NAMES}
        made.tokens = {ids[name]: token for name, token in made.tokens.items()}
        for name, role in ROLES.items():
            made.ctl("user", "role", name, role)
        made.rows.change("UPDATE sessions SET created_at = ?", FOREVER)  # no password is asked for
        made.rows.change("INSERT INTO bridges (instance, lease_until) VALUES (1, ?)", FOREVER)
        yield made


@contextlib.contextmanager
def new_world(realm, template, seed):
    for name in ("-wal", "-shm"):
        realm.database.with_name(realm.database.name + name).unlink(missing_ok=True)
    shutil.copy(template, realm.database)
    realm.start_workers("all", workers=1)  # a pool that also hashes passwords
    try:
        users = {number: User(number, name, ROLES.get(name, "user"))
                 for number, name in enumerate(NAMES, 1)}
        world = World(realm, Model(users=users), seed)
        start = world.ask(1, "GET", "/events").json
        world.epoch, world.start = start["epoch"], start["pos"]
        add_default_rooms(world)
        with contextlib.closing(world.connection.socket):
            yield world
    finally:
        realm.stop("all")


def run(world, followers):
    following = []
    for number in range(ROUNDS):
        for _ in range(ACTIONS_A_ROUND):
            world.act()
        viewers = [user.id for user in world.model.users.values() if user.signed_in]
        compare_views(world, world.dice.choice(viewers))
        if followers and number == 1:
            following = viewers
            followers.do(world, "begin", following)
    for viewer in viewers:
        compare_views(world, viewer)
    if followers:
        followers.do(world, "compare", [viewer for viewer in following if viewer in viewers])
    if world.seed % WITH_BRIDGE == 0:
        with listening(world):
            for _ in range(ACTIONS_A_ROUND):
                world.act()


def run_batch(template, tokens, seeds):
    """(the report of a difference or None, routes and kinds of events that occurred)."""
    used, found = set(), template.with_name("difference")  # all batches end when one finds it
    with Realm() as realm, contextlib.ExitStack() as stack:
        realm.tokens = tokens
        followers = None
        for seed in seeds:
            if found.exists():
                break
            with new_world(realm, template, seed) as world:
                try:
                    with_clients = seed % WITH_CLIENTS == 0 and VITEST.is_file()
                    if with_clients and not followers:
                        followers = Followers(realm, stack)
                    run(world, followers if with_clients else None)
                except Exception as difference:  # also when nothing answers any more
                    found.touch()
                    where = "".join(traceback.format_tb(difference.__traceback__)[-3:])
                    return (f"AEON_SEED={seed}: {difference!r}\n{where}after\n" +
                            "\n".join(world.log)), used
                used |= world.used
    return None, used


def test_every_viewer_sees_exactly_what_the_model_says(realm):
    seeds, done, used = range(SEED, SEED + WORLDS), 0, set()
    with concurrent.futures.ProcessPoolExecutor(
            os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        batches = [pool.submit(run_batch, realm.database, realm.tokens, seeds[i:i + BATCH])
                   for i in range(0, WORLDS, BATCH)]
        for batch in concurrent.futures.as_completed(batches):
            report, used_there = batch.result()
            if report:
                pool.shutdown(cancel_futures=True)
                pytest.fail(report)
            used |= used_there
            done = min(done + BATCH, WORLDS)
            if sys.stderr.isatty():
                print(f"\r{done} of {WORLDS} worlds", end="", file=sys.stderr)
    if WORLDS >= ENOUGH:
        registered = event_kinds().union(*(action.routes for action in ACTIONS))
        assert registered == used


def test_every_route_and_every_kind_of_event_is_registered(realm):
    described = realm.cgi("GET", "/openapi.json").json["paths"]
    assert {f"{method.upper()} {path}" for path, methods in described.items()
            for method in methods} == ROUTES | SERVICE
    assert client_event_kinds() == event_kinds() | ELSEWHERE
