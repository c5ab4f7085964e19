"""scripts/up as root: the realm never runs as root by itself."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from up_realm import AEON_USER, NOBODY, refuses
from realm import BUILD

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="NOT RUN: needs root")


def users(pid):
    """The real, effective, saved and file-system user of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return set(status.split("\nUid:")[1].split("\n")[0].split())


@pytest.mark.skipif(AEON_USER.get("AEON_USER") == "root", reason="nobody cannot read this tree")
def test_no_process_of_the_realm_is_root(realm):
    assert all("0" not in users(pid) for pid in [realm.up.pid, *realm.all_pids()])
    assert {path.lstat().st_uid for path in realm.data.rglob("*")} == {realm.data.stat().st_uid}
    assert realm.data.stat().st_uid != 0


def test_a_directory_that_the_user_cannot_write_to_is_refused(home):
    data = home / "of-root"
    data.mkdir(mode=0o755)
    code, line = refuses(home, data=data, AEON_USER="nobody")
    assert code == 77
    assert line == (f"up: the user nobody cannot write to {data}; run 'chown -R nobody: {data}', "
                    "or set AEON_USER to a user that can")
    assert list(data.iterdir()) == []


def test_programs_that_the_user_cannot_reach_are_refused(home):
    build = home / "build"
    build.mkdir(mode=0o700)
    shutil.copy(BUILD / "aeon.fcgi", build)
    code, line = refuses(home, data=home / "unreached", AEON_USER="nobody", AEON_BUILD=str(build))
    assert code == 77 and f"the user nobody cannot read the programs in {build}" in line
    assert "set AEON_USER to a user that can read it" in line


def test_the_owner_of_the_directory_is_preferred(home):
    data = home / "of-games"
    data.mkdir(mode=0o700)
    shutil.chown(data, "games")
    (data / "aeon.conf").write_text("nonsense\n")
    (data / "aeon.conf").chmod(0o600)
    code, line = refuses(home, data=data, AEON_USER="", SUDO_USER="daemon")
    assert code == 77 and line.startswith("up: games cannot read")


def test_a_user_that_is_root_by_another_name_is_refused(home):
    code, line = refuses(home, data=home / "zero", AEON_USER="0")
    assert (code, line) == (
        77, "up: the realm would run as root; set AEON_USER to another user")


@pytest.mark.parametrize("plant", ["fifo", "directory"])
def test_a_configuration_that_is_no_file_is_refused(home, plant):
    data = home / f"conf-{plant}"
    data.mkdir(mode=0o777)
    data.chmod(0o777)
    if plant == "fifo":
        os.mkfifo(data / "aeon.conf")
    else:
        (data / "aeon.conf").mkdir()
    code, line = refuses(home, data=data)
    assert (code, line) == (78, f"up: {data}/aeon.conf is not a file")


def test_links_in_the_directory_lead_root_nowhere(home):
    """The owner of the directory has put links to root's files where up and the programs write."""
    victim = home / "root-only"
    victim.mkdir(mode=0o700)
    (victim / "file").write_text("precious")
    data = home / "planted"
    data.mkdir(mode=0o700)
    for name in ("run", "nginx", "log"):
        (data / name).symlink_to(victim)
    for name in ("aeon.db", "aeon.db-checkpoint", "aeon.db-wal"):
        (data / name).symlink_to(victim / "file")
    subprocess.run(["chown", "-hR", "nobody:", data], check=True)
    before = {path: path.lstat() for path in (victim, *victim.iterdir())}
    code, _ = refuses(home, data=data, AEON_USER="nobody")
    assert code != 0
    assert {path: path.lstat() for path in (victim, *victim.iterdir())}.keys() == before.keys()
    assert (victim / "file").read_text() == "precious"
    assert (victim / "file").stat().st_uid == 0
    assert subprocess.run([*NOBODY, "test", "-r", victim / "file"]).returncode != 0
