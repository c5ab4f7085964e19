#!/usr/bin/python3
"""Shows that the realm answers as its own OpenAPI document says.

schemathesis makes requests from the document and sends them to a realm behind nginx: first as a
user, then as the realm's owner. Paths that would end the session of the asking user are left out. The
path by which an owner can disable or demote itself is asked last.
schemathesis comes from PyPI, in the versions of requirements.txt, into a venv that is made once.
PYPI names its folder.

    tests/contract/run.py [--examples N] [--seed S]
"""

import argparse
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from realm import Realm  # noqa: E402
from pypi import installed  # noqa: E402

SESSION_ENDING = r"^/api/v1/(users/(logout|sessions/\{id\}|me)|admin/users/\{id\}/sessions)$"
WEB_PAGE = "unsubscribe_page"  # nginx answers it with the web client, whatever the query is
ROLE_ENDING = r"^/api/v1/users/\{id\}$"


def add_data(realm):
    """Gives the owner and a user a few objects of each kind, with small ids."""
    for name in ("olga", "ben", "cleo"):
        realm.user(name)
    for name, other in (("olga", 2), ("ben", 1)):
        def create(path, **body):
            answer = realm.cgi("POST", "/api/v1/phase3" + path, body, token=realm.tokens[name])
            assert answer.status in (200, 201), answer
            return answer.json
        room = create("/rooms", name="A room")["id"]
        create(f"/rooms/{room}/messages", content="A message")
        for visibility in ("public", "private"):
            create("/knowledge", content="A fact", knowledge_type="fact", tags=["tea"],
                   visibility=visibility)
        create("/relationships", related_user_id=other, relationship_type="friend")
        create("/aeon/interactions", target_aeon_user_id=other, interaction_type="x", content="y")


def ask(realm, name, options, *which):
    """Whether the answers to this user are as the document says, on some paths."""
    print(f"== as {name}: {' '.join(which)}", flush=True)
    program = installed("aeon-contract", HERE / "requirements.txt", "PYPI") / "schemathesis"
    ended = subprocess.run(
        [program, "--config-file", HERE / "schemathesis.toml", "run", f"{realm.url}/openapi.json",
         "--seed", str(options.seed), "--max-examples", str(options.examples),
         "--phases", "examples,coverage,fuzzing", *which,
         "--header", f"Authorization: Bearer {realm.tokens[name]}", "--request-timeout", "40",
         "--continue-on-failure", "--no-color", "--warnings", "off"], cwd=realm.directory)
    return ended.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--examples", type=int, default=30, help="for each operation (30)")
    parser.add_argument("--seed", type=int, default=1)
    options, good = parser.parse_args(), True
    with Realm() as realm:
        add_data(realm)
        realm.start_all()
        for name in ("ben", "olga"):  # the owner is last, because the owner may disable others
            good &= ask(realm, name, options, "--exclude-path-regex", f"{SESSION_ENDING}|{ROLE_ENDING}",
                        "--exclude-operation-id", WEB_PAGE)
            me = realm.cgi("GET", "/api/v1/users/me", token=realm.tokens[name])
            assert me.status == 200 and me.json["role"] == ("owner" if name == "olga" else "user"), me
            good &= ask(realm, name, options, "--include-path-regex", ROLE_ENDING)
        assert realm.ctl("check", check=False).returncode == 0
    return not good


if __name__ == "__main__":
    sys.exit(main())
