"""A realm with a bridge, shared by the tests of a file. Each test has users of its own."""

import itertools
import json
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent)]

from wsclient import Client  # noqa: E402
from realm import Realm  # noqa: E402

ROOMS = 300
HOSTS = 4  # none owns more rooms than the quota allows

numbers = itertools.count(1)


class People:
    """The users of one test by short names. A user is registered at the first use of the name."""

    def __init__(self, realm):
        self.realm, self.names, self.clients = realm, {}, []

    def name(self, who):
        if who not in self.names:
            self.names[who] = f"{who}-{next(numbers)}"
            self.realm.user(self.names[who])
        return self.names[who]

    def token(self, who):
        return self.realm.tokens[self.name(who)]

    def connect(self, who, greeted=True, **how):
        """A connection that is authenticated and has read its first messages."""
        client = Client(self.realm, self.token(who), **how)
        self.clients.append(client)
        if greeted:
            client.hear("room_participants")
        return client

    def room(self, owner, *members, **how):
        """A new room with these members."""
        room_id = self.realm.room(self.name(owner), **how)
        for member in members:
            answer = self.realm.cgi("POST", f"/api/v1/phase3/rooms/{room_id}/join",
                                    token=self.token(member))
            assert answer.status in (200, 201), answer
        return room_id


@pytest.fixture(scope="module")
def settings():
    """The settings of the bridge. A test file may define its own."""
    return {}


@pytest.fixture(scope="module")
def realm(settings):
    with Realm(**settings) as made:
        made.start_bridges()
        yield made
        for name in list(made.processes):
            assert made.processes[name].poll() is None, made.log(name)
            assert made.stop(name) == 0, made.log(name)


@pytest.fixture
def people(realm):
    made = People(realm)
    yield made
    for client in made.clients:
        client.socket.close()


@pytest.fixture
def call(people, realm):
    """Sends a request as a user of the test, and returns its JSON."""
    def send(who, method, path, body=None):
        answer = realm.cgi(method, path, body, token=people.token(who))
        assert answer.status in (200, 201, 202, 204), answer
        return answer.json if answer.body else None
    return send


@pytest.fixture(scope="module")
def rooms(realm):
    """The ids of hundreds of rooms."""
    hosts = [f"host-{i}" for i in range(HOSTS)]
    for host in hosts:
        realm.user(host)
    return [realm.room(host) for host in hosts for _ in range(ROOMS // HOSTS)]


def enter(realm, user_id, rooms):
    """Makes the user a member of these rooms, by the database alone."""
    realm.rows.change(f"""INSERT INTO room_participants (room_id, user_id, role, joined_at, last_activity)
        SELECT value, {user_id}, 'member', 1, 1 FROM json_each('{json.dumps(rooms)}')""")
