"""Texts with vectors: an embedder, which is a double of OpenAI, and the search by meaning."""

import json
import urllib.parse

import pytest

from realm import wait_until
from twins import KEY, ask_worker, twins

MEMORIES = "/api/v1/aeon/memories"
# No word of it is searched for; for the double, texts with the same words are near each other.
STOP_WORDS = "What is it that you are, and who were they?"


@pytest.fixture(scope="module")
def realm(service):
    with twins(openai_base_url=service.url, openai_api_key=KEY,
               openai_embedding_model="e5-passage", openai_embedding_query_model="e5-query",
               user_rate=100000, user_burst=100000, metrics_from="127.0.0.1") as made:
        made.realm.start_workers("fast", 1)
        yield made


def inputs(service, model):
    """The texts that were sent to be embedded with the model."""
    bodies = [json.loads(body) for body in service.bodies]
    return [text for body in bodies if body.get("model") == model for text in body["input"]]


def wait_embedded(realm, service, text):
    realm.wait_indexed()
    wait_until(lambda: text in inputs(service, "e5-passage"), "the text is sent")
    wait_until(lambda: not realm.realm.rows.select("SELECT 1 FROM vector_work WHERE worker > 0"),
               "its vector is kept")


def search(realm, who, q):
    return ask_worker(realm, who, f"{MEMORIES}?q={urllib.parse.quote(q)}").json


def files(realm):
    """All bytes of the database."""
    return b"".join(path.read_bytes() for path in realm.realm.directory.glob("aeon.db*"))


