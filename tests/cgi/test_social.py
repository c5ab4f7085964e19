"""The social view: tags, similar users, suggestions, the network, the graph, days."""

import collections
import itertools
import random
import time

import pytest
from conftest import Caller, faults
from realm import Realm

NAMES = [f"user-{number}" for number in range(14)]


@pytest.fixture(scope="module")
def town():
    """Users with random relationships, privacy and tagged knowledge, from one seed."""
    with Realm() as made:
        made.ids = {name: made.user(name) for name in NAMES}
        made.people = [Caller(made, name) for name in NAMES]
        dice = random.Random(7)
        made.relations, made.items = {}, []
        for who in made.people:
            for other in made.people:
                if who is other or dice.random() < 0.45:
                    continue
                kind = dice.choice(["friend", "friend", "colleague", "blocked"])
                answer = who("POST", "/relationships", {
                    "related_user_id": other.id, "relationship_type": kind,
                    "strength": round(dice.random(), 2), "meta_data": {"note": "my own"}})
                if answer.status == 201:
                    made.relations[who.id, other.id] = answer.json
            for _ in range(dice.randrange(8)):
                tags = dice.sample(["red", "green", "blue", "tea", "teak"], dice.randrange(4))
                visibility = dice.choice(["public", "public", "friends", "friends", "private"])
                item = who("POST", "/knowledge", {"content": "x", "knowledge_type": "x",
                                                  "tags": tags, "visibility": visibility}).json
                made.items.append(item)
        made.interactions = []
        for _ in range(60):
            who, other = dice.sample(made.people, 2)
            answer = who("POST", "/aeon/interactions", {
                "target_aeon_user_id": other.id, "interaction_type": "x", "content": "x",
                "is_public": dice.random() < 0.5})
            if answer.status == 201:
                made.interactions.append(answer.json)
        for who, other in [dice.sample(made.people, 2) for _ in range(4)]:
            answer = who("POST", "/relationships", {
                "related_user_id": other.id, "relationship_type": "blocked"})
            if answer.status in (200, 201):
                made.relations[who.id, other.id] = answer.json
        made.privacy, made.seen = {}, {}
        for number, who in enumerate(made.people):
            privacy = {"network": dice.choice(["everyone", "friends", "nobody"]),
                       "presence": dice.choice(["everyone", "friends", "nobody"]),
                       "relationships": dice.choice(["everyone", "friends"]),
                       "discoverable": dice.random() < 0.7}
            made.privacy[who.id] = privacy
            who("PUT", "/api/v1/users/me/privacy", privacy)
        set_seen(made)
        yield made


def set_seen(town):
    """When each user was last seen, or never. Further requests of the users do not change it."""
    town.rows.change("UPDATE connected_users SET until = 1 << 60")
    town.rows.change("DELETE FROM user_presence")
    for number, who in enumerate(town.people):
        if number % 3:
            town.seen[who.id] = int(time.time() * 1e6) - number % 4 * 10**9
            town.rows.change("INSERT INTO user_presence (user_id, status, last_seen) "
                             "VALUES (?, 'away', ?)", who.id, town.seen[who.id])


def kind(town, a, b):
    return town.relations.get((a, b), {}).get("relationship_type")


def hidden(town, a, b):
    return "blocked" in (kind(town, a, b), kind(town, b, a))


def known(town, viewer, user):
    """Whether the viewer may know that the user exists. Nobody here is in a room or shares anything."""
    return (not hidden(town, viewer, user)
            and (town.privacy[user]["discoverable"] or viewer == user
                 or (viewer, user) in town.relations or (user, viewer) in town.relations
                 or any({item["aeon_user_id"], item["target_aeon_user_id"]} == {viewer, user}
                        for item in town.interactions)))


def visible(town, viewer, item):
    creator = item["creator_id"]
    if creator == viewer:
        return True
    if hidden(town, viewer, creator) or item["visibility"] == "private":
        return False
    return item["visibility"] == "public" or kind(town, creator, viewer) == "friend"


def opens(town, near, viewer):
    """Whether the viewer may see the relationships of `near`."""
    return not hidden(town, near, viewer) and (
        town.privacy[near]["network"] == "everyone"
        or (town.privacy[near]["network"] == "friends" and kind(town, near, viewer) == "friend"))


def seen(town, viewer, user):
    """When the user was last seen, as far as the viewer may know."""
    presence = town.privacy[user]["presence"]
    if viewer == user or presence == "everyone" or (
            presence == "friends" and kind(town, user, viewer) == "friend"):
        return town.seen.get(user, 0)
    return 0


