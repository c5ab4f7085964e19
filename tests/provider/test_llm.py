"""A language model that answers, and one that is broken, hostile, old or slow."""

import json

import pytest

from conftest import KEY, run_steps

STOP, LENGTH = 1, 2


def body_of(service, number=-1):
    return json.loads(service.bodies[number])


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_comes_with_its_model_its_end_and_its_usage(ask, service, stream):
    end = ask("Grüße, 世界 🙂", stream=stream)
    assert (end["failure"], end["text"]) == ("none", "You said: Grüße, 世界 🙂")
    assert (end["model"], end["finish"], end["plausible"]) == ("gpt-4o-mini", STOP, True)
    assert end["prompt"] > 0 and end["completion"] > 0 and end["charged"]
    assert "".join(end["parts"]) == end["text"]
    assert body_of(service) == {
        "model": "gpt-4o-mini", "max_completion_tokens": 100, "stream": stream,
        "messages": [{"role": "system", "content": "You are a test."},
                     {"role": "user", "content": "Grüße, 世界 🙂"}],
        **({"stream_options": {"include_usage": True}} if stream else {})}


def test_an_answer_in_packets_of_one_byte_is_the_same(ask):
    assert ask(persona="split-letters")["text"] == "Grüße, 世界 🙂"


def test_an_answer_that_is_cut_by_its_length_says_so(ask, service):
    service.answer = lambda body: "word " * 100
    end = ask(most_tokens=5)
    assert (end["failure"], end["finish"], end["completion"]) == ("none", LENGTH, 5)


def test_a_server_may_answer_as_a_whole_when_a_stream_was_asked_for(ask):
    assert ask(persona="not-streamed")["text"] == "All at once."


# --- servers with another dialect ------------------------------------------------------------------

def test_llama_server_is_understood(ask):
    end = ask(persona="llama-server")
    assert (end["failure"], end["text"]) == ("none", "I live in Kassel.")
    assert (end["model"], end["plausible"]) == ("gemma.gguf", True)
    end = ask("long " * 10000, persona="llama-server")
    assert (end["failure"], end["status"], end["charged"]) == ("too_long", 400, False)
    assert ask(persona="llama-server-without-key")["failure"] == "unauthorized"


def test_what_an_old_server_does_not_know_is_left_out_and_the_program_remembers(service):
    lines = run_steps([{"ask": "1"}, {"ask": "2"}], url=service.url, key=KEY,
                      model="persona-old-server")
    assert [line["text"] for line in lines if "text" in line] == ["As in the old days."] * 2
    assert [sorted(set(body) - {"model", "messages", "stream"})
            for body in map(json.loads, service.bodies)] == [
        ["max_completion_tokens", "stream_options"], ["max_tokens", "stream_options"],
        ["max_tokens"], ["max_tokens"]]


def test_requests_at_once_learn_the_dialect_each(service):
    lines = run_steps([{"ask": "1", "times": 4}], url=service.url, key=KEY,
                      model="persona-old-server")
    assert [line["failure"] for line in lines if "failure" in line] == ["none"] * 4


def test_a_wrong_value_is_no_reason_to_leave_the_parameter_out(ask, service):
    end = ask(persona="strict-server")
    assert (end["failure"], len(service.bodies)) == ("rejected", 1)
    assert "too large" in end["quote"]


# --- refusals --------------------------------------------------------------------------------------

def test_a_prompt_that_is_too_long_has_a_failure_of_its_own(ask):
    end = ask("long " * 10000)
    assert (end["failure"], end["status"], end["charged"]) == ("too_long", 400, False)


def test_a_wrong_key_is_named_and_never_quoted(service):
    wrong = "sk-wrong-abcdef"
    end = run_steps([{"ask": "x"}], url=service.url, key=wrong, model="gpt-4o-mini")[0]
    assert (end["failure"], end["status"]) == ("unauthorized", 401)
    assert end["quote"].startswith("Incorrect API key provided: …") and wrong not in str(end)


def test_without_a_key_none_is_sent(service):
    end = run_steps([{"ask": "x"}], url=service.url, model="gpt-4o-mini")[0]
    assert end["failure"] == "unauthorized" and "didn't provide" in end["quote"]


