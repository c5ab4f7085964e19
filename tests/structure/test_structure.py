"""The rules of the tree that no compiler checks: what may include what, and where code may be."""

import functools
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("lib", "sql", "cgi", "ws-bridge", "twin", "ctl", "clients", "tests", "bench", "conf", "scripts",
           "docs", "m4", ".ci")
BINARY = ("corpus", "__pycache__", "node_modules")

LIBRARY = {
    "lib/base": {"base"},
    "lib/store": {"base", "store"},
    "lib/realm": {"base", "store", "realm"},
    "lib/provider": {"base", "provider", "realm/settings.h"},
}
FRONT_ENDS = ("cgi", "ws-bridge", "twin", "ctl")
BRIDGE = {
    "ws-bridge/core": {"base", "store", "realm", "ws-bridge/core"},
    "ws-bridge/features": {"base", "store", "realm", "ws-bridge/core", "ws-bridge/features"},
    "ws-bridge/io": {"base", "store", "realm", "ws-bridge/core", "ws-bridge/io"},
}
MAY_INCLUDE = {
    **LIBRARY,
    **BRIDGE,
    "cgi": {"base", "store", "realm", "cgi"},
    "twin": {"base", "store", "realm", "provider", "twin"},
    "ctl": {"base", "store", "realm", "provider", "ctl"},
    "bench": {"base", "store", "realm", "bench", "tests/unit/words.h"},
    "tests": {"base", "store", "realm", "provider", "tests", *FRONT_ENDS},
}
STORE_ALONE = {"store/internal.h", "store/statement.h", "store/schema.h"}

# Modules that are parts of one thing: a circle of includes may lead through them.
KERNEL = {"cgi/app", "cgi/request", "cgi/respond", "cgi/router"}


@functools.cache
def files(*suffixes):
    """Source files by their path from the top, without files that builds and tests make."""
    found = [path for folder in FOLDERS for path in (TOP / folder).rglob("*")]
    found += set(TOP.glob("*")) - {TOP / ".git"}  # a file where the tree is a second one
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


def includes(text):
    return [path for path in re.findall(r'#include "([^"]+)"', text) if path != "config.h"]


def test_includes_point_down_and_front_ends_never_include_each_other():
    """In the bridge features and io include the core, and the core includes neither of them."""
    wrong = [f"{name} includes {path}"
             for name, text in code().items() for path in includes(text)
             if not any(path == place or path.startswith(place + "/")
                        for place in MAY_INCLUDE[folder_of(name)])]
    assert wrong == []


def module_of(path):
    """A header and its source file are one module; include paths begin in lib/ or at the top.

    store/internal.h is the private part of store.h.
    """
    return path.removeprefix("lib/").rpartition(".")[0].replace("store/internal", "store/store")


def modules():
    """What each module of the library and the front ends includes, without the kernels."""
    graph = {}
    for name, text in code().items():
        if name.startswith(("lib/", *FRONT_ENDS)) and module_of(name) not in KERNEL:
            graph.setdefault(module_of(name), set()).update(map(module_of, includes(text)))
    return {module: sorted(used - {module}) for module, used in graph.items()}


def find_circle(graph):
    """The first circle of a graph as a list of its nodes, or None."""
    done = set()

    def walk(node, path):
        if node in path:
            return path[path.index(node):]
        if node in done or node not in graph:
            return None
        for other in graph[node]:
            circle = walk(other, [*path, node])
            if circle:
                return circle
        done.add(node)
        return None
    return next(filter(None, (walk(node, []) for node in graph)), None)


def test_a_circle_is_found_wherever_the_search_begins():
    assert find_circle({"a": ["b", "c"], "b": ["c"], "c": ["d"]}) is None
    assert find_circle({"a": ["b"], "b": ["c"], "c": ["d"], "d": ["b"]}) == ["b", "c", "d"]


def test_no_module_includes_itself_through_others():
    """So each module can be read, and tested, with only the modules below it."""
    circle = find_circle(modules())
    assert circle is None


def test_includes_are_rooted():
    """A path says which folder the header comes from."""
    assert [line for line in lines_with(r'#include "[^/"]+"', code())
            if '"config.h"' not in line] == []


def test_only_the_store_includes_its_internal_headers():
    others = without(code(), "lib/store/", "tests/")
    assert [line for header in STORE_ALONE
            for line in lines_with(f'#include "{header}"', others)] == []


def test_only_the_store_uses_sqlite():
    assert lines_with(r"\bsqlite3", without(code(), "lib/store/", "tests/", "bench/recall/beside.c")) == []


def test_only_sql_files_contain_sql():
    statement = r'"[^"]*\b(SELECT\s|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|' \
                r'CREATE (TABLE|INDEX|VIEW)|PRAGMA )'
    assert lines_with(statement, without(code(), "lib/store/", "tests/", "bench/recall/beside.c")) == []


def test_a_query_is_called_by_its_typed_function():
    """A number and a format string would say nothing to the compiler."""
    assert lines_with(r"\bQ_[A-Z]|\bQUERY__COUNT\b", without(code(), "lib/store/", "tests/")) == []
    assert lines_with(r"\bva_(list|start|arg)\b|, \.\.\.\);?$", {
        name: text for name, text in code().items() if name.startswith("lib/store/")}) == []


