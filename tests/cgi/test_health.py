"""The health of a realm: measured by writes, and with details only for administrators and configured addresses."""

import os
import shutil
import signal
import subprocess

import pytest
from realm import BUILD, Realm, full_disk, wait_until

STATUS, DETAILED, PHASE3 = ("/health", "/api/v1/health/detailed",
                            "/api/v1/phase3/health/phase3")
needs_bridge = pytest.mark.skipif(not (BUILD / "aeon-ws").exists(), reason="no bridge was built")


@pytest.fixture
def own():
    """A realm with its bridge, which shows its health to this machine."""
    with Realm(health_from="127.0.0.1", store_wait_ms=200) as made:
        made.start_bridge()
        wait_until(lambda: made.cgi("GET", STATUS).json["status"] == "healthy", "health")
        yield made


def statuses(realm):
    return [realm.cgi("GET", path).json["status"] for path in (STATUS, DETAILED, PHASE3)]


def reason(realm, component):
    return realm.cgi("GET", DETAILED).json["components"][component]["reason"]


# --- who sees what -------------------------------------------------------------------------------

def test_a_stranger_and_a_user_see_the_status_alone(realm):
    for token in (None, realm.tokens["ben"], "x" * 43):
        for path in (STATUS, DETAILED):
            answer = realm.cgi("GET", path, token=token)
            assert set(answer.json) == {"status", "service", "version"}
        assert set(realm.cgi("GET", PHASE3, token=token).json) == {"status", "phase"}


def test_an_administrator_sees_the_details(realm):
    detailed = realm.cgi("GET", DETAILED, token=realm.tokens["ada"]).json
    assert detailed["components"]["disk"]["free_bytes"] > 0
    assert detailed["components"]["writes"]["status"] == "up"
    assert detailed["components"]["writes"]["seconds_since_success"] is not None
    assert detailed["reasons"] == ["bridge: 0 of 1 are running"]


