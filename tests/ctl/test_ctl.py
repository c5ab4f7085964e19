"""aeonctl: what an administrator sees, and what scripts can rely on."""

import contextlib
import json
import os
import pathlib
import pty
import select
import sqlite3
import subprocess
import sys
import threading

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import idset  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("AEON_BUILD", TOP / "build")).resolve()
PASSWORD = "correct horse battery"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def ctl(folder):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("AEON_")}
    environment |= {"AEON_DATABASE": str(folder / "aeon.db"), "AEON_RUN_DIR": str(folder)}

    def run(*arguments, code=0, stdin="", **variables):
        done = subprocess.run([BUILD / "aeonctl", *map(str, arguments)], input=stdin, text=True,
                              env=environment | variables, capture_output=True, timeout=60,
                              start_new_session=True)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        if code == 0:
            assert done.stderr == ""
        return done

    return run


@pytest.fixture
def realm(ctl):
    ctl("init")
    return ctl


def answer(done):
    return json.loads(done.stdout)


def complaint(done):
    """Every refusal is one line, and says who speaks."""
    assert done.stderr.startswith("aeonctl: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr[len("aeonctl: "):-1]


def sql(folder, statement):
    with idset.register(sqlite3.connect(folder / "aeon.db")) as db:
        return db.execute(statement).fetchall()


# --- init ---

def test_init_makes_the_realm_and_may_be_repeated(ctl, folder):
    first = answer(ctl("init", "--json"))
    assert first == {"database": str(folder / "aeon.db"), "created": True, "rooms_made": 3}
    again = answer(ctl("init", "--json"))
    assert (again["created"], again["rooms_made"]) == (False, 0)
    names = {row[0] for row in sql(folder, "SELECT name FROM chat_rooms")}
    assert names == {"General", "AEON Hub", "Knowledge Exchange"}


def test_migrate_makes_no_rooms(ctl, folder):
    ctl("migrate")
    assert sql(folder, "SELECT count(*) FROM chat_rooms") == [(0,)]


def test_the_database_option_wins(ctl, folder):
    ctl("init", "--database", folder / "other.db")
    assert (folder / "other.db").exists() and not (folder / "aeon.db").exists()


def test_a_configuration_file_is_read_and_the_environment_wins(ctl, folder):
    (folder / "aeon.conf").write_text(f"database = {folder}/from-file.db\n")
    done = ctl("--json", "init", "--config", folder / "aeon.conf")
    assert answer(done)["database"] == f"{folder}/aeon.db"


# --- what goes wrong ---

def test_a_missing_folder_is_named(ctl, folder):
    done = ctl("init", "--database", folder / "no" / "x.db", code=73)
    assert complaint(done) == f"cannot write to the directory {folder}/no: No such file or directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_named(ctl, folder):
    folder.chmod(0o500)
    done = ctl("init", code=73)
    folder.chmod(0o700)
    assert "Permission denied" in complaint(done)


def test_a_missing_database_says_what_to_do(ctl, folder):
    done = ctl("stats", code=66)
    assert complaint(done) == f"there is no database {folder}/aeon.db: 'aeonctl init' makes one"
    assert not (folder / "aeon.db").exists()


def test_a_file_that_is_no_database_is_left_alone(ctl, folder):
    (folder / "aeon.db").write_text("shopping list\n" * 100)
    assert "file is not a database" in complaint(ctl("init", code=65))
    assert (folder / "aeon.db").read_text() == "shopping list\n" * 100


def test_somebody_elses_database_is_left_alone(ctl, folder):
    sql(folder, "CREATE TABLE recipes (x)")
    assert complaint(ctl("init", code=65)) == "This is not a database of AEON Realm"
    assert sql(folder, "SELECT name FROM sqlite_schema") == [("recipes",)]


def test_a_database_of_a_newer_program_is_refused(realm, folder):
    sql(folder, "PRAGMA user_version = 9999")
    for command in ("init", "migrate", "stats", "check"):
        assert "newer version" in complaint(realm(command, code=65))


def test_a_database_that_needs_a_migration_says_so(realm, folder):
    sql(folder, "PRAGMA user_version = 0")
    assert "aeonctl migrate" in complaint(realm("stats", code=65))


def test_a_locked_database_is_a_temporary_failure(realm, folder):
    holder = sqlite3.connect(folder / "aeon.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = realm("user", "add", "ada", "ada@example.org", "--password-stdin", stdin=PASSWORD,
                 code=75, AEON_STORE_WAIT_MS="50")
    assert "busy" in complaint(done)
    holder.close()


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
def test_wrong_usage_is_told(realm, arguments):
    complaint(realm(*arguments, code=64))


def test_an_unknown_option_is_told(ctl):
    assert "--nonsense" in ctl("init", "--nonsense", code=64).stderr


# --- help ---

def test_help_names_every_command_and_each_has_its_own(ctl):
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


def test_the_first_user_is_owner_and_the_others_what_they_are_told(realm):
    assert answer(add(realm, "ada"))["role"] == "owner"
    assert answer(add(realm, "ben"))["role"] == "user"
    assert answer(add(realm, "cleo", "--role", "admin"))["role"] == "admin"
    listed = answer(realm("user", "list", "--json"))
    assert [user["username"] for user in listed] == ["cleo", "ben", "ada"]


def test_a_wrong_user_is_refused_with_every_reason(realm):
    said = complaint(realm("user", "add", "x", "y", "--password-stdin", stdin="short\n", code=65))
    assert "username: String should have at least 3 characters" in said
    assert "email: value is not a valid email address" in said or "email: String should" in said
    assert "password: String should have at least 8 characters" in said
    assert "short" not in said


def test_a_taken_name_is_refused(realm):
    add(realm, "ada")
    assert complaint(add(realm, "ada", code=65)) == "Username already registered"


def test_a_generated_password_is_printed_once_and_is_never_the_same(realm):
    made = [answer(realm("user", "add", name, f"{name}@x.org", "--generate", "--json"))["password"]
            for name in ("ada", "ben")]
    assert made[0] != made[1] and min(map(len, made)) >= 20
    assert made[0] not in realm("user", "list", "--json").stdout


def test_a_password_never_stands_in_the_database(realm, folder):
    add(realm, "ada")
    (stored,), = sql(folder, "SELECT password_hash FROM users")
    assert stored.startswith("$argon2id$")


def test_password_role_disable_and_enable(realm, folder):
    add(realm, "ada")
    sql(folder, "INSERT INTO sessions (token_hash, user_id, created_at, expires_at)"
                " VALUES (randomblob(32), 1, 1, 9e15)")
    before = sql(folder, "SELECT password_hash FROM users")
    realm("user", "password", "ADA", "--password-stdin", stdin="another one\n")
    assert sql(folder, "SELECT password_hash FROM users") != before
    assert sql(folder, "SELECT count(*) FROM sessions") == [(0,)]
    assert answer(realm("user", "role", "ada", "user", "--json"))["role"] == "user"
    assert answer(realm("user", "disable", "ada", "--json"))["is_active"] is False
    assert answer(realm("user", "enable", "ada", "--json"))["is_active"] is True


def test_an_unknown_user_is_told(realm):
    for words in (("disable", "nobody"), ("enable", "nobody"), ("role", "nobody", "admin")):
        assert complaint(realm("user", *words, code=67)) == "User not found"


def test_the_list_is_a_table_for_people(realm):
    add(realm, "ada")
    head, row = realm("user", "list").stdout.splitlines()
    assert head.split()[:3] == ["id", "username", "email"]
    assert row.split()[:3] == ["1", "ada", "ada@example.org"]


def test_more_users_than_a_page_are_all_listed(realm, folder):
    with sqlite3.connect(folder / "aeon.db") as db:
        db.executemany("INSERT INTO users (username, email, password_hash, created_at, updated_at)"
                       " VALUES (?, ?, 'x', 0, 0)",
                       [(f"user{i}", f"{i}@x.org") for i in range(450)])
    assert len({user["id"] for user in answer(realm("user", "list", "--json"))}) == 450


def test_the_terminal_is_asked_twice_and_echoes_nothing(realm, folder):
    child, terminal = pty.fork()
    if child == 0:
        os.environ["AEON_DATABASE"] = str(folder / "aeon.db")
        os.execv(BUILD / "aeonctl", ["aeonctl", "user", "add", "ada", "ada@example.org"])
    seen = b""

    def read_more():
        assert select.select([terminal], [], [], 30)[0], seen
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
    assert len(sql(folder, "SELECT * FROM users")) == 1


# --- maintenance ---

def test_the_demo_is_a_sound_realm_and_is_made_once(realm, folder):
    made = answer(realm("demo", "--json"))
    stats = answer(realm("stats", "--json"))
    assert stats["users"] == made["people"] >= 24
    assert stats["messages"] > 40 and stats["knowledge"] > 20 and stats["interactions"] >= 10
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}
    assert "already" in complaint(realm("demo", code=65))
    assert sql(folder, "SELECT count(*) FROM realm_events")[0][0] > 100


