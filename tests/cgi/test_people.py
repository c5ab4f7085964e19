"""Relationships, the social view, knowledge and AEON interactions."""

import threading

import pytest
from conftest import NOBODY, all_pages, faults, refused


def knowledge(caller, content="I know this", **more):
    answer = caller("POST", "/knowledge", {"content": content, "knowledge_type": "fact", **more})
    assert answer.status == 201, answer
    return answer.json


# --- relationships -------------------------------------------------------------------------------

def test_a_relationship_is_created_once_and_then_updated(ada, ben):
    new = {"related_user_id": ben.id, "relationship_type": "colleague", "strength": 0.25,
           "shared_interests": ["chess"]}
    first = ada("POST", "/relationships", new)
    again = ada("POST", "/relationships", new | {"relationship_type": "friend"})
    assert (first.status, again.status) == (201, 200)
    assert first.json["related_username"] == "ben" and first.json["strength"] == 0.25
    assert again.json["id"] == first.json["id"] and again.json["relationship_type"] == "friend"
    assert again.json["interaction_count"] == first.json["interaction_count"] + 1
    assert [r["related_user_id"] for r in ada("GET", "/relationships").json] == [ben.id]
    assert ada("GET", "/relationships?relationship_type=rival").json == []


def test_the_fields_of_a_relationship_are_validated(ada):
    def wrong(**fields):
        return ada("POST", "/relationships", {"related_user_id": 2, "relationship_type": "friend",
                                              **fields})
    assert faults(wrong(related_user_id=ada.id)) == [("value_error", ("body", "related_user_id"))]
    assert refused(wrong(related_user_id=999999), 404, "user_not_found")
    assert faults(wrong(relationship_type="Best Friend", strength=1.5,
                        shared_interests=["x"] * 51)) == [
        ("string_pattern_mismatch", ("body", "relationship_type")),
        ("less_than_equal", ("body", "strength")), ("too_long", ("body", "shared_interests"))]
    assert faults(wrong(related_user_id="2", strength="1", shared_interests=[1])) == [
        ("int_type", ("body", "related_user_id")), ("float_type", ("body", "strength")),
        ("string_type", ("body", "shared_interests"))]


def relate(caller, other, kind="friend", **more):
    answer = caller("POST", "/relationships",
                    {"related_user_id": other.id, "relationship_type": kind, **more})
    assert answer.status in (200, 201), answer
    return answer.json


def test_a_relationship_is_updated_field_by_field(ada, ben):
    made = relate(ada, ben, strength=0.5, shared_interests=["go"], meta_data={"met": "here"})
    path = f"/relationships/{ben.id}"
    changed = ada("PATCH", path, {"relationship_type": "mentor"}).json
    assert changed == made | {"relationship_type": "mentor"}
    changed = ada("PATCH", path, {"strength": 0.75, "meta_data": None}).json
    assert (changed["strength"], changed["meta_data"]) == (0.75, None)
    assert changed["shared_interests"] == ["go"]
    assert ada("GET", path).json == changed
    assert faults(ada("PATCH", path, {"strength": 2})) == [
        ("less_than_equal", ("body", "strength"))]
    refused(ben("PATCH", "/relationships/999999", {"strength": 1}), 404, "not_found")


def test_a_relationship_is_deleted(ada, ben):
    relate(ada, ben)
    assert ada("DELETE", f"/relationships/{ben.id}").status == 204
    refused(ada("GET", f"/relationships/{ben.id}"), 404, "not_found")
    refused(ada("DELETE", f"/relationships/{ben.id}"), 404, "not_found")


def test_a_relationship_to_a_blocking_user_is_hidden_and_stays(ada, ben):
    relate(ada, ben)
    relate(ben, ada, "blocked")
    refused(ada("DELETE", f"/relationships/{ben.id}"), 404, "not_found")
    assert ben("DELETE", f"/relationships/{ada.id}").status == 204
    assert ada("DELETE", f"/relationships/{ben.id}").status == 204


def test_a_strength_halves_in_thirty_days(realm, ada, ben):
    relate(ada, ben, strength=0.8)
    realm.rows.change("UPDATE user_relationships SET last_interaction = last_interaction - ?",
                      30 * 86400 * 1000000)
    assert ada("GET", f"/relationships/{ben.id}").json["strength"] == pytest.approx(0.4, abs=1e-3)


