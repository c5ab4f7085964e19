"""aeonctl: what an administrator sees and what scripts can rely on."""

import contextlib
import json
import os
import pathlib
import pty
import select
import subprocess
import sys
import sys
import threading

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))

from conftest import answer  # noqa: E402
from realm import BUILD, PASSWORD, PATIENCE  # noqa: E402
from rows import Rows  # noqa: E402


def complaint(done):
    """The text of a refusal, which is one line with the name of the program."""
    assert done.stderr.startswith("aeonctl: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr[len("aeonctl: "):-1]


@pytest.fixture
def rows(folder):
    return Rows(folder / "aeon.db")


# --- init ---

def test_init_creates_the_realm_and_may_be_repeated(ctl, folder, rows):
    first = answer(ctl("init", "--json"))
    assert len(first.pop("setup_code")) == 23
    assert first == {"database": str(folder / "aeon.db"), "created": True, "rooms_made": 3}
    again = answer(ctl("init", "--json"))
    assert (again["created"], again["rooms_made"]) == (False, 0)
    names = {row[0] for row in rows.select("SELECT name FROM chat_rooms")}
    assert names == {"General", "AEON Hub", "Knowledge Exchange"}


def test_migrate_creates_no_rooms(ctl, rows):
    ctl("migrate")
    assert rows.select("SELECT count(*) FROM chat_rooms") == [(0,)]


def test_the_database_option_has_precedence(ctl, folder):
    ctl("init", "--database", folder / "other.db")
    assert (folder / "other.db").exists() and not (folder / "aeon.db").exists()


def test_the_environment_has_precedence_over_a_configuration_file(ctl, folder):
    (folder / "aeon.conf").write_text(f"database = {folder}/from-file.db\n")
    done = ctl("--json", "init", "--config", folder / "aeon.conf")
    assert answer(done)["database"] == f"{folder}/aeon.db"


# --- failures ---

def test_a_missing_directory_is_named(ctl, folder):
    done = ctl("init", "--database", folder / "no" / "x.db", code=73)
    reason = "No such file or directory"
    assert complaint(done) == f"cannot write to the directory {folder}/no: {reason}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_directory_is_named(ctl, folder):
    folder.chmod(0o500)
    done = ctl("init", code=73)
    folder.chmod(0o700)
    assert "Permission denied" in complaint(done)


def test_a_missing_database_is_reported_with_the_next_step(ctl, folder):
    done = ctl("stats", code=66)
    assert complaint(done) == f"there is no database {folder}/aeon.db; create it with 'aeonctl init'"
    assert not (folder / "aeon.db").exists()


def test_a_file_that_is_not_a_database_is_left_unchanged(ctl, folder):
    (folder / "aeon.db").write_text("shopping list\n" * 100)
    assert "file is not a database" in complaint(ctl("init", code=65))
    assert (folder / "aeon.db").read_text() == "shopping list\n" * 100


def test_the_database_of_another_program_is_left_unchanged(ctl, rows):
    rows.change("CREATE TABLE recipes (x)")
    assert complaint(ctl("init", code=65)) == "This is not a database of AEON Realm"
    assert rows.tables() == ["recipes"]


def test_a_database_of_a_newer_program_is_refused(realm, rows):
    rows.set_version(9999)
    for command in ("init", "migrate", "stats", "check"):
        assert "newer version" in complaint(realm(command, code=65))


def test_a_database_that_needs_a_migration_is_reported(realm, rows):
    rows.set_version(0)
    assert "aeonctl migrate" in complaint(realm("stats", code=65))


def test_a_locked_database_is_a_temporary_failure(realm, rows):
    with rows.locked():
        done = realm("user", "add", "ada", "ada@example.org", "--password-stdin", stdin=PASSWORD,
                     code=75, AEON_STORE_WAIT_MS="50")
    assert "busy" in complaint(done)


def test_a_wrong_configuration_line_is_named(ctl, folder):
    (folder / "aeon.conf").write_text("# fine\nsession_days = soon\n")
    done = ctl("--config", folder / "aeon.conf", "init", code=78)
    assert f"{folder}/aeon.conf:2: session_days" in complaint(done)
    assert not (folder / "aeon.db").exists()


@pytest.mark.parametrize("arguments", [
    (), ("nonsense",), ("user",), ("user", "sing"), ("init", "now"), ("backup",),
    ("stats", "--force"), ("user", "add", "ada"), ("user", "role", "ada", "king"),
    ("init", "--role", "admin"), ("user", "add", "ada", "a@b.org", "--role", "king"),
    ("user", "add", "ada", "a@b.org"),
])
def test_wrong_usage_is_reported(realm, arguments):
    complaint(realm(*arguments, code=64))


def test_an_unknown_option_is_reported(ctl):
    assert "--nonsense" in ctl("init", "--nonsense", code=64).stderr


# --- help ---

def test_help_names_every_command_and_every_command_has_help(ctl):
    overview = ctl("--help").stdout
    commands = [line.strip() for line in overview.split("Options:")[0].splitlines()
                if line.startswith("  ")]
    assert len(commands) >= 15
    for line in commands:
        words = [word for word in line.split("  ")[0].split() if word.islower()]
        own = ctl(*words, "--help").stdout
        assert own.startswith(f"Usage: aeonctl {' '.join(words)}")
    assert ctl("--version").stdout.startswith("aeonctl ")


def test_the_man_page_names_every_command(ctl):
    page = (TOP / "ctl" / "aeonctl.8").read_text()
    for line in ctl("--help").stdout.split("Options:")[0].splitlines():
        if line.startswith("  "):
            words = [word for word in line.split("  ")[1].split() if word.islower()]
            assert " ".join(words) in page


# --- users ---

def add(ctl, name, *options, password=PASSWORD, code=0):
    return ctl("user", "add", name, f"{name}@example.org", "--password-stdin", "--json", *options,
               stdin=password + "\n", code=code)


def test_a_user_gets_the_given_role_and_no_other(realm):
    assert answer(add(realm, "ada", "--role", "owner"))["role"] == "owner"
    assert answer(add(realm, "ben"))["role"] == "user"
    assert answer(add(realm, "cleo", "--role", "admin"))["role"] == "admin"
    listed = answer(realm("user", "list", "--json"))
    assert [user["username"] for user in listed] == ["cleo", "ben", "ada"]


def test_accounts_that_wait_are_listed_approved_and_rejected(realm, rows):
    for name in ("ada", "ben"):
        add(realm, name)
        rows.change("UPDATE users SET pending = 1, is_active = 0 WHERE username = ?", name)
    assert {user["username"] for user in answer(realm("user", "pending", "--json"))} == {"ada", "ben"}
    assert answer(realm("user", "approve", "ada", "--json"))["is_active"] is True
    assert answer(realm("user", "reject", "ben", "--json")) == {"erased": "ben"}
    assert answer(realm("user", "pending", "--json")) == []
    realm("user", "approve", "ada", code=67)
    realm("user", "reject", "ada", code=67)


def test_a_common_password_is_refused(realm):
    assert "most common" in complaint(add(realm, "ada", password="password1", code=65))
    add(realm, "ada")
    again = realm("user", "password", "ada", "--password-stdin", stdin="Qwertyuiop\n", code=65)
    assert "most common" in complaint(again)


def test_an_invalid_user_is_refused_with_all_reasons(realm):
    text = complaint(realm("user", "add", "x", "y", "--password-stdin", stdin="short\n", code=65))
    assert "username: String should have at least 3 characters" in text
    assert "email: value is not a valid email address" in text or "email: String should" in text
    assert "password: String should have at least 8 characters" in text
    assert "short" not in text


def test_a_taken_name_is_refused(realm):
    add(realm, "ada")
    assert complaint(add(realm, "ada", code=65)) == "Username already registered"


def test_a_generated_password_is_printed_once_and_is_always_different(realm):
    made = [answer(realm("user", "add", name, f"{name}@x.org", "--generate", "--json"))["password"]
            for name in ("ada", "ben")]
    assert made[0] != made[1] and min(map(len, made)) >= 20
    assert made[0] not in realm("user", "list", "--json").stdout


def test_the_database_never_holds_a_password(realm, rows):
    add(realm, "ada")
    (stored,), = rows.select("SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$")


def test_password_role_disable_and_enable(realm, rows):
    add(realm, "ada")
    rows.change("INSERT INTO sessions (token_hash, user_id, created_at, expires_at)"
                " VALUES (randomblob(32), 1, 1, 9e15)")
    before = rows.select("SELECT password_hash FROM users")
    realm("user", "password", "ADA", "--password-stdin", stdin="another one\n")
    assert rows.select("SELECT password_hash FROM users") != before
    assert rows.select("SELECT count(*) FROM sessions") == [(0,)]
    assert answer(realm("user", "role", "ada", "user", "--json"))["role"] == "user"
    assert answer(realm("user", "disable", "ada", "--json"))["is_active"] is False
    assert answer(realm("user", "enable", "ada", "--json"))["is_active"] is True


def test_an_unknown_user_is_reported(realm):
    for words in (("disable", "nobody"), ("enable", "nobody"), ("role", "nobody", "admin")):
        assert complaint(realm("user", *words, code=67)) == "User not found"


def test_the_user_list_is_a_readable_table(realm):
    add(realm, "ada")
    head, row = realm("user", "list").stdout.splitlines()
    assert head.split()[:3] == ["id", "username", "email"]
    assert row.split()[:3] == ["1", "ada", "ada@example.org"]


def test_the_user_list_has_more_users_than_a_page(realm, rows):
    with rows.transaction() as db:
        db.executemany("INSERT INTO users (username, email, email_key, password_hash, created_at,"
                       " updated_at) VALUES (?1, ?2, ?2, 'x', 0, 0)",
                       [(f"user{i}", f"{i}@x.org") for i in range(450)])
    assert len({user["id"] for user in answer(realm("user", "list", "--json"))}) == 450


def test_a_password_is_asked_twice_on_the_terminal_without_echo(realm, folder, rows):
    child, terminal = pty.fork()
    if child == 0:
        os.environ["AEON_DATABASE"] = str(folder / "aeon.db")
        os.execv(BUILD / "aeonctl", ["aeonctl", "user", "add", "ada", "ada@example.org"])
    seen = b""

    def read_more():
        assert select.select([terminal], [], [], PATIENCE)[0], seen
        return os.read(terminal, 1000)

    for question in (b"Password: ", b"Again: "):
        while question not in seen:
            seen += read_more()
        os.write(terminal, PASSWORD.encode() + b"\n")
    with contextlib.suppress(OSError):  # the other end is closed
        while more := read_more():
            seen += more
    assert os.waitpid(child, 0)[1] == 0, seen
    assert PASSWORD.encode() not in seen
    assert len(rows.select("SELECT * FROM users")) == 1


# --- maintenance ---

def test_the_demo_realm_is_intact_and_is_created_once(realm, rows):
    made = answer(realm("demo", "--json"))
    stats = answer(realm("stats", "--json"))
    assert stats["users"] == made["users"] >= 24
    assert stats["messages"] > 40 and stats["knowledge"] > 20 and stats["interactions"] >= 10
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}
    assert "already" in complaint(realm("demo", code=65))
    assert rows.select("SELECT count(*) FROM realm_events")[0][0] > 100


