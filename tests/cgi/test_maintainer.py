"""Maintenance without a bridge: a process beside the workers of a pool does it."""

import os
import signal

import pytest
from conftest import Caller
from fastcgi import children
from realm import Realm, wait_until

DETAILED = "/api/v1/health/detailed"


@pytest.fixture
def pool():
    """A realm without bridges, and a pool of one worker."""
    with Realm(ws_bridges=0, health_from="127.0.0.1") as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben")}
        made.master = made.start_workers("default", 1)
        wait_until(lambda: len(children(made.master.pid)) == 2, "its processes", made.master)
        yield made


def leader(realm):
    part = realm.cgi("GET", DETAILED, headers={"REMOTE_ADDR": "127.0.0.1"}).json["components"]["maintenance"]
    return part["leader_pid"] if part["leader"] == "cgi" else None


def led_by_a_child(realm):
    return leader(realm) in children(realm.master.pid)


def interact(realm):
    """Causes an event that has expired already."""
    Caller(realm, "ada")("POST", "/aeon/interactions", {
        "target_aeon_user_id": realm.ids["ben"], "interaction_type": "x", "content": "x"})
    realm.rows.change("UPDATE realm_events SET created_at = 1")


def pruned(realm):
    return realm.rows.select("SELECT 1 FROM realm_events") == []


def test_it_prunes_what_has_expired_and_does_so_again_after_a_kill(pool):
    wait_until(lambda: led_by_a_child(pool), "the leader", pool.master)
    for _ in range(2):
        maintainer = leader(pool)
        os.kill(maintainer, signal.SIGKILL)
        wait_until(lambda: led_by_a_child(pool) and leader(pool) != maintainer, "another leader",
                   pool.master)
    interact(pool)
    os.kill(leader(pool), signal.SIGKILL)  # the next one looks at once, not after a minute
    wait_until(lambda: pruned(pool), "the end of the events", pool.master)


def test_a_reload_keeps_it_with_the_new_program(pool):
    wait_until(lambda: led_by_a_child(pool), "the leader", pool.master)
    before = children(pool.master.pid)
    interact(pool)
    os.kill(pool.master.pid, signal.SIGHUP)
    wait_until(lambda: pruned(pool), "the end of the events", pool.master)
    assert children(pool.master.pid) == before and led_by_a_child(pool)


def test_where_a_bridge_is_configured_there_is_none():
    with Realm() as made:
        master = made.start_workers("default", 1)
        wait_until(lambda: children(master.pid), "the worker", master)
        assert len(children(master.pid)) == 1
