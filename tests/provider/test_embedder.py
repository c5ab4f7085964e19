"""An embedder that answers, and one that is broken."""

import json
import math

import pytest

from conftest import KEY, run_steps

TEXTS = ["the lake is warm", "a warm lake", "tax law"]


@pytest.fixture
def embed(service):
    def embed_once(texts, model="e5-passage", **options):
        side = options.pop("side", 0)
        end, _ = run_steps([{"embed": texts, "side": side}],
                           **{"url": service.url, "key": KEY, "model": model} | options)
        return end
    return embed_once


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def test_vectors_come_with_the_models_name_and_have_length_1(embed):
    end = embed(TEXTS)
    assert (end["failure"], end["model"], end["dimension"]) == ("none", "e5-passage", 64)
    assert end["prompt"] > 0 and end["plausible"] and end["charged"]
    first, second, third = end["vectors"]
    for vector in end["vectors"]:
        assert math.isclose(cosine(vector, vector), 1, abs_tol=0.01)
    assert cosine(first, second) > cosine(first, third) + 0.1


def test_the_bytes_of_a_request_are_the_texts_and_nothing_else(embed, service):
    embed(["a \"text\"", "世界"])
    assert service.bodies[-1].decode() == \
        '{"model":"e5-passage","input":["a \\"text\\"","世界"],"encoding_format":"base64"}'


def test_queries_and_passages_have_models_and_prefixes_of_their_own(embed, service):
    options = {"query_model": "e5-query", "passage_prefix": "passage:", "query_prefix": "query:"}
    assert embed(["x"], **options)["model"] == "e5-passage"
    assert embed(["x"], side=1, **options)["model"] == "e5-query"
    assert [json.loads(body)["input"] for body in service.bodies] == [["passage: x"], ["query: x"]]


@pytest.mark.parametrize("persona", ["embeds-in-another-order", "embeds-floats"])
def test_numbers_and_any_order_are_understood(embed, persona):
    assert embed(TEXTS, "persona-" + persona)["vectors"] == embed(TEXTS)["vectors"]


def test_the_name_by_which_a_server_answers_is_reported(embed):
    assert embed(TEXTS, "persona-embeds-as-another-model")["model"] == "other-embedder-2"


@pytest.mark.parametrize(("persona", "detail"), [
    ("fewer", "one vector for each text"), ("twice", "the same text"), ("nan", "not finite"),
    ("zero", "zero"), ("shorter", "different dimensions"), ("garbage", "has no numbers")])
def test_a_wrong_vector_is_a_failure_that_says_why(embed, service, persona, detail):
    end = embed(TEXTS, "persona-embeds-" + persona)
    assert (end["failure"], len(service.bodies)) == ("bad_answer", 1)
    assert detail in end["detail"] and "vectors" not in end


@pytest.mark.parametrize(("model", "failure"), [
    ("gpt-4o-mini", "unknown_model"), ("persona-500", "server_error"), ("", "unknown_model")])
def test_refusals_are_told_as_those_of_a_language_model(embed, model, failure):
    assert embed(TEXTS, model, attempts=1)["failure"] == failure


def test_a_text_that_is_too_long_has_a_failure_of_its_own(embed):
    assert embed(["word " * 10000])["failure"] == "too_long"