def test_an_account_is_erased_only_with_force(realm, rows):
    realm("demo")
    realm("user", "erase", "bashir", code=64)
    assert answer(realm("user", "erase", "bashir", "--force", "--json")) == {"erased": "bashir"}
    realm("user", "erase", "bashir", "--force", code=67)
    assert rows.select("SELECT count(*) FROM users WHERE erased_at IS NOT NULL") == [(1,)]
    assert rows.select("SELECT 1 FROM users WHERE erasing > 0") == []
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}


def test_check_names_every_wrong_counter(realm, rows):
    realm("demo")
    rows.change("UPDATE chat_rooms SET current_participants = 13 WHERE name = 'General'")
    rows.change("UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE name = 'Workshop'")
    rows.change("UPDATE shared_knowledge SET upvotes = upvotes + 5 WHERE id = 3")
    rows.change("DELETE FROM knowledge_tags WHERE knowledge_id = 4")
    done = realm("check", "--json", code=65)
    findings = answer(done)["findings"]
    assert len(findings) == 5
    assert "current_participants is 13, but the number of participants is 6." in findings[0]
    assert findings[2].startswith("Knowledge 3: upvotes is ")


def test_rebuild_corrects_every_counter(realm, rows):
    realm("demo")
    for statement in (
            "UPDATE chat_rooms SET current_participants = 13 WHERE name = 'General'",
            "UPDATE real_time_messages SET reaction_count = reaction_count + 1 WHERE seq = 1",
            "UPDATE shared_knowledge SET upvotes = upvotes + 5, share_count = 7 WHERE id = 3",
            "UPDATE shared_knowledge SET citing_twins = 2, rejections = 1 WHERE id = 2",
            "UPDATE user_tags SET items = items + 1", "DELETE FROM user_tags WHERE user_id = 2",
            "UPDATE tags SET uses = uses + 3", "UPDATE knowledge_tags SET score = 5 WHERE knowledge_id = 2",
            "DELETE FROM knowledge_tags WHERE knowledge_id = 4",
            "UPDATE user_counts SET interactions = 77 WHERE user_id = 3",
            "DELETE FROM user_counts WHERE user_id = 4",
            "UPDATE user_counts SET text_bytes = text_bytes + 9 WHERE user_id = 5",
            "UPDATE tag_users SET public_users = ids_add(public_users, 900) WHERE id = ids_key(3, 0)",
            "DELETE FROM tag_users WHERE id = ids_key(2, 0)",
            "UPDATE tag_users SET friends_users = x'01'",
            "DELETE FROM tag_count_users WHERE id = ids_key(2, 0)",
            "INSERT INTO tag_count_users (id, public_users) VALUES (ids_key(999, 0), x'0000')"):
        rows.change(statement)
    findings = answer(realm("check", "--json", code=65))["findings"]
    for what in ("current_participants", "reaction_count", "upvotes", "share_count", "citing_twins", "the tag index is wrong",
                 "its score", "uses is", "user_tags counts", "User 3: these counts are wrong: interactions",
                 "User 4: these counts are wrong: public_knowledge friends", "User 5: text_bytes is ", "its set of users is wrong",
                 "set of users with 2 tags", "set of users with 999 tags"):
        assert what in " ".join(findings), what
    done = answer(realm("rebuild", "--json"))
    assert done["intact"] and not done["findings"] and set(findings) & set(done["repaired"])
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}