def test_interactions_strengthen_a_relationship(realm, ada, ben, cleo):
    relate(ada, ben, strength=0)
    relate(ben, ada, strength=0.5)
    relate(ada, cleo, strength=0)

    def strengths():
        return [caller("GET", f"/relationships/{other.id}").json["strength"]
                for caller, other in ((ada, ben), (ben, ada), (ada, cleo))]
    room = realm.room("ada")
    ben("POST", f"/rooms/{room}/join")
    ada("POST", f"/rooms/{room}/messages", {"content": "hello"})
    assert strengths() == [0, 0.5, 0]
    ben("POST", f"/rooms/{room}/messages", {"content": "hi"})
    assert strengths() == [0.05, 0.525, 0]
    ben("POST", f"/rooms/{room}/messages", {"content": "and"})
    assert strengths() == [0.05, 0.525, 0], "with oneself one exchanges nothing"
    item = knowledge(ada)
    ben("POST", f"/knowledge/{item['id']}/upvote")
    once = strengths()
    ben("POST", f"/knowledge/{item['id']}/upvote")
    assert strengths() == once and once[0] == pytest.approx(0.0975)
    asked = ben("POST", "/aeon/interactions", {"target_aeon_user_id": ada.id, "content": "?",
                                               "interaction_type": "question"}).json["id"]
    assert strengths()[0] > once[0]
    once = strengths()
    ada("POST", f"/aeon/interactions/{asked}/respond", {"response_content": "!"})
    assert strengths()[0] > once[0] and strengths()[2] == 0


def test_relationships_of_others_are_shown_as_their_privacy_allows(realm, ada, ben, cleo):
    relate(ada, ben, meta_data={"note": "mine"})
    relate(ada, cleo, "blocked")

    def shown_to(caller):
        return caller("GET", f"/users/{ada.id}/relationships")
    for privacy, statuses in (("nobody", (200, 403)), ("friends", (200, 200)),
                              ("everyone", (200, 200))):
        realm.rows.change("UPDATE users SET privacy_relationships = ? WHERE id = ?", privacy,
                          ada.id)
        assert (shown_to(ada).status, shown_to(ben).status) == statuses, privacy
        refused(shown_to(cleo), 404, "user_not_found")
    listed = shown_to(ben).json
    assert [(r["related_user_id"], r["meta_data"]) for r in listed] == [(ben.id, None)]
    relate(ada, ben, "rival")
    realm.rows.change("UPDATE users SET privacy_relationships = 'friends' WHERE id = ?", ada.id)
    refused(shown_to(ben), 403, "forbidden")
    refused(ben("GET", "/users/999999/relationships"), 404, "user_not_found")
    ada("DELETE", f"/relationships/{cleo.id}")


def test_a_blocked_user_cannot_change_earlier_interactions(ada, ben, cleo):
    relate(cleo, ben)
    relate(ben, cleo, "blocked")
    for method, body in (("GET", None), ("PATCH", {"strength": 1}), ("DELETE", None)):
        refused(cleo(method, f"/relationships/{ben.id}", body), 404, "not_found")
    assert ben("DELETE", f"/relationships/{cleo.id}").status == 204
    assert cleo("GET", f"/relationships/{ben.id}").json["relationship_type"] == "friend"


# --- knowledge -----------------------------------------------------------------------------------

def test_tags_of_knowledge_are_normalised(ada):
    made = knowledge(ada, tags=[" Rust ", "rust", "C"], meta_data={"source": "book"})
    assert made["tags"] == ["c", "rust"] and made["visibility"] == "public"
    assert ada("GET", f"/knowledge/{made['id']}").json == made
    assert made["id"] in [k["id"] for k in ada("GET", "/knowledge?tag=RUST").json]


def test_knowledge_is_visible_to_its_audience(ada, ben, cleo):
    ada("POST", "/relationships", {"related_user_id": ben.id, "relationship_type": "friend"})
    private = knowledge(ada, visibility="private")["id"]
    friends = knowledge(ada, visibility="friends")["id"]
    sees = {caller.name: {k["id"] for k in caller("GET", "/knowledge?limit=200").json}
            for caller in (ada, ben, cleo)}
    assert {private, friends} <= sees["ada"]
    assert friends in sees["ben"] and private not in sees["ben"]
    assert not {private, friends} & sees["cleo"]
    assert refused(cleo("GET", f"/knowledge/{friends}"), 404, "knowledge_not_found")
    assert refused(ben("POST", f"/knowledge/{private}/upvote"), 404, "knowledge_not_found")
    relate(ben, ada, "blocked")
    assert friends not in {k["id"] for k in ben("GET", "/knowledge?limit=200").json}
    assert refused(ben("GET", f"/knowledge/{friends}"), 404, "knowledge_not_found")
    ben("DELETE", f"/relationships/{ada.id}")


