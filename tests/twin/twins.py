"""A realm with users who have twins, for the tests of this folder."""

import contextlib
import itertools

import fastcgi
from realm import Realm, wait_until

KEY = "sk-test-0123456789"  # of the provider
INTERACTIONS = "/api/v1/phase3/aeon/interactions"
ROOMS = "/api/v1/phase3/rooms"
ENDED = ("posted", "draft", "refused", "overtaken", "failed", "cancelled", "rejected")


class Twins:
    """The users of a realm. Their twins run in `processes` processes of aeon-twin."""

    def __init__(self, realm, processes=1):
        self.realm, self.ids, self.numbers = realm, {}, itertools.count(1)
        realm.start_bridges()
        for number in range(1, processes + 1):
            realm.start_twin(number)

    def user(self, who, autopilot="on", **settings):
        """A new user. The user's twin has these settings."""
        self.ids[who] = self.realm.user(who)
        settings = {"max_replies_per_day": 10000, "max_replies_per_person": 10000} | settings
        columns = "".join(f", {column}" for column in settings)
        values = "".join(f", {value!r}" for value in settings.values())
        self.realm.rows.change(f"INSERT INTO twins (user_id, autopilot, updated_at{columns}) "
                               f"VALUES (?, ?, 0{values})", self.ids[who], autopilot)
        return self.ids[who]

    def call(self, who, method, path, body=None, status=(200, 201, 202, 204)):
        answer = self.realm.cgi(method, path, body, token=self.realm.tokens[who])
        assert answer.status in status, answer
        return answer

    def know(self, who, text):
        """Shares public knowledge. It is found after wait_indexed()."""
        self.call(who, "POST", "/api/v1/phase3/knowledge",
                  {"content": text, "knowledge_type": "note"})

    def wait_indexed(self):
        wait_until(lambda: not self.realm.rows.select("SELECT 1 FROM texts_waiting LIMIT 1"),
                   "the index", self.realm.processes["bridge"])

    def room(self, owner, *members):
        """A public AEON room with the twins of its members."""
        room = self.realm.room(owner, is_aeon_room=True)
        for who in members:
            self.call(who, "POST", f"{ROOMS}/{room}/join")
        for who in {owner, *members}:
            self.realm.rows.change("INSERT INTO room_twins VALUES (?, ?, 0)", room, self.ids[who])
        return room

    def say(self, who, room, text):
        return self.call(who, "POST", f"{ROOMS}/{room}/messages", {"content": text}).json

    def ask(self, who, other, text, **more):
        return self.call(who, "POST", INTERACTIONS, {
            "target_aeon_user_id": self.ids[other], "interaction_type": "question",
            "content": text, **more}).json["id"]

    def interaction(self, who, number):
        return self.call(who, "GET", f"{INTERACTIONS}/{number}").json

    def history(self, who, room):
        """The messages of the room, oldest first."""
        return self.call(who, "GET", f"{ROOMS}/{room}/messages?after=0&limit=200").json

    def turns(self, columns="state, reason", where="true"):
        return self.realm.rows.select(
            f"SELECT {columns} FROM twin_turns WHERE {where} ORDER BY id")

    def wait_ended(self):
        """Waits until no turn waits or runs."""
        wait_until(lambda: not self.turns("1", "state IN ('queued', 'running')"), "all turns")


def ask_worker(realm, who, path):
    """The answer of a worker to a GET. Plain CGI does not wait for the vector of a search."""
    with fastcgi.Connection(realm.realm.run / "fast.sock") as line:
        return line.ask(*fastcgi.request(realm.realm, "GET", path,
                                         token=realm.realm.tokens[who]))


@contextlib.contextmanager
def twins(processes=1, environment=(), **settings):
    """Without learning, which would ask the model in between."""
    defaults = {"twins": processes, "health_from": "127.0.0.1", "twin_learning": "no"}
    with Realm(**defaults | settings) as realm:
        realm.environment |= dict(environment)
        yield Twins(realm, processes)