def test_rebuild_reports_what_it_cannot_correct(realm, rows):
    realm("demo")
    rows.change("UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE name = 'Workshop'")
    rows.change("UPDATE chat_rooms SET current_participants = 13 WHERE name = 'General'")
    done = answer(realm("rebuild", "--json", code=65))
    assert not done["intact"] and "last_seq" in done["findings"][0]
    assert "current_participants" in done["repaired"][0] and len(done["repaired"]) == 1


def test_a_rebuild_beside_a_busy_writer_leaves_no_counter_wrong(realm, rows):
    realm("demo")
    for _ in range(3):
        rows.change("UPDATE user_tags SET items = items + 1")
        rows.change("UPDATE user_counts SET upvotes = upvotes + 1")
        writer = threading.Thread(target=lambda: [rows.change(
            "UPDATE knowledge_votes SET value = -value") for _ in range(20)])
        writer.start()
        realm("rebuild")
        writer.join()
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}


def test_reindex_builds_the_search_index_again(realm, rows):
    realm("demo")
    before = rows.select("SELECT count(*) FROM knowledge_text_docsize")
    rows.change("DELETE FROM knowledge_text_docsize")
    realm("reindex")
    assert rows.select("SELECT count(*) FROM knowledge_text_docsize") == before != [(0,)]