def test_a_user_has_one_vote_and_a_new_vote_replaces_it(ada, ben):
    path = f"/knowledge/{knowledge(ada)['id']}"
    for _ in range(2):
        assert ben("POST", path + "/upvote").json == {
            "message": "Knowledge upvoted successfully", "upvotes": 1, "downvotes": 0}
    assert ben("GET", path).json["my_vote"] == "up"
    assert ben("POST", path + "/downvote").json == {
        "message": "Knowledge downvoted successfully", "upvotes": 0, "downvotes": 1}
    assert refused(ada("POST", path + "/upvote"), 409, "own_knowledge")


def test_knowledge_is_paged(ada):
    made = [knowledge(ada, knowledge_type="paged")["id"] for _ in range(5)]
    pages = all_pages(ada, "/knowledge?knowledge_type=paged&limit=2")
    assert [[k["id"] for k in page] for page in pages] == [made[4:2:-1], made[2:0:-1], made[:1]]


@pytest.mark.parametrize("path", ["/knowledge/x", "/knowledge/1.5", "/knowledge/%20",
                                  "/knowledge/99999999999999999999"])
def test_an_id_that_is_not_a_number_is_a_422(ada, path):
    assert faults(ada("GET", path)) == [("int_parsing", ("path", "id"))]


@pytest.mark.parametrize("number", [0, -1, 123456789, 2**63 - 1])
def test_an_unknown_id_is_a_404(ada, number):
    assert refused(ada("GET", f"/knowledge/{number}"), 404, "knowledge_not_found")


def test_the_fields_of_knowledge_are_validated(ada):
    answer = ada("POST", "/knowledge", {"content": "", "tags": ["x" * 65, ""],
                                        "visibility": "secret"})
    assert faults(answer) == [
        ("string_too_short", ("body", "content")), ("missing", ("body", "knowledge_type")),
        ("string_too_long", ("body", "tags")), ("string_too_short", ("body", "tags")),
        ("enum", ("body", "visibility"))]


def test_knowledge_is_updated_field_by_field(ada, ben):
    made = knowledge(ada, tags=["One", "two"], meta_data={"a": 1})
    path = f"/knowledge/{made['id']}"
    changed = ada("PATCH", path, {"content": "I know better"}).json
    better = dict.fromkeys(("title", "content", "excerpt"), "I know better")
    assert changed == made | better | {"updated_at": changed["updated_at"]}
    assert changed["updated_at"] > made["updated_at"]
    changed = ada("PATCH", path, {"tags": [" Two ", "three"], "meta_data": None}).json
    assert (changed["tags"], changed["meta_data"]) == (["three", "two"], None)

    def tagged(tag):
        return made["id"] in [k["id"] for k in ada("GET", f"/knowledge?tag={tag}").json]
    assert [tagged(tag) for tag in ("one", "two", "three")] == [False, True, True]
    refused(ben("PATCH", path, {"content": "mine"}), 403, "forbidden")
    ada("PATCH", path, {"visibility": "private"})
    for method, body in (("GET", None), ("PATCH", {"content": "x"}), ("DELETE", None)):
        refused(ben(method, path, body), 404, "knowledge_not_found")


def test_knowledge_is_deleted(realm, ada, ben):
    made = knowledge(ada, tags=["gone"])
    path = f"/knowledge/{made['id']}"
    ben("POST", path + "/upvote")
    refused(ben("DELETE", path), 403, "forbidden")
    assert ada("DELETE", path).status == 204
    refused(ada("DELETE", path), 404, "knowledge_not_found")
    assert ada("GET", "/knowledge?tag=gone").json == []
    for table in ("knowledge_tags", "knowledge_votes"):
        assert not realm.rows.select(f"SELECT 1 FROM {table} WHERE knowledge_id = ?", made["id"])
    assert realm.ctl("check").returncode == 0


def test_a_vote_can_be_switched_and_withdrawn(ada, ben):
    path = f"/knowledge/{knowledge(ada)['id']}"

    def counts():
        item = ben("GET", path).json
        return item["upvotes"], item["downvotes"], item["my_vote"]
    for call, expected in ((("POST", "/upvote"), (1, 0, "up")), (("POST", "/upvote"), (1, 0, "up")),
                           (("POST", "/downvote"), (0, 1, "down")),
                           (("DELETE", "/vote"), (0, 0, None)), (("DELETE", "/vote"), (0, 0, None)),
                           (("POST", "/upvote"), (1, 0, "up"))):
        assert ben(call[0], path + call[1]).status == 200
        assert counts() == expected
    refused(ada("DELETE", path + "/vote"), 409, "own_knowledge")


