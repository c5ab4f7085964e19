"""The export of an account: everything that is stored about a user, as one document."""

import json
import os
import subprocess

from conftest import Caller
from realm import BUILD
from test_erase import CANARY, ida, use_everything, town  # noqa: F401

EXPORT = "/api/v1/users/me/export"


def test_an_export_has_all_parts_of_an_account(town):
    room, message_id = use_everything(town)
    answer = ida(town)("GET", EXPORT)
    assert answer.status == 200 and "content-length" not in answer.headers
    document = answer.json
    account, = document["account"]
    assert (account["bio"], account["email"]) == (CANARY, f"{CANARY}@example.org")
    assert [m["message_id"] for m in document["messages"]] == [message_id]
    assert [k["content"] for k in document["knowledge"]] == [f"{CANARY} sings"]
    assert len(document["aeon_interactions"]) == 2
    assert "argon2" not in answer.body.decode()
    printed = json.loads(town.ctl("user", "export", ida(town).name).stdout)
    assert [row["actor_id"] for row in printed["audit"][:2]] == [None, ida(town).id]
    own = {"exported_at": None, "audit": None}  # each export is an entry of its own
    assert printed | own == document | own


def test_a_large_account_is_exported_in_little_memory(town):
    me = ida(town)
    room = town.room(me.name)
    with town.rows.transaction() as db:
        db.executemany(
            "INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp) "
            "VALUES (printf('%036d', ?1), ?2, ?1, ?3, ?4, 1)",
            ((seq, room, me.id, "x" * 1000) for seq in range(1, 60001)))
        db.execute("UPDATE chat_rooms SET last_seq = 60000 WHERE id = ?", (room,))
    environment = town.environment | town.cgi_environment("GET", EXPORT, token=town.tokens[me.name])
    # The address sanitizer otherwise keeps up to 256 MB of freed memory.
    options = [os.environ.get("ASAN_OPTIONS", ""), "quarantine_size_mb=1"]
    environment["ASAN_OPTIONS"] = ":".join(filter(None, options))
    with subprocess.Popen([BUILD / "aeon.fcgi"], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    document = json.loads(output.partition(b"\r\n\r\n")[2])
    assert [m["seq"] for m in document["messages"]] == list(range(60000, 0, -1))
    # Most of the resident memory is the mapped database file.
    private = usage.ru_maxrss - os.path.getsize(town.database) // 1024
    assert len(output) > 60_000_000 and private < 40_000


def test_rows_of_the_same_moment_are_all_exported(town):
    """A page of the export has 200 rows, and all 201 of each kind have the same time."""
    me, ben = ida(town), Caller(town, "ben")
    other = ben.id
    room = town.room("ben")
    knowledge = ben("POST", "/knowledge", {
        "content": "x", "knowledge_type": "t"}).json["id"]
    rooms = [f"0000000{i:01x}-0000-4000-8000-{j:012x}" for i in range(2) for j in range(201)]
    with town.rows.transaction() as db:
        db.execute("DROP TRIGGER room_text_insert")  # its index needs the realm's own tokenizer
        db.executemany("INSERT INTO chat_rooms (id, name, created_at) VALUES (?, 'r', 1)",
                       ((each,) for each in rooms))
        db.executemany("INSERT INTO room_invitations VALUES (?, ?, ?, 7)",
                       [(each, me.id, other) for each in rooms[:201]] +
                       [(each, other, me.id) for each in rooms[:201]])
        db.executemany("INSERT INTO room_bans VALUES (?, ?, ?, 7)",
                       [(each, me.id, other) for each in rooms[201:]] +
                       [(each, other, me.id) for each in rooms[201:]])
        db.execute("INSERT INTO real_time_messages (id, room_id, seq, sender_id, content, timestamp)"
                   " VALUES (printf('%036d', 1), ?, 1, ?, 'x', 1)", (room, other))
        db.executemany("INSERT INTO message_reactions VALUES (printf('%036d', 1), ?, ?, 7)",
                       ((f"{i}" + "🙂" * 29, me.id) for i in range(100, 301)))
        db.executemany("INSERT INTO aeon_interactions (aeon_user_id, target_aeon_user_id,"
                       " interaction_type, content, created_at) VALUES (?, ?, 't', 'x', 7)",
                       [(me.id, other), (other, me.id)] * 201)
        db.executemany("INSERT INTO knowledge_shares VALUES (?, ?, ?, 7)",
                       ((knowledge, me.id, each) for each in rooms[:201]))
    document = me("GET", EXPORT).json

    def exported(part, *keys):
        found = [tuple(row[key] for key in keys) for row in document[part]]
        assert len(set(found)) == len(found)
        return set(found)
    assert exported("invitations", "room_id", "user_id") == {
        (each, user) for each in rooms[:201] for user in (me.id, other)}
    assert exported("bans", "room_id", "user_id") == {
        (each, user) for each in rooms[201:] for user in (me.id, other)}
    assert exported("shares", "knowledge_id", "target") == {
        (knowledge, each) for each in rooms[:201]}
    assert len(exported("reactions", "message_id", "key")) == 201
    assert len(exported("aeon_interactions", "id")) == 402