def test_a_configured_address_sees_the_details_unless_a_proxy_has_forwarded_the_request(realm):
    def sees(address, networks, **headers):
        answer = realm.cgi("GET", DETAILED, headers={
            "REMOTE_ADDR": address, "AEON_HEALTH_FROM": networks, **headers})
        return "components" in answer.json
    assert sees("192.0.2.7", "10.0.0.0/8 192.0.2.0/24") and sees("2001:db8::1", "2001:db8::/32")
    assert not sees("192.0.3.7", "10.0.0.0/8 192.0.2.0/24") and not sees("192.0.2.7", "")
    assert not sees("", "0.0.0.0/0") and not sees("nonsense", "0.0.0.0/0 ::/0")
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"):
        assert not sees("192.0.2.7", "192.0.2.0/24", **{header: "for=1.2.3.4"})
    behind = {"AEON_TRUSTED_PROXIES": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert not sees("192.0.2.7", "192.0.2.0/24", **behind)
    assert sees("192.0.2.7", "198.51.100.1", **behind)


# --- what is wrong -------------------------------------------------------------------------------

def test_health_is_degraded_without_a_bridge(realm):
    assert statuses(realm) == ["degraded"] * 3
    answer = realm.cgi("GET", PHASE3, token=realm.tokens["ada"])
    features = answer.json["features"]
    assert features.pop("real_time_messaging") is False and features.pop("twins") is False
    assert all(features.values()) and len(features) == 4
    assert answer.json["phase"] == "3" and answer.status == 200


@needs_bridge
def test_health_follows_the_state_of_the_bridge(own):
    assert statuses(own) == ["healthy"] * 3
    detailed = own.cgi("GET", DETAILED).json
    assert detailed["reasons"] == []
    parts = detailed["components"].values()
    assert all(part["status"] == "up" and part["reason"] is None for part in parts)

    def leader():
        part = own.cgi("GET", DETAILED).json["components"]["maintenance"]
        return part["leader"], part["leader_pid"]
    wait_until(lambda: leader() == ("bridge", own.processes["bridge"].pid), "the leader")
    own.stop("bridge", signal.SIGKILL)
    assert statuses(own) == ["degraded"] * 3
    assert reason(own, "bridge") == "0 of 1 are running"


def test_a_realm_without_a_bridge_by_its_settings_is_healthy_without_live_chat():
    with Realm(ws_bridges=0) as own:
        own.user("ada")
        own.rows.change("UPDATE users SET role = 'owner'")
        assert statuses(own) == ["healthy"] * 3
        features = own.cgi("GET", PHASE3, token=own.tokens["ada"]).json["features"]
        assert features.pop("real_time_messaging") is False and features.pop("twins") is False
        assert all(features.values())


@needs_bridge
def test_a_program_that_its_supervisor_reports_as_down_is_named(own):
    (own.run / "programs").write_text(f"supervisor up {os.getpid()} 0\nslow down 0 3\n"
                                      f"bridge up {own.processes['bridge'].pid} 0\n")
    assert statuses(own) == ["degraded"] * 3
    assert reason(own, "programs") == "Not running: slow"


def test_health_is_unhealthy_without_a_database(realm):
    nowhere = {"AEON_DATABASE": "/nonexistent/aeon.db", "AEON_HEALTH_FROM": "127.0.0.1"}
    for path in (STATUS, DETAILED):
        answer = realm.cgi("GET", path, headers=nowhere)
        assert answer.status == 503 and answer.json["status"] == "unhealthy"
    assert answer.json["components"]["database"]["status"] == "down"
    phase3 = realm.cgi("GET", PHASE3, headers=nowhere)
    assert phase3.json["status"] == "degraded" and not any(phase3.json["features"].values())


@needs_bridge
def test_a_held_lock_is_noticed_and_named(own):
    with own.rows.locked():
        wait_until(lambda: statuses(own) == ["degraded"] * 3, "the held lock")
        for part in ("writes", "maintenance"):
            wait_until(lambda: "database is locked" in (reason(own, part) or ""), "the reason")
    wait_until(lambda: statuses(own) == ["healthy"] * 3, "health")


@needs_bridge
def test_failing_maintenance_is_noticed_and_named(own):
    """Only the bridge does the maintenance; others can still write."""
    with full_disk(own.processes["bridge"].pid):
        wait_until(lambda: reason(own, "maintenance"), "the failed checkpoint")
        assert statuses(own) == ["degraded"] * 3
        assert own.user("ada") == 1
    wait_until(lambda: statuses(own) == ["healthy"] * 3, "health")


@needs_bridge
def test_a_process_that_leads_the_maintenance_and_hangs_is_noticed(own):
    os.kill(own.processes["bridge"].pid, signal.SIGSTOP)
    wait_until(lambda: statuses(own) == ["degraded"] * 3, "the hanging bridge")
    os.kill(own.processes["bridge"].pid, signal.SIGCONT)
    wait_until(lambda: statuses(own) == ["healthy"] * 3, "health")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 40 MiB, which only root can mount."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", tmp_path],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"NOT TESTED: a full disk needs root and mount: {mounted.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


@needs_bridge
def test_a_full_disk_is_noticed_and_named_and_nothing_acknowledged_is_lost(small_disk):
    realm = Realm(health_from="127.0.0.1", store_wait_ms=200,
                  database=small_disk / "aeon.db", run_dir=small_disk / "run")
    shutil.rmtree(realm.run)
    realm.database, realm.run = small_disk / "aeon.db", small_disk / "run"
    realm.ws = str(realm.run / "ws.sock")
    realm.run.mkdir()
    with realm:
        realm.user("ada")
        realm.start_bridge()
        wait_until(lambda: statuses(realm) == ["healthy"] * 3, "health")
        filler = small_disk / "filler"
        with open(filler, "wb", buffering=0) as file, pytest.raises(OSError):
            while True:
                file.write(bytes(65536))
        wait_until(lambda: statuses(realm) == ["degraded"] * 3, "the full disk")
        assert "free" in reason(realm, "disk")

        text, written = " ".join(f"word{i}" for i in range(2000)), 0
        while (answer := realm.cgi("POST", "/api/v1/phase3/knowledge", {
                "content": text, "knowledge_type": "n"}, token=realm.tokens["ada"])).status == 201:
            written += 1
        assert answer.status == 503
        assert "database or disk is full" in reason(realm, "writes")
        assert statuses(realm) == ["degraded"] * 3

        filler.unlink()
        wait_until(lambda: statuses(realm) == ["healthy"] * 3, "health")
        stats = realm.cgi("GET", "/api/v1/phase3/knowledge?limit=200", token=realm.tokens["ada"])
        assert len(stats.json) == written
