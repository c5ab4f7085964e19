"""What scripts/up runs: killed programs are started again, and nothing acknowledged is lost."""

import os
import signal
import socket
import subprocess
import threading

import httpx
import pytest

from up_realm import Realm, get, handshake
from realm import BUILD, PATIENCE, wait_until


# --- starting again ------------------------------------------------------------------------------


@pytest.mark.parametrize("victim", ["bridge", "nginx", "fast", "slow", "twin"])
def test_a_killed_program_is_started_again(rested, victim):
    pid = rested.services()[victim]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: rested.services().get(victim, pid) != pid and rested.healthy(), "back")
    assert rested.person("phoenix").get("/users/me").status_code == 200


def works(realm, name):
    """Whether REST, a login and a WebSocket work."""
    try:
        return realm.healthy() and realm.person(name).get("/users/me").status_code == 200
    except (httpx.HTTPError, AssertionError):
        return False


def says_healthy(realm):
    """Also of a realm without a bridge."""
    try:
        return get(realm.url + "/health").json()["status"] == "healthy"
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("round", range(3))
def test_everything_that_is_killed_at_once_is_started_again(rested, round):
    before = set(rested.all_pids())
    assert len(before) >= 10
    subprocess.run(["kill", "-KILL", *map(str, before)], check=True)
    wait_until(lambda: works(rested, f"lazarus_{round}"), "all of it again")
    assert not before & set(rested.all_pids())
    assert all(state == "up" and pid not in before
               for name, (state, pid, _) in rested.programs().items() if name != "supervisor")
    for name in ("fast", "slow", "bridge", "twin", "nginx"):
        assert f'name={name} pid=' in rested.stderr()
    assert 'cause="signal 9 (Killed)"' in rested.stderr()


def test_a_reload_reaches_all_programs_and_ends_none(rested):
    before, lines = rested.services(), rested.stderr().count("event=listening pool=")
    workers = set(rested.children("nginx"))
    rested.up.send_signal(signal.SIGHUP)
    wait_until(lambda: rested.stderr().count("event=listening pool=") == lines + 2, "new masters")
    wait_until(lambda: not workers & set(rested.children("nginx")), "new workers of nginx")
    assert rested.services() == before and rested.healthy()


@pytest.mark.parametrize("how_many", [1, 6])
def test_killed_workers_are_started_again(rested, how_many):
    before = rested.children("fast")
    assert len(before) == 6
    for pid in before[:how_many]:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(set(rested.children("fast")) - set(before)) == how_many
               and rested.healthy(), "back")


def test_health_is_degraded_while_the_bridge_is_down(rested):
    rested.up.send_signal(signal.SIGSTOP)
    try:
        os.kill(rested.services()["bridge"], signal.SIGKILL)
        answer = wait_until(lambda: (a := get(rested.url + "/api/v1/phase3/health/phase3"))
                            .json()["status"] == "degraded" and a, "degraded")
        assert answer.status_code == 200
        assert handshake(rested.url) == 503
        assert rested.person("patient").get("/phase3/rooms").status_code == 200
    finally:
        rested.up.send_signal(signal.SIGCONT)
    wait_until(rested.healthy, "healthy again")


def test_health_is_degraded_while_a_pool_cannot_start(rested):
    """Another process has taken its socket."""
    path = rested.data / "run/slow.sock"
    with socket.socket(socket.AF_UNIX) as squatter:
        path.unlink()
        squatter.bind(str(path))
        squatter.listen()
        os.kill(rested.services()["slow"], signal.SIGKILL)
        wait_until(lambda: rested.programs()["slow"][0] == "down", "a pause of the pool")
        wait_until(lambda: not rested.healthy(), "degraded")
    path.unlink(missing_ok=True)
    wait_until(rested.healthy, "healthy again")


def test_the_answer_without_workers_is_a_503_in_json(rested):
    rested.up.send_signal(signal.SIGSTOP)
    try:
        for pid in [rested.services()["fast"], *rested.children("fast")]:
            os.kill(pid, signal.SIGKILL)
        answer = wait_until(lambda: (a := get(rested.url + "/health")).status_code != 200 and a,
                            "an error")
        assert answer.status_code == 503 and answer.json()["code"] == "unavailable"
        assert answer.headers["retry-after"] and answer.headers["x-request-id"]
    finally:
        rested.up.send_signal(signal.SIGCONT)
    wait_until(rested.healthy, "healthy again")


