"""Similar users among thousands: the order of equals, and ids of any size."""

import random

import idset
import pytest
from conftest import Caller
from realm import Realm

PEOPLE = 2500


@pytest.fixture(scope="module")
def crowd():
    """Ada and thousands of users have the tag hello. A third of them have two more tags."""
    with Realm() as made:
        made.ids = {"ada": made.user("ada")}
        made.ada = Caller(made, "ada")
        made.ada("POST", "/knowledge", {"content": "x", "knowledge_type": "x", "tags": ["hello"]})
        dice = random.Random(3)
        ids = [number if number < 2000 else number + 2**20 for number in range(2, PEOPLE + 2)]
        made.people = {user: {"tags": dice.choice([1, 1, 3]), "seen": dice.randrange(1, 10**15),
                              "presence": dice.choice(["everyone", "nobody"])} for user in ids}
        with made.rows.transaction() as db:
            db.executemany("INSERT INTO users (id, username, email, email_key, password_hash, created_at, "
                           "updated_at, privacy_presence) "
                           "VALUES (?1, 'user' || ?1, ?1 || '@x', ?1 || '@x', '', 1, 1, ?2)",
                           [(user, one["presence"]) for user, one in made.people.items()])
            db.executemany("INSERT INTO user_presence (user_id, status, last_seen) "
                           "VALUES (?, 'away', ?)",
                           [(user, one["seen"]) for user, one in made.people.items()])
            db.executemany("INSERT INTO tags (name) VALUES (?)", [("one",), ("two",)])
            made.tags = [tag for tag, in db.execute("SELECT id FROM tags ORDER BY id")]
            db.executemany("INSERT INTO user_tags VALUES (?, ?, 'public', 1)",
                           [(user, tag) for user, one in made.people.items()
                            for tag in made.tags[:one["tags"]]])
        yield made


def expected(crowd):
    """(id, score) of all users in the order of the contract."""
    def order(row):
        user, score = row
        seen = crowd.people[user]["presence"] == "everyone" and crowd.people[user]["seen"]
        return -score, -seen, user
    scores = ((user, 1 / one["tags"]) for user, one in crowd.people.items() if one["tags"])
    return sorted(scores, key=order)


def similar(crowd, limit):
    return [(row["user_id"], row["similarity_score"])
            for row in crowd.ada("GET", f"/social/similar-users?limit={limit}").json]


def test_equally_similar_users_are_ordered_by_visible_presence(crowd):
    for limit in (1, 10, 200):
        assert similar(crowd, limit) == expected(crowd)[:limit]


def test_users_who_hide_their_presence_come_last_by_id(crowd):
    """All but 20 hide their presence, so the others fill the list."""
    for number, one in enumerate(crowd.people.values()):
        one["presence"] = "nobody" if number % 125 else "everyone"
    open_ones = ",".join(str(u) for u, one in crowd.people.items() if one["presence"] == "everyone")
    crowd.rows.change(
        f"UPDATE users SET privacy_presence = iif(id IN ({open_ones}), 'everyone', 'nobody')")
    assert similar(crowd, 200) == expected(crowd)[:200]


def test_a_user_who_drops_a_tag_is_not_found_by_it(crowd):
    """Users at the ends of the stored sets, and users with large ids."""
    people = list(crowd.people)
    for user in (people[0], people[958], people[1997], people[1998], people[-1]):
        crowd.rows.change("DELETE FROM user_tags WHERE user_id = ?", user)
        crowd.people[user]["tags"] = 0
    others = [user for user in people if crowd.people[user]["tags"] == 3]
    for user in others[::7]:
        crowd.rows.change("DELETE FROM user_tags WHERE user_id = ? AND tag_id <> ?", user,
                          crowd.tags[0])
        crowd.people[user]["tags"] = 1
    assert similar(crowd, 200) == expected(crowd)[:200]
    listed = [user for key, users in crowd.rows.select(
        "SELECT id, public_users FROM tag_users WHERE id >= ids_key(?1, 0) "
        "AND id < ids_key(?1 + 1, 0)", crowd.tags[0]) for user in idset.decode(key, users)]
    assert listed == sorted([crowd.ids["ada"], *(
        user for user, one in crowd.people.items() if one["tags"] > 0)])


def test_a_disabled_user_is_not_found(crowd):
    """The most similar ones are disabled."""
    gone = [user for user, _ in expected(crowd)[:3]]
    crowd.rows.change("UPDATE users SET is_active = 0 WHERE id IN (SELECT value FROM json_each(?))", str(gone))
    for user in gone:
        crowd.people[user]["tags"] = 0
    assert similar(crowd, 200) == expected(crowd)[:200]


def test_suggestions_go_on_where_the_viewer_knows_the_most_similar_users(crowd):
    """Seven users are known, and three are wanted."""
    known = [user for user, _ in expected(crowd)[:7]]
    crowd.rows.change("INSERT INTO user_relationships (user_id, related_user_id, relationship_type, "
                      "strength, created_at, last_interaction) "
                      f"SELECT {crowd.ids['ada']}, value, 'colleague', 1, 1, 1 FROM json_each(?)",
                      str(known))
    found = crowd.ada("GET", "/social/suggestions?limit=3").json
    assert [row["user_id"] for row in found] == [user for user, _ in expected(crowd)[7:10]]
