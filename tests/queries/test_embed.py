"""embed.awk: what it makes of SQL, and which line it names when the SQL is wrong."""

import pathlib
import shutil
import subprocess

import pytest

EMBED = pathlib.Path(__file__).resolve().parents[2] / "lib/store/embed.awk"
AWKS = [name for name in ("mawk", "gawk", "original-awk") if shutil.which(name)] or ["awk"]

FRAGMENTS = """\
-- fragment: visible
r.owner = :viewer
"""
QUERY = """\
-- The topic.
-- name: topic :one
-- takes: viewer int, room text
-- gives: topic text?
SELECT r.topic, ':room', '$.room' FROM rooms r
WHERE r.id = :room AND {visible};
"""


@pytest.fixture(params=AWKS)
def embed(request, tmp_path):
    def run(query, mode="queries"):
        (tmp_path / "f.sql").write_text(FRAGMENTS)
        (tmp_path / "q.sql").write_text(query)
        return subprocess.run([request.param, "-v", f"mode={mode}", "-f", EMBED, "f.sql", "q.sql"],
                              cwd=tmp_path, text=True, capture_output=True, check=False)
    return run


def test_names_become_numbers_in_the_order_of_takes(embed):
    made = embed(QUERY)
    assert made.returncode == 0, made.stderr
    assert "WHERE r.id = ?2 AND r.owner = ?1" in made.stdout


def test_a_name_in_quotes_is_no_parameter(embed):
    assert "SELECT r.topic, ':room', '$.room' FROM" in embed(QUERY).stdout


def test_the_function_takes_what_the_header_says_and_keeps_its_comment(embed):
    header = embed(QUERY, "header").stdout
    assert "/* The topic. */\nint q_topic(struct arena *arena, struct store *store, " \
           "int64_t viewer, const char *room, const char **topic_r, struct problem *why);" in header


WRONG = {
    "q.sql:6: query topic does not take rom": ("r.id = :room", "r.id = :rom"),
    "q.sql:4: query topic takes seq, but does not use it":
        ("-- takes: viewer int, room text", "-- takes: viewer int, room text,\n-- takes: seq int"),
    "q.sql:6: no fragment {visibel}": ("{visible}", "{visibel}"),
    "q.sql:3: no type integer": ("viewer int", "viewer integer"),
    "q.sql:3: not NAME TYPE: viewer": ("viewer int", "viewer"),
    "q.sql:3: not a new parameter: viewer": ("room text", "viewer text"),
    "q.sql:2: not NAME KIND, or NAME KIND SHAPE: topic :one room": (":one", ":one room"),
    "q.sql:2: not NAME KIND, or NAME KIND SHAPE: topic :list": (":one", ":list"),
    "q.sql:3: query topic gives the id of a new row, an int": (":one", ":insert"),
    "q.sql:4: no query heading before this one": ("topic text?", "like heading"),
    "q.sql:4: not understood: -- engine: mysql": ("-- gives: topic text?", "-- engine: mysql"),
}


@pytest.mark.parametrize("message", WRONG, ids=[name.split(": ")[1] for name in WRONG])
def test_the_line_that_is_wrong_is_named(embed, message):
    made = embed(QUERY.replace(*WRONG[message]))
    assert (made.returncode, made.stderr) == (1, message + "\n")


def test_two_queries_of_one_name_are_refused(embed):
    made = embed(QUERY + "\n" + QUERY)
    assert made.stderr == "q.sql:9: a second query named topic\n"


@pytest.mark.skipif(len(AWKS) < 2, reason="one awk")
@pytest.mark.parametrize("mode", ["header", "queries"])
def test_all_awks_make_the_same(mode):
    sql = EMBED.parents[2] / "sql"
    files = [sql / "fragments.sql", sql / "twin_fragments.sql", *sorted((sql / "queries").glob("*.sql"))]
    made = {subprocess.run([awk, "-v", f"mode={mode}", "-f", EMBED, *files], check=True,
                           capture_output=True).stdout for awk in AWKS}
    assert len(made) == 1