def interactions_of(town, viewer, user):
    """The number of interactions with `user` that the viewer may see."""
    return sum(user in sides and not any(hidden(town, viewer, side) for side in sides)
               and (item["is_public"] or viewer in sides)
               for item in town.interactions
               for sides in [(item["aeon_user_id"], item["target_aeon_user_id"])])


def tags_of(town, viewer, creator):
    return {tag for item in town.items if item["creator_id"] == creator
            and visible(town, viewer, item) for tag in item["tags"]}


def test_tags_are_counted_over_what_the_viewer_may_see(town):
    for who in town.people:
        counts = collections.Counter(tag for item in town.items if visible(town, who.id, item)
                                     for tag in item["tags"])
        expected = sorted(({"tag": tag, "count": count} for tag, count in counts.items()),
                          key=lambda row: (-row["count"], row["tag"]))
        assert who("GET", "/knowledge/tags").json == expected, who.name
        assert who("GET", "/knowledge/tags?limit=2").json == expected[:2]
        assert who("GET", "/knowledge/tags?q=TE").json == [
            row for row in expected if row["tag"].startswith("te")]


def test_similar_users_share_tags_that_the_viewer_may_see(town):
    for who in town.people:
        mine = tags_of(town, who.id, who.id)
        expected = {}
        for other in town.people:
            theirs = tags_of(town, who.id, other.id)
            if (other is who or not mine & theirs or hidden(town, who.id, other.id)
                    or not town.privacy[other.id]["discoverable"]):
                continue
            expected[other.name] = (len(mine & theirs) / max(len(mine), len(theirs)),
                                    sorted(mine & theirs))
        answer = who("GET", "/social/similar-users?limit=200").json
        assert {row["username"]: (row["similarity_score"], row["common_tags"])
                for row in answer} == expected, who.name
        ranks = [(-row["similarity_score"], -seen(town, who.id, row["user_id"]), row["user_id"])
                 for row in answer]
        assert ranks == sorted(ranks), who.name
        assert who("GET", "/social/similar-users?limit=2").json == answer[:2]
        for row in answer:
            items = [item for item in town.items if item["creator_id"] == row["user_id"]
                     and visible(town, who.id, item)]
            assert row["total_knowledge_count"] == len(items)
            assert row["common_knowledge_count"] == sum(bool(mine & set(i["tags"])) for i in items)


def test_suggestions_come_from_friends_whose_privacy_allows_it(town):
    for who in town.people:
        expected = collections.defaultdict(set)
        for near in town.people:
            if kind(town, who.id, near.id) != "friend" or not opens(town, near.id, who.id):
                continue
            for far in town.people:
                if (far is not who and kind(town, near.id, far.id) == "friend"
                        and (who.id, far.id) not in town.relations
                        and not hidden(town, who.id, far.id)
                        and town.privacy[far.id]["discoverable"]):
                    expected[far.name].add(near.name)
        answer = who("GET", "/social/suggestions?limit=200").json
        found = {row["username"]: set(row["by"]) for row in answer
                 if row["reason"] == "friend_of_friend"}
        assert found == expected, who.name
        similar = {row["user_id"] for row in who("GET", "/social/similar-users?limit=200").json}
        names = [row["username"] for row in answer]
        assert len(names) == len(set(names))
        assert {row["user_id"] for row in answer if row["reason"] == "similar"} == {
            other.id for other in town.people if other.id in similar and other.name not in expected
            and (who.id, other.id) not in town.relations}
        assert who("GET", "/social/suggestions?limit=1").json == answer[:1]


def pairs(town, who, depth):
    """(from, to) of each edge of the network that the viewer may see."""
    shown = {(a, b) for a, b in town.relations if a == who.id
             and kind(town, a, b) != "blocked" and not hidden(town, a, b)}
    if depth == 2:
        for near in {b for _, b in shown}:
            if opens(town, near, who.id):
                shown |= {(a, b) for a, b in town.relations if a == near and b != who.id
                          and kind(town, a, b) != "blocked" and known(town, who.id, b)}
    return shown


def test_the_network_reaches_as_far_as_privacy_allows(town):
    for who in town.people:
        for depth in (1, 2):
            network = who("GET", f"/social/network?depth={depth}&limit=200").json
            assert {(r["user_id"], r["related_user_id"]) for r in network["connections"]} == \
                pairs(town, who, depth), (who.name, depth)
            assert all((r["meta_data"] is None) == (r["user_id"] != who.id)
                       for r in network["connections"]), "notes are nobody else's"
    assert faults(town.people[0]("GET", "/social/network?depth=3")) == [
        ("less_than_equal", ("query", "depth"))]


def steps_from(town, who, user):
    """The users one step away from this one, as far as the viewer may see it."""
    if user != who.id and not opens(town, user, who.id):
        return set()
    return {b for a, b in town.relations if a == user and kind(town, a, b) != "blocked"
            and known(town, who.id, b)}


