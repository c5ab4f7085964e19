#!/usr/bin/python3
"""Whether the realm answers as its own OpenAPI document says, to all that schemathesis comes up with.

A real realm behind nginx, with people and things in it, asked by its owner and by a user. The paths that
would end the login of who asks are left out. schemathesis comes from PyPI, in the versions of
requirements.txt, into a venv that is made once: PYPI is its folder.

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

ENDING = r"^/api/v1/users/(logout|sessions/\{id\}|me)$"
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
          "ignored_auth", "allow_header_conformance")


def schemathesis():
    """The program, installed if need be."""
    wanted = HERE / "requirements.txt"
    folder = pathlib.Path(os.environ.get("PYPI") or os.path.expanduser("~/.cache/aeon-contract"))
    done = folder / "installed"
    if not done.exists() or done.read_bytes() != wanted.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "-q", "-r", wanted], check=True)
        done.write_bytes(wanted.read_bytes())
    return folder / "bin/schemathesis"


def furnish(realm):
    """The owner and a user have a little of everything, with small numbers."""
    for name in ("olga", "ben", "cleo"):
        realm.user(name)
    for who, other in (("olga", 2), ("ben", 1)):
        def say(path, **body):
            answer = realm.cgi("POST", "/api/v1/phase3" + path, body, token=realm.tokens[who])
            assert answer.status in (200, 201), answer
            return answer.json
        room = say("/rooms", name="A room")["id"]
        say(f"/rooms/{room}/messages", content="said")
        for visibility in ("public", "private"):
            say("/knowledge", content="known", knowledge_type="fact", tags=["tea"],
                visibility=visibility)
        say("/relationships", related_user_id=other, relationship_type="friend")
        say("/aeon/interactions", target_aeon_user_id=other, interaction_type="x", content="y")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--examples", type=int, default=30, help="for each operation (30)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program, failed = schemathesis(), 0
    with Realm() as realm:
        furnish(realm)
        realm.start_all()
        for name in ("ben", "olga"):  # who may disable others comes last
            print(f"== asked by {name}", flush=True)
            failed |= subprocess.run(
                [program, "--config-file", HERE / "schemathesis.toml", "run", f"{realm.url}/openapi.json", "--seed", str(options.seed),
                 "--max-examples", str(options.examples), "--checks", ",".join(CHECKS),
                 "--phases", "examples,coverage,fuzzing", "--exclude-path-regex", ENDING,
                 "--header", f"Authorization: Bearer {realm.tokens[name]}",
                 "--request-timeout", "40", "--continue-on-failure", "--no-color",
                 "--warnings", "off"], cwd=realm.directory).returncode
            assert realm.cgi("GET", "/api/v1/users/me", token=realm.tokens[name]).status == 200
        assert realm.ctl("check", check=False).returncode == 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
