"""The tour of the README works when it is pasted into a shell."""

import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from realm import PATIENCE, TOP, Realm  # noqa: E402


def tour():
    text = (TOP / "README.md").read_text()
    section = text.split("\n## A tour\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.S))


def test_the_tour_of_the_readme_works_when_it_is_pasted():
    with Realm() as realm:
        realm.start_all()
        script = tour().replace("localhost:8000", f"127.0.0.1:{realm.port}")
        assert script.count("xxxxx-xxxxx-xxxxx-xxxxx") == 1
        script = script.replace("xxxxx-xxxxx-xxxxx-xxxxx", realm.setup_code)
        done = subprocess.run(["bash", "-eu"], input=script, capture_output=True, text=True,
                              timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines() if line[:1] in "[{"]
        assert len(answers) >= 8
        assert not [a for a in answers if isinstance(a, dict) and "code" in a], done.stdout
        assert answers[0]["role"] == "owner" and answers[1]["role"] == "user"
        assert "Bob reads, from ada: " in done.stdout
        assert "Ada knows that it is on disk: " in done.stdout
