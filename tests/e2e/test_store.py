"""The state of the web client, with a realm: web/tests/replay.test.ts. Skipped without the packages of web/."""

import json
import os
import subprocess

import pytest

from realm import NODE, PATIENCE, TOP, VITEST, Realm


def test_a_snapshot_and_the_events_after_it_give_the_next_snapshot():
    if not VITEST.is_file():
        pytest.skip("the packages of web/ are not installed: make check-web")
    with Realm() as realm:
        people = [{"username": name, "id": realm.user(name), "token": realm.tokens[name]}
                  for name in ("ada", "bob", "cleo", "dora")]
        realm.start_workers("fast")
        realm.start_nginx()
        done = subprocess.run([NODE, VITEST, "run", "tests/replay.test.ts"], cwd=TOP / "web",
                              capture_output=True, text=True, timeout=8 * PATIENCE,
                              env=os.environ | {"AEON_URL": realm.url, "PEOPLE": json.dumps(people)})
        assert done.returncode == 0, done.stdout + done.stderr
