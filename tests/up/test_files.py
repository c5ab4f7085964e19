"""Files of a realm: their modes, and hostile directories under root's hands.

The directory belongs to the user nobody, who has planted links from the names that the programs
use to files of root. Programs run with the umask 022.
"""

import itertools
import json
import os
import re
import stat
import subprocess

import pytest

from realm import BUILD, NGINX, PATIENCE, connectable, free_port, wait_until

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="NOT RUN: needs root")

NOBODY = 65534
SQLITE = ("aeon.db", "aeon.db-wal", "aeon.db-shm", "aeon.db-journal")
PLANTED = ("aeon.db-checkpoint", "copy.db.partial", "copy.db", "run/programs", "run/programs.new",
           "run/fast.sock", "run/slow.sock", "run/ws.sock", "run/wakeup-1.sock", "run/peer-1.sock")
REFUSED = ("run/fast.sock", "run/slow.sock")  # by programs that would listen there
# Arguments of the commands. Others get words in the number that their help names.
ARGUMENTS = {
    "user add": ["ada", "ada@example.org", "--generate"],
    "user password": ["ada", "--generate"],
    "user role": ["ada", "admin"],
    "user erase": ["ada", "--force"],
    "backup": ["{data}/copy.db", "--force"],
    "demo": ["--generate"],
}


def snapshot(folder):
    return {path: (found.st_mode, found.st_uid, found.st_gid, found.st_nlink, found.st_size,
                   found.st_mtime_ns, path.read_bytes() if path.is_file() else None)
            for path in (folder, *folder.rglob("*")) if (found := path.lstat())}


class Trap:
    """A directory of nobody with links to what is root's alone."""

    def __init__(self, home, name, planted):
        self.outside, self.data = home / f"{name}-outside", home / name
        self.outside.mkdir(mode=0o700)
        self.data.mkdir(mode=0o755)
        (self.data / "run").mkdir(mode=0o755)
        for number, name in enumerate(planted):
            target = self.outside / f"target-{number}"
            if number % 2:  # the others do not exist
                target.write_text("precious")
                target.chmod(0o640)
            (self.data / name).symlink_to(target)
        subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", self.data], check=True)
        self.before = snapshot(self.outside)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("AEON_", "OPENAI_"))} | {
            "AEON_DATABASE": str(self.data / "aeon.db"), "AEON_RUN_DIR": str(self.data / "run")}

    def run(self, *command, **environment):
        return subprocess.run(command, env=self.environment | environment, umask=0o022, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)

    def all_commands(self, *skipped):
        """Runs every command of aeonctl but run and these. Returns each with its exit code."""
        codes = {}
        for line in self.run(BUILD / "aeonctl", "--help").stdout.split("\n\n")[1].splitlines()[1:]:
            words = line.split()
            name = " ".join(itertools.takewhile(str.islower, words))
            names = itertools.takewhile(str.isupper, words[len(name.split()):])
            if name in ("run", *skipped):
                continue
            given = ARGUMENTS.get(name, ["ada" for _ in names])
            done = self.run(BUILD / "aeonctl", *name.split(),
                            *(word.format(data=self.data) for word in given))
            codes[name] = done.returncode
        return codes

    def check_outside(self):
        assert snapshot(self.outside) == self.before

    def check_inside(self):
        """Everything that is no link is for its user alone, or a socket for its group."""
        for path in self.data.rglob("*"):
            found = path.lstat()
            assert found.st_uid == NOBODY, path
            if stat.S_ISREG(found.st_mode):
                assert found.st_mode & 0o177 == 0, path
            elif stat.S_ISSOCK(found.st_mode):
                assert found.st_mode & 0o117 in (0, 0o100), path


def test_commands_of_root_follow_no_link(home):
    trap = Trap(home, "commands", [*SQLITE, *PLANTED])
    codes = trap.all_commands()
    assert len(codes) >= 15 and codes["init"] != 0
    trap.check_outside()
    trap.check_inside()


def test_files_that_roots_commands_make_are_for_the_owner_of_the_directory(home):
    trap = Trap(home, "owner", PLANTED)
    codes = trap.all_commands("demo")  # it only writes rows, and takes long
    assert codes["init"] == codes["user add"] == codes["backup"] == codes["check"] == 0
    trap.check_outside()
    trap.check_inside()
    assert {path.name for path in trap.data.iterdir() if path.lstat().st_uid == NOBODY} >= {
        "aeon.db", "copy.db"}


