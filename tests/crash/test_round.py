"""One round of the crash test, in which all processes are killed at once."""

import pathlib
import subprocess
import sys

from realm import PATIENCE

CRASH = pathlib.Path(__file__).resolve().parent / "crash.py"


def test_nothing_is_lost_when_all_processes_are_killed_at_once():
    ended = subprocess.run([sys.executable, "-B", CRASH, "--rounds", "1", "--every", "1"],
                           capture_output=True, text=True, timeout=5 * PATIENCE)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "all worked again 1 times" in ended.stdout