def queries():
    """(file, name, header, SQL with its fragments) of every query."""
    texts = files(".sql")
    names = ["sql/fragments.sql", "sql/twin_fragments.sql", *(name for name in texts if name.startswith("sql/queries/"))]
    blocks = [(name, *block.split("\n", 1)) for name in names
              for block in re.split(r"^-- (?=name: |fragment: )", texts[name], flags=re.M)[1:]]
    fragments = {first.split()[1]: re.sub(r"^--.*", "", rest, flags=re.M)
                 for _, first, rest in blocks if first.startswith("fragment: ")}
    for name, first, rest in blocks:
        sql = re.sub(r"^--.*", "", rest, flags=re.M)
        while re.search(r"\{\w+( \w+)?\}", sql):
            sql = re.sub(r"\{(\w+)( \w+)?\}", lambda match: fragments[match[1]], sql)
        if first.startswith("name: "):
            header = re.match(r"(--.*\n)*", rest)[0]
            yield name, first.split()[1], header, sql


def test_a_query_that_only_sqlite_understands_says_so():
    only = r"\bMATCH\b|\b(knowledge|room)_text\b|\bknowledge_t(ext|erms)\w*|\browid\b|" \
           r"\bsqlite_\w+|\bOR REPLACE\b|\b(tag_users|tag_count_users)\b|\bword_counts\b"
    wrong = []
    for name, query, header, sql in queries():
        if bool(re.search(only, sql)) != ("-- engine: sqlite\n" in header):
            wrong.append(f"{name}: {query}")
    assert wrong == []


def test_time_and_chance_are_given_to_a_query():
    wrong = [f"{name}: {query}" for name, query, _, sql in queries()
             if re.search(r"\bjulianday|'now'|\brandom|\bCURRENT_|\bunixepoch\(", sql)]
    assert wrong == []


def test_only_one_file_uses_fastcgi():
    users = {line.split(":")[0]
             for line in lines_with(r"\bFCG[IX]_\w|\bFCGX_|fcgiapp\.h", code())}
    assert len(users) <= 1 and all(name.startswith("cgi/") for name in users)


def test_only_the_throttle_verifies_passwords():
    users = {line.split(":")[0] for line in lines_with(r"\bpassword_verify\(", code())}
    assert users - {"tests/unit/test_guesses.c"} == {
        "lib/realm/guess.c", "lib/realm/password.c", "lib/realm/password.h"}


def test_few_files_know_the_libraries_of_event_loops():
    """All other code of the bridge, of twins and of providers runs in tests without a socket."""
    sources = without(code(), "bench/", "ws-bridge/io/credentials.", "ws-bridge/io/listen.",
                      "ws-bridge/io/loop.c",
                      "lib/provider/http.c", "lib/provider/http.h",
                      "lib/provider/timer.c", "lib/provider/timer.h", "twin/loop.c")
    assert lines_with(r"\blws_\w|libwebsockets\.h|\buv_\w|<uv\.h>", sources) == []


def test_one_file_uses_libcurl():
    assert lines_with(r"\bcurl_\w+\(|<curl/", without(code(), "lib/provider/http.c")) == []


def test_the_bridge_knows_sockets_threads_and_files_only_in_io():
    """Everything else runs in tests, in a world of their own."""
    sources = {name: text for name, text in code().items()
               if name.startswith(("ws-bridge/core/", "ws-bridge/features/"))}
    assert lines_with(r"\bpthread_\w|#include <(pthread|poll|fcntl|unistd|signal|threads|"
                      r"sys/(socket|un|epoll|eventfd|ioctl|stat))\.h>", sources) == []


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


def test_every_c_file_begins_with_a_comment():
    assert [name for name, text in files(".c", ".h").items()
            if not text.startswith(("/*", "//")) and name != "config.h"] == []


def test_nothing_below_main_exits_or_prints():
    library = {name: text for name, text in code().items() if name.startswith("lib/")}
    assert lines_with(r"\b(exit|_exit|printf|puts|perror)\s*\(|\bstdout\b", library) == []


def test_errors_return_instead_of_jumping():
    assert lines_with(r"\bgoto\b", without(code(), "tests/fuzz/")) == []


def test_no_file_names_the_machine_on_which_it_was_made():
    hosts = ("registry.npmjs" + ".org", "pypi" + ".org", "deb.debian" + ".org",
             "pythonhosted" + ".org")
    places = r"(?<![\w.$}])/(work|root|home/\w+)/"
    pattern = "|".join([places, *map(re.escape, hosts)])
    made = (".git", "configure", "Makefile.in", "aclocal.m4", "config.h.in", "INSTALL")
    assert lines_with(pattern, {name: text for name, text in files().items()
                                if name not in made}) == []


def test_a_kind_of_event_is_named_in_one_place():
    """A relationship may be called blocked, and a command like the event that it causes."""
    table = (TOP / "lib/realm/events.h").read_text()
    kinds = set(re.findall(r'X\([A-Z_]+,\s*"(\w+)"', table)) - {"blocked"}
    assert len(kinds) > 15
    sources = {name: re.sub(r'\.type = "\w+"', "", text)
               for name, text in (code() | files(".sql")).items()
               if not name.startswith(("lib/realm/events.h", "tests/", "bench/"))}
    assert lines_with(f"[\"']({'|'.join(sorted(kinds))})[\"']", sources) == []