def test_a_search_finds_what_has_no_word_of_it(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    realm.call(ada, "POST", MEMORIES, {"content": "It is what they were.", "memory_type": "x"})
    wait_embedded(realm, service, "It is what they were.")
    found = search(realm, ada, STOP_WORDS)
    assert found["ranked_by"] == ["text", "nearby", "vector"]
    assert found["hits"][0]["content"] == "It is what they were."
    assert found["hits"][0]["why"] == {"text": None, "nearby": None, "vector": 1}
    assert STOP_WORDS in inputs(service, "e5-query")
    assert realm.realm.rows.select("SELECT 1 FROM search_vectors") == []


def test_a_search_does_not_wait_for_an_embedder_that_does_not_answer(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    realm.call(ada, "POST", MEMORIES, {"content": "Wood burns.", "memory_type": "x"})
    wait_embedded(realm, service, "Wood burns.")
    service.next("embeds-when-told")
    found = search(realm, ada, "Which wood?")
    service.go_on()
    service.may_go_on.clear()
    assert found["ranked_by"] == ["text", "nearby"]
    assert [hit["content"] for hit in found["hits"]] == ["Wood burns."]
    assert realm.realm.rows.select("SELECT 1 FROM search_vectors") == []


def test_status_doctor_and_metrics_say_how_far_embedding_is(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    for text in ("Stones are heavy.", "Paper is light."):
        realm.call(ada, "POST", MEMORIES, {"content": text, "memory_type": "x"})
    wait_embedded(realm, service, "Paper is light.")
    status = realm.call(ada, "GET", "/api/v1/aeon/status").json
    assert (status["texts"], status["texts_waiting"]) == (2, 0)
    (count,), = realm.realm.rows.select("SELECT count(*) FROM texts")
    found = json.loads(realm.realm.ctl("doctor", "--json", check=False).stdout)
    assert [row["finding"] for row in found if row["part"] == "vectors"] == [
        f"{count} of {count} texts have a vector of e5-passage, 0 wait"]
    assert b"\naeon_vectors_waiting 0\n" in realm.realm.cgi("GET", "/metrics").body


def test_reindex_asks_for_no_vector_that_is_there(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    for text in ("It is what we were.", "Boats leave Fulda."):
        realm.call(ada, "POST", MEMORIES, {"content": text, "memory_type": "x"})
    wait_embedded(realm, service, "Boats leave Fulda.")
    rows, texts = realm.realm.rows, "SELECT kind, source, place, at, words FROM texts ORDER BY 1, 2"
    before, sent = rows.select(texts), len(inputs(service, "e5-passage"))
    rows.change("DELETE FROM text_words")
    rows.change("UPDATE texts SET at = at + 1000 WHERE id = (SELECT max(id) FROM texts)")
    realm.realm.ctl("reindex")
    realm.wait_indexed()
    assert rows.select(texts) == before
    assert search(realm, ada, "boats")["hits"][0]["why"]["text"] == 1
    assert search(realm, ada, STOP_WORDS)["hits"][0]["why"]["vector"] == 1
    assert len(inputs(service, "e5-passage")) == sent


def test_plain_cgi_searches_words_alone(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    found = realm.call(ada, "GET", MEMORIES + "?q=wood").json
    assert found["ranked_by"] == ["text", "nearby"]


def test_a_local_memory_is_in_no_request(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    realm.call(ada, "POST", MEMORIES, {"content": "The code is 7139.", "memory_type": "x",
                                       "local_only": True, "visibility": "public"})
    realm.call(ada, "POST", MEMORIES, {"content": "The code is short.", "memory_type": "x"})
    wait_embedded(realm, service, "The code is short.")
    found = search(realm, ada, "Which code?")
    assert {hit["content"] for hit in found["hits"]} >= {"The code is 7139.", "The code is short."}
    assert not any(b"7139" in body for body in service.bodies)


def test_a_twin_searches_by_meaning_and_the_ledger_has_the_cost(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben)
    realm.know(ben, "They are who they were.")
    wait_embedded(realm, service, "They are who they were.")
    number = realm.ask(ada, ben, STOP_WORDS, is_public=True)
    realm.wait_ended()
    (turn,), = realm.turns("id", f"cause_kind = 'interaction' AND cause_id = '{number}'")
    assert (1,) in realm.realm.rows.select(
        "SELECT vector_rank FROM turn_sources WHERE turn_id = ?", turn)
    (reserved, spent), = realm.realm.rows.select(
        "SELECT reserved, spent FROM twin_calls WHERE turn_id = ? AND provider = 'embedder'", turn)
    assert 0 < spent <= reserved


def test_an_erased_account_leaves_no_vector_in_any_file(realm, service, name):
    ada, ben = name("ada"), name("ben")
    realm.user(ada, "off"), realm.user(ben, "off")
    text = "A rare mushroom grows behind the mill of Zwehren."
    room = realm.realm.room(ben)
    realm.call(ada, "POST", f"/api/v1/phase3/rooms/{room}/join")
    realm.say(ada, room, text)  # the message stays in the room
    wait_embedded(realm, service, text)
    (block,), = realm.realm.rows.select("SELECT vectors FROM text_vectors JOIN chat_rooms r "
                                        "ON r.number = place WHERE r.id = ?", room)
    numbers = block[32:]
    assert numbers in files(realm)
    realm.realm.ctl("user", "erase", ada, "--force")
    wait_until(lambda: numbers not in files(realm), "the vector is gone")
    assert [m["content"] for m in realm.history(ben, room)] == [text]


def test_a_changed_model_embeds_all_texts_again(realm, service, name):
    ada = name("ada")
    realm.user(ada, "off")
    realm.know(ada, "It was they who were what they are.")
    wait_embedded(realm, service, "It was they who were what they are.")
    realm.realm.stop("twin-1")
    realm.realm.environment |= {f"AEON_OPENAI_EMBEDDING_{key}": "text-embedding-3-small"
                                for key in ("MODEL", "QUERY_MODEL")}
    realm.realm.start_twin()
    wait_until(lambda: "It was they who were what they are." in
               inputs(service, "text-embedding-3-small"), "the text is sent again")
    wait_until(lambda: realm.realm.rows.select("SELECT asked FROM vector_models") ==
               [("text-embedding-3-small",)], "the old vectors are gone")
