"""Knowledge has a title, and lists have an excerpt of its text."""

import pytest
from conftest import faults
from realm import wait_until

LONG = "  \n  A first line \r\n" + "word " * 200


@pytest.fixture(scope="module", autouse=True)
def bridge(realm):
    """It does the maintenance, and so indexes long texts."""
    return realm.start_bridge()


def wait_indexed(realm, bridge):
    wait_until(lambda: not realm.rows.select("SELECT 1 FROM knowledge_unindexed"), "the index",
               bridge)


def share(caller, content, **more):
    answer = caller("POST", "/knowledge", {"content": content, "knowledge_type": "note", **more})
    assert answer.status == 201, answer
    return answer.json


def found(caller, query):
    return [row["id"] for row in caller("GET", f"/knowledge?{query}").json]


def test_without_a_title_the_first_line_stands_for_it(ada):
    made = share(ada, LONG)
    assert made["title"] == "A first line" and made["content"] == LONG
    assert made["excerpt"] == LONG[:300]
    assert share(ada, "x" * 500)["title"] == "x" * 200
    assert share(ada, "one line", title="Another")["title"] == "Another"


def test_a_list_has_the_text_only_when_asked(ada, ben):
    made = share(ada, LONG, title="Of lists")
    for query in ("", "sort=top", "sort=useful", f"creator_id={ada.id}", "q=lists", "q=lists&sort=new",
                  "q=lists&sort=top", "tag=none"):
        for row in ben("GET", f"/knowledge?{query}").json:
            assert row["content"] is None and len(row["excerpt"]) <= 300
        for row in ben("GET", f"/knowledge?content=full&{query}").json:
            assert row["content"].startswith(row["excerpt"])
    assert made["id"] in found(ben, "q=lists")
    assert faults(ben("GET", "/knowledge?content=half")) == [("enum", ("query", "content"))]


@pytest.mark.parametrize("text", ["short text", "long text " * 300], ids=["short", "long"])
def test_a_title_is_searched_as_long_as_it_is_there(realm, bridge, ada, ben, text):
    made = share(ada, text, title="Zephyrs")["id"]
    wait_indexed(realm, bridge)
    assert found(ben, "q=zephyrs") == [made]
    changed = ada("PATCH", f"/knowledge/{made}", {"title": "Monsoons"}).json
    wait_indexed(realm, bridge)
    assert changed["title"] == "Monsoons" and changed["content"] == text
    assert found(ben, "q=zephyrs") == [] and found(ben, "q=monsoons") == [made]
    assert ada("PATCH", f"/knowledge/{made}", {"title": None}).json["title"] == text[:200].strip()
    wait_indexed(realm, bridge)
    assert found(ben, "q=monsoons") == []
    ada("DELETE", f"/knowledge/{made}")
    wait_indexed(realm, bridge)
    assert realm.ctl("check").returncode == 0


def test_a_title_survives_removal_and_counts_in_the_quota(realm, ada):
    def bytes_used():
        return realm.rows.select("SELECT text_bytes FROM user_counts WHERE user_id = ?", ada.id)[0][0]
    before = bytes_used()
    made = share(ada, "text", title="Title")["id"]
    assert bytes_used() == before + len("text" "Title" "[]")
    thing = {"kind": "knowledge", "id": str(made)}
    assert ada("POST", "/api/v1/admin/remove", thing | {"reason": "spam"}).status == 204
    assert bytes_used() == before
    assert ada("POST", "/api/v1/admin/restore", thing).status == 204
    assert ada("GET", f"/knowledge/{made}").json["title"] == "Title"


def test_a_title_is_one_line_of_at_most_200_characters(ada):
    wrong = {"content": "x", "knowledge_type": "note"}
    assert faults(ada("POST", "/knowledge", wrong | {"title": "x" * 201})) == [
        ("string_too_long", ("body", "title"))]
    assert share(ada, "x", title="a\nb")["title"] == "a b"
    assert ada("POST", "/knowledge", wrong | {"title": ""}).status == 422
