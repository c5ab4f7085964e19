"""Neo4j beside the realm: after any failure it holds again what the realm says, and a path
between users is the same with and without it."""

import contextlib
import itertools
import json
import random

import pytest

from proxy import ANSWERS, Proxy
from realm import wait_until
from twins import ask_worker, twins

NAMES = [f"user-{number}" for number in range(7)]
KNOWLEDGE = "/api/v1/phase3/knowledge"
RELATIONSHIPS = "/api/v1/phase3/relationships"
# What the realm would have put into Neo4j.
EXPECTED = (
    "SELECT id, is_active, CASE privacy_network WHEN 'everyone' THEN 2 WHEN 'friends' THEN 1 ELSE 0 "
    "END FROM users WHERE erased_at IS NULL",
    "SELECT user_id, related_user_id, relationship_type = 'friend', round(strength * 10) / 10 "
    "FROM user_relationships WHERE relationship_type <> 'blocked'",
    "SELECT id, creator_id FROM shared_knowledge WHERE visibility = 'public'",
    "SELECT knowledge_id, tag_id FROM knowledge_tags t JOIN shared_knowledge k "
    "ON k.id = t.knowledge_id WHERE k.visibility = 'public'")


@contextlib.contextmanager
def town(url, seed=1):
    """A realm whose users know each other at random."""
    with twins(neo4j_uri=url, neo4j_password="secret-pw-1") as made:
        made.dice = random.Random(seed)
        made.realm.start_workers("fast", 1)
        for name in NAMES:
            made.user(name, "off")
            made.call(name, "PUT", "/api/v1/users/me/privacy",
                      {"network": made.dice.choice(["everyone", "everyone", "friends", "nobody"]),
                       "discoverable": made.dice.random() < 0.8})
        change(made, 25)
        yield made


def change(realm, count):
    """Relationships and knowledge at random."""
    for _ in range(count):
        one, other = realm.dice.sample(NAMES, 2)
        realm.call(one, "POST", RELATIONSHIPS, {
            "related_user_id": realm.ids[other], "strength": realm.dice.choice([0.2, 0.5, 1]),
            "relationship_type": realm.dice.choice(["friend", "friend", "colleague", "blocked"])},
            status=(200, 201, 404))
    made = realm.call(one, "POST", KNOWLEDGE, {
        "content": "Silent words", "knowledge_type": "note",
        "tags": realm.dice.sample(["red", "green", "hushed"], 2)}).json["id"]
    realm.call(one, "PATCH", f"{KNOWLEDGE}/{made}", {"tags": ["blue"], "visibility":
               realm.dice.choice(["public", "private"])})


def graph_of(realm):
    return tuple(sorted(map(list, realm.realm.rows.select(query))) for query in EXPECTED)


def wait_equal(realm, neo4j):
    """Until Neo4j has the realm's graph, and the realm knows it."""
    wait_until(lambda: not realm.realm.rows.select(
        "SELECT 1 FROM projected WHERE rev > (SELECT upto FROM sync WHERE store = 'neo4j' "
        "AND failed_at = 0)") and realm.realm.rows.select("SELECT 1 FROM sync WHERE failed_at = 0")
        and neo4j.graph() == graph_of(realm), "Neo4j has all", patience=8)


def found_by_neo4j(realm):
    answer = realm.realm.cgi("GET", "/metrics")
    line = next(line for line in answer.body.decode().splitlines()
                if line.startswith("aeon_paths_by_neo4j_total"))
    return int(float(line.split()[1]))


def compare_paths(realm):
    """Every path, of a worker and of plain CGI, which never asks Neo4j. Returns how many Neo4j found."""
    before = found_by_neo4j(realm)
    for one, other in itertools.permutations(NAMES, 2):
        path = f"/api/v1/phase3/social/path?to={realm.ids[other]}"
        with_neo4j = ask_worker(realm, one, path)
        without = realm.call(one, "GET", path, status=(200, 404))
        assert (with_neo4j.status, with_neo4j.json) == (without.status, without.json), (one, other)
    return found_by_neo4j(realm) - before


@pytest.fixture(scope="module")
def realm(neo4j):
    with town(neo4j.url) as made:
        yield made