def test_concurrent_votes_are_counted_exactly(realm, ada, ben, cleo):
    path = f"/knowledge/{knowledge(ada)['id']}"
    calls = [(who, *call) for who in (ben, cleo)
             for call in (("POST", "/upvote"), ("POST", "/downvote"), ("DELETE", "/vote"))] * 3
    statuses = []
    threads = [threading.Thread(target=lambda who, method, more: statuses.append(
        who(method, path + more).status), args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {200}
    assert realm.ctl("check").returncode == 0


def test_knowledge_is_ordered_by_votes_with_their_certainty(realm, ada):
    votes = {"many": (90, 10), "few": (1, 0), "none": (0, 0), "split": (50, 50), "bad": (0, 9)}
    made = {name: knowledge(ada, name, tags=["ranked"])["id"] for name in votes}
    best_first = ["many", "split", "few", "bad", "none"]
    for name, (up, down) in votes.items():
        realm.rows.change("UPDATE shared_knowledge SET upvotes = ?, downvotes = ? WHERE id = ?",
                          up, down, made[name])
    for more in ("", f"&creator_id={ada.id}"):
        pages = all_pages(ada, f"/knowledge?sort=top&tag=ranked&limit=2{more}")
        assert [k["excerpt"] for page in pages for k in page] == best_first
    top = [k for page in all_pages(ada, "/knowledge?sort=top&limit=3") for k in page]
    assert [k["id"] for k in top if k["id"] in made.values()] == [made[name] for name in best_first]
    assert len({k["id"] for k in top}) == len(top)
    score, = realm.rows.select("SELECT score FROM shared_knowledge WHERE id = ?", made["many"])[0]
    # the lower bound of Wilson's interval for 90 of 100
    assert score == pytest.approx(825633, abs=1000)
    realm.rows.change("UPDATE shared_knowledge SET upvotes = 0, downvotes = 0")


def test_knowledge_is_ordered_by_use_and_shows_the_numbers_behind_it(realm, ada):
    uses = {"cited": (9, 7, 0), "asked of many by one": (9, 1, 0), "rejected": (9, 7, 20),
            "none": (0, 0, 0)}
    made = {name: knowledge(ada, name, tags=["used"])["id"] for name in uses}
    for name, (twins, askers, rejected) in uses.items():
        realm.rows.change("UPDATE shared_knowledge SET citing_twins = ?, citing_askers = ?, "
                          "rejections = ? WHERE id = ?", twins, askers, rejected, made[name])
    for more in ("", f"&creator_id={ada.id}"):
        pages = all_pages(ada, f"/knowledge?sort=useful&tag=used&limit=2{more}")
        assert [k["excerpt"] for page in pages for k in page] == list(uses)
    useful = [k for page in all_pages(ada, "/knowledge?sort=useful&limit=3") for k in page]
    assert [k["id"] for k in useful if k["id"] in made.values()] == list(made.values())
    assert len({k["id"] for k in useful}) == len(useful)
    shown = ada("GET", f"/knowledge/{made['cited']}").json
    assert (shown["citing_twins"], shown["citing_askers"], shown["rejections"]) == (9, 7, 0)
    assert shown["usefulness"] == pytest.approx(0.6457, abs=0.001)  # Wilson's bound for 7 of 7
    realm.rows.change("UPDATE shared_knowledge SET citing_twins = 0, citing_askers = 0, rejections = 0")


def test_only_visible_targets_can_be_shared_with(realm, ada, ben, cleo):
    room = realm.room("ada")
    ben("POST", f"/rooms/{room}/join")
    relate(ada, ben)
    public, friends = knowledge(ada)["id"], knowledge(ada, visibility="friends")["id"]

    def share(who, item, **target):
        return who("POST", f"/knowledge/{item}/share", target)
    assert share(ada, public, room_id=room).json["share_count"] == 1
    assert share(ada, public, room_id=room).json["share_count"] == 1
    assert share(ben, public, user_id=cleo.id).json["share_count"] == 2
    assert share(ada, friends, user_id=ben.id).json["share_count"] == 1
    refused(share(ada, friends, user_id=cleo.id), 403, "forbidden")
    refused(share(ada, friends, room_id=room), 403, "forbidden")
    refused(share(cleo, public, room_id=room), 403, "forbidden")
    refused(share(cleo, friends, user_id=ben.id), 404, "knowledge_not_found")
    refused(share(ada, public, user_id=999999), 404, "user_not_found")
    refused(share(ada, public, room_id=NOBODY), 404, "room_not_found")
    for wrong in ({}, {"room_id": room, "user_id": ben.id}):
        assert faults(share(ada, public, **wrong)) == [("value_error", ("body",))]
    reported = realm.rows.select("SELECT room_id, user_id, data FROM realm_events WHERE kind = "
                                 "'knowledge_shared' ORDER BY pos")
    assert [(where, who) for where, who, _ in reported] == [
        (None, cleo.id), (None, ben.id)]
    assert all("I know" not in data for _, _, data in reported)


# --- interactions --------------------------------------------------------------------------------

def interaction(caller, target, **more):
    answer = caller("POST", "/aeon/interactions", {
        "target_aeon_user_id": target.id, "interaction_type": "question", "content": "Well?",
        **more})
    assert answer.status == 201, answer
    return answer.json


def test_the_target_answers_an_interaction_once_in_body_or_query(ada, ben, cleo):
    for words in ({"json_body": {"response_content": "So & so"}},
                  {"query": "?response_content=So+%26%20so"},
                  {"query": "?response_content=So+%26+so", "json_body": {}}):
        made = interaction(ada, ben, context={"mood": "calm"})
        path = f"/aeon/interactions/{made['id']}/respond" + words.get("query", "")
        assert refused(ada("POST", path, {"response_content": "I"}
                           if "json_body" in words else None), 403, "forbidden")
        answer = ben("POST", path, words.get("json_body"))
        assert answer.status == 200 and answer.json["message"] == "Response sent successfully"
        answered = answer.json["interaction"]
        assert answered["response_content"] == "So & so" and answered["responded_by"] == "user"
        assert refused(ben("POST", path, {"response_content": "x"}), 409, "already_answered")


def test_a_missing_answer_is_reported_as_a_missing_query_field(ada, ben):
    path = f"/aeon/interactions/{interaction(ada, ben)['id']}/respond"
    assert faults(ben("POST", path)) == [("missing", ("query", "response_content"))]
    assert faults(ben("POST", path, {})) == [("missing", ("body", "response_content"))]


def test_both_sides_see_an_interaction_and_all_see_a_public_one(ada, ben, cleo):
    private, public = interaction(ada, ben)["id"], interaction(ada, ben, is_public=True)["id"]
    for caller in (ada, ben):
        assert {private, public} <= {i["id"] for i in caller("GET", "/aeon/interactions").json}
    assert cleo("GET", "/aeon/interactions").json == []
    seen = {i["id"] for i in cleo("GET", "/aeon/interactions?scope=public").json}
    assert public in seen and private not in seen
    answer = cleo("POST", f"/aeon/interactions/{private}/respond?response_content=x")
    assert refused(answer, 404, "interaction_not_found")


def test_the_target_of_an_interaction_is_validated(ada):
    new = {"interaction_type": "question", "content": "Well?"}
    assert refused(ada("POST", "/aeon/interactions", new | {"target_aeon_user_id": 999999}), 404,
                   "user_not_found")
    assert faults(ada("POST", "/aeon/interactions", new | {"target_aeon_user_id": ada.id})) == [
        ("value_error", ("body", "target_aeon_user_id"))]


# --- the social view -----------------------------------------------------------------------------

def test_the_numbers_of_the_network_are_consistent(ada, ben):
    network = ada("GET", "/social/network?limit=2").json
    assert network["user_id"] == ada.id and 0 < network["network_strength"] <= 1
    assert len(network["shared_knowledge"]) == 2 < network["totals"]["shared_knowledge"]
    totals = network["totals"]
    assert network["influence_score"] == pytest.approx(
        totals["upvotes"] * 0.7 + totals["aeon_interactions"] * 0.3)


def test_users_with_common_tags_are_similar(ben, cleo):
    knowledge(ben, tags=["tea", "go", "maps", "sails"])
    knowledge(cleo, tags=["tea", "go"])
    row = next(r for r in ben("GET", "/social/similar-users").json if r["user_id"] == cleo.id)
    assert (row["similarity_score"], row["common_tags"]) == (0.5, ["go", "tea"])


def test_active_users_are_listed_up_to_a_limit(ada):
    assert isinstance(ada("GET", "/social/active-users?limit=1").json, list)
    assert faults(ada("GET", "/social/active-users?limit=0")) == [
        ("greater_than_equal", ("query", "limit"))]


def test_a_blocked_user_is_hidden(ada, ben, cleo):
    cleo("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": "blocked"})
    answer = ada("POST", "/aeon/interactions", {
        "target_aeon_user_id": cleo.id, "interaction_type": "question", "content": "Why?"})
    assert refused(answer, 404, "user_not_found")
