"""Similar users where there are thousands: who is equally similar, and ids of any size."""

import contextlib
import random
import sqlite3

import idset
import pytest
from conftest import Caller, stored
from realm import Realm

PEOPLE = 2500


@pytest.fixture(scope="module")
def crowd():
    """Ada has the tag hello; so have thousands, a third of whom have two others, too."""
    with Realm() as made:
        made.ids = {"ada": made.user("ada")}
        made.ada = Caller(made, "ada")
        made.ada("POST", "/knowledge", {"content": "x", "knowledge_type": "x", "tags": ["hello"]})
        dice = random.Random(3)
        ids = [number if number < 2000 else number + 2**20 for number in range(2, PEOPLE + 2)]
        made.people = {user: {"tags": dice.choice([1, 1, 3]), "seen": dice.randrange(1, 10**15),
                              "presence": dice.choice(["everyone", "nobody"])} for user in ids}
        with contextlib.closing(idset.register(sqlite3.connect(made.database))) as db, db:
            db.execute("PRAGMA wal_autocheckpoint = 0")
            db.executemany("INSERT INTO users (id, username, email, password_hash, created_at, "
                           "updated_at, privacy_presence) VALUES (?1, 'user' || ?1, ?1 || '@x', '', 1, 1, ?2)",
                           [(user, one["presence"]) for user, one in made.people.items()])
            db.executemany("INSERT INTO user_presence (user_id, status, last_seen) VALUES (?, 'away', ?)",
                           [(user, one["seen"]) for user, one in made.people.items()])
            db.executemany("INSERT INTO tags (name) VALUES (?)", [("one",), ("two",)])
            made.tags = [tag for tag, in db.execute("SELECT id FROM tags ORDER BY id")]
            db.executemany("INSERT INTO user_tags VALUES (?, ?, 'public', 1)",
                           [(user, tag) for user, one in made.people.items()
                            for tag in made.tags[:one["tags"]]])
        yield made


def expected(crowd):
    """Everybody in the order of the contract: (id, score)."""
    return sorted(((user, 1 / one["tags"]) for user, one in crowd.people.items() if one["tags"]),
                  key=lambda row: (-row[1], -crowd.people[row[0]]["seen"]
                                   if crowd.people[row[0]]["presence"] == "everyone" else 0, row[0]))


def similar(crowd, limit):
    return [(row["user_id"], row["similarity_score"])
            for row in crowd.ada("GET", f"/social/similar-users?limit={limit}").json]


def test_of_many_equals_those_come_first_who_are_known_to_have_been_there(crowd):
    for limit in (1, 10, 200):
        assert similar(crowd, limit) == expected(crowd)[:limit]


def test_who_hides_comes_behind_by_age(crowd):
    """All but 20 hide, so that the known ones do not suffice."""
    for number, one in enumerate(crowd.people.values()):
        one["presence"] = "nobody" if number % 125 else "everyone"
    open_ones = ",".join(str(u) for u, one in crowd.people.items() if one["presence"] == "everyone")
    stored(crowd, f"UPDATE users SET privacy_presence = iif(id IN ({open_ones}), 'everyone', 'nobody')")
    assert similar(crowd, 200) == expected(crowd)[:200]


def test_who_gives_up_a_tag_is_not_found_by_it(crowd):
    """Users at both ends of the sets, and such with large ids."""
    people = list(crowd.people)
    for user in (people[0], people[958], people[1997], people[1998], people[-1]):
        stored(crowd, "DELETE FROM user_tags WHERE user_id = ?", user)
        crowd.people[user]["tags"] = 0
    others = [user for user in people if crowd.people[user]["tags"] == 3]
    for user in others[::7]:
        stored(crowd, "DELETE FROM user_tags WHERE user_id = ? AND tag_id <> ?", user, crowd.tags[0])
        crowd.people[user]["tags"] = 1
    assert similar(crowd, 200) == expected(crowd)[:200]
    listed = [user for key, users in stored(
        crowd, "SELECT id, public_users FROM tag_users WHERE id >= ids_key(?1, 0) "
        "AND id < ids_key(?1 + 1, 0)", crowd.tags[0]) for user in idset.decode(key, users)]
    assert listed == sorted([crowd.ids["ada"], *(
        user for user, one in crowd.people.items() if one["tags"] > 0)])
