"""A double of OpenAI, and the program that asks it."""

import json
import subprocess

import pytest

from doubles.openai.double import OpenAI
from realm import BUILD, PATIENCE

KEY = "sk-test-0123456789"


@pytest.fixture
def service():
    with OpenAI(KEY) as double:
        yield double


def run_steps(steps, environment=None, **options):
    """The lines that the program prints: what came, and at last what it used."""
    done = subprocess.run([BUILD / "tests/provider/ask", json.dumps(options | {"steps": steps})],
                          capture_output=True, check=False, timeout=PATIENCE, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    assert KEY.encode() not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def ask(service):
    """Asks once, and returns the end: the answer or the failure, with the deltas as `parts`."""
    def ask_once(text="Hello", persona=None, *, options=(), **step):
        if persona:
            step["model"] = "persona-" + persona
        lines = run_steps([{"ask": text, "model": "gpt-4o-mini"} | step],
                          **{"url": service.url, "key": KEY} | dict(options))
        end, = (line for line in lines if "failure" in line)
        parts = [line["delta"] for line in lines if "delta" in line]
        return end | {"parts": parts}
    return ask_once
