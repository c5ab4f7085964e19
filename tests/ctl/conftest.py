"""aeonctl with a database of the test, and with a new realm in it."""

import json
import os
import subprocess

import pytest

from realm import BUILD, PATIENCE


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def ctl(folder):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("AEON_", "OPENAI_"))}
    environment |= {"AEON_DATABASE": str(folder / "aeon.db"), "AEON_RUN_DIR": str(folder)}

    def run(*arguments, code=0, stdin="", **variables):
        done = subprocess.run([BUILD / "aeonctl", *map(str, arguments)], input=stdin, text=True,
                              env=environment | variables, capture_output=True, timeout=PATIENCE,
                              start_new_session=True)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        if code == 0:
            assert done.stderr == ""
        return done

    return run


@pytest.fixture
def realm(ctl):
    ctl("init")
    return ctl


def answer(done):
    return json.loads(done.stdout)