@pytest.fixture(scope="module")
def realm_behind_proxy(realm, neo4j):
    """A second realm, which replaces the graph of the first one."""
    realm.realm.stop("twin-1")
    with Proxy(neo4j.port) as proxy, town(f"http://127.0.0.1:{proxy.port}", seed=2) as made:
        wait_equal(made, neo4j)
        yield made, proxy
    realm.realm.start_twin(1)


def test_it_gets_numbers_alone_and_follows_every_change(realm, neo4j):
    wait_equal(realm, neo4j)
    change(realm, 15)
    realm.realm.rows.change("UPDATE users SET is_active = 0 WHERE id = ?", realm.ids[NAMES[3]])
    wait_equal(realm, neo4j)
    realm.realm.rows.change("UPDATE users SET is_active = 1 WHERE id = ?", realm.ids[NAMES[3]])
    wait_equal(realm, neo4j)
    texts = b"".join(path.read_bytes() for path in (neo4j.folder / "data").rglob("*")
                     if path.is_file())
    assert not any(word in texts for word in (b"Silent", b"hushed", b"user-1"))


def test_a_path_is_the_same_with_neo4j(realm, neo4j):
    wait_equal(realm, neo4j)
    assert compare_paths(realm) > 0  # a late answer of Neo4j does not count


def test_a_wrong_graph_changes_no_answer(realm, neo4j):
    wait_equal(realm, neo4j)
    neo4j.query("MATCH (m:Marker) SET m.marker = 'of another realm'")
    neo4j.query("MATCH ()-[k:KNOWS]->() DELETE k")
    compare_paths(realm)
    change(realm, 1)  # else the marker is looked at only once a minute
    wait_equal(realm, neo4j)


@pytest.mark.parametrize("damage", [
    "MATCH (n) DETACH DELETE n",
    "MATCH (m:Marker) SET m.marker = 'of another realm' WITH m MERGE (u:Aeon:User {id: 999})",
    "MATCH (m:Marker) SET m.upto = 1 WITH m MATCH (u:User) DETACH DELETE u"],
    ids=["emptied", "replaced", "restored"])
def test_another_graph_is_noticed_and_filled_again(realm, neo4j, damage):
    wait_equal(realm, neo4j)
    neo4j.query(damage)
    change(realm, 5)
    wait_equal(realm, neo4j)


def findings(realm):
    return json.loads(realm.realm.ctl("--json", "check", check=False).stdout)["findings"]


def test_check_names_each_difference_and_reindex_ends_it(realm, neo4j):
    wait_equal(realm, neo4j)
    assert findings(realm) == []
    neo4j.query("MERGE (u:Aeon:User {id: 999})")
    neo4j.query("MATCH (u:User {id: 2}) SET u.open = 7")
    neo4j.query("MATCH (u:User {id: 3}) DETACH DELETE u")
    found = findings(realm)
    assert {"Neo4j: user 999 is there, but should not be.", "Neo4j: user 2 is another one.",
            "Neo4j: user 3 is missing."} <= set(found)
    assert all(" user 3" in row for row in found if "the relationship" in row)
    realm.realm.ctl("reindex", "--neo4j")
    wait_equal(realm, neo4j)
    assert findings(realm) == []


def test_what_was_confirmed_before_a_kill_is_there_after_it(realm, neo4j):
    for _ in range(3):
        change(realm, 5)
    neo4j.kill()
    change(realm, 5)
    assert ask_worker(realm, NAMES[0], "/api/v1/phase3/social/path"
                      f"?to={realm.ids[NAMES[0]]}").json["steps"] == 0
    neo4j.start()
    wait_equal(realm, neo4j)
    assert compare_paths(realm) > 0


@pytest.mark.parametrize("how", [*ANSWERS, "cut"])
def test_a_broken_answer_changes_nothing(realm_behind_proxy, neo4j, how):
    realm, proxy = realm_behind_proxy
    before, proxy.broken = proxy.answered, how
    change(realm, 3)
    wait_until(lambda: proxy.answered > before, "Neo4j is asked")
    path = f"/api/v1/phase3/social/path?to={realm.ids[NAMES[1]]}"
    assert ask_worker(realm, NAMES[0], path).json == \
        realm.call(NAMES[0], "GET", path, status=(200, 404)).json
    proxy.broken = None
    wait_equal(realm, neo4j)
