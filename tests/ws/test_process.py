"""The process of the bridge: how it starts, stops, dies and starts again."""

import signal
import socket
import subprocess

import pytest

from wsclient import Client, Refused
from conftest import People
from realm import BUILD, PATIENCE, Realm, connectable, free_port, wait_until


@pytest.fixture
def realm():
    with Realm() as made:
        yield made


@pytest.fixture
def people(realm):
    return People(realm)


def run(realm, *arguments, **environment):
    return subprocess.run([BUILD / "aeon-ws", *arguments], env=realm.environment | environment,
                          capture_output=True, text=True, timeout=PATIENCE)


def test_an_acknowledged_message_survives_kill_9_and_clients_continue(people, realm):
    bridge = realm.start_bridge()
    room = people.room("ada", "ben")
    ada, _ = people.connect("ada"), people.connect("ben")
    acked = []
    for i in range(30):
        ada.say("chat_message", room_id=room, content=f"m{i}", client_id=str(i))
    for i in range(10):
        acked.append(ada.hear("ack"))
    bridge.kill()
    bridge.wait()
    assert ada.closed() is None
    assert realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/messages", {"content": "meanwhile"},
                     token=people.token("ben")).status == 201
    realm.start_bridge()
    ada = people.connect("ada")
    ada.say("join_room", room_id=room, since=0)
    last = ada.hear("room_info")["last_seq"]
    heard = [ada.hear("chat_message") for _ in range(last)]
    assert [m["seq"] for m in heard] == list(range(1, last + 1))
    assert {a["message_id"] for a in acked} <= {m["message_id"] for m in heard}
    assert heard[-1]["content"] == "meanwhile"
    ada.say("chat_message", room_id=room, content="m0", client_id="0")
    assert ada.hear("ack")["duplicate"] is True
    assert '"findings"' not in realm.ctl("check").stdout


def test_sigterm_acknowledges_then_closes_with_1012_and_removes_its_sockets(people, realm):
    bridge = realm.start_bridge()
    room = people.room("ada")
    ada, waiting = people.connect("ada"), Client(realm)
    for i in range(20):
        ada.say("chat_message", room_id=room, content=str(i), client_id=str(i))
    assert ada.hear("ack")["seq"] == 1
    bridge.send_signal(signal.SIGTERM)
    assert waiting.closed() == 1012
    assert ada.closed() == 1012
    assert bridge.wait(PATIENCE) == 0
    assert not list(realm.run.glob("*.sock"))


def test_sigterm_does_not_wait_for_ever_for_a_client_that_does_not_answer(people, realm):
    bridge = realm.start_bridge()
    people.connect("ada")
    bridge.send_signal(signal.SIGTERM)
    assert bridge.wait(PATIENCE) == 0


def test_sighup_changes_nothing(people, realm):
    bridge = realm.start_bridge()
    ada = people.connect("ada")
    bridge.send_signal(signal.SIGHUP)
    ada.say("ping", id=1)
    ada.hear("pong", id=1)


def test_a_second_bridge_with_the_same_number_does_not_start(realm):
    realm.start_bridge()
    second = run(realm, "--listen", f"unix:{realm.run}/other.sock")
    assert second.returncode == 75 and "wakeup-1.sock" in second.stderr
    assert connectable(realm.run / "ws.sock")
    assert connectable(realm.run / "wakeup-1.sock", socket.SOCK_DGRAM)


@pytest.mark.parametrize("number", ["0", "2", "-1", "one", "1x", ""])
def test_a_bridge_with_a_number_above_ws_bridges_does_not_start(realm, number):
    done = run(realm, "--listen", f"unix:{realm.run}/ws.sock", "--instance", number)
    assert done.returncode == 64 and "instance" in done.stderr and "ws_bridges" in done.stderr


def test_the_bridge_can_listen_on_a_port(people, realm):
    port = free_port()
    bridge = realm.start("bridge", BUILD / "aeon-ws", "--listen", f"127.0.0.1:{port}")

    def answers():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
    wait_until(answers, "the port", bridge)
    taken = run(realm, "--listen", f"127.0.0.1:{port}", AEON_RUN_DIR=str(realm.directory))
    assert taken.returncode == 73 and str(port) in taken.stderr


def test_only_configured_origins_connect(people, realm):
    realm.start_bridge(origins="https://realm.example https://www.realm.example")
    for origin in ("https://realm.example", "https://www.realm.example"):
        Client(realm, headers={"Origin": origin}).socket.close()
    Client(realm).socket.close()
    for origin in ("http://localhost", "https://realm.example.org", "http://realm.example"):
        with pytest.raises(Refused) as refused:
            Client(realm, headers={"Origin": origin})
        assert refused.value.status == 403


@pytest.mark.parametrize("arguments, code", [
    ((), 64),
    (("--nonsense",), 64),
    (("--listen", "unix:/tmp/x", "more"), 64),
    (("--listen", "nowhere"), 78),
    (("--listen", "127.0.0.1:0"), 78),
    (("--listen", "127.0.0.1:99999"), 78),
    (("--config", "/nonexistent", "--listen", "unix:/tmp/x"), 78),
])
def test_a_wrong_command_line_is_reported(realm, arguments, code):
    done = run(realm, *arguments)
    assert done.returncode == code and done.stderr


def test_help_and_version_are_printed(realm):
    assert "--listen" in run(realm, "--help").stdout
    assert run(realm, "--version").stdout.startswith("aeon-ws ")


def test_the_bridge_does_not_start_without_a_database(realm):
    done = run(realm, "--listen", f"unix:{realm.run}/ws.sock", AEON_DATABASE="/nonexistent/x.db")
    assert done.returncode == 69 and "database" in done.stderr
    assert not list(realm.run.glob("*.sock"))


def test_the_bridge_does_not_start_without_a_run_directory(realm):
    done = run(realm, "--listen", f"unix:{realm.run}/ws.sock", AEON_RUN_DIR="/nonexistent")
    assert done.returncode == 73 and "wakeup-1.sock" in done.stderr


def test_health_sees_the_bridge(people, realm):
    realm.start_bridge()
    people.connect("ada")

    def seen():
        health = realm.cgi("GET", "/api/v1/phase3/health/phase3",
                           headers={"AEON_HEALTH_FROM": "127.0.0.1"}).json
        return health["websocket_connections"] == 1
    wait_until(seen, "the lease")
