"""Presence of users without a WebSocket: a request makes its user present."""

from realm import Realm

PRESENCE = "/presence"


def present(viewer, room, user):
    """The status of the user, as the viewer sees it in the room."""
    return next(row["status"] for row in viewer("GET", f"/rooms/{room}").json["participants"]
                if row["user_id"] == user.id)


def end(realm, user):
    """As after a minute without a request of the user."""
    realm.rows.change("UPDATE connected_users SET until = 1 WHERE user_id = ?", user.id)


def test_a_user_is_connected_until_a_minute_after_the_last_request(realm, ada, ben):
    room = realm.room("ada")
    assert ben("POST", f"/rooms/{room}/join").status == 200
    assert present(ada, room, ben) == "connected"
    end(realm, ben)
    assert present(ada, room, ben) == "offline"
    assert ben("GET", f"/rooms/{room}/messages").status == 200
    assert present(ada, room, ben) == "connected"


def test_away_lasts_until_the_user_says_otherwise(realm, ada, ben):
    room = realm.room("ada")
    ben("POST", f"/rooms/{room}/join")
    told = ben("PUT", PRESENCE, {"status": "away"})
    assert told.status == 200 and told.json["status"] == "away" and told.json["user_id"] == ben.id
    realm.rows.change("UPDATE connected_users SET until = until - 50000000 WHERE user_id = ?", ben.id)
    ben("GET", "/rooms")  # it is noted again, since the last note ends soon
    assert present(ada, room, ben) == "away"
    assert ben("PUT", PRESENCE, {"status": "connected"}).json["status"] == "connected"
    assert present(ada, room, ben) == "connected"
    assert ben("PUT", PRESENCE, {"status": "offline"}).status == 422


def test_a_user_who_hides_the_presence_is_offline_for_others(realm, ada, cleo):
    room = realm.room("ada")
    cleo("POST", f"/rooms/{room}/join")
    privacy = cleo("GET", "/api/v1/users/me/privacy").json
    cleo("PUT", "/api/v1/users/me/privacy", privacy | {"presence": "nobody"})
    assert present(ada, room, cleo) == "offline" and present(cleo, room, cleo) == "connected"
    cleo("PUT", "/api/v1/users/me/privacy", privacy)
    assert present(ada, room, cleo) == "connected"


def test_a_request_that_ends_the_login_leaves_nobody_connected():
    with Realm() as realm:
        user = realm.user("ada")
        token = realm.tokens["ada"]
        assert realm.cgi("POST", "/api/v1/users/logout", token=token).status in (200, 204)
        assert not realm.rows.select("SELECT 1 FROM connected_users WHERE user_id = ?", user)


def test_a_request_is_answered_while_another_process_holds_the_write_lock(realm, ada):
    end(realm, ada)
    with realm.rows.locked():
        assert ada("GET", "/rooms").status == 200
    assert ada("GET", "/rooms").status == 200
    assert realm.rows.select("SELECT 1 FROM connected_users WHERE user_id = ? AND until > 1", ada.id)
