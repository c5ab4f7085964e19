"""Users are found by name, by username and by ids."""

import pytest
from conftest import all_pages, faults, refused

USERS = "/api/v1/users"


def found(caller, text, more=""):
    answer = caller("GET", f"{USERS}?q={text}{more}")
    assert answer.status == 200, answer
    return [user["username"] for user in answer.json]


@pytest.fixture(scope="module")
def named(realm):
    """Strangers of ada: username to id."""
    ids = {}
    for username, full_name in (("zoe_quartz", "Zoé Quartz"), ("li.wei", "ＷＥＩ Li Straße"),
                                ("quinn", "Mary-Jane O'Quartz"), ("olaf", "QUARTZ Überall")):
        ids[username] = realm.user(username)
        answer = realm.cgi("PUT", f"{USERS}/me", {"full_name": full_name},
                           token=realm.tokens[username])
        assert answer.status == 200, answer
    return ids


def test_a_word_is_found_by_its_beginning_in_any_case_and_width(ada, named):
    assert found(ada, "QUA") == ["olaf", "quinn", "zoe_quartz"]
    assert found(ada, "wei") == found(ada, "strasse") == found(ada, "li.w") == ["li.wei"]
    assert found(ada, "%C3%9CBER") == ["olaf"] and found(ada, "uber") == []
    assert found(ada, "mary%20quartz") == found(ada, "quartz,m") == ["quinn"]
    assert found(ada, "uartz") == found(ada, "quartz%20nobody") == found(ada, "!%20-") == []


def test_friends_come_first_then_members_of_the_same_rooms(realm, ada, named):
    room = realm.room("ada")
    realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/join", token=realm.tokens["quinn"])
    assert found(ada, "quartz") == ["quinn", "olaf", "zoe_quartz"]
    ada("POST", "/relationships", {"related_user_id": named["zoe_quartz"], "relationship_type": "friend"})
    assert found(ada, "quartz") == ["zoe_quartz", "quinn", "olaf"]
    assert found(ada, "quartz", "&limit=1") == ["zoe_quartz"]
    assert "link" not in ada("GET", f"{USERS}?q=quartz&limit=1").headers


def test_the_members_of_a_room_are_found_by_name_in_pages(realm, ada, ben, named):
    room = realm.room("ada", is_public=False)
    for name in named:
        ada("POST", f"/rooms/{room}/invitations", {"user_id": named[name]})
        assert realm.cgi("POST", f"/api/v1/phase3/rooms/{room}/join",
                         token=realm.tokens[name]).status == 200
    path = f"/rooms/{room}/participants"
    pages = all_pages(ada, path + "?limit=2")
    everybody = [ada.id, *named.values()]
    assert [row["user_id"] for page in pages for row in page] == sorted(everybody, reverse=True)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [(row["username"], row["full_name"], row["role"], row["twin"])
            for row in ada("GET", path + "?q=quartz%20mary").json] == [
        ("quinn", "Mary-Jane O'Quartz", "member", None)]
    assert ada("GET", path + "?q=-").json == ada("GET", path + "?q=nobody").json == []
    assert faults(ada("GET", path + "?q=" + "+".join("abcdefghi"))) == [("value_error", ("query", "q"))]
    assert refused(ben("GET", path), 404, "room_not_found")
    assert ada("GET", f"/rooms/{room}").json["more_participants"] is False


def test_a_room_says_the_role_of_a_member_who_is_not_among_the_first_ones(realm, ada, ben):
    room = realm.room("ada", max_participants=2000)
    assert (ada("GET", f"/rooms/{room}").json["my_role"], ben("GET", f"/rooms/{room}").json["my_role"]) == (
        "owner", None)
    with realm.rows.transaction() as db:
        for number in range(1000):
            user = db.execute("INSERT INTO users (username, email, email_key, password_hash, created_at, updated_at)"
                              " VALUES (?1, ?1, ?1, '!', 0, 0)", (f"visitor-{number}",)).lastrowid
            db.execute("INSERT INTO room_participants (room_id, user_id, joined_at, last_activity)"
                       " VALUES (?, ?, 0, 0)", (room, user))
        db.execute("UPDATE chat_rooms SET current_participants = current_participants + 1000 WHERE id = ?", (room,))
    ben("POST", f"/rooms/{room}/join")
    answer = ben("GET", f"/rooms/{room}").json
    assert (answer["my_role"], answer["more_participants"]) == ("member", True)
    assert ben.id not in [row["user_id"] for row in answer["participants"]]


