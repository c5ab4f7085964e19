"""The rules of the Python tests themselves."""

from test_structure import files, lines_with, without

ROWS = "tests/rows.py"


def scripts(*folders):
    """Python files and scripts by path, without this one, which names what it forbids."""
    return {name: text for name, text in without(files(), "tests/structure/", ROWS).items()
            if name.startswith(folders)
            and (name.endswith(".py") or text.startswith(("#!/usr/bin/python3", "#!/usr/bin/env python3")))}


def test_one_file_of_the_tests_knows_the_database_engine():
    engine = r"^\s*(import|from) +(sqlite3|apsw)\b|\bPRAGMA\b|\bsqlite_(schema|master)\b"
    assert lines_with(engine, scripts("tests/")) == []
