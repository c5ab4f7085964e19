"""Moderation by administrators: removal, restoring, closing, suspension and reports."""

import shutil
import time

import pytest
from conftest import Caller, faults, refused
from realm import PASSWORD, Realm, wait_until
from test_rooms import disable, roles

ADMIN = "/api/v1/admin"
REPORTS = "/api/v1/reports"
LOGIN = "/api/v1/users/login"
FAR = "2999-12-31T12:00:00Z"


@pytest.fixture(scope="module")
def template():
    """A realm that each test copies."""
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("ada", "ann", "ben", "cleo")}
        made.ctl("user", "role", "ann", "admin")
        made.ctl("backup", str(made.directory / "copy.db"))
        yield made


@pytest.fixture
def town(template):
    """ada owns the realm, ann is an admin, ben and cleo are users."""
    with Realm() as made:
        for name in ("-wal", "-shm"):
            made.database.with_name(made.database.name + name).unlink(missing_ok=True)
        shutil.copy(template.directory / "copy.db", made.database)
        made.ids, made.tokens = template.ids, template.tokens
        yield made


def callers(town):
    return [Caller(town, name) for name in ("ada", "ann", "ben", "cleo")]


def remove(by, kind, number, status=204):
    answer = by("POST", ADMIN + "/remove", {"kind": kind, "id": str(number), "reason": "Spam"})
    assert answer.status == status, answer


def restore(by, kind, number):
    answer = by("POST", ADMIN + "/restore", {"kind": kind, "id": str(number)})
    assert answer.status == 204, answer


def sign_in(town, name="ben"):
    return town.cgi("POST", LOGIN, {"username": name, "password": PASSWORD})


def position(user):
    answer = user("GET", "/events").json
    return f"?since={answer['pos']}&epoch={answer['epoch']}"


def events(user, since):
    return [(row["type"], row["data"]) for row in user("GET", "/events" + since).json["events"]]


def share_knowledge(user, content="sly fox", **more):
    return user("POST", "/knowledge", {"content": content, "knowledge_type": "x", **more}).json["id"]


def test_a_user_who_is_no_administrator_any_more_is_not_told_of_reports(town):
    ada, ann, ben, cleo = callers(town)
    since = position(ann)
    number = share_knowledge(ben)
    assert cleo("POST", REPORTS, {"kind": "knowledge", "id": str(number), "reason": "?"}).status == 201
    assert dict(events(ann, since))
    assert ada("PATCH", f"/api/v1/users/{ann.id}", {"role": "user"}).status == 200
    assert [kind for kind, _ in events(ann, since)] == ["account_changed"]


# --- removal --------------------------------------------------------------------------------------


def test_removed_knowledge_is_gone_for_everybody_and_comes_back_as_it_was(town):
    _, ann, ben, cleo = callers(town)
    number = share_knowledge(ben, tags=["tea"], meta_data={"a": 1})
    cleo("POST", f"/knowledge/{number}/upvote")
    cleo("POST", f"/knowledge/{number}/share", {"user_id": ann.id})
    before = cleo("GET", f"/knowledge/{number}").json
    days = ben("GET", "/social/analytics").json, cleo("GET", "/social/analytics").json
    remove(ann, "knowledge", number)
    for user in (ann, ben, cleo):
        refused(user("GET", f"/knowledge/{number}"), 404, "knowledge_not_found")
        assert user("GET", "/knowledge").json == user("GET", "/knowledge?q=fox").json == []
        assert user("GET", "/knowledge/tags").json == []
    assert town.ctl("check").returncode == 0
    restore(ann, "knowledge", number)
    assert cleo("GET", f"/knowledge/{number}").json == before
    assert [row["id"] for row in cleo("GET", "/knowledge?q=fox").json] == [number]
    assert (ben("GET", "/social/analytics").json, cleo("GET", "/social/analytics").json) == days
    assert town.ctl("check").returncode == 0


