"""Many votes in a row are few events, and the last one tells the last state."""

import pytest

HOUR = 3600_000  # milliseconds


@pytest.fixture(scope="module")
def settings():
    return {"votes_ms": HOUR}


def test_a_storm_of_votes_is_two_events(people, realm):
    ada = people.connect("ada")
    note = realm.cgi("POST", "/api/v1/phase3/knowledge",
                     {"content": "x", "knowledge_type": "note"}, token=people.token("ada")).json
    path = f"/api/v1/phase3/knowledge/{note['id']}"
    for call in [("POST", "/upvote"), ("DELETE", "/vote"), ("POST", "/downvote")] * 5:
        assert realm.cgi(call[0], path + call[1], token=people.token("ben")).status == 200
    room = people.room("ada")
    heard = ada.up_to_now(room)
    assert [m["data"]["upvotes"] for m in heard if m["type"] == "knowledge_voted"] == [1]
    realm.ctl("set", "votes_ms", "0")
    last = ada.hear("knowledge_voted")
    assert (last["upvotes"], last["downvotes"]) == (0, 1)