def test_programs_of_root_follow_no_link(home):
    """Nobody starts them like this, but a mistake must not cost a file."""
    trap = Trap(home, "programs", [*SQLITE, *PLANTED])
    request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/health/detailed"}
    assert trap.run(BUILD / "aeon.fcgi", **request).stdout.startswith("Status: 503")
    for command in (["aeon.fcgi", "--listen", f"unix:{trap.data}/run/fast.sock"],
                    ["aeon-ws", "--listen", f"unix:{trap.data}/run/ws.sock"]):
        program = subprocess.Popen([BUILD / command[0], *command[1:]], env=trap.environment,
                                   umask=0o022, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: program.poll() is not None
                   or connectable(command[2].removeprefix("unix:")), "an end or a start")
        program.terminate()
        program.communicate(timeout=PATIENCE)
    trap.check_outside()


def test_a_whole_realm_makes_no_file_for_others(home):
    trap = Trap(home, "whole", [name for name in PLANTED if name not in REFUSED])
    assert trap.run(BUILD / "aeonctl", "init").returncode == 0
    (trap.data / "nginx").mkdir()
    (trap.data / "nginx/nginx.conf").write_text(
        "daemon off; pid nginx.pid; error_log stderr; events {} http { access_log access.log;"
        "client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;"
        f"scgi_temp_path t5; server {{ listen 127.0.0.1:{free_port()}; }} }}\n")
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", trap.data / "nginx"], check=True)
    (trap.data / "nginx/nginx.conf").chmod(0o600)
    (trap.data / "nginx").chmod(0o700)
    path = os.path.dirname(NGINX) + ":" + os.environ["PATH"]
    realm = subprocess.Popen([BUILD / "aeonctl", "run", "--ready", "ready", "--nginx",
                              trap.data / "nginx/nginx.conf"], env=trap.environment | {"PATH": path},
                             umask=0o022, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = realm.stdout.readline()
        assert line == "ready\n", realm.communicate()[1]
        trap.check_outside()
        trap.check_inside()
        for name in ("fast", "slow", "ws"):
            assert (trap.data / f"run/{name}.sock").lstat().st_mode & 0o777 == 0o660
    finally:
        realm.terminate()
        realm.communicate(timeout=PATIENCE)
    trap.check_outside()


def test_a_configuration_of_another_user_is_read_with_that_users_rights(home):
    """Otherwise a line of any file could come into a message."""
    secret = home / "secret"
    secret.write_text("nonsense that must not be shown\n")
    secret.chmod(0o600)
    config = home / "nobodys.conf"
    config.write_text(f"log_level = @{secret}\ndatabase = @{secret}\n")
    os.chown(config, NOBODY, NOBODY)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AEON_", "OPENAI_"))}
    done = subprocess.run([BUILD / "aeonctl", "--config", config, "stats"], env=environment,
                          capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 78
    assert "nonsense" not in done.stdout + done.stderr


@pytest.mark.parametrize("debuggable", [False, True])
def test_memory_of_a_running_program_is_for_root_alone(home, debuggable):
    trap = Trap(home, f"memory-{debuggable}", [])
    assert trap.run(BUILD / "aeonctl", "init").returncode == 0
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    program = subprocess.Popen(
        [BUILD / "aeon.fcgi", "--listen", f"unix:{trap.data}/run/fast.sock"], umask=0o022,
        env=trap.environment | ({"AEON_DEBUGGABLE": "1"} if debuggable else {}), **as_nobody,
        stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: connectable(trap.data / "run/fast.sock"), "the program", program)
        peek = subprocess.run(["head", "-c", "1", f"/proc/{program.pid}/environ"],
                              capture_output=True, **as_nobody)
        assert (peek.returncode == 0) == debuggable
        limits = open(f"/proc/{program.pid}/limits").read()
        cores = int(re.search(r"Max core file size +(\w+)", limits)[1].replace("unlimited", "1"))
        assert debuggable or cores == 0
    finally:
        program.terminate()
        program.wait(PATIENCE)


def test_the_answers_of_commands_are_json_as_root_too(home):
    """Changing the user leaves the output as it is."""
    trap = Trap(home, "answers", [])
    made = json.loads(trap.run(BUILD / "aeonctl", "--json", "init").stdout)
    assert made["created"] is True
    assert (trap.data / "aeon.db").stat().st_uid == NOBODY