def test_reindex_lets_all_texts_wait_again(realm, rows):
    realm("demo")
    rows.change("DELETE FROM texts_waiting")
    realm("reindex")
    waiting = rows.select("SELECT count(*) FROM texts_waiting WHERE kind = 'message'")
    assert waiting == rows.select("SELECT count(*) FROM real_time_messages "
                                  "WHERE content <> ''") != [(0,)]


def test_check_counts_messages_and_changes_from_the_first_kept_entry(realm, rows):
    realm("demo")
    rows.change("INSERT INTO message_changes (room_id, seq, kind, message_id, user_id, created_at) "
                "SELECT id, last_seq + 1, 'message_edited', 'x', 1, 1 FROM chat_rooms")
    rows.change("UPDATE chat_rooms SET last_seq = last_seq + 1")
    rows.change("DELETE FROM real_time_messages WHERE seq = 1")
    assert answer(realm("check", "--json", code=65))["findings"]
    rows.change("UPDATE chat_rooms SET first_seq = 2 WHERE last_seq > 1")
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}
    rows.change("DELETE FROM real_time_messages WHERE seq = 3")
    findings = answer(realm("check", "--json", code=65))["findings"]
    assert findings and all("last_seq is" in finding for finding in findings)


def test_check_finds_a_damaged_file(realm, folder):
    realm("demo")
    realm("checkpoint")
    for suffix in ("-wal", "-shm"):
        (folder / f"aeon.db{suffix}").unlink()
    with open(folder / "aeon.db", "r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xa5" * 8192)
    done = realm("check", code=65)
    assert done.stdout or done.stderr