def test_an_account_is_erased_only_when_that_is_meant(realm, folder):
    realm("demo")
    realm("user", "erase", "bashir", code=64)
    assert answer(realm("user", "erase", "bashir", "--force", "--json")) == {"erased": "bashir"}
    realm("user", "erase", "bashir", "--force", code=67)
    assert sql(folder, "SELECT count(*) FROM users WHERE erased_at IS NOT NULL") == [(1,)]
    assert sql(folder, "SELECT 1 FROM users WHERE erasing > 0") == []
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}


def test_check_names_every_wrong_counter(realm, folder):
    realm("demo")
    sql(folder, "UPDATE chat_rooms SET current_participants = 13 WHERE name = 'General'")
    sql(folder, "UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE name = 'Workshop'")
    sql(folder, "UPDATE shared_knowledge SET upvotes = upvotes + 5 WHERE id = 3")
    sql(folder, "DELETE FROM knowledge_tags WHERE knowledge_id = 4")
    done = realm("check", "--json", code=65)
    findings = answer(done)["findings"]
    assert len(findings) == 5
    assert "current_participants is 13, there are 6" in findings[0]
    assert findings[2].startswith("knowledge 3: upvotes")


def test_rebuild_makes_every_counter_anew(realm, folder):
    realm("demo")
    for statement in (
            "UPDATE chat_rooms SET current_participants = 13 WHERE name = 'General'",
            "UPDATE real_time_messages SET reaction_count = reaction_count + 1 WHERE seq = 1",
            "UPDATE shared_knowledge SET upvotes = upvotes + 5, share_count = 7 WHERE id = 3",
            "UPDATE user_tags SET items = items + 1", "DELETE FROM user_tags WHERE user_id = 2",
            "UPDATE tags SET uses = uses + 3", "UPDATE knowledge_tags SET score = 5 WHERE knowledge_id = 2",
            "DELETE FROM knowledge_tags WHERE knowledge_id = 4",
            "UPDATE user_counts SET interactions = 77 WHERE user_id = 3",
            "DELETE FROM user_counts WHERE user_id = 4",
            "UPDATE tag_users SET public_users = ids_add(public_users, 900) WHERE id = ids_key(3, 0)",
            "DELETE FROM tag_users WHERE id = ids_key(2, 0)",
            "UPDATE tag_users SET friends_users = x'01'",
            "DELETE FROM tag_count_users WHERE id = ids_key(2, 0)",
            "INSERT INTO tag_count_users (id, public_users) VALUES (ids_key(999, 0), x'0000')"):
        sql(folder, statement)
    findings = answer(realm("check", "--json", code=65))["findings"]
    for what in ("current_participants", "reaction_count", "upvotes", "share_count", "but not both",
                 "its score", "uses is", "are counted", "user 3: wrong counts: interactions",
                 "user 4: wrong counts: public_knowledge friends", "its users are listed wrongly",
                 "the users with 2 tags", "the users with 999 tags"):
        assert what in " ".join(findings), what
    done = answer(realm("rebuild", "--json"))
    assert done["intact"] and not done["findings"] and set(findings) & set(done["mended"])
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}


