"""ChromaDB beside the realm: after any failure it holds again what the realm says."""

import contextlib
import json
import shutil
import urllib.parse

import pytest

import fastcgi
from doubles.openai.double import OpenAI
from proxy import ANSWERS, Proxy
from realm import PASSWORD, wait_until
from twins import twins

KEY = "sk-test-0123456789"
KNOWLEDGE = "/api/v1/phase3/knowledge"
MEMORIES = "/api/v1/aeon/memories"


@pytest.fixture(scope="module")
def embedder():
    with OpenAI(KEY) as double:
        yield double


@contextlib.contextmanager
def realm_with(embedder, port):
    with twins(openai_base_url=embedder.url, openai_api_key=KEY,
               openai_embedding_model="e5-passage", openai_embedding_query_model="e5-query",
               chroma_host="127.0.0.1", chroma_port=port) as made:
        made.user("ada", "off")
        yield made


@pytest.fixture
def realm(embedder, chroma):
    with realm_with(embedder, chroma.port) as made:
        yield made


def know(realm, *texts, who="ada", **more):
    return {realm.call(who, "POST", KNOWLEDGE, {"content": text, "knowledge_type": "note",
                                                **more}).json["id"] for text in texts}


def remember(realm, *texts, who="ada", **more):
    return {realm.call(who, "POST", MEMORIES, {"content": text, "memory_type": "fact",
                                               **more}).json["id"] for text in texts}


def wait_equal(realm, chroma, knowledge, memories=()):
    """Until the store has these, and the realm knows it."""
    wait_until(lambda: chroma.ids("knowledge") == set(knowledge)
               and chroma.ids("memories") == set(memories)
               and not realm.realm.rows.select(
                   "SELECT 1 FROM sync WHERE failed_at <> 0 "
                   "OR upto < (SELECT max(rev) FROM projected)"), "the store has all")


def check(realm, code=0):
    """What 'aeonctl check' finds."""
    done = realm.realm.ctl("check", "--json", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)["findings"]


def files(chroma):
    return b"".join(path.read_bytes() for path in chroma.folder.rglob("*") if path.is_file())


def test_it_gets_public_knowledge_and_memories_and_no_text(realm, chroma):
    shared = know(realm, "Kassel lies on the Fulda.", tags=["river"])
    know(realm, "A secret.", visibility="private")
    memories = remember(realm, "I like green tea.")
    remember(realm, "The code is 7139.", local_only=True)
    wait_equal(realm, chroma, shared, memories)
    assert not any(text in files(chroma) for text in (b"Fulda", b"green tea", b"7139", b"secret"))


def test_it_follows_every_change(realm, chroma):
    one, two = know(realm, "One."), know(realm, "Two.")
    kept, local = remember(realm, "Kept."), remember(realm, "Soon local.")
    wait_equal(realm, chroma, one | two, kept | local)
    realm.call("ada", "PATCH", f"{KNOWLEDGE}/{min(one)}", {"visibility": "private"})
    realm.call("ada", "PATCH", f"{MEMORIES}/{min(local)}", {"local_only": True})
    wait_equal(realm, chroma, two, kept)
    realm.call("ada", "DELETE", f"{KNOWLEDGE}/{min(two)}")
    realm.call("ada", "PATCH", f"{KNOWLEDGE}/{min(one)}", {"visibility": "public"})
    wait_equal(realm, chroma, one, kept)


def test_a_killed_emptied_or_restored_store_is_filled_without_the_embedder(
        realm, chroma, embedder, tmp_path):
    shared = know(realm, *(f"Item {i}." for i in range(5)))
    memories = remember(realm, "A memory.")
    wait_equal(realm, chroma, shared, memories)
    chroma.stop()
    shutil.copytree(chroma.folder, tmp_path / "yesterday")
    chroma.start()
    for i in range(3):
        shared |= know(realm, *(f"Round {i}, item {j}." for j in range(4)))
        chroma.stop()
        chroma.start()
    wait_equal(realm, chroma, shared, memories)
    asked = len(embedder.bodies)
    chroma.stop()
    shutil.rmtree(chroma.folder)
    chroma.start()
    realm.call("ada", "DELETE", f"{KNOWLEDGE}/{min(shared)}")
    shared.remove(min(shared))
    wait_equal(realm, chroma, shared, memories)
    chroma.stop()
    shutil.rmtree(chroma.folder)
    shutil.copytree(tmp_path / "yesterday", chroma.folder)
    chroma.start()
    realm.call("ada", "DELETE", f"{KNOWLEDGE}/{max(shared)}")
    shared.remove(max(shared))
    wait_equal(realm, chroma, shared, memories)
    assert check(realm) == []
    assert len(embedder.bodies) == asked


def test_the_data_of_another_realm_is_replaced(realm, chroma, embedder):
    shared = know(realm, *(f"Of the first realm, {i}." for i in range(3)))
    wait_equal(realm, chroma, shared)
    realm.realm.stop("twin-1")
    with realm_with(embedder, chroma.port) as other:
        wait_equal(other, chroma, know(other, "Of the second realm."))


