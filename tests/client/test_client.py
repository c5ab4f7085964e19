"""The reference client (clients/js) with a realm behind nginx: each script here is a test.

The scripts run in Node. A script writes on its standard output what this test shall do to the
realm, one JSON list on a line, and reads the answer.
"""

import contextlib
import itertools
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from realm import NGINX, PASSWORD, Realm, connectable, free_port, full_disk, wait_until  # noqa: E402

NODE = os.environ.get("NODE", "node")
numbers = itertools.count(1)


class Stage:
    """A realm for one test. A script may call its methods."""

    def __init__(self, realm):
        self.realm, self.disk = realm, contextlib.ExitStack()

    def run(self, script, url=None):
        url = url or (self.realm.url if self.realm else "")  # some scripts have a server of their own
        environment = {**os.environ, "AEON_URL": url}
        environment.setdefault("NODE_PATH", "/usr/share/nodejs")
        process = subprocess.Popen([NODE, HERE / f"{script}.mjs"], env=environment, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            for line in process.stdout:
                what, *arguments = json.loads(line)
                process.stdin.write(json.dumps(getattr(self, what)(*arguments)) + "\n")
                process.stdin.flush()
        assert process.returncode == 0

    def person(self, name):
        username = f"{name}-{next(numbers)}"
        user_id = self.realm.user(username)
        return {"id": user_id, "username": username, "token": self.realm.tokens[username]}

    def login(self, username):
        answer = self.realm.cgi("POST", "/api/v1/users/login",
                                {"username": username, "password": PASSWORD})
        return answer.json["access_token"]

    def kill(self, name):
        self.realm.stop(name, signal.SIGKILL)

    def stop(self, name):
        return self.realm.stop(name)

    def start(self, name):
        getattr(self.realm, f"start_{name}")()

    def freeze(self, name):
        self.realm.processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name):
        self.realm.processes[name].send_signal(signal.SIGCONT)

    def start_proxy(self):
        """A proxy before the realm, which refuse() tells what to do with WebSockets."""
        port, directory = free_port(), self.realm.run
        text = (HERE / "refusing.conf").read_text()
        for token, value in {"DIR": directory, "PORT": port, "REALM": self.realm.url}.items():
            text = text.replace(f"@{token}@", str(value))
        (directory / "proxy.conf").write_text(text)
        self.silent = socket.socket(socket.AF_UNIX)  # accepts connections, and says nothing
        self.silent.bind(str(directory / "silent.sock"))
        self.silent.listen(64)
        command = [NGINX, "-p", directory, "-c", directory / "proxy.conf", "-e", "stderr"]
        if os.geteuid() == 0:
            command += ["-g", "user root;"]
        process = self.realm.start("proxy", *command)
        wait_until(lambda: connectable(("127.0.0.1", port)), "the proxy", process)
        return f"http://127.0.0.1:{port}"

    def refuse(self, how):
        for name in ("403", "plain", "silent"):
            (self.realm.run / name).unlink(missing_ok=True)
        if how:
            (self.realm.run / how).touch()

    def fill_disk(self):
        self.disk.enter_context(full_disk(self.realm.processes["bridge"].pid))

    def await_trouble(self):
        wait_until(lambda: "store_unavailable" in self.realm.log("bridge"), "a failed write")

    def free_disk(self):
        self.disk.close()

    def sql(self, statement):
        return self.realm.rows.change(statement)


@pytest.fixture
def stage():
    with Realm() as realm:
        realm.start_all()
        yield Stage(realm)
        assert realm.stop("bridge") == 0, realm.log("bridge")


def test_the_ledger_shows_every_entry_once_in_order(stage):
    stage.run("ledger")


def test_messages_edits_deletions_and_reactions_are_acknowledged_and_shown_to_others(stage):
    stage.run("talk")


def test_own_devices_hear_of_the_twin_and_a_repeated_message_is_said_once(stage):
    stage.run("twin")


def test_a_change_whose_acknowledgement_was_lost_undoes_nothing_newer(stage):
    stage.run("resent")


def test_a_refusal_is_reported_to_its_caller(stage):
    stage.run("refusals")


def test_what_the_realm_cannot_take_is_refused_once_and_blocks_nothing(stage):
    stage.run("poison")


def test_an_unkind_server_a_sleeping_page_and_errors_of_other_commands_do_no_harm():
    Stage(None).run("unkind")


def test_a_client_goes_on_over_rest_where_a_proxy_refuses_websockets_and_returns(stage):
    stage.run("refusing", stage.start_proxy())
    stage.silent.close()


def test_no_page_loses_what_was_said_in_it_or_says_what_another_one_says():
    Stage(None).run("kept")


def test_a_member_gets_the_requested_history_and_nothing_after_leaving(stage):
    stage.run("rooms")


def test_a_room_that_was_left_elsewhere_is_not_joined_again_to_fill_a_gap(stage):
    stage.run("elsewhere")


def test_a_room_that_is_being_left_is_not_joined_again_to_fill_a_gap(stage):
    stage.run("leaving")


def test_unacknowledged_messages_are_stored_once_in_order_after_the_bridge_died(stage):
    stage.run("outage")


def test_a_client_reconnects_at_the_time_that_the_bridge_names(stage):
    stage.run("restart")


def test_a_client_that_was_away_is_shown_missed_events_once_in_order(stage):
    stage.run("away")


def test_pruned_events_are_fetched_from_the_room_and_the_rest_is_reported_as_a_gap(stage):
    stage.run("gaps")


def test_a_second_client_continues_from_the_state_of_the_first(stage):
    stage.run("state")


def test_a_new_token_is_requested_when_the_old_one_is_refused(stage):
    stage.run("token")


def test_a_silent_connection_is_replaced_by_a_new_one(stage):
    stage.run("silence")


def test_messages_that_a_full_disk_refused_are_sent_again_until_they_are_stored(stage):
    stage.run("disk")


def test_many_messages_at_once_are_sent_at_the_allowed_rate(stage):
    stage.run("pace")


def test_a_new_epoch_of_the_database_starts_afresh(stage):
    stage.run("epoch")


def test_an_older_client_shows_an_entry_of_a_kind_that_it_does_not_know(stage):
    stage.run("older")