def test_a_path_goes_only_over_relationships_that_the_viewer_may_see(town):
    lengths = collections.Counter()
    for who in town.people:
        levels = [{who.id}]  # the users at each distance
        while len(levels) < 5:
            levels.append(set().union(*(steps_from(town, who, user) for user in levels[-1]))
                          - set().union(*levels))
        distances = {user: steps for steps, level in enumerate(levels) for user in level}
        for other in town.people:
            answer = who("GET", f"/social/path?to={other.id}")
            if not known(town, who.id, other.id):
                assert answer.status == 404 and answer.json["code"] == "user_not_found"
                continue
            path = answer.json["path"]
            assert answer.json["steps"] == distances.get(other.id), (who.name, other.name)
            assert len(path) == (answer.json["steps"] or 0)
            lengths[answer.json["steps"]] += 1
            strength, before = 1, who.id
            for step in path:
                assert step["user_id"] in steps_from(town, who, before)
                strength, before = strength * step["strength"], step["user_id"]
            if path:
                assert before == other.id
                assert answer.json["strength"] == pytest.approx(strength, abs=1e-3)
    assert {1, 2, 3} <= set(lengths), lengths
    assert faults(town.people[0]("GET", "/social/path?to=me")) == [
        ("int_parsing", ("query", "to"))]


def test_experts_share_visible_knowledge_on_it_and_votes_count_more_than_numbers(town):
    many, voted, voter = town.people[:3]
    for caller, count in ((many, 7), (voted, 4)):
        caller("PUT", "/api/v1/users/me/privacy", town.privacy[caller.id] | {"discoverable": True})
        town.privacy[caller.id]["discoverable"] = True
        town.items += [caller("POST", "/knowledge", {
            "content": f"Of the heron, {number}.", "knowledge_type": "x"}).json
            for number in range(count)]
    herons = [item for item in town.items if "heron" in item["content"]]
    for item in herons:
        if item["creator_id"] == voted.id:
            for who in town.people:
                who("POST", f"/knowledge/{item['id']}/upvote")
    for who in town.people:
        expected = {other.id: sum(item["creator_id"] == other.id for item in herons)
                    for other in (many, voted) if other is not who and known(town, who.id, other.id)}
        rows = who("GET", "/social/experts?q=herons").json
        assert {row["user_id"]: row["matches"] for row in rows} == expected, who.name
        assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
        for row in rows:
            assert len(row["knowledge"]) == min(row["matches"], 5)
        if len(rows) == 2:
            assert rows[0]["user_id"] == voted.id
    assert faults(voter("GET", "/social/experts")) == [("missing", ("query", "q"))]
    for item in herons:
        owner = next(who for who in town.people if who.id == item["creator_id"])
        owner("DELETE", f"/knowledge/{item['id']}")
        town.items.remove(item)


def test_the_relationships_of_another_user_name_only_users_who_exist_for_the_viewer(town):
    for who, other in itertools.permutations(town.people, 2):
        answer = who("GET", f"/users/{other.id}/relationships?limit=200")
        if answer.status == 200:
            assert {row["related_user_id"] for row in answer.json} == {
                b for a, b in town.relations if a == other.id and kind(town, a, b) != "blocked"
                and known(town, who.id, b)}, (who.name, other.name)
        else:
            assert answer.status == (403 if known(town, who.id, other.id) else 404)


def test_the_network_counts_what_the_viewer_may_see(town):
    for who in town.people:
        network = who("GET", "/social/network?limit=200").json
        mine = [town.relations[pair] for pair in pairs(town, who, 1)]
        items = [item for item in town.items if item["creator_id"] == who.id]
        assert network["totals"] == {
            "connections": len(mine), "shared_knowledge": len(items), "upvotes": 0,
            "aeon_interactions": interactions_of(town, who.id, who.id)}, who.name
        assert len(network["aeon_interactions"]) == network["totals"]["aeon_interactions"]
        strengths = [r["strength"] for r in network["connections"]]
        assert strengths == sorted(strengths, reverse=True)
        mean = sum(strengths) / len(strengths) if strengths else 0
        assert network["network_strength"] == pytest.approx(mean, abs=1e-3)


def test_active_users_are_those_who_share_their_presence(town):
    for who in town.people:
        answer = who("GET", "/social/active-users?limit=200").json
        expected = {other.id for other in town.people
                    if seen(town, who.id, other.id) and known(town, who.id, other.id)}
        assert {row["user_id"] for row in answer} == expected, who.name
        for row in answer:
            assert row["knowledge_count"] == sum(
                item["creator_id"] == row["user_id"] and visible(town, who.id, item)
                for item in town.items)
            assert row["interaction_count"] == interactions_of(town, who.id, row["user_id"])


