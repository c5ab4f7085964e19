"""The REST programs. Each request is a process of its own unless a test says otherwise."""

import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from fastcgi import Connection, request  # noqa: E402
from realm import Realm  # noqa: E402

ROOMS = "/api/v1/phase3/rooms"
NOBODY = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def realm():
    """A realm with ada (its owner), ben and cleo."""
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben", "cleo")}
        yield made


class Caller:
    """A user who sends requests. A path may leave out /api/v1/phase3."""

    def __init__(self, realm, name):
        self.realm, self.name, self.id = realm, name, realm.ids[name]

    def __call__(self, method, path, json_body=None, **keywords):
        path = path if path.startswith(("/api", "/health")) else "/api/v1/phase3" + path
        return self.realm.cgi(method, path, json_body, token=self.realm.tokens[self.name],
                              **keywords)


    def ask_worker(self, method, path, json_body):
        """The same through the pool "fast", which must run."""
        with Connection(self.realm.run / "fast.sock") as connection:
            return connection.ask(*request(self.realm, method, "/api/v1/phase3" + path,
                                           json.dumps(json_body).encode(),
                                           self.realm.tokens[self.name]))


@pytest.fixture(scope="module")
def ada(realm):
    return Caller(realm, "ada")


@pytest.fixture(scope="module")
def ben(realm):
    return Caller(realm, "ben")


@pytest.fixture(scope="module")
def cleo(realm):
    return Caller(realm, "cleo")


def faults(answer):
    """(type, loc) of every wrong field of a 422."""
    assert answer.status == 422, answer
    assert answer.json["code"] == "validation_error"
    return [(fault["type"], tuple(fault["loc"])) for fault in answer.json["detail"]]


def refused(answer, status, code):
    """Whether the answer is that problem, in the form that all problems have."""
    assert (answer.status, answer.json["code"]) == (status, code), answer
    assert isinstance(answer.json["detail"], str) and set(answer.json) == {"detail", "code"}
    return True


def all_pages(caller, path):
    """Follows the Link headers from page to page. Returns the lists in order."""
    pages = []
    while path:
        answer = caller("GET", path)
        assert answer.status == 200, answer
        pages.append(answer.json)
        link = answer.headers.get("link")
        assert link is None or link.endswith('>; rel="next"')
        path = link and link[1:link.index(">")]
    return pages