@pytest.mark.parametrize(("model", "failure"), [
    ("gpt-17", "unknown_model"), ("persona-no-credit", "no_credit"),
    ("persona-redirects", "wrong_address"), ("persona-refusal", "refused"),
    ("persona-filtered", "refused"), ("persona-blank", "empty")])
def test_a_refusal_is_told_and_not_repeated(ask, service, model, failure):
    assert ask(model=model)["failure"] == failure
    assert len(service.bodies) == 1


def test_a_url_without_the_api_is_told(service):
    end = run_steps([{"ask": "x"}], url=service.url + "/v2", key=KEY)[0]
    assert (end["failure"], end["status"]) == ("wrong_address", 404)


# --- answers that no server should give --------------------------------------------------------------

@pytest.mark.parametrize(("persona", "failure"), [
    ("empty", "bad_answer"), ("html", "bad_answer"), ("no-json", "bad_answer"),
    ("other-json", "bad_answer"), ("deep-json", "bad_answer"), ("half-letter", "bad_answer"),
    ("error-in-stream", "server_error"), ("ten-megabytes", "too_big"), ("long-line", "too_big"),
    ("never-stops", "too_big"), ("white-space", "too_big"), ("ends-early", "cut"),
    ("closes", "cut")])
def test_a_bad_answer_is_a_failure_and_is_not_asked_for_again(ask, service, persona, failure):
    end = ask(persona=persona)
    assert (end["failure"], len(service.bodies), end["charged"]) == (failure, 1, True)
    assert len(end["text"]) <= 65536


@pytest.mark.parametrize("persona", ["closes", "ends-early", "stops"])
def test_the_text_so_far_of_a_broken_answer_is_kept(ask, persona):
    end = ask(persona=persona, options={"stall_ms": 500})
    assert end["text"] == "".join(end["parts"]) != ""


@pytest.mark.parametrize(("usage", "seen"), [
    ("zero", [0, 0]), ("negative", [0, 0]), ("huge", [100000000, 100000000]), ("text", [0, 0]),
    ("absent", [0, 0]), ("large", [99999, 5]), ("long", [20, 101])])
@pytest.mark.parametrize("stream", [True, False])
def test_a_usage_that_cannot_be_true_is_marked(ask, stream, usage, seen):
    end = ask(persona=f"usage-{usage}", stream=stream)
    assert (end["failure"], end["text"]) == ("none", "This is what I say.")
    assert ([end["prompt"], end["completion"]], end["plausible"]) == (seen, False)


def test_the_answering_models_name_is_reported(ask):
    assert ask(persona="another-model")["model"] == "cheap-model-7"


def test_hostile_texts_arrive_as_they_are(ask):
    """They are only text; what becomes of them is not decided here."""
    assert ask(persona="names-another")["text"] == "@ada @ben what do you two think?"
    end = ask(persona="injection")
    assert "data: [DONE]" in end["text"] and end["finish"] == STOP


# --- time ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("persona", "options", "detail"), [
    ("nothing", {"first_byte_ms": 300}, "No answer began in time"),
    ("stops", {"stall_ms": 300}, "The answer stopped in the middle"),
    ("drips", {"total_ms": 1500}, "The answer was not complete in time"),
    ("white-space-slowly", {"total_ms": 1500}, "The answer was not complete in time")])
def test_each_deadline_ends_a_call_and_it_is_not_repeated(ask, service, persona, options, detail):
    end = ask(persona=persona, options=options)
    assert (end["failure"], end["detail"]) == ("too_slow", detail)
    assert len(service.bodies) <= 1  # a busy machine may not even have read the request


@pytest.mark.parametrize("persona", ["never-ends", "no-done", "drips-on"])
def test_an_answer_is_complete_although_the_connection_stays_open(ask, persona):
    end = ask(persona=persona, options={"total_ms": 3600000})
    assert (end["failure"], end["text"]) == ("none", "That is all.")


# --- retries ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("persona", ["500", "503", "408", "429"])
def test_what_passes_is_asked_for_again(ask, service, persona):
    service.next(persona)
    end = ask()
    assert (end["failure"], len(service.bodies)) == ("none", 2)
    assert service.bodies[0] == service.bodies[1]
    assert end["charged"]


