"""ChromaDB beside the realm: whatever happens to it, it comes to hold what the realm says."""

import pytest

from doubles.openai.double import OpenAI
from realm import wait_until
from twins import twins

KEY = "sk-test-0123456789"
MEMORIES = "/api/v1/aeon/memories"


@pytest.fixture(scope="module")
def embedder():
    with OpenAI(KEY) as double:
        yield double


@pytest.fixture
def realm(embedder, chroma):
    with twins(openai_base_url=embedder.url, openai_api_key=KEY, openai_embedding_model="e5-passage",
               openai_embedding_query_model="e5-query", chroma_host="127.0.0.1",
               chroma_port=chroma.port) as made:
        yield made


def remember(realm, who, text, **more):
    return realm.call(who, "POST", MEMORIES,
                      {"content": text, "memory_type": "fact", **more}).json["id"]


def expected(realm, kind):
    return {number for number, in realm.realm.rows.select(
        "SELECT id FROM projected WHERE kind = ? AND gone = 0", f"{kind}_vector")}


def wait_equal(realm, chroma, knowledge, memories):
    wait_until(lambda: chroma.ids("knowledge") == set(knowledge)
               and chroma.ids("memories") == set(memories), "the store has all")


def test_it_gets_public_knowledge_and_memories_and_nothing_else(realm, chroma):
    ada = realm.user("ada", "off")
    realm.know("ada", "Kassel lies on the Fulda.")
    realm.call("ada", "POST", "/api/v1/phase3/knowledge",
               {"content": "A secret.", "knowledge_type": "note", "visibility": "private"})
    tea = remember(realm, "ada", "I like green tea.")
    remember(realm, "ada", "The code is 7139.", local_only=True)
    wait_equal(realm, chroma, {1}, {tea})
