#!/usr/bin/python3
"""Whether the oracle finds it when a condition on who may see what is lost.

Each condition of that kind in sql/ is left out, one at a time; the programs are built with it, and
the oracle must find a difference. Ends with 1 when one goes unnoticed. A run of all takes an hour
or so; --sample N takes some by chance.

    tests/oracle/mutate.py BUILD [--sample N] [--seed S] [--worlds N] [--only TEXT]

BUILD is a build directory of its own, configured and made.
"""

import argparse
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
FILES = re.findall(r"sql/(?:fragments|queries/\w+)\.sql", (TOP / "lib/local.mk").read_text())
OTHERS = ("idempotency", "counts", "erase", "presence", "sessions", "upkeep")  # tell nobody of anybody

# What such a condition speaks of.
PRIVATE = re.compile(
    r"block|is_active|visibility|visible|is_public|privacy|discoverable|erased_at|friend|open\b|"
    r"room_joined|readable|room_invitations|room_participants|room_bans|related_exists|deleted_at|"
    r"is_friend|shows|points_nowhere|e\.user_id IS NOT")
BLOCK = re.compile(r"^-- (?:name|fragment): (\w+)\n(.*?)(?=^-- (?:name|fragment):|\Z)", re.M | re.S)
BEGINS = re.compile(r"\b(AND|OR|WHERE)\b")
BORDER = re.compile(r"[();]|\b(?:AND|OR|GROUP|ORDER|LIMIT|UNION|THEN|WHEN|ELSE|END|CROSS|JOIN|LEFT|ON|"
                    r"WHERE|SELECT|FROM|RETURNING)\b")

# What nobody can notice, and why it stays.
NEEDLESS = {
    "message_by_client": "says when a client_id may be used again, not who sees what",
    "messages_before: AND {room_readable}": "looked at before, too, but not in the same transaction",
    "messages_after: AND {room_readable}": "as above",
    "relationship_update: AND {related_exists}": "what cannot be shown is refused, and undone",
    "relationship_target": "as above; but it is refused in better words",
    "room_for_join: AND EXISTS": "for a connection that has not heard yet that its user is disabled",
    "room_for_join: AND me.is_active": "as above",
    "room_read: AND is_active": "looked at in the same transaction before",
    "room_empty: AND is_active": "who was not there is only not there once more",
    "similar_user: AND m.visibility": "names all there are, for the index's sake",
    "common_tags: AND m.visibility": "as above",
    "room_abandon": "what is removed goes later, step by step; tests/cgi sees it",
    "user_by_username": "nobody registers here; tests/cgi sees it",
    "user_by_email": "as above",
    "user_is_last_owner: AND": "there is one owner here; tests/cgi sees it",
    "events_gaps": "there are gaps when the log was trimmed, and nothing is that old here",
}


def end_of_term(text, start):
    """Where the condition ends that begins there."""
    depth, end = 0, len(text)
    for border in BORDER.finditer(text, start):
        if depth == 0 and border[0] != "(":
            end = border.start()
            break
        depth += {"(": 1, ")": -1}.get(border[0], 0)
    return len(text[:end].rstrip())


def mutants(text):
    """(what is left out, the text without it) for each condition."""
    bare = re.sub(r"^-- (?!name:|fragment:).*", lambda comment: " " * \
                  len(comment[0]), text, flags=re.M)
    for block in BLOCK.finditer(bare):
        for begin in BEGINS.finditer(block[2]):
            end = end_of_term(block[2], begin.end())
            term = " ".join(block[2][begin.end():end].split())
            start = begin.start()
            if begin[0] == "WHERE":  # with what joins it to the next one
                start = begin.end()
                joint = re.match(r"\s*(AND|OR)\b", block[2][end:])
                end += joint.end() if joint else 0
            if PRIVATE.search(term) and (begin[0] != "WHERE" or joint):
                yield (f"{block[1]}: {begin[0]} {term}",
                       text[:block.start(2) + start] + text[block.start(2) + end:])


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--worlds", type=int, default=600)
    options.add_argument("--only", default="")
    options.add_argument("--list", action="store_true")
    options = options.parse_args()
    every = [(name, *mutant) for name in FILES if pathlib.Path(name).stem not in OTHERS
             for mutant in mutants((TOP / name).read_text())
             if options.only in mutant[0]]
    if options.sample:
        every = random.Random(options.seed).sample(every, options.sample)
    missed = 0
    for name, what, text in every:
        if options.list:
            print(what)
            continue
        began = time.monotonic()
        fate = try_it(options, {name: text})
        if fate == "MISSED":
            fate = next(("needless" for known in NEEDLESS if what.startswith(known)), fate)
        missed += fate == "MISSED"
        print(f"{fate:<12} {time.monotonic() - began:5.1f} s  {what}", flush=True)
    make(options.build, {})
    print(f"{len(every)} conditions, {missed} missed")
    return missed > 0


def make(build, instead):
    """Builds the programs with other texts instead of some files of sql/."""
    with tempfile.TemporaryDirectory() as folder:
        files = [TOP / name for name in FILES]
        for number, name in enumerate(FILES):
            if name in instead:
                files[number] = pathlib.Path(folder) / "changed.sql"
                files[number].write_text(instead[name])
        queries = subprocess.run(["awk", "-v", "mode=queries", "-f", TOP / "lib/store/embed.awk",
                                  *files], capture_output=True, check=True).stdout
    (build / "lib/store/queries.c").write_bytes(queries)  # newer than what make makes it from
    return subprocess.run(["make", "-s", "aeon.fcgi", "aeonctl", "aeon-ws"], cwd=build,
                          stdout=subprocess.DEVNULL).returncode == 0


def try_it(options, instead):
    if not make(options.build, instead):
        return "NOT BUILT"
    tried = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no",
         TOP / "tests/oracle", "-k", "everybody"], capture_output=True, text=True,
        env=os.environ | {"AEON_BUILD": str(options.build.resolve()),
                          "AEON_WORLDS": str(options.worlds)})
    if tried.returncode == 0:
        return "MISSED"
    return "found" if "1 failed" in tried.stdout else "broken"


if __name__ == "__main__":
    sys.exit(main())