def test_what_a_provider_may_charge_is_not_asked_for_twice(ask, service):
    end = ask(persona="hangs-up")
    assert (end["failure"], len(service.bodies), end["charged"]) == ("cut", 1, True)


def test_after_the_last_attempt_the_failure_is_told(ask, service):
    end = ask(persona="500", options={"attempts": 2})
    assert (end["failure"], end["status"], len(service.bodies)) == ("server_error", 500, 2)
    assert end["quote"].startswith("The server had an error") and not end["charged"]


@pytest.mark.parametrize("persona", ["429-long", "429-date"])
def test_a_provider_that_wants_a_long_pause_is_not_asked_again(ask, service, persona):
    end = ask(persona=persona)
    assert (end["failure"], len(service.bodies)) == ("rate_limited", 1)
    assert end["retry_after"] >= 3600


def test_a_provider_that_fails_again_and_again_is_left_alone(service):
    service.next(*["500"] * 5)
    lines = run_steps([{"ask": str(i)} for i in range(8)], url=service.url, key=KEY, attempts=1,
                      model="gpt-4o-mini")
    assert [line["failure"] for line in lines if "failure" in line] == \
        ["server_error"] * 5 + ["unavailable"] * 3
    assert len(service.bodies) == 5 and lines[-2]["retry_after"] > 0


def test_refused_connections_and_unknown_names_are_told_in_words():
    refused = run_steps([{"ask": "x"}], url="http://127.0.0.1:1/v1", attempts=2)[0]
    assert (refused["failure"], refused["status"]) == ("unreachable", 0)
    assert refused["detail"] == "Cannot connect to 127.0.0.1:1: Connection refused"
    assert not refused["charged"]


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(service):
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"),
                            "http://127.0.0.1:1")
    end = run_steps([{"ask": "x"}], proxies, url=service.url, key=KEY, model="gpt-4o-mini")[-2]
    assert end["failure"] == "none"


# --- many calls ------------------------------------------------------------------------------------

def test_only_so_many_calls_are_in_work_and_the_others_wait(service):
    service.pause = 0.01
    lines = run_steps([{"ask": "x", "times": 12, "model": "persona-slow"}], url=service.url,
                      key=KEY, most_calls=3)
    assert [line["failure"] for line in lines if "failure" in line] == ["none"] * 12
    assert service.most_in_work == 3


def test_a_full_queue_turns_calls_away(service):
    lines = run_steps([{"ask": "x", "times": 6}], url=service.url, key=KEY, model="gpt-4o-mini",
                      most_calls=1, most_queued=2)
    failures = [line["failure"] for line in lines if "failure" in line]
    assert sorted(failures) == ["none"] * 3 + ["queue_full"] * 3
    assert len(service.bodies) == 3


def test_a_call_that_waits_too_long_in_the_queue_fails_without_a_request(service):
    lines = run_steps([{"ask": "x", "times": 2}], url=service.url, key=KEY,
                      model="persona-drips", most_calls=1, total_ms=1500)
    assert [line["failure"] for line in lines if "failure" in line] == ["too_slow"] * 2


def test_a_call_can_be_cancelled_before_it_starts_and_in_mid_stream(service):
    lines = run_steps([{"ask": "x", "times": 4, "cancel": True},
                       {"ask": "one two three", "times": 4, "cancel_after": 1},
                       {"ask": "the end"}], url=service.url, key=KEY, model="gpt-4o-mini",
                      most_calls=2)
    assert [line["text"] for line in lines if "text" in line] == ["You said: the end"]
    assert sum("delta" in line for line in lines) >= 4 + 1


@pytest.mark.parametrize(("url", "why"), [
    ("ftp://example.org/v1", "http"), ("example", "https://"), ("", "https://"),
    ("http://user:secret@127.0.0.1/v1", "user name"), ("http://127.0.0.1/v1?key=x", "query"),
    ("file:///etc/passwd", "http")])
def test_a_wrong_url_is_refused_at_the_start(url, why):
    with pytest.raises(AssertionError, match=why):
        run_steps([], url=url)


def test_a_key_that_would_add_a_header_is_refused(service):
    with pytest.raises(AssertionError, match="key"):
        run_steps([], url=service.url, key="x\r\nHost: other")
