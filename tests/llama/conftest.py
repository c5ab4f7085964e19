"""A real language model: llama-server with a small Gemma. `./scripts/test --model` gets it.

It is a base model without instructions, so it shows that the wire and the flow work, never wisdom.
"""

import contextlib
import os
import pathlib
import subprocess
import sys
import types
import urllib.request

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "twin")]

from realm import free_port, wait_until  # noqa: E402

KEY = "key-of-llama"
FOLDER = pathlib.Path(os.environ.get("AEON_LLAMA", "/nonexistent"))
# The model has no template of its own. One line is an answer, so that it ends.
TEMPLATE = """{% for m in messages %}{% if m.role in ('system','developer') %}{{ m.content }}

{% elif m.role == 'user' %}Question: {{ m.content }}
{% else %}Answer: {{ m.content }}
{% endif %}{% endfor %}{% if add_generation_prompt %}Answer:{% endif %}"""
ONE_LINE = r'root ::= [^\n]+ "\n"'


def is_ready(url):
    with contextlib.suppress(OSError):
        with urllib.request.urlopen(url.removesuffix("/v1") + "/health", timeout=5) as answer:
            return answer.status == 200
    return False


@contextlib.contextmanager
def llama(folder, *options):
    """A server: its base URL and its process."""
    if not (FOLDER / "ready").exists():
        pytest.skip("NOT RUN: there is no language model; './scripts/test --model' gets it")
    template, port = folder / "template", free_port()
    template.write_text(TEMPLATE)
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [FOLDER / "llama-server", "-m", FOLDER / "gemma.gguf", "--host", "127.0.0.1", "--port",
             str(port), "-c", "8192", "-np", "4", "-t", "2", "--api-key", KEY, "--no-ui",
             "--chat-template-file", template, *options], stdout=log, stderr=log)
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(server.wait)
        cleanup.callback(server.kill)
        url = f"http://127.0.0.1:{port}/v1"
        wait_until(lambda: is_ready(url), "the server is ready", server)
        yield types.SimpleNamespace(url=url, process=server)