def test_checkpoint_empties_the_write_ahead_log(realm):
    realm("demo")
    moved = answer(realm("checkpoint", "--json"))
    assert moved["wal_pages"] == moved["moved_pages"] > 0
    assert realm("check").stdout.split() == ["intact", "yes"]


def test_a_backup_can_replace_the_database(realm, folder, rows):
    realm("demo")
    copy = folder / "copy.db"
    epoch = rows.select("SELECT value FROM realm_meta WHERE key = 'epoch'")
    stats = answer(realm("stats", "--json"))
    assert answer(realm("backup", copy, "--json"))["bytes"] == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "exists already" in complaint(realm("backup", copy, code=65))
    realm("backup", "--force", copy)
    for old in folder.glob("aeon.db*"):
        old.unlink()
    copy.rename(folder / "aeon.db")
    again = answer(realm("stats", "--json"))
    assert {k: v for k, v in again.items() if "bytes" not in k} == \
           {k: v for k, v in stats.items() if "bytes" not in k}
    assert rows.select("SELECT value FROM realm_meta WHERE key = 'epoch'") != epoch
    assert list(folder.glob("*.partial*")) == []


def test_a_backup_beside_a_busy_writer_is_intact(realm, folder, rows):
    realm("demo")
    stop = threading.Event()

    def write():
        with rows.connection() as db:
            while not stop.is_set():
                db.execute("INSERT INTO realm_events (kind, user_id, created_at, data)"
                           " VALUES ('x', 1, 1, ?)", (os.urandom(200).hex(),))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        realm("backup", folder / "copy.db")
    finally:
        stop.set()
        writer.join()
    realm("check", "--database", folder / "copy.db")


def test_config_prints_a_file_that_can_be_read_again(ctl, folder):
    lines = ctl("config").stdout.splitlines()
    settings = [line[1:] for line in lines if line.startswith("#") and not line.startswith("# ")]
    assert any(line.startswith("session_days = ") for line in settings)
    (folder / "aeon.conf").write_text("\n".join(settings))
    ctl("--config", folder / "aeon.conf", "init")
    assert [line.rstrip() for line in answer(ctl("config", "--json"))] == lines


def test_a_setting_is_changed_listed_and_returned(realm):
    def rows():
        return {row["key"]: row for row in answer(realm("settings", "--json"))}
    assert rows()["session_days"]["value"] == 30
    assert "session_days" in realm("set", "session_days", 7).stdout
    assert (rows()["session_days"]["value"], rows()["session_days"]["configured"]) == (7, 30)
    realm("unset", "session_days")
    assert not rows()["session_days"]["is_changed"]
    assert "from 1 to 3650" in complaint(realm("set", "session_days", 0, code=65))
    assert "no such setting" in complaint(realm("set", "colour", "red", code=65))
    assert "aeon.conf" in complaint(realm("set", "database", "/tmp/x", code=65))