def test_a_removed_message_is_an_empty_one_that_is_marked_and_each_step_is_an_entry(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("cleo")
    ben("POST", f"/rooms/{room}/join")
    message = ben("POST", f"/rooms/{room}/messages", {"content": "Buy", "meta_data": {"a": 1}}).json
    since = position(cleo)
    remove(ann, "message", message["message_id"])
    shown, = cleo("GET", f"/rooms/{room}/messages").json
    assert (shown["content"], shown["removed"], shown["meta_data"]) == ("", True, None)
    assert shown["deleted_at"] and shown["seq"] == message["seq"]
    restore(ann, "message", message["message_id"])
    assert cleo("GET", f"/rooms/{room}/messages").json == [message]
    assert [(kind, data["seq"], data["user_id"], data["content"])
            for kind, data in events(cleo, since)] == [
        ("message_removed", 2, ben.id, "Buy"), ("message_restored", 3, ben.id, "Buy")]


def test_a_removed_room_is_gone_and_its_members_are_in_it_again_when_it_is_restored(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("ben", "Bargains", is_public=False, is_aeon_room=True)
    for user in (ann, cleo):
        ben("POST", f"/rooms/{room}/invitations", {"user_id": user.id})
        assert user("POST", f"/rooms/{room}/join").status == 200
    assert cleo("POST", f"/rooms/{room}/twin").status == 200
    assert ann("POST", f"/rooms/{room}/leave").status == 200
    since = position(cleo)
    remove(ann, "room", room)
    for user in (ben, cleo):
        refused(user("GET", f"/rooms/{room}"), 404, "room_not_found")
        refused(user("GET", f"/rooms/{room}/messages"), 404, "room_not_found")
        assert user("GET", "/rooms?joined=true").json == []
        assert user("GET", "/rooms?q=bargains").json == []
        export = user("GET", "/api/v1/users/me/export")
        assert "Bargains" not in export.body.decode() and export.json["twin_rooms"] == []
    restore(ann, "room", room)
    shown = cleo("GET", f"/rooms/{room}").json
    assert [(row["username"], row["role"]) for row in shown["participants"]] == [
        ("ben", "owner"), ("cleo", "member")]
    assert [row["is_aeon"] for row in shown["participants"]] == [False, True]
    assert shown["current_participants"] == 2 and not shown["is_public"]
    assert [kind for kind, _ in events(cleo, since)] == ["room_removed", "room_restored"]
    assert town.ctl("check").returncode == 0


def test_a_former_member_is_not_told_that_a_room_is_removed_and_restored(town):
    _, ann, _, cleo = callers(town)
    room = town.room("ben")
    cleo("POST", f"/rooms/{room}/join")
    cleo("POST", f"/rooms/{room}/leave")
    since = position(cleo)
    remove(ann, "room", room)
    restore(ann, "room", room)
    assert cleo("GET", f"/rooms/{room}").status == 200
    assert events(cleo, since) == []


def test_a_restored_room_keeps_its_owner(town):
    _, ann, ben, cleo = callers(town)
    room = f"/rooms/{town.room('ben')}"
    for user in (ann, cleo):
        user("POST", room + "/join")
    ben("PUT", f"{room}/participants/{cleo.id}", {"role": "moderator"})
    ben("POST", room + "/leave")
    cleo("PUT", f"{room}/participants/{ann.id}", {"role": "moderator"})
    remove(ann, "room", room.split("/")[-1])
    restore(ann, "room", room.split("/")[-1])
    assert roles(cleo, room) == {"ann": "moderator", "cleo": "owner"}


@pytest.mark.parametrize("goes", ["leaves", "is disabled"])
def test_the_new_owner_of_a_restored_room_is_an_active_member(town, goes):
    ada, ann, ben, cleo = callers(town)
    room = town.room("ben")
    for user in (ann, cleo):
        user("POST", f"/rooms/{room}/join")
    if goes == "leaves":
        ann("POST", f"/rooms/{room}/leave")
    else:
        disable(town, ann)
    remove(ada, "room", room)
    assert ben("DELETE", "/api/v1/users/me").status == 204
    restore(ada, "room", room)
    assert roles(cleo, f"/rooms/{room}") == {"cleo": "owner"}


def test_a_removed_interaction_is_gone_for_both_sides(town):
    _, ann, ben, cleo = callers(town)
    path = "/aeon/interactions"
    first = ben("POST", path, {"target_aeon_user_id": cleo.id, "interaction_type": "x",
                               "content": "Buy", "is_public": True}).json
    second = cleo("POST", path, {"target_aeon_user_id": ben.id, "interaction_type": "x",
                                 "content": "No", "parent_id": first["id"]}).json
    remove(ann, "interaction", first["id"])
    refused(cleo("GET", f"{path}/{first['id']}"), 404, "interaction_not_found")
    assert [row["id"] for row in ben("GET", path).json] == [second["id"]]
    restore(ann, "interaction", first["id"])
    assert cleo("GET", f"{path}/{first['id']}").json == first
    assert cleo("GET", f"{path}/{second['id']}").json == second
    assert town.ctl("check").returncode == 0


def test_nobody_but_administrators_removes_and_an_admin_not_what_an_owner_made(town):
    ada, ann, ben, cleo = callers(town)
    number, hers = share_knowledge(ben), share_knowledge(ada)
    room = town.room("cleo")
    message = cleo("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
    for kind, thing in (("knowledge", number), ("room", room), ("message", message)):
        remove(ben, kind, thing, 403)  # nor does a room's owner outside of the room
    remove(cleo, "knowledge", number, 403)
    remove(ann, "knowledge", hers, 403)
    remove(ann, "knowledge", 999, 404)
    remove(ann, "knowledge", f"{number}x", 404)
    remove(ada, "knowledge", hers)
    refused(ann("POST", ADMIN + "/restore", {"kind": "knowledge", "id": str(hers)}), 403, "forbidden")
    assert faults(ann("POST", ADMIN + "/remove", {"kind": "user", "id": "1", "reason": ""})) == [
        ("enum", ("body", "kind")), ("string_too_short", ("body", "reason"))]


def test_deleted_and_removed_things_are_not_removed_again(town):
    _, ann, ben, _ = callers(town)

    def said():
        room = town.room("ben")
        return room, ben("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
    (_, message), (removed, in_removed), (deleted, in_deleted) = said(), said(), said()
    remove(ann, "message", message)
    remove(ann, "room", removed)
    assert ben("DELETE", f"/rooms/{deleted}").status == 204
    for kind, thing in (("message", message), ("message", in_removed), ("message", in_deleted),
                        ("room", removed), ("room", deleted)):
        remove(ann, kind, thing, 404)


def test_the_list_of_removals_shows_what_can_be_restored(town):
    ada, ann, ben, _ = callers(town)
    number = share_knowledge(ben)
    remove(ann, "knowledge", number)
    row, = ada("GET", ADMIN + "/removals").json
    assert (row["kind"], row["object"], row["author_name"], row["remover_name"], row["reason"],
            row["content"]["content"]) == ("knowledge", str(number), "ben", "ann", "Spam", "sly fox")
    assert ada("GET", ADMIN + "/removals?kind=room").json == []
    refused(ben("GET", ADMIN + "/removals"), 403, "forbidden")


def test_removed_things_are_deleted_for_good_after_their_days(town):
    _, ann, ben, _ = callers(town)
    number, room = share_knowledge(ben), town.room("ben")
    remove(ann, "knowledge", number)
    remove(ann, "room", room)
    town.rows.change("UPDATE removals SET removed_at = 1")
    town.rows.change("UPDATE chat_rooms SET removed_at = 1 WHERE removed_at IS NOT NULL")
    bridge = town.start_bridge()
    wait_until(lambda: town.rows.select("SELECT 1 FROM removals") == [] and town.rows.select(
        "SELECT 1 FROM chat_rooms WHERE id = ?", room) == [], "the end of both", bridge)


# --- a closed room --------------------------------------------------------------------------------


def test_in_a_closed_room_nobody_writes_but_its_members_read_and_leave(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("ben")
    mine = ben("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
    assert ann("POST", f"{ADMIN}/rooms/{room}/close", {"reason": "Insults"}).status == 204
    for method, path, body in (
            ("POST", "/messages", {"content": "y"}), ("PATCH", f"/messages/{mine}", {"content": "y"}),
            ("PUT", f"/messages/{mine}/reactions/x", None), ("PUT", f"/pins/{mine}", None),
            ("PATCH", "", {"name": "y"}), ("POST", "/invitations", {"user_id": cleo.id})):
        refused(ben(method, f"/rooms/{room}{path}", body), 403, "room_closed")
    refused(cleo("POST", f"/rooms/{room}/join"), 403, "room_closed")
    assert ben("GET", f"/rooms/{room}").json["is_closed"] is True
    assert ben("DELETE", f"/rooms/{room}/messages/{mine}").status == 200
    assert ann("DELETE", f"{ADMIN}/rooms/{room}/close").status == 204
    assert ben("POST", f"/rooms/{room}/messages", {"content": "y"}).status == 201
    refused(ben("POST", f"{ADMIN}/rooms/{room}/close", {"reason": "x"}), 403, "forbidden")
    assert [row["action"] for row in ann("GET", ADMIN + "/audit").json[:2]] == [
        "room_opened", "room_closed"]


# --- suspension -----------------------------------------------------------------------------------


def test_a_suspended_users_sessions_end_and_a_login_says_why_and_until_when(town):
    _, ann, ben, _ = callers(town)
    path = f"{ADMIN}/users/{ben.id}/suspend"
    assert ann("POST", path, {"reason": "Advertising", "until": FAR}).status == 204
    assert ben("GET", "/api/v1/users/me").status == 401
    answer = sign_in(town)
    refused(answer, 403, "suspended")
    assert "Advertising" in answer.json["detail"] and "2999-12-31T12:00:00" in answer.json["detail"]
    refused(town.cgi("POST", LOGIN, {"username": "ben", "password": "a wrong password"}), 401,
            "login_failed")
    row, = ann("GET", ADMIN + "/suspensions").json
    assert (row["username"], row["reason"]) == ("ben", "Advertising")
    assert ann("DELETE", path).status == 204
    assert sign_in(town).status == 200
    assert ann("GET", ADMIN + "/suspensions").json == []


def test_a_suspension_ends_by_itself(town):
    _, ann, ben, _ = callers(town)
    ann("POST", f"{ADMIN}/users/{ben.id}/suspend", {"reason": "x", "until": FAR})
    town.rows.change("UPDATE users SET suspended_until = ? WHERE id = ?", int(time.time() * 1e6),
                     ben.id)
    assert sign_in(town).status == 200
    assert ann("GET", ADMIN + "/suspensions").json == []


@pytest.mark.parametrize("reason", ["🦊" * 1000, "x" * 1000])
def test_a_long_reason_is_cut_in_the_answer_to_a_login(town, reason):
    _, ann, ben, _ = callers(town)
    assert ann("POST", f"{ADMIN}/users/{ben.id}/suspend", {"reason": reason}).status == 204
    answer = sign_in(town)
    refused(answer, 403, "suspended")
    assert answer.json["detail"].count(reason[0]) > 20


def test_who_may_suspend_whom(town):
    ada, ann, ben, cleo = callers(town)
    body = {"reason": "x"}
    for by, other, status in ((ben, cleo, 403), (ann, ada, 403), (ann, ann, 403), (ada, ada, 403),
                              (ada, ann, 204), (ada, cleo, 204)):
        assert by("POST", f"{ADMIN}/users/{other.id}/suspend", body).status == status
    refused(ada("POST", f"{ADMIN}/users/999/suspend", body), 404, "user_not_found")
    assert ben("DELETE", "/api/v1/users/me").status == 204
    refused(ada("POST", f"{ADMIN}/users/{ben.id}/suspend", body), 404, "user_not_found")
    assert faults(ada("POST", f"{ADMIN}/users/{cleo.id}/suspend",
                      body | {"until": "2001-01-01T00:00:00Z"})) == [("value_error", ("body", "until"))]


def test_an_administrator_ends_all_logins_of_a_user(town):
    ada, ann, ben, _ = callers(town)
    refused(ann("DELETE", f"{ADMIN}/users/{ada.id}/sessions"), 403, "forbidden")
    assert ann("DELETE", f"{ADMIN}/users/{ben.id}/sessions").status == 204
    assert ben("GET", "/api/v1/users/me").status == 401
    assert sign_in(town).status == 200


def test_everything_that_an_account_said_is_removed_step_by_step(town):
    _, ann, ben, cleo = callers(town)
    room, other = town.room("cleo"), town.room("cleo", is_public=False)
    cleo("POST", f"/rooms/{other}/invitations", {"user_id": ben.id})
    for place in (room, other):
        ben("POST", f"/rooms/{place}/join")
        for user in (ben, cleo, ben):
            user("POST", f"/rooms/{place}/messages", {"content": "Hi"})
    ben("POST", f"/rooms/{room}/leave")
    for _ in range(3):
        share_knowledge(ben)
    kept = share_knowledge(cleo)
    ben("POST", "/aeon/interactions", {"target_aeon_user_id": cleo.id, "interaction_type": "x",
                                       "content": "Buy"})
    bridge = town.start_bridge()
    ann("POST", f"{ADMIN}/users/{ben.id}/suspend", {"reason": "Spam", "remove_content": True})
    wait_until(lambda: town.rows.select("SELECT 1 FROM content_removals") == [], "the end", bridge)
    for place in (room, other):
        assert [row["content"] for row in cleo("GET", f"/rooms/{place}/messages").json] == [
            "", "Hi", ""]
    assert [row["id"] for row in cleo("GET", "/knowledge").json] == [kept]
    assert cleo("GET", "/aeon/interactions").json == []
    assert len(ann("GET", ADMIN + "/removals").json) == 4 + 3 + 1
    assert town.ctl("check").returncode == 0


def test_the_texts_of_a_profile_of_own_rooms_and_of_answers_go_with_the_rest(town):
    _, ann, ben, cleo = callers(town)
    ben("PATCH", "/api/v1/users/me", {"full_name": "Buy", "bio": "Buy"})
    room, hers = (town.room(user.name, "Buy", topic="Buy", description="Buy") for user in (ben, cleo))
    for place, user in ((room, cleo), (hers, ben)):
        user("POST", f"/rooms/{place}/join")
    asked = [cleo("POST", "/aeon/interactions", {"target_aeon_user_id": ben.id, "content": "?",
                                                 "interaction_type": "x"}).json["id"] for _ in range(2)]
    since = position(cleo)
    ben("POST", f"/aeon/interactions/{asked[0]}/respond", {"response_content": "Buy"})
    assert "interaction_responded" in dict(events(cleo, since))
    bridge = town.start_bridge()
    ann("POST", f"{ADMIN}/users/{ben.id}/suspend", {"reason": "Spam", "remove_content": True})
    wait_until(lambda: town.rows.select("SELECT 1 FROM content_removals") == [], "the end", bridge)
    profile = cleo("GET", f"/api/v1/users/{ben.id}").json
    assert (profile["full_name"], profile["bio"]) == (None, None)
    shown = cleo("GET", f"/rooms/{room}").json
    assert (shown["name"], shown["topic"], shown["description"]) == ("Room", None, None)
    assert cleo("GET", f"/rooms/{hers}").json["name"] == "Buy"
    for number in asked:
        item = cleo("GET", f"/aeon/interactions/{number}").json
        assert (item["content"], item["response_content"], item["response_at"]) == ("?", None, None)
    heard = dict(events(cleo, since))
    assert "interaction_responded" not in heard and heard["room_updated"]["name"] == "Room"
    assert town.ctl("check").returncode == 0


def test_an_idempotency_key_does_not_show_what_was_removed(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("cleo")
    ben("POST", f"/rooms/{room}/join")
    calls = {"message": (f"/rooms/{room}/messages", {"content": "Buy"}),
             "knowledge": ("/knowledge", {"content": "Buy", "knowledge_type": "x"}),
             "interaction": ("/aeon/interactions", {"target_aeon_user_id": cleo.id, "content": "Buy",
                                                    "interaction_type": "x"}),
             "room": ("/rooms", {"name": "Buy"})}
    for kind, call in calls.items():
        def again(call=call, kind=kind):
            return ben("POST", *call, headers={"HTTP_IDEMPOTENCY_KEY": kind})
        made = again().json
        number = made.get("message_id") or made["id"]
        assert again().json == made
        remove(ann, kind, number)
        assert b"Buy" not in again().body
        refused(again(), 409, "idempotency_conflict")
        restore(ann, kind, number)
        assert again().json == made


# --- rooms without an owner -----------------------------------------------------------------------


def test_a_public_room_whose_owner_was_erased_belongs_to_the_administrators(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("ben")
    refused(ann("PATCH", f"/rooms/{room}", {"name": "Mine"}), 403, "forbidden")
    assert ben("DELETE", "/api/v1/users/me").status == 204
    assert cleo("POST", f"/rooms/{room}/join").status == 200
    refused(cleo("PATCH", f"/rooms/{room}", {"name": "Mine"}), 403, "forbidden")
    refused(ann("PATCH", f"/rooms/{room}", {"is_public": False}), 403, "forbidden")
    assert ann("PATCH", f"/rooms/{room}", {"name": "Ours"}).json["name"] == "Ours"
    assert ann("PUT", f"/rooms/{room}/participants/{cleo.id}", {"role": "moderator"}).status == 200
    assert ann("DELETE", f"/rooms/{room}").status == 204


def test_the_room_of_a_suspended_owner_belongs_to_the_administrators_meanwhile(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("ben")
    cleo("POST", f"/rooms/{room}/join")
    suspension = f"{ADMIN}/users/{ben.id}/suspend"
    ann("POST", suspension, {"reason": "x"})
    assert ann("DELETE", f"/rooms/{room}/participants/{cleo.id}").status == 204
    ann("DELETE", suspension)
    refused(ann("PATCH", f"/rooms/{room}", {"name": "y"}), 403, "forbidden")


# --- reports --------------------------------------------------------------------------------------


def report(user, kind, number, status=201):
    answer = user("POST", REPORTS, {"kind": kind, "id": str(number), "reason": "Spam"})
    assert answer.status == status, answer
    return answer.json.get("id")


def test_a_report_goes_to_the_queue_and_its_outcome_to_the_reporter(town):
    _, ann, ben, cleo = callers(town)
    number = share_knowledge(ben)
    start, hers = position(ann), position(cleo)
    filed = report(cleo, "knowledge", number)
    assert report(cleo, "knowledge", number, 200) == filed
    assert events(ann, start) == [("report_created", {"id": filed, "kind": "knowledge"})]
    row, = ann("GET", ADMIN + "/reports?state=open").json
    assert (row["excerpt"], row["reporter_name"], row["author_name"], row["is_removed"]) == (
        "sly fox", "cleo", "ben", False)
    path = f"{ADMIN}/reports/{filed}"
    assert ann("PATCH", path, {"state": "taken"}).json["assignee_name"] == "ann"
    remove(ann, "knowledge", number)
    done = ann("PATCH", path, {"state": "done", "note": "Thank you"}).json
    assert (done["state"], done["excerpt"], done["is_removed"]) == ("done", None, True)
    mine, = cleo("GET", REPORTS).json
    assert (mine["state"], mine["note"]) == ("done", "Thank you")
    assert events(cleo, hers) == [("report_decided", mine)]
    assert ben("GET", REPORTS).json == []


def test_one_reports_what_one_can_see_and_what_is_not_ones_own(town):
    _, _, ben, cleo = callers(town)
    hidden, own = share_knowledge(ben, visibility="private"), share_knowledge(cleo)
    room = town.room("ben", is_public=False)
    message = ben("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
    for kind, number in (("knowledge", hidden), ("room", room), ("message", message),
                         ("interaction", 1), ("user", 999), ("user", f"{ben.id}x")):
        report(cleo, kind, number, 404)
    report(cleo, "knowledge", own, 422)
    report(cleo, "user", cleo.id, 422)
    ben("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    report(cleo, "user", ben.id, 404)
    ben("DELETE", f"/relationships/{cleo.id}")
    disable(town, ben)
    report(cleo, "user", ben.id, 404)
    disable(town, ben, active=1)
    report(cleo, "user", ben.id)
    public = town.room("ben")
    report(cleo, "room", public)
    message = ben("POST", f"/rooms/{public}/messages", {"content": "x"}).json["message_id"]
    assert cleo("POST", f"/rooms/{public}/join", {}).status == 200
    ben("POST", "/relationships", {"related_user_id": cleo.id, "relationship_type": "blocked"})
    report(cleo, "message", message, 404)
    ben("DELETE", f"/relationships/{cleo.id}")
    assert ben("DELETE", f"/rooms/{public}/messages/{message}").status == 200
    report(cleo, "message", message, 404)


def test_a_report_shows_nothing_of_what_is_deleted(town):
    _, ann, ben, cleo = callers(town)
    room, other = town.room("ben"), town.room("ben")
    messages = []
    for place in (room, other):
        cleo("POST", f"/rooms/{place}/join")
        messages.append(ben("POST", f"/rooms/{place}/messages", {"content": "Buy"}).json["message_id"])
    for kind, thing in (("message", messages[0]), ("message", messages[1]), ("room", other)):
        report(cleo, kind, thing)

    def excerpts():
        return [row["excerpt"] for row in ann("GET", ADMIN + "/reports").json]
    assert all(excerpts())
    ben("DELETE", f"/rooms/{room}/messages/{messages[0]}")
    ben("DELETE", f"/rooms/{other}")
    assert excerpts() == [None, None, None]


def test_a_report_shows_no_title_of_knowledge_that_is_private_now(town):
    _, ann, ben, cleo = callers(town)
    room, item = town.room("ben"), share_knowledge(ben)
    cleo("POST", f"/rooms/{room}/join")
    assert ben("POST", f"/knowledge/{item}/share", {"room_id": room}).status < 300
    report(cleo, "message", cleo("GET", f"/rooms/{room}/messages").json[0]["message_id"])
    for visibility, excerpt in (("public", "sly fox"), ("private", "")):
        ben("PATCH", f"/knowledge/{item}", {"visibility": visibility})
        assert [row["excerpt"] for row in ann("GET", ADMIN + "/reports").json] == [excerpt]


def test_a_decided_report_can_be_filed_again(town):
    ada, ann, ben, cleo = callers(town)
    number = share_knowledge(ben)
    first = report(cleo, "knowledge", number)
    report(ada, "knowledge", number)
    decide = f"{ADMIN}/reports/"
    assert ann("PATCH", decide + str(first), {"state": "rejected"}).status == 200
    second = report(cleo, "knowledge", number)
    refused(ann("PATCH", decide + str(first), {"state": "open"}), 409, "reported_again")
    assert ann("PATCH", decide + str(second), {"state": "done"}).status == 200
    assert ann("PATCH", decide + str(first), {"state": "open"}).status == 200


def test_the_author_of_a_room_is_its_present_owner(town):
    _, ann, ben, cleo = callers(town)
    room = town.room("ben")
    cleo("POST", f"/rooms/{room}/join")
    ben("POST", f"/rooms/{room}/leave")
    report(cleo, "room", room, 422)
    report(ben, "room", room)
    cleo("POST", f"/rooms/{room}/leave")
    report(cleo, "room", room)
    later, first = ann("GET", ADMIN + "/reports").json
    assert (first["author_name"], later["author_name"]) == ("cleo", None)


def test_nobody_handles_a_report_about_oneself_or_about_a_higher_role(town):
    ada, ann, ben, _ = callers(town)
    about_ann, about_ada = report(ben, "user", ann.id), report(ben, "user", ada.id)
    assert ann("GET", ADMIN + "/reports").json == []
    refused(ann("PATCH", f"{ADMIN}/reports/{about_ann}", {"state": "rejected"}), 404, "not_found")
    assert [row["id"] for row in ada("GET", ADMIN + "/reports").json] == [about_ann]
    refused(ada("PATCH", f"{ADMIN}/reports/{about_ada}", {"state": "rejected"}), 404, "not_found")
    refused(ben("GET", ADMIN + "/reports"), 403, "forbidden")


def test_a_user_has_a_bounded_number_of_open_reports(town):
    _, ann, ben, cleo = callers(town)
    number = share_knowledge(ben)
    for i in range(50):
        town.rows.change("INSERT INTO reports (reporter_id, kind, object, reason, created_at, "
                         "updated_at) VALUES (?, 'user', ?, 'x', 1, 1)", cleo.id, str(1000 + i))
    refused(cleo("POST", REPORTS, {"kind": "knowledge", "id": str(number), "reason": "x"}), 409,
            "too_many_reports")
    report(ann, "knowledge", number)
    town.rows.change("UPDATE reports SET state = 'done' WHERE object = '1000'")
    report(cleo, "knowledge", number)
