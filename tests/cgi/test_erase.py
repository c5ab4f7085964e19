"""Erasing an account: what is removed, what stays, and that nothing of it is found afterwards."""

import base64
import hmac
import struct
import time
import signal
import threading

import pytest
from conftest import Caller, refused
from realm import PASSWORD, Realm, wait_until

CANARY = "Kanarienvogel"  # in every text of ida
ME = "/api/v1/users/me"


@pytest.fixture
def town():
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("olga", "ben", "cleo", f"ida-{CANARY}")}
        yield made


def ida(town):
    return Caller(town, f"ida-{CANARY}")


def totp(secret, later=0):
    """The code that an authenticator shows, `later` steps from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 10**6:06}"


def use_everything(town):
    """ida and others do all that the API offers. Returns a room and the id of her message there."""
    me, ben, olga = ida(town), Caller(town, "ben"), Caller(town, "olga")
    me("PUT", f"{ME}/settings", {"settings": {"note": CANARY}})
    me("PATCH", ME, {"full_name": CANARY, "bio": CANARY, "email": f"{CANARY}@example.org"})
    room = town.room("olga")
    for who in (me, ben):
        who("POST", f"/rooms/{room}/join")
    message_id = me("POST", f"/rooms/{room}/messages", {"content": CANARY}).json["message_id"]
    me("PATCH", f"/rooms/{room}/messages/{message_id}", {"content": "still here"})
    theirs = ben("POST", f"/rooms/{room}/messages", {"content": "theirs"}).json["message_id"]
    me("PUT", f"/rooms/{room}/messages/{theirs}/reactions/x?client_id={CANARY}")
    town.rows.change("INSERT INTO message_mentions (user_id, message_id, room_id, seq) "  # by her name, which goes
                     "SELECT ?, id, room_id, seq FROM real_time_messages WHERE id = ?", me.id, theirs)
    me("PUT", f"/rooms/{room}/read", {"up_to_seq": 1})
    for a, b in ((me, ben), (ben, me)):
        a("POST", "/relationships", {"related_user_id": b.id, "relationship_type": "friend",
                                     "shared_interests": [CANARY] if a is me else []})
        a("POST", "/aeon/interactions", {"target_aeon_user_id": b.id, "interaction_type": "x",
                                         "content": CANARY if a is me else "x"},
          headers={"HTTP_IDEMPOTENCY_KEY": "k"})
    mine = me("POST", "/knowledge", {"content": f"{CANARY} sings", "knowledge_type": "x",
                                     "tags": [CANARY]}).json["id"]
    other = ben("POST", "/knowledge", {"content": "b", "knowledge_type": "x"}).json["id"]
    ben("POST", f"/knowledge/{mine}/upvote")
    me("POST", f"/knowledge/{other}/upvote")
    me("POST", f"/knowledge/{other}/share", {"user_id": olga.id})
    ben("POST", f"/knowledge/{other}/share", {"user_id": me.id})
    own = town.room(f"ida-{CANARY}")
    me("POST", f"/rooms/{own}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{own}/join")
    olga("POST", f"/rooms/{own}/join")
    me("POST", f"/rooms/{own}/invitations", {"user_id": Caller(town, "cleo").id})
    me("DELETE", f"/rooms/{own}/participants/{olga.id}?ban=true")
    closed = town.room("olga", is_public=False)
    olga("POST", f"/rooms/{closed}/invitations", {"user_id": me.id})
    banned = town.room("olga")
    olga("DELETE", f"/rooms/{banned}/participants/{me.id}?ban=true")
    moderate_everything(town, me, ben, olga)
    use_twins(town, me, ben)
    town.rows.change("INSERT OR REPLACE INTO user_presence (user_id, status, last_seen) "
                     "VALUES (?, 'away', 1)", me.id)
    town.rows.change("INSERT INTO mails (user_id, kind, detail, created_at, due_at, sent_at) "
                     "VALUES (?, 'device', ?, ?, 1, 1)", me.id, CANARY, 1 << 52)
    town.rows.change("INSERT INTO account_codes VALUES (?, 'address', randomblob(32), 1)", me.id)
    town.rows.change("INSERT INTO connected_users (user_id, instance, status) VALUES (?, 1, 'away')", me.id)
    town.ctl("user", "role", me.name, "admin")  # for an invitation to the realm
    assert me("POST", "/api/v1/invites", {}).status == 201
    town.ctl("user", "role", me.name, "user")
    secret = me("POST", "/api/v1/users/me/totp", {}).json["secret"]
    assert me("POST", "/api/v1/users/me/totp/confirm", {"code": totp(secret)}).status == 200
    return room, message_id


def use_twins(town, me, ben):
    """ida and ben have twins that remember, talk and answer each other."""
    for owner, other in ((me, ben), (ben, me)):
        secret = CANARY if owner is me else "x"
        quoted = "x" if owner is me else CANARY
        with town.rows.transaction() as db:
            db.execute("INSERT INTO twins (user_id, name, persona, updated_at) VALUES (?, ?, ?, 1)",
                       (owner.id, secret, secret))
            db.execute("INSERT INTO room_twins SELECT room_id, user_id, 1 FROM room_participants "
                       "WHERE user_id = ? AND is_active = 1 LIMIT 1", (owner.id,))
            memory = db.execute("INSERT INTO twin_memories (owner_id, content, digest, memory_type, "
                                "quote, created_at, updated_at) "
                                "VALUES (?, ?, randomblob(16), 'fact', ?, 1, 1)",
                                (owner.id, secret, secret)).lastrowid
            db.execute("INSERT INTO search_vectors (owner_id, content, created_at) "
                       "VALUES (?, ?, 1)", (owner.id, secret))
            db.execute("INSERT INTO path_questions (viewer_id, target_id, created_at) "
                       "VALUES (?, ?, 1), (?2, ?1, 1)", (owner.id, other.id))
            db.execute("INSERT INTO memory_sources VALUES (?, 'message', 'x')", (memory,))
            db.execute("INSERT INTO learning (kind, source, owner_id, created_at) "
                       "VALUES ('chat', ?, ?, 1)", (secret, owner.id))
            talk = f"{owner.id:08}-0000-7000-8000-000000000000"
            db.execute("INSERT INTO twin_conversations (id, owner_id, created_at, updated_at) "
                       "VALUES (?, ?, 1, 1)", (talk, owner.id))
            turn = db.execute("INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, "
                              "root_id, step, asker_id, state, due_at, content, created_at) VALUES "
                              "(?, 'chat', ?, 'chat', ?, 1, ?, 'posted', 1, ?, 1)",
                              (owner.id, secret, secret, other.id, secret + quoted)).lastrowid
            line = db.execute("INSERT INTO twin_chat (conversation_id, is_aeon, content, turn_id, "
                              "created_at) VALUES (?, 1, ?, ?, 1)",
                              (talk, secret + quoted, turn)).lastrowid
            db.execute("UPDATE twin_turns SET answer_id = ? WHERE id = ?", (line, turn))
            db.execute("INSERT INTO turn_sources (turn_id, kind, source, author_id, cited, score) "
                       "VALUES (?, 'memory', ?, ?, 1, 1)", (turn, memory, other.id))
            told = db.execute("INSERT INTO twin_turns (twin_id, cause_kind, cause_id, root_kind, "
                              "root_id, step, asker_id, state, due_at, created_at) VALUES "
                              "(?, 'message', 'x', 'message', ?, 1, ?, 'posted', 1, 1)",
                              (owner.id, owner.name, other.id)).lastrowid
            db.execute("INSERT INTO knowledge_cites (knowledge_id, twin_id, mark, turn_id, asker_id) "
                       "SELECT min(id), ?, 0, ?, ? FROM shared_knowledge WHERE creator_id <> ?",
                       (owner.id, told, other.id, me.id))
            db.execute("INSERT INTO twin_calls (twin_id, asker_id, turn_id, provider, model, "
                       "reserved, created_at) VALUES (?, ?, ?, 'llm', 'x', 1, ?)",
                       (owner.id, other.id, turn, int(time.time() * 1e6)))


def moderate_everything(town, me, ben, olga):
    """ida and the others report and remove things of each other; she is an admin for that time."""
    admin, knowledge = "/api/v1/admin", {"content": "a shout", "knowledge_type": "x"}
    interaction = {"interaction_type": "x", "content": "x"}
    theirs = [ben("POST", "/knowledge", knowledge).json["id"] for _ in range(2)]
    for number in theirs:
        me("POST", f"/knowledge/{number}/upvote")
        me("POST", f"/knowledge/{number}/share", {"user_id": olga.id})
    for by, target in ((me, ben), (ben, me)):
        number = by("POST", "/aeon/interactions", interaction | {"target_aeon_user_id": target.id})
        olga("POST", admin + "/remove", {"kind": "interaction", "id": str(number.json["id"]),
                                         "reason": "x"})
    for kind, number in (("knowledge", theirs[0]), ("user", ben.id)):
        me("POST", "/api/v1/reports", {"kind": kind, "id": str(number), "reason": CANARY})
    filed = ben("POST", "/api/v1/reports", {"kind": "user", "id": str(me.id), "reason": "x"})
    assert filed.status == 201
    about = ben("POST", "/api/v1/reports", {"kind": "user", "id": str(Caller(town, "cleo").id),
                                            "reason": "x"}).json["id"]
    olga("POST", admin + "/remove", {"kind": "knowledge", "id": str(theirs[0]), "reason": "x"})
    town.ctl("user", "role", me.name, "admin")
    me("PATCH", f"{admin}/reports/{about}", {"state": "taken"})
    me("POST", admin + "/remove", {"kind": "knowledge", "id": str(theirs[1]), "reason": "x"})
    town.ctl("user", "role", me.name, "user")


def test_erasing_an_account_removes_everything_but_its_messages(town):
    room, message_id = use_everything(town)
    me, ben = ida(town), Caller(town, "ben")
    assert me("DELETE", ME).status == 204
    assert me("GET", ME).status == 401
    row, = town.rows.select("SELECT username, email, password_hash, full_name, bio, is_active "
                            "FROM users WHERE id = ?", me.id)
    assert row == ("deleted user", "", "", None, None, 0)
    message = ben("GET", f"/rooms/{room}/messages/{message_id}").json
    assert (message["content"], message["sender_name"]) == ("still here", "deleted user")
    assert town.ctl("check").returncode == 0
    refused(ben("GET", f"/api/v1/users/{me.id}"), 404, "user_not_found")
    participants = ben("GET", f"/rooms/{room}").json["participants"]
    assert [p["username"] for p in participants] == ["olga", "ben"]
    assert ben("GET", "/knowledge?q=sings").json == []


def test_an_erased_name_is_free_again_and_its_login_is_refused(town):
    me = ida(town)
    assert me("DELETE", ME).status == 204
    login = {"username": me.name, "password": PASSWORD}
    assert town.cgi("POST", "/api/v1/users/login", login).status == 401
    assert town.cgi("POST", "/api/v1/users/login", {"username": "deleted user", "password": "x" * 8}
                    ).status == 401
    town.user(me.name)
    Caller(town, "ben")("DELETE", ME)
    assert town.rows.select("SELECT count(*) FROM users WHERE username = 'deleted user'") == [(2,)]


def erased(town):
    return town.rows.select("SELECT 1 FROM users WHERE erasing <> 0") == []


def assert_no_byte_left(town):
    wal = town.database.with_name(town.database.name + "-wal")
    files = b"".join(path.read_bytes() for path in (town.database, wal) if path.exists())
    assert CANARY.encode() not in files and CANARY.lower().encode() not in files


def write_long_texts(town):
    """A text in the index that has changed since, and one that still waits for the index."""
    me = Caller(town, ida(town).name)
    content = {"content": f"{CANARY} sings " * 200, "knowledge_type": "x"}
    item = me("POST", "/knowledge", content).json["id"]
    town.start_workers("fast", 1)  # does no maintenance, so that texts wait
    me.ask_worker("POST", "/knowledge", content)
    me.ask_worker("PATCH", f"/knowledge/{item}", {"content": f"{CANARY} sang " * 200})
    assert town.rows.select("SELECT content IS NULL FROM knowledge_unindexed ORDER BY id") == [
        (0,), (1,)]


def test_the_bridge_leaves_no_byte_of_an_erased_account_in_the_files(town):
    use_everything(town)
    write_long_texts(town)
    ida(town)("DELETE", ME)
    wait_until(lambda: erased(town), "the end", town.start_bridge())
    assert_no_byte_left(town)


def test_plain_cgi_leaves_no_byte_of_an_erased_account_in_the_files(town):
    use_everything(town)
    write_long_texts(town)
    ida(town)("DELETE", ME)
    for _ in range(5):  # each program does a part of the rest
        Caller(town, "ben")("GET", ME)
    assert_no_byte_left(town)
    assert erased(town)


def test_the_last_owner_cannot_be_erased(town):
    olga = Caller(town, "olga")
    refused(olga("DELETE", ME), 409, "last_owner")
    town.ctl("user", "role", "ben", "owner")
    assert olga("DELETE", ME).status == 204


def test_the_last_user_of_all_can_be_erased(town):
    olga = Caller(town, "olga")
    for name in list(town.ids)[1:]:
        refused(olga("DELETE", ME), 409, "last_owner")
        assert Caller(town, name)("DELETE", ME).status == 204
    assert olga("DELETE", ME).status == 204


def test_rooms_of_an_erased_owner_go_to_a_successor(town):
    own = town.room(f"ida-{CANARY}")
    Caller(town, "ben")("POST", f"/rooms/{own}/join")
    ida(town)("DELETE", ME)
    room = Caller(town, "ben")("GET", f"/rooms/{own}").json
    assert [(p["username"], p["role"]) for p in room["participants"]] == [("ben", "owner")]
    assert room["created_by"] is None and room["current_participants"] == 1


def test_a_large_account_is_erased_in_steps_that_survive_a_kill(town):
    me = ida(town)
    with town.rows.transaction() as db:
        db.executemany("INSERT INTO user_relationships (user_id, related_user_id, "
                       "relationship_type, created_at, last_interaction) VALUES (?, ?, 'x', 1, 1)",
                       ((me.id, other) for other in range(1000, 13000)))
        db.execute("UPDATE users SET username = 'deleted user', email = '', password_hash = '', "
                   "is_active = 0, erased_at = 1, erasing = 1 WHERE id = ?", (me.id,))

    def left():
        return len(town.rows.select("SELECT 1 FROM user_relationships WHERE user_id = ?", me.id))
    bridge = town.start_bridge()
    wait_until(lambda: left() < 12000, "a step", bridge)
    town.stop("bridge", signal.SIGKILL)
    assert 0 < left() < 12000
    bridge = town.start_bridge()
    wait_until(lambda: town.rows.select("SELECT 1 FROM users WHERE erasing > 0") == [], "the end",
               bridge)
    assert left() == 0


def test_erasing_is_correct_while_others_write_to_the_same_user(town):
    room, _ = use_everything(town)
    me, ben = ida(town), Caller(town, "ben")
    statuses = []

    def write():
        for number in range(10):
            statuses.append(ben("POST", f"/rooms/{room}/messages", {"content": str(number)}).status)
            statuses.append(ben("POST", "/aeon/interactions", {
                "target_aeon_user_id": me.id, "interaction_type": "x", "content": "y"}).status)
    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert me("DELETE", ME).status == 204
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 404}
    assert town.ctl("check").returncode == 0


def test_others_are_told_that_the_reactions_and_blocks_of_an_erased_user_end(town):
    me, ben, cleo = ida(town), Caller(town, "ben"), Caller(town, "cleo")
    room = town.room("ben")
    for who in (me, cleo):
        who("POST", f"/rooms/{room}/join")
    message = ben("POST", f"/rooms/{room}/messages", {"content": "x"}).json["message_id"]
    me("PUT", f"/rooms/{room}/messages/{message}/reactions/x")
    assert cleo("POST", "/relationships", {"related_user_id": me.id, "relationship_type": "blocked"}).status == 201
    start = ben("GET", "/events").json
    assert me("DELETE", ME).status == 204

    def heard(who, kind):
        path = f"/events?epoch={start['epoch']}&since={start['pos']}"
        return [event["data"] for event in who("GET", path).json["events"] if event["type"] == kind]
    reaction = wait_until(lambda: heard(ben, "reaction"), "the reaction's end")[0]
    assert (reaction["message_id"], reaction["key"], reaction["on"]) == (message, "x", False)
    assert CANARY not in str(reaction)
    told = wait_until(lambda: heard(cleo, "account_changed"), "the block's end")
    assert [(data["part"], data["id"]) for data in told] == [("relationship", None)]