def test_a_disabled_user_is_nowhere(town):
    gone = town.people[4]
    town.rows.change("UPDATE users SET is_active = 0 WHERE id = ?", gone.id)
    for who in town.people:
        if who is gone:
            continue
        network = who("GET", "/social/network?depth=2&limit=200").json
        assert gone.name not in str(network["connections"]), who.name
        assert network["totals"]["connections"] == sum(
            r["user_id"] == who.id for r in network["connections"])
        for path in ("similar-users", "suggestions", "active-users", "graph"):
            assert gone.name not in str(who("GET", f"/social/{path}").json), (who.name, path)
    town.rows.change("UPDATE users SET is_active = 1 WHERE id = ?", gone.id)


def test_the_graph_has_the_edges_of_the_network_and_all_their_users(town):
    for who in town.people:
        for depth in (1, 2):
            graph = who("GET", f"/social/graph?depth={depth}").json
            edges = {(edge["source"], edge["target"]) for edge in graph["edges"]}
            own = pairs(town, who, depth)
            assert edges == own, (who.name, depth)
            assert {node["id"] for node in graph["nodes"]} == {who.id} | {
                end for edge in edges for end in edge}
        few = who("GET", "/social/graph?limit=3").json
        assert few["nodes"] == graph["nodes"][:3]
        nodes = {node["id"] for node in few["nodes"]}
        assert few["edges"] == [e for e in graph["edges"] if {e["source"], e["target"]} <= nodes]


def test_a_node_of_the_graph_has_the_full_name_and_the_twin(town):
    who = town.people[0]
    me = who("GET", "/social/graph").json["nodes"][0]
    assert (me["full_name"], me["twin"]) == (None, None)
    who("PATCH", "/api/v1/users/me", {"full_name": "Ada L."})
    who("PUT", "/api/v1/aeon/twin", {"autopilot": "draft"})
    me = who("GET", "/social/graph").json["nodes"][0]
    assert (me["full_name"], me["twin"]) == ("Ada L.", {"name": who.name})
    who("PUT", "/api/v1/aeon/twin", {"name": "Echo"})
    assert who("GET", "/social/graph").json["nodes"][0]["twin"] == {"name": "Echo"}


def test_days_count_the_actions_of_a_user(town):
    who = town.people[0]
    room = town.room(NAMES[0])
    before = who("GET", "/social/analytics?days=3").json
    assert len(before) == 3 and before[0]["day"] > before[1]["day"] > before[2]["day"]
    for number in range(2):
        who("POST", f"/rooms/{room}/messages", {"content": str(number)})
    item = who("POST", "/knowledge", {"content": "x", "knowledge_type": "x"}).json
    town.items.append(item)
    after = who("GET", "/social/analytics?days=3").json
    assert after[0]["messages"] == before[0]["messages"] + 2
    assert after[0]["knowledge"] == before[0]["knowledge"] + 1
    assert after[1:] == before[1:]
    assert len(who("GET", "/social/analytics").json) == 30


def test_tag_counts_follow_changes_of_visibility_and_tags(town):
    who = town.people[0]
    item = who("POST", "/knowledge", {"content": "x", "knowledge_type": "x",
                                      "tags": ["zebra"]}).json
    path = f"/knowledge/{item['id']}"

    def zebras(caller):
        return [row["count"] for row in caller("GET", "/knowledge/tags?q=zebra").json]
    stranger = next(p for p in town.people if p is not who and not hidden(town, p.id, who.id)
                    and kind(town, who.id, p.id) != "friend")
    assert (zebras(who), zebras(stranger)) == ([1], [1])
    who("PATCH", path, {"visibility": "private"})
    assert (zebras(who), zebras(stranger)) == ([1], [])
    who("PATCH", path, {"visibility": "public", "tags": ["zebra", "lion"]})
    assert (zebras(who), zebras(stranger)) == ([1], [1])
    who("DELETE", path)
    assert (zebras(who), zebras(stranger)) == ([], [])
    assert town.rows.select("SELECT 1 FROM tags WHERE name IN ('zebra', 'lion')") == []
    assert town.ctl("check").returncode == 0


def test_a_tag_shown_to_all_and_to_friends_is_one_tag(town):
    who = town.people[0]
    paths = [f"/knowledge/{made['id']}" for made in (who("POST", "/knowledge", {
        "content": "x", "knowledge_type": "x", "tags": ["okapi"]}).json for _ in range(2))]
    for change in ("friends", "public", "friends", "private", "friends", "public"):
        for path in paths:
            assert who("PATCH", path, {"visibility": change}).status == 200
            assert town.ctl("check").returncode == 0
    for path in paths:
        assert who("DELETE", path).status == 204
    assert town.ctl("check").returncode == 0
