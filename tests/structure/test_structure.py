"""The rules of the tree that no compiler knows: who may use whom, and where a thing may stand."""

import functools
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("lib", "sql", "cgi", "ws-bridge", "ctl", "clients", "tests", "bench", "conf", "scripts",
           "docs", "m4", ".ci")
BINARY = ("corpus", "__pycache__", "node_modules")

LIBRARY = {
    "lib/base": {"base"},
    "lib/store": {"base", "store"},
    "lib/realm": {"base", "store", "realm"},
}
FRONT_ENDS = ("cgi", "ws-bridge", "ctl")
MAY_INCLUDE = {
    **LIBRARY,
    **{name: {"base", "store", "realm", name} for name in FRONT_ENDS},
    "bench": {"base", "bench"},
    "tests": {"base", "store", "realm", "tests", *FRONT_ENDS},
}
STORE_ALONE = {"store/internal.h", "store/statement.h", "store/schema.h"}


@functools.cache
def files(*suffixes):
    """Source files by path from the top, without what builds and tests leave behind."""
    found = [path for folder in FOLDERS for path in (TOP / folder).rglob("*")]
    found += TOP.glob("*")
    names = {}
    for path in found:
        relative = path.relative_to(TOP)
        if path.is_file() and not any(part in BINARY for part in relative.parts) \
                and (not suffixes or path.suffix in suffixes):
            names[str(relative)] = path.read_text(errors="replace")
    return dict(sorted(names.items()))


def code():
    """C files without their comments."""
    return {name: re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            for name, text in files(".c", ".h").items()}


def folder_of(name):
    return next((folder for folder in MAY_INCLUDE if name.startswith(folder + "/")), None)


def lines_with(pattern, texts):
    return [f"{name}:{number}: {line.strip()}"
            for name, text in texts.items()
            for number, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)]


def without(texts, *prefixes):
    return {name: text for name, text in texts.items() if not name.startswith(prefixes)}


def test_every_c_file_is_in_a_folder_that_this_test_knows():
    assert [name for name in code() if folder_of(name) is None] == []


def test_includes_point_down_and_front_ends_never_include_each_other():
    wrong = []
    for name, text in code().items():
        for path in re.findall(r'#include "([^"]+)"', text):
            first = path.split("/")[0]
            if path != "config.h" and first not in MAY_INCLUDE[folder_of(name)]:
                wrong.append(f"{name} includes {path}")
    assert wrong == []


def test_includes_are_rooted():
    """A line tells where the header comes from."""
    assert [line for line in lines_with(r'#include "[^/"]+"', code())
            if '"config.h"' not in line] == []


def test_only_the_store_looks_into_the_store():
    wrong = [line for header in STORE_ALONE
             for line in lines_with(f'#include "{header}"', without(code(), "lib/store/", "tests/"))]
    assert wrong == []


def test_only_the_store_knows_sqlite():
    assert lines_with(r"\bsqlite3", without(code(), "lib/store/", "tests/")) == []


def test_sql_stands_in_sql_files_alone():
    statement = r'"[^"]*\b(SELECT\s|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|' \
                r'CREATE (TABLE|INDEX|VIEW)|PRAGMA )'
    assert lines_with(statement, without(code(), "lib/store/", "tests/")) == []


def test_one_file_knows_fastcgi():
    users = {line.split(":")[0]
             for line in lines_with(r"\bFCG[IX]_\w|\bFCGX_|fcgiapp\.h", code())}
    assert len(users) <= 1 and all(name.startswith("cgi/") for name in users)


def test_two_files_know_the_bridges_libraries():
    """Whatever else the bridge does runs in tests without a socket."""
    sources = without(code(), "bench/", "ws-bridge/listen.", "ws-bridge/loop.c")
    assert lines_with(r"\blws_\w|libwebsockets\.h|\buv_\w|<uv\.h>", sources) == []


def test_every_source_file_is_in_a_makefile():
    makefiles = "\n".join(text for name, text in files(".mk", ".am").items())
    listed = set(re.findall(r"[\w./-]+\.(?:c|h|sql)\b", makefiles))
    assert [name for name in files(".c", ".h", ".sql") if name not in listed
            and not name.startswith("config.h")] == []


def test_no_file_is_longer_than_600_lines():
    long = {name: text.count("\n")
            for name, text in files(".c", ".h", ".sql", ".py", ".sh", ".mk", ".md").items()
            if text.count("\n") > 600}
    assert without(long, "bench/", "aclocal", "sql/schema.sql") == {}  # that is generated


def test_every_c_file_says_at_its_head_what_it_is():
    assert [name for name, text in files(".c", ".h").items()
            if not text.startswith(("/*", "//")) and name != "config.h"] == []


def test_nothing_below_main_exits_or_prints():
    library = {name: text for name, text in code().items() if name.startswith("lib/")}
    assert lines_with(r"\b(exit|_exit|printf|puts|perror)\s*\(|\bstdout\b", library) == []


def test_errors_return_instead_of_jumping():
    assert lines_with(r"\bgoto\b", without(code(), "tests/fuzz/")) == []


def test_no_file_knows_the_machine_it_was_made_on():
    hosts = ("registry.npmjs" + ".org", "pypi" + ".org", "deb.debian" + ".org",
             "pythonhosted" + ".org")
    places = r"(?<![\w.$}])/(work|root|home/\w+)/"
    pattern = "|".join([places, *map(re.escape, hosts)])
    made = ("configure", "Makefile.in", "aclocal.m4", "config.h.in", "INSTALL")
    assert lines_with(pattern, {name: text for name, text in files().items()
                                if name not in made}) == []
