"""The export of an account: everything that is stored about a user, as one document."""

import json
import os
import subprocess

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
