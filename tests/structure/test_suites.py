"""The rules of the Python tests."""

import re

from test_structure import files, lines_with, without

ROWS = "tests/rows.py"
PEERS = ("bench/peers/", "bench/social")  # they fill the database of another program


def scripts(*folders):
    """Python files and scripts by their path, without the files that may break the rule."""
    return {name: text for name, text in without(files(), "tests/structure/", ROWS).items()
            if name.startswith(folders)
            and (name.endswith(".py") or re.match(r"#!.*python3", text))}


def test_one_file_of_the_tests_and_benchmarks_knows_the_database_engine():
    engine = r"^\s*(import|from) +(sqlite3|apsw)\b|\bPRAGMA\b|\bsqlite_(schema|master)\b"
    assert lines_with(engine, without(scripts("tests/", "bench/"), *PEERS)) == []


def test_no_test_depends_on_the_speed_of_the_machine():
    """A duration may have a lower bound, only the crash test draws moments at random, and a double
    may be slow."""
    assert lines_with(r"assert.*monotonic\(\) - \w+ *<", scripts("tests/")) == []
    assert lines_with(r"\bsleep\(", without(scripts("tests/"), "tests/crash/crash.py",
                                             "tests/doubles/")) == []