def test_check_names_each_difference_and_reindex_repairs_it(realm, chroma, embedder):
    shared, memories = know(realm, "One.", "Two."), remember(realm, "Three.")
    wait_equal(realm, chroma, shared, memories)
    assert check(realm) == []
    asked = len(embedder.bodies)
    chroma.change("knowledge", "delete", {"ids": [str(min(shared))]})
    chroma.change("knowledge", "upsert", {"ids": ["99"], "embeddings": [chroma.vector("memories")]})
    chroma.change("memories", "upsert", {"ids": [str(min(memories))],
                                         "embeddings": [chroma.vector("knowledge")]})
    assert check(realm, 65) == [
        f"ChromaDB: the vector of knowledge {min(shared)} is missing.",
        "ChromaDB: the vector of knowledge 99 is there, but should not be.",
        f"ChromaDB: the vector of memory {min(memories)} is another one."]
    done = json.loads(realm.realm.ctl("reindex", "--chroma", "--json").stdout)
    assert done["left"] == 0 and done["changes"] >= 3
    wait_equal(realm, chroma, shared, memories)
    assert check(realm) == []
    assert len(embedder.bodies) == asked


def doctor(realm):
    return {row["part"]: row for row in json.loads(
        realm.realm.ctl("doctor", "--json", check=False).stdout)}


def detailed(realm):
    return realm.realm.cgi("GET", "/api/v1/health/detailed",
                           headers={"REMOTE_ADDR": "127.0.0.1"}).json


def metrics(realm):
    return realm.realm.cgi("GET", "/metrics", headers={"REMOTE_ADDR": "127.0.0.1"}).body.decode()


def test_an_operator_learns_how_it_is(realm, chroma):
    wait_equal(realm, chroma, know(realm, "One."))
    found = doctor(realm)
    assert found["ChromaDB"]["good"] and found["stores"]["finding"] == "chroma: has all changes"
    assert detailed(realm)["components"]["stores"] == {"status": "up", "reason": None, "behind": 0}
    chroma.stop()
    know(realm, "Two.")
    wait_until(lambda: detailed(realm)["components"]["stores"]["status"] == "down", "it is noted")
    part = detailed(realm)["components"]["stores"]
    assert "Cannot connect" in part["reason"] and part["behind"] > 0
    found = doctor(realm)
    assert not found["ChromaDB"]["good"] and not found["stores"]["good"]
    assert f'aeon_sync_behind{{store="chroma"}} {part["behind"]}\n' in metrics(realm)
    assert 'aeon_sync_failing{store="chroma"} 1\n' in metrics(realm)
    assert f"ChromaDB: {part['behind']} changes are not in it yet" in check(realm, 65)[0]


@pytest.fixture(scope="module")
def proxied(chroma_command, embedder, tmp_path_factory):
    """A realm, its store, and a proxy between them."""
    from chroma import Chroma
    chroma = Chroma(chroma_command, tmp_path_factory.mktemp("store") / "chroma").start()
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(chroma.stop)
        proxy = cleanup.enter_context(Proxy(chroma.port))
        realm = cleanup.enter_context(realm_with(embedder, proxy.port))
        realm.shared = know(realm, "The first.")
        wait_equal(realm, chroma, realm.shared)
        yield realm, chroma, proxy


def nearest(realm, q):
    path = f"{KNOWLEDGE}?sort=meaning&limit=3&q={urllib.parse.quote(q)}"
    with fastcgi.Connection(realm.realm.run / "fast.sock") as line:
        found = line.ask(*fastcgi.request(realm.realm, "GET", path,
                                          token=realm.realm.tokens["ada"])).json
    return [item["excerpt"] for item in found]


def test_a_search_by_meaning_finds_the_same_with_it_and_without(proxied):
    realm, chroma, proxy = proxied
    realm.shared |= know(realm, "Bees live in a hive.", "Honey comes from bees.", "A boat sails.")
    know(realm, "Bees, my secret.", visibility="private")
    wait_equal(realm, chroma, realm.shared)
    realm.realm.start_workers("fast", 1)
    expected = ["Honey comes from bees.", "Bees live in a hive."]
    before = proxy.queries
    assert sorted(nearest(realm, "bees honey hive")[:2]) == sorted(expected)
    assert proxy.queries == before + 1
    with_it = nearest(realm, "bees honey hive")
    proxy.broken = "500"
    assert nearest(realm, "bees honey hive") == with_it
    proxy.broken = "garbage"
    assert nearest(realm, "bees honey hive") == with_it
    proxy.broken = None
    assert realm.realm.rows.select("SELECT 1 FROM search_vectors") == []


@pytest.mark.parametrize("how", [*ANSWERS, "cut"])
def test_a_broken_answer_harms_nothing(proxied, how):
    realm, chroma, proxy = proxied
    before, proxy.broken = proxy.answered, how
    realm.shared |= know(realm, f"Shared while it answers {how}.")
    wait_until(lambda: proxy.answered > before, "the store is asked")
    wait_until(lambda: realm.realm.rows.select("SELECT 1 FROM sync WHERE failed_at > 0"),
               "the failure is noted")
    proxy.broken = None
    wait_equal(realm, chroma, realm.shared)


def test_an_erased_person_is_gone_from_it(realm, chroma):
    realm.user("ida-kanarienvogel", "off")
    who = "ida-kanarienvogel"
    know(realm, "Kanarienvogel sings.", who=who, tags=["kanarienvogel"])
    remember(realm, "Kanarienvogel is my name.", who=who)
    kept = know(realm, "Of ada.")
    wait_until(lambda: [len(chroma.ids(kind) or ()) for kind in ("knowledge", "memories")] == [2, 1],
               "all is there")
    realm.call(who, "DELETE", "/api/v1/users/me", {"password": PASSWORD})
    wait_equal(realm, chroma, kept)
    assert b"anarienvogel" not in files(chroma)