def test_the_example_configuration_has_all_settings_and_their_defaults(ctl):
    example = (TOP / "conf/aeon.conf.example").read_text().split("\n\n", 1)[1]
    assert example.strip() == ctl("config").stdout.strip()


def test_doctor_names_what_does_not_run(realm):
    findings = {row["part"]: row for row in answer(realm("doctor", "--json", code=69))}
    assert findings["database"]["good"] and findings["configuration"]["good"]
    assert not findings["workers"]["good"] and not findings["bridge"]["good"]
    assert len(realm("doctor", code=69).stdout.splitlines()) == len(findings) + 1


def test_doctor_names_a_wrong_configuration_line(ctl, folder):
    (folder / "aeon.conf").write_text("nonsense = 1\n")
    row, = answer(ctl("doctor", "--json", "--config", folder / "aeon.conf", code=69))
    assert row["good"] is False and "aeon.conf:1" in row["finding"]


def test_the_audit_log_is_listed_with_filters(realm):
    for name in ("ada", "ben"):
        realm("user", "add", name, f"{name}@example.org", "--generate")
    realm("user", "role", "ben", "admin")
    realm("user", "disable", "ben")

    def listed(*options):
        return [(row["action"], row["actor_id"], row["address"])
                for row in answer(realm("audit", "--json", *options))]
    changed, disabled = ("role_changed", None, "local"), ("user_disabled", None, "local")
    assert listed() == [disabled, changed, *[("user_registered", None, "local")] * 2]
    assert listed("--action", "role_changed") == [changed]
    assert listed("--actor", "ada") == listed("--since", "2999-01-01T00:00:00Z") == []
    realm("audit", "--action", "x", code=65)
    realm("audit", "--actor", "x", code=67)


def test_the_operator_moderates_like_an_owner(realm, folder):
    for name in ("ada", "ben"):
        realm("user", "add", name, f"{name}@example.org", "--generate")
    rows = Rows(folder / "aeon.db")
    rows.change("INSERT INTO aeon_interactions (id, aeon_user_id, target_aeon_user_id, "
                "interaction_type, content, created_at) VALUES (7, 2, 1, 'x', 'Buy', 1)")
    rows.change("INSERT INTO reports (reporter_id, kind, object, author_id, reason, created_at, "
                "updated_at) VALUES (1, 'interaction', '7', 2, 'Spam', 1, 1)")
    report, = answer(realm("reports", "--json"))
    assert (report["excerpt"], report["state"]) == ("Buy", "open")
    realm("remove", "interaction", "7", "Spam")
    assert rows.select("SELECT 1 FROM aeon_interactions") == []
    assert answer(realm("report", report["id"], "done", "--json"))["is_removed"] is True
    removal, = answer(realm("removals", "--json"))
    assert (removal["object"], removal["removed_by"]) == ("7", None)
    realm("restore", "interaction", "7")
    assert rows.select("SELECT content FROM aeon_interactions") == [("Buy",)]
    realm("user", "suspend", "ben", "Spam", "--until", "2999-12-31T00:00:00Z", "--remove-content")
    suspended, = answer(realm("user", "suspended", "--json"))
    assert (suspended["username"], suspended["reason"]) == ("ben", "Spam")
    assert rows.select("SELECT reason FROM content_removals") == [("Spam",)]
    realm("user", "unsuspend", "ben")
    assert answer(realm("user", "suspended", "--json")) == []
    room, = rows.select("SELECT id FROM chat_rooms WHERE name = 'General'")[0]
    realm("close", room, "Insults")
    assert rows.select("SELECT 1 FROM chat_rooms WHERE closed_at IS NOT NULL") == [(1,)]
    realm("open", room)
    assert {row["address"] for row in answer(realm("audit", "--json"))} == {"local"}
    realm("remove", "person", "7", "Spam", code=65)
    realm("remove", "interaction", "8", "Spam", code=70)