def test_what_cannot_be_mended_is_said(realm, folder):
    realm("demo")
    sql(folder, "UPDATE chat_rooms SET last_seq = last_seq + 1 WHERE name = 'Workshop'")
    sql(folder, "UPDATE chat_rooms SET current_participants = 13 WHERE name = 'General'")
    done = answer(realm("rebuild", "--json", code=65))
    assert not done["intact"] and "last_seq" in done["findings"][0]
    assert "current_participants" in done["mended"][0] and len(done["mended"]) == 1


def test_a_rebuild_beside_a_busy_writer_leaves_no_counter_wrong(realm, folder):
    realm("demo")
    for _ in range(3):
        sql(folder, "UPDATE user_tags SET items = items + 1")
        sql(folder, "UPDATE user_counts SET upvotes = upvotes + 1")
        writer = threading.Thread(target=lambda: [sql(
            folder, "UPDATE knowledge_votes SET value = -value") for _ in range(20)])
        writer.start()
        realm("rebuild")
        writer.join()
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}


def test_the_search_index_is_made_anew(realm, folder):
    realm("demo")
    before = sql(folder, "SELECT count(*) FROM knowledge_text_docsize")
    sql(folder, "DELETE FROM knowledge_text_docsize")
    realm("reindex")
    assert sql(folder, "SELECT count(*) FROM knowledge_text_docsize") == before != [(0,)]


