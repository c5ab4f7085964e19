"""The reference client (clients/js) against a realm behind nginx: each script here is a test.

Scripts run in Node. What they want done to the realm they write to their standard output, a JSON
list a line, and get an answer back.
"""

import contextlib
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from realm import PASSWORD, Realm, full_disk, wait_until  # noqa: E402

NODE = os.environ.get("NODE", "node")
numbers = itertools.count(1)


class Stage:
    """A realm for one test; what scripts may ask for are its methods."""

    def __init__(self, realm):
        self.realm, self.disk = realm, contextlib.ExitStack()

    def run(self, script):
        environment = {**os.environ, "AEON_URL": self.realm.url}
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


def test_the_ledger_shows_every_entry_once_and_in_order(stage):
    stage.run("ledger")


def test_what_is_said_edited_deleted_and_reacted_to_is_acknowledged_and_shown_to_others(stage):
    stage.run("talk")


def test_what_the_realm_refuses_is_told_to_whoever_said_it(stage):
    stage.run("refusals")


def test_whoever_comes_in_gets_the_history_asked_for_and_who_leaves_hears_no_more(stage):
    stage.run("rooms")


def test_a_room_that_was_left_elsewhere_is_not_entered_again_to_fill_a_gap(stage):
    stage.run("elsewhere")


def test_a_room_that_is_being_left_is_not_entered_again_to_fill_a_gap(stage):
    stage.run("leaving")


def test_what_was_not_acknowledged_when_the_bridge_died_is_taken_once_and_in_order(stage):
    stage.run("outage")


def test_whoever_is_told_when_to_come_back_comes_then_and_not_when_it_likes(stage):
    stage.run("restart")


def test_whoever_was_away_is_shown_what_happened_in_order_and_once(stage):
    stage.run("away")


def test_what_the_log_has_lost_is_fetched_from_the_room_and_the_rest_told_as_a_gap(stage):
    stage.run("gaps")


def test_another_client_goes_on_where_the_first_one_was(stage):
    stage.run("state")


def test_a_new_token_is_asked_for_when_the_old_one_is_refused(stage):
    stage.run("token")


def test_a_connection_without_a_sign_of_life_is_given_up_for_another(stage):
    stage.run("silence")


def test_what_a_full_disk_did_not_take_is_said_again_until_it_is_taken(stage):
    stage.run("disk")


def test_many_messages_at_once_are_sent_as_fast_as_allowed_and_no_faster(stage):
    stage.run("pace")


def test_another_life_of_the_database_begins_afresh(stage):
    stage.run("epoch")


def test_an_older_client_shows_an_entry_of_a_kind_that_it_does_not_know(stage):
    stage.run("older")