def test_near_users_come_first_among_very_many_of_the_same_name(realm, ada):
    with realm.rows.transaction() as db:
        for number in range(900):
            db.execute("INSERT INTO users (username, email, email_key, password_hash, full_name, discoverable,"
                       " created_at, updated_at) VALUES (?, ?, ?, '!', 'Very Common', ?, 0, 0)",
                       (f"common-{number:03}", f"c{number}@x.org", f"c{number}@x.org", number % 9 > 0))
        last, hidden = (db.execute("SELECT id FROM users WHERE username = ?", (name,)).fetchone()[0]
                        for name in ("common-899", "common-891"))
    assert len(found(ada, "common", "&limit=200")) == 200
    assert found(ada, "common-891") == []
    for other in (last, hidden):
        realm.rows.change("INSERT INTO user_relationships (user_id, related_user_id, relationship_type,"
                          " created_at, last_interaction) VALUES (?, ?, 'friend', 1, 1)", ada.id, other)
    assert found(ada, "common", "&limit=2") == found(ada, "c%20very", "&limit=2") == ["common-891", "common-899"]


def test_who_is_hidden_is_not_found(realm, ada, ben, named):
    olaf = named["olaf"]
    for hide, show in (("UPDATE users SET is_active = 0 WHERE id = ?", "UPDATE users SET is_active = 1 WHERE id = ?"),
                       ("UPDATE users SET discoverable = 0 WHERE id = ?",
                        "UPDATE users SET discoverable = 1 WHERE id = ?"),
                       (f"INSERT INTO user_relationships (user_id, related_user_id, relationship_type, created_at,"
                        f" last_interaction) VALUES (?, {ben.id}, 'blocked', 0, 0)",
                        f"DELETE FROM user_relationships WHERE user_id = ? AND related_user_id = {ben.id}")):
        assert "olaf" in found(ben, "quartz")
        realm.rows.change(hide, olaf)
        assert "olaf" not in found(ben, "quartz"), hide
        assert ben("GET", f"{USERS}?ids={olaf}").json == []
        refused(ben("GET", f"{USERS}/by-name/olaf"), 404, "user_not_found")
        realm.rows.change(show, olaf)


def test_a_profile_says_whether_its_user_may_be_contacted_and_has_a_twin(realm, ada, ben, named):
    token = realm.tokens["olaf"]

    def olaf():
        profile, = ada("GET", f"{USERS}?q=olaf").json
        assert profile == ada("GET", f"{USERS}/by-name/OLAF").json | {"email": None}
        return profile["may_contact"], profile["twin"]
    assert olaf() == (True, None)
    realm.cgi("PUT", f"{USERS}/me/privacy", {"contact": "nobody"}, token=token)
    realm.cgi("PUT", "/api/v1/aeon/twin", {"name": "Olaf's echo", "autopilot": "draft"}, token=token)
    assert olaf() == (False, {"name": "Olaf's echo"})
    realm.cgi("PUT", "/api/v1/aeon/twin", {"autopilot": "off"}, token=token)
    assert olaf() == (False, None)


def test_users_are_read_by_ids(ada, ben, cleo, named):
    rows = ben("GET", f"{USERS}?ids={cleo.id},{ada.id},999999,{cleo.id}").json
    assert [row["username"] for row in rows] == ["cleo", "ada"]
    assert all(row["email"] is None for row in rows)
    many = ",".join(map(str, range(1, 102)))
    for wrong in ("", "1,", ",1", "1,,2", "1;2", "-1", "+1", " 1", "1" * 19, many):
        assert faults(ben("GET", f"{USERS}?ids={wrong.replace(' ', '%20')}")) in (
            [("value_error", ("query", "ids"))], [("string_too_short", ("query", "ids"))]), wrong
    assert faults(ben("GET", f"{USERS}?q=a&ids=1")) == [("value_error", ("query", "ids"))]
    assert faults(ben("GET", f"{USERS}?q=" + "%20".join("abcdefghi"))) == [("value_error", ("query", "q"))]
    refused(ben("GET", USERS), 403, "forbidden")


def test_a_new_name_is_found_and_the_former_one_is_not(realm, ada, named):
    realm.cgi("PUT", f"{USERS}/me", {"full_name": "Renamed"}, token=realm.tokens["quinn"])
    assert found(ada, "renam") == ["quinn"] and found(ada, "mary") == []
    realm.cgi("DELETE", f"{USERS}/me", token=realm.tokens["quinn"])
    assert found(ada, "renam") == found(ada, "quinn") == found(ada, "deleted") == []
