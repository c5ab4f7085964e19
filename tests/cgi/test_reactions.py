"""Reactions to messages."""

import pytest
from conftest import all_pages, faults, refused


@pytest.fixture
def message_path(realm, ada, ben):
    """The path of a message in a room of ada and ben."""
    room = realm.room("ada")
    ben("POST", f"/rooms/{room}/join")
    return f"/rooms/{room}/messages/" + ben("POST", f"/rooms/{room}/messages", {"content": "Hello"}).json["message_id"]


def test_reactions_are_added_and_removed(ada, ben, cleo, message_path):
    for _ in range(2):
        assert ada("PUT", message_path + "/reactions/👍").json["reactions"] == {"👍": 1}
    message = ben("PUT", message_path + "/reactions/👍").json
    assert message["reactions"] == {"👍": 2} and message["my_reactions"] == ["👍"]
    for _ in range(2):
        message = ada("DELETE", message_path + "/reactions/👍").json
        assert message["reactions"] == {"👍": 1} and message["my_reactions"] is None
    assert ben("DELETE", message_path + "/reactions/👍").json["reactions"] is None
    assert refused(cleo("PUT", message_path + "/reactions/👍"), 403, "forbidden")
    assert faults(ada("PUT", message_path + "/reactions/" + "x" * 33)) == [
        ("string_too_long", ("path", "key"))]


def test_reactions_are_listed_with_the_names_of_their_users(ada, ben, message_path):
    for who, key in ((ada, "b"), (ben, "a"), (ben, "b")):
        who("PUT", f"{message_path}/reactions/{key}")
    found = [[(row["key"], row["username"]) for row in page]
             for page in all_pages(ada, f"{message_path}/reactions?limit=2")]
    assert sorted(sum(found, [])) == [("a", "ben"), ("b", "ada"), ("b", "ben")]
    assert [len(page) for page in found] == [2, 1]
    assert refused(ada("GET", f"{message_path[:-1]}z/reactions"), 404, "not_found")


def test_reactions_of_a_blocked_user_are_not_listed(realm, ada, ben, cleo, message_path):
    cleo("POST", "/rooms/" + message_path.split("/")[2] + "/join")
    for who in (ada, ben, cleo):
        who("PUT", message_path + "/reactions/x")
    for blocker, blocked in ((ada, cleo), (cleo, ada)):
        blocker("POST", "/relationships", {"related_user_id": blocked.id, "relationship_type": "blocked"})
        assert [row["username"] for row in ada("GET", message_path + "/reactions").json] == ["ada", "ben"]
        blocker("DELETE", f"/relationships/{blocked.id}")


def test_reactions_that_look_alike_are_one_and_keep_the_first_spelling(ada, ben):
    room = ada("POST", "/rooms", {"name": "Room"}).json["id"]
    ben("POST", f"/rooms/{room}/join")
    message = ada("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
    path = f"/rooms/{room}/messages/{message}"

    def reactions():
        return ada("GET", path).json["reactions"]

    def react(caller, key, method="PUT"):
        assert caller(method, f"{path}/reactions/{key}").status in (200, 204)

    react(ada, "❤\ufe0f")
    react(ben, "❤")
    assert reactions() == {"❤\ufe0f": 2}
    react(ben, "❤", "DELETE")
    assert reactions() == {"❤\ufe0f": 1}
    family = "👨\u200d👩\u200d👧"
    react(ben, family)
    assert reactions() == {"❤\ufe0f": 1, family: 1}, "joined emoji stay joined"
