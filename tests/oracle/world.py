"""A realm that serves, the model of it, and dice.

An action does something through the API and notes it in the model. It knows what must be answered,
so refusals are compared as well as successes.
"""

import json
import random

import fastcgi
from compare import check
from realm import wait_until
from registry import ACTIONS, full_path, matching_route

WORDS = ("amber", "birch", "cedar", "dune", "ember")
FOREVER = 2**60
LIKELY = 0.8  # how often a choice is made among the likely ones


class World:
    def __init__(self, realm, model, seed):
        self.realm, self.model, self.seed = realm, model, seed
        self.dice = random.Random(seed)
        self.view_dice = None
        self.connection = fastcgi.Connection(realm.run / "all.sock")
        self.looker = list(model.users)[-1]  # this user only looks
        self.written = []  # requests that are no GET: (method, path)
        self.log = []      # the same as text, for the report of a difference
        self.used = set()  # routes of actions and kinds of events that occurred

    def send(self, user, method, path, body=None):
        text = b"" if body is None else json.dumps(body).encode()
        return self.connection.ask(*fastcgi.request(
            self.realm, method, full_path(path), text, token=self.realm.tokens[user]))

    def ask(self, user, method, path, body=None):
        self.arrive(user)
        answer = self.send(user, method, path, body)
        if method != "GET":
            self.written.append((method, path))
            self.log.append(f"{user} {method} {path} {body} -> {answer.status}")
        return answer

    def arrive(self, user):
        """Each request makes its user connected. It notes nothing while another process writes."""
        row = self.model.users[user]
        if row.signed_in and self.model.status(user) == "offline" and not self.model.live_reports:
            wait_until(lambda: self.keep_presence(user) or not self.send(user, "GET", "/rooms"),
                       f"the presence of {user}")
            row.asking, row.current_room = "connected", None

    def keep_presence(self, user):
        """Makes the user's presence by REST last. Returns whether the user is present by REST."""
        rows = self.realm.rows
        noted = rows.change("UPDATE connected_users SET until = ? WHERE user_id = ? AND instance = 0",
                            FOREVER, user)
        if noted:
            (self.model.users[user].last_seen,), = rows.select(
                "SELECT last_seen FROM user_presence WHERE user_id = ?", user)
        return noted

    def sign_out(self, user):
        """All sessions of the user have ended, and with them the presence by REST."""
        row = self.model.users[user]
        if row.asking != "offline":
            (row.last_seen,), = self.realm.rows.select(
                "SELECT last_seen FROM user_presence WHERE user_id = ?", user)
        row.signed_in, row.asking = False, "offline"

    def index_texts(self):
        """Waits until the search knows all texts: a plain CGI program works after its answer."""
        while self.realm.rows.select("SELECT 1 FROM texts_waiting"):
            self.realm.cgi("GET", "/health")

    def must(self, status, user, method, path, body=None, shows=None):
        """Asks; the answer must have this status and, where `shows` is given, this body."""
        answer = self.ask(user, method, path, body)
        assert answer.status == status, f"{status} expected, not {answer}"
        if shows is not None:
            check(shows, answer.json)
        return answer.json if answer.body else None

    def actors(self):
        """The users that can act."""
        return [user.id for user in self.model.users.values()
                if user.signed_in and user.id != self.looker]

    def act(self):
        action = self.dice.choices(ACTIONS, [action.weight for action in ACTIONS])[0]
        if self.model.live_reports and not action.with_bridge:
            return
        for user in self.actors():  # what an action expects has the statuses before its requests
            self.arrive(user)
        self.written, self.model.appended = [], set()
        action.run(self, self.dice.choice(self.actors()))
        for method, path in self.written:
            route = matching_route(method, path, action.routes)
            assert route, f"{action.run.__name__} does not register {method} {path}"
            self.used.add(route)
        undeclared = self.model.appended - action.events
        assert not undeclared, f"{action.run.__name__} does not register {undeclared}"

    def chance(self, probability=0.5):
        return self.dice.random() < probability

    def pick(self, things, likely=lambda thing: True):
        """One of the things, mostly a likely one; None when there is none."""
        things = list(things)
        wanted = [thing for thing in things if likely(thing)]
        return self.dice.choice(wanted if wanted and self.chance(LIKELY) else things or [None])

    def pick_user(self, user, likely=lambda other: True):
        """A user; mostly not the given one."""
        return self.pick([other for other in self.model.users if other != self.looker],
                         lambda other: other != user and likely(other))
