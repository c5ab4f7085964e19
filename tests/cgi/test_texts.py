"""Texts as they are stored and compared: letters, tags, names and reactions that look alike."""

import unicodedata
import urllib.parse

import pytest
from conftest import faults
from realm import Realm


@pytest.fixture(scope="module")
def realm():
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben")}
        yield made


def share(caller, tags):
    return caller("POST", "/knowledge", {"content": "x", "knowledge_type": "x", "tags": tags})


@pytest.mark.parametrize("tags, one", [
    (["café", unicodedata.normalize("NFD", "café")], "café"),
    (["❤", "❤\ufe0f"], "❤"),
    (["ΣΟΦΟΣ", "σοφος"], "σοφοσ"),
    (["STRASSE", "straße"], "strasse"),
    (["a", "a\u00a0", "a\u200b"], "a"),
    (["machine learning", "machine  learning", "machine\tlearning", "machine\nlearning"],
     "machine learning"),
    (["ABC", "ＡＢＣ"], "abc"),
])
def test_tags_that_look_alike_are_one(ada, tags, one):
    assert share(ada, tags).json["tags"] == [one]
    assert ada("GET", f"/knowledge/tags?q={urllib.parse.quote(tags[-1])}").json[0]["tag"] == one


@pytest.mark.parametrize("tag", ["", " ", "\u00a0", "\u200b", "\ufeff", "\u00ad", "\u3164", "\u2800",
                                 "\u202e", "a\x07b", "a\x1b[31m", "a\u202eb", "y" * 65, "ﷺ" * 4])
def test_a_tag_must_be_a_visible_name(ada, tag):
    answer = share(ada, [tag])
    assert answer.status == 422 and answer.json["detail"][0]["loc"][:2] == ["body", "tags"], answer


def test_a_tag_is_measured_without_the_space_around_it(ada):
    assert share(ada, ["  " + "y" * 64 + "  "]).json["tags"] == ["y" * 64]


def test_users_with_look_alike_tags_are_similar(ada, ben, realm):
    share(ada, ["résumé"])
    share(ben, [unicodedata.normalize("NFD", "RÉSUMÉ")])
    similar = ada("GET", "/social/similar-users").json
    assert [row["user_id"] for row in similar] == [realm.ids["ben"]]


def test_a_name_is_one_line_without_controls(ada):
    room = ada("POST", "/rooms", {"name": "  Tea \n house\t", "topic": "a\u2003 b"}).json
    assert (room["name"], room["topic"]) == ("Tea house", "a b")
    for name in (" \u200b", "x\x1b", "x\u202ey"):
        assert faults(ada("POST", "/rooms", {"name": name})) == [("value_error", ("body", "name"))]


@pytest.mark.parametrize("path, body, field", [
    ("/knowledge", {"content": "\u200b \u00ad", "knowledge_type": "x"}, "content"),
    ("/rooms/{room}/messages", {"content": " \n\ufeff"}, "content"),
])
def test_a_text_needs_a_visible_character(ada, path, body, field):
    room = ada("POST", "/rooms", {"name": "Room"}).json["id"]
    answer = ada("POST", path.format(room=room), body)
    assert faults(answer) == [("value_error", ("body", field))]