def test_no_acknowledged_message_is_lost_when_everything_is_killed(rested):
    person = rested.person("witness")
    room = person.post("/phase3/rooms", json={"name": "Under fire"}).json()["id"]
    acknowledged, stopping = [], threading.Event()

    def post():
        for n in range(100000):
            if stopping.is_set():
                return
            try:
                answer = person.post(f"/phase3/rooms/{room}/messages", json={"content": str(n)})
            except httpx.HTTPError:
                continue
            if answer.status_code == 201:
                acknowledged.append(answer.json()["message_id"])

    thread = threading.Thread(target=post)
    thread.start()
    try:
        wait_until(lambda: len(acknowledged) > 20, "traffic")
        for pid in rested.children("fast"):
            os.kill(pid, signal.SIGKILL)
        os.kill(rested.services()["bridge"], signal.SIGKILL)
        seen = len(acknowledged)
        wait_until(lambda: len(acknowledged) > seen + 20, "traffic again")
        os.kill(rested.services()["fast"], signal.SIGKILL)
        seen = len(acknowledged)
        wait_until(lambda: len(acknowledged) > seen + 20, "traffic again")
    finally:
        stopping.set()
        thread.join()

    stored, after = {}, 0
    while page := person.get(f"/phase3/rooms/{room}/messages",
                             params={"after": after, "limit": 200}).json():
        stored.update({message["message_id"]: message["seq"] for message in page})
        after = page[-1]["seq"]
    assert set(acknowledged) <= set(stored)
    assert sorted(stored.values()) == list(range(1, len(stored) + 1))
    check = subprocess.run([BUILD / "aeonctl", "--database", rested.data / "aeon.db", "check"],
                           capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr


def test_a_program_that_keeps_dying_is_restarted_with_growing_delays(home):
    r = Realm(home).wait_ready()
    r.up.send_signal(signal.SIGSTOP)
    (r.data / "aeon.db").rename(r.data / "hidden.db")
    (r.data / "aeon.db").mkdir()
    os.kill(r.services()["bridge"], signal.SIGKILL)
    r.up.send_signal(signal.SIGCONT)
    wait_until(lambda: "restart_in_ms=1600" in r.stderr(), "a pause")
    assert 5 <= r.stderr().count("event=program_ended name=bridge") < 8
    wait_until(lambda: r.programs()["bridge"][0] == "down", "the next pause")
    assert r.stop() == 0 and r.leftovers() == []


# --- without a bridge -----------------------------------------------------------------------------


def maintainer(owner):
    """The process beside the workers of a pool that does the maintenance, or None."""
    part = owner.get("/health/detailed").json()["components"]["maintenance"]
    return part["leader"] == "cgi" and part["leader_pid"] or None


def test_a_realm_without_a_bridge_is_healthy_and_maintained_by_its_pools(home):
    r = Realm(home, settings="ws_bridges = 0\n").wait_ready()
    assert set(r.services()) == {"fast", "slow", "twin", "nginx"}
    owner = r.person("ada")
    owner.post("/users/me/claim", json={"setup_code": r.setup_code}).raise_for_status()
    first = wait_until(lambda: maintainer(owner), "a maintainer")
    assert first in r.children("fast") + r.children("slow")
    assert says_healthy(r)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: maintainer(owner) not in (None, first), "another one")
    subprocess.run(["kill", "-KILL", *map(str, r.all_pids())], check=True)
    wait_until(lambda: all(state == "up" for state, _, _ in r.programs().values())
               and says_healthy(r), "all of it again")
    assert r.person("ben").get("/users/me").status_code == 200
    doctor = subprocess.run([BUILD / "aeonctl", "doctor", "--config", r.data / "aeon.conf"], text=True,
                            env=os.environ | {"AEON_DATABASE": str(r.data / "aeon.db"),
                                              "AEON_RUN_DIR": str(r.data / "run")}, capture_output=True)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert r.stop() == 0 and r.leftovers() == []


# --- aeonctl run alone, as in a container --------------------------------------------------------


def start_run(home, *arguments, **how):
    run = home / "alone"
    environment = {**os.environ, "AEON_USER": "root", "AEON_DATABASE": str(home / "alone.db"),
                   "AEON_RUN_DIR": str(run)}
    subprocess.run([BUILD / "aeonctl", "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
    return run, subprocess.Popen([BUILD / "aeonctl", "run", *arguments], env=environment, text=True,
                                 **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how})


def test_it_runs_without_up_and_leaves_nothing(home):
    run, alone = start_run(home, "--ready", "here we are")
    assert alone.stdout.readline() == "here we are\n"
    assert {path.name for path in run.iterdir()} >= {"fast.sock", "slow.sock", "ws.sock"}
    _, second = start_run(home)
    assert second.wait(PATIENCE) == 75
    assert second.stderr.read() == f"aeonctl: a realm is already running in {run}\n"
    alone.terminate()
    assert alone.wait(PATIENCE) == 0
    assert not run.exists()


def test_a_program_that_cannot_start_ends_it_with_a_sentence(home):
    (home / "nginx.conf").write_text("nonsense;\n")
    _, alone = start_run(home, "--nginx", home / "nginx.conf")
    assert alone.wait(PATIENCE) == 69
    assert alone.stderr.read().endswith("aeonctl: nginx did not start; see above\n")


def test_it_needs_a_database(home):
    ended = subprocess.run([BUILD / "aeonctl", "--database", home / "none.db", "run"],
                           env={**os.environ, "AEON_RUN_DIR": str(home)},
                           capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 66 and "create it with 'aeonctl init'" in ended.stderr


def test_it_ends_when_its_terminal_is_closed(home):
    ours, theirs = os.openpty()
    _, alone = start_run(home, "--ready", "ready", stderr=theirs)
    assert alone.stdout.readline() == "ready\n"
    os.close(theirs)
    os.close(ours)
    alone.send_signal(signal.SIGHUP)
    assert alone.wait(PATIENCE) == 0
