"""Realms that several tests of a file use."""

import shutil
import tempfile
from pathlib import Path

import pytest

from up_realm import Realm, age
from realm import wait_until


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
    wait_until(lambda: all(age(pid) > 1.5 for pid in realm.services().values()), "rested")
    return realm