def test_check_counts_messages_and_changes_together_from_the_first_that_is_kept(realm, folder):
    realm("demo")
    sql(folder, "INSERT INTO message_changes (room_id, seq, kind, message_id, user_id, created_at) "
                "SELECT id, last_seq + 1, 'message_edited', 'x', 1, 1 FROM chat_rooms")
    sql(folder, "UPDATE chat_rooms SET last_seq = last_seq + 1")
    sql(folder, "DELETE FROM real_time_messages WHERE seq = 1")
    assert answer(realm("check", "--json", code=65))["findings"]
    sql(folder, "UPDATE chat_rooms SET first_seq = 2 WHERE last_seq > 1")
    assert answer(realm("check", "--json")) == {"intact": True, "findings": []}
    sql(folder, "DELETE FROM real_time_messages WHERE seq = 3")
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


def test_checkpoint_empties_the_log(realm):
    realm("demo")
    moved = answer(realm("checkpoint", "--json"))
    assert moved["wal_pages"] == moved["moved_pages"] > 0
    assert realm("check").stdout.split() == ["intact", "yes"]


def test_a_backup_can_take_the_databases_place(realm, folder):
    realm("demo")
    copy = folder / "copy.db"
    epoch = sql(folder, "SELECT value FROM realm_meta WHERE key = 'epoch'")
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
    assert sql(folder, "SELECT value FROM realm_meta WHERE key = 'epoch'") != epoch
    assert list(folder.glob("*.partial*")) == []


def test_a_backup_beside_a_busy_writer_is_sound(realm, folder):
    realm("demo")
    stop = threading.Event()

    def write():
        db = sqlite3.connect(folder / "aeon.db", timeout=10, isolation_level=None)
        while not stop.is_set():
            db.execute("INSERT INTO realm_events (kind, user_id, created_at, data)"
                       " VALUES ('x', 1, 1, zeroblob(0) || hex(randomblob(200)))")
        db.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        realm("backup", folder / "copy.db")
    finally:
        stop.set()
        writer.join()
    realm("check", "--database", folder / "copy.db")


def test_config_prints_what_can_be_read(ctl, folder):
    lines = ctl("config").stdout.splitlines()
    settings = [line[1:] for line in lines if line.startswith("#") and not line.startswith("# ")]
    assert any(line.startswith("session_days = ") for line in settings)
    (folder / "aeon.conf").write_text("\n".join(settings))
    ctl("--config", folder / "aeon.conf", "init")
    assert [line.rstrip() for line in answer(ctl("config", "--json"))] == lines


def test_the_example_configuration_tells_all_settings_and_their_presets(ctl):
    example = (TOP / "conf/aeon.conf.example").read_text().split("\n\n", 1)[1]
    assert example.strip() == ctl("config").stdout.strip()


def test_doctor_says_what_does_not_run(realm):
    findings = {row["part"]: row for row in answer(realm("doctor", "--json", code=69))}
    assert findings["database"]["good"] and findings["configuration"]["good"]
    assert not findings["workers"]["good"] and not findings["bridge"]["good"]
    assert len(realm("doctor", code=69).stdout.splitlines()) == len(findings) + 1


def test_doctor_says_what_is_wrong_with_the_configuration(ctl, folder):
    (folder / "aeon.conf").write_text("nonsense = 1\n")
    row, = answer(ctl("doctor", "--json", "--config", folder / "aeon.conf", code=69))
    assert row["good"] is False and "aeon.conf:1" in row["finding"]
