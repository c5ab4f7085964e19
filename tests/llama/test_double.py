"""The double of OpenAI answers as a real server does: the same 50 requests to both.

Where llama-server differs from OpenAI, the double follows OpenAI. DIFFERENCES lists all of that.
"""

import json
import urllib.error
import urllib.request

import pytest

from conftest import KEY, llama
from doubles.openai.double import OpenAI

MODEL = "gpt-4o-mini"
HELLO = [{"role": "user", "content": "Say hello."}]
CHAT, EMBED = "/chat/completions", "/embeddings"


def chat(messages=None, **more):
    return CHAT, {"model": MODEL, "messages": HELLO if messages is None else messages,
                  "max_tokens": 3} | more


def said(role, content, **more):
    return [{"role": role, "content": content} | more]


def without(name):
    path, body = chat()
    return path, {key: value for key, value in body.items() if key != name}


REQUESTS = {
    "plain": chat(),
    "stream": chat(stream=True),
    "stream with usage": chat(stream=True, stream_options={"include_usage": True}),
    "stream without usage": chat(stream=True, stream_options={"include_usage": False}),
    "not streamed by name": chat(stream=False),
    "system first": chat(said("system", "You are Ada.") + HELLO),
    "developer first": chat(said("developer", "You are Ada.") + HELLO),
    "a conversation": chat(HELLO + said("assistant", "Hello.") + said("user", "And now?")),
    "two of a user": chat(HELLO + HELLO),
    "temperature 0": chat(temperature=0),
    "temperature 2": chat(temperature=2),
    "top_p": chat(top_p=0.5),
    "seed": chat(seed=7),
    "stop": chat(stop=["\n"]),
    "one stop": chat(stop="\n"),
    "penalties": chat(presence_penalty=0.5, frequency_penalty=0.5),
    "n 1": chat(n=1),
    "a user": chat(user="ada"),
    "json object": chat(response_format={"type": "json_object"}),
    "Chinese": chat(said("user", "你好，今天天气怎么样？")),
    "emoji": chat(said("user", "🙂🦊🎉")),
    "combined letters": chat(said("user", "e\u0301")),
    "empty text": chat(said("user", "")),
    "quotes": chat(said("user", '"\\\n\t\u0001')),
    "a name": chat(said("user", "Hello.", name="ada")),
    "completion tokens": (CHAT, {"model": MODEL, "messages": HELLO, "max_completion_tokens": 3}),
    "one token": chat(max_tokens=1),
    "both limits": chat(max_completion_tokens=3),
    "no limit named": (CHAT, {"model": MODEL, "messages": HELLO, "stop": ["o", "e", "a", "\n"]}),
    "no messages": without("messages"),
    "empty messages": chat([]),
    "messages are a text": chat("Hello."),
    "no model": without("model"),
    "unknown model": chat(model="none-such"),
    "model is a number": chat(model=7),
    "unknown role": chat(said("wizard", "Hello.")),
    "no role": chat([{"content": "Hello."}]),
    "null content": chat(said("user", None)),
    "content is a number": chat(said("user", 7)),
    "tokens are a text": chat(max_tokens="many"),
    "no tokens": chat(max_tokens=0),
    "temperature is a text": chat(temperature="hot"),
    "temperature below 0": chat(temperature=-1),
    "unknown argument": chat(sparkle=True),
    "options without a stream": chat(stream_options={"include_usage": True}),
    "stream is a text": chat(stream="yes"),
    "too long": chat(said("user", "word " * 9000)),
    "no JSON": (CHAT, b"{"),
    "an array": (CHAT, b"[]"),
    "embeddings": (EMBED, {"model": "text-embedding-3-small", "input": "Hello."}),
}

# What each does: the double (as OpenAI), and llama-server.
DIFFERENCES = {
    "both limits": ("400 error with a text code", "200 answer"),
    "no messages": ("400 error with a text code", "400 error with a number code"),
    "empty messages": ("400 error with a text code", "200 answer"),
    "messages are a text": ("400 error with a text code", "400 error with a number code"),
    "no model": ("400 error with a text code", "200 answer"),
    "unknown model": ("404 error with a text code", "200 answer"),
    "model is a number": ("400 error with a text code", "200 answer"),
    "unknown role": ("400 error with a text code", "200 answer"),
    "no role": ("400 error with a text code", "500 error with a number code"),
    "null content": ("400 error with no code", "200 answer"),
    "content is a number": ("400 error with no code", "400 error with a number code"),
    "tokens are a text": ("400 error with a text code", "400 error with a number code"),
    "no tokens": ("400 error with a text code", "200 answer"),
    "temperature is a text": ("400 error with a text code", "400 error with a number code"),
    "temperature below 0": ("400 error with a text code", "200 answer"),
    "unknown argument": ("400 error with no code", "200 answer"),
    "options without a stream": ("400 error with no code", "200 answer"),
    "stream is a text": ("400 error with a text code", "400 error with a number code"),
    "too long": ("400 error with a text code", "400 error with a number code"),
    "no JSON": ("400 error with no code", "400 error with a number code"),
    "an array": ("400 error with no code", "400 error with a number code"),
    "embeddings": ("200 embeddings", "501 error with a number code"),
}


def shape_of_error(data):
    try:
        error = json.loads(data)["error"]
        kind = {str: "a text code", int: "a number code", type(None): "no code"}
        return f"error with {kind[type(error['code'])]}" if error.get("message") else "?"
    except (ValueError, KeyError, TypeError):
        return "no error object"


def shape_of_whole(data):
    answer = json.loads(data)
    if answer["object"] == "list":
        return "embeddings"
    choice, = answer["choices"]
    assert set(answer) >= {"id", "object", "created", "model", "choices", "usage"}
    assert answer["object"] == "chat.completion" and choice["index"] == 0
    assert choice["message"]["role"] == "assistant"
    assert isinstance(choice["message"]["content"], str)
    assert choice["finish_reason"] in ("stop", "length")
    usage = answer["usage"]
    assert usage["prompt_tokens"] > 0 and usage["completion_tokens"] > 0
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    return "answer"


def shape_of_stream(data):
    lines = [line for line in data.decode().split("\n") if line]
    assert all(line.startswith("data: ") for line in lines), lines
    assert lines[-1] == "data: [DONE]"
    events = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    assert all(event["object"] == "chat.completion.chunk" for event in events)
    assert events[0]["choices"][0]["delta"]["role"] == "assistant"
    with_usage = [event for event in events if event.get("usage")]
    finished = [event for event in events
                if event["choices"] and event["choices"][0].get("finish_reason")]
    assert len(finished) == 1
    if not with_usage:
        return "stream"
    assert with_usage == events[-1:] and events[-1]["choices"] == []
    return "stream with usage"


def send(url, path, body, key):
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json",
                                                        "Authorization": "Bearer " + key})
    try:
        with urllib.request.urlopen(request) as answer:
            data, kind = answer.read(), answer.headers.get_content_type()
        return "200 " + (shape_of_stream if kind == "text/event-stream" else shape_of_whole)(data)
    except AssertionError:
        return "200 of another shape"
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code} {shape_of_error(error.read())}"


def test_the_double_differs_only_where_openai_does(tmp_path):
    assert len(REQUESTS) == 50
    with llama(tmp_path) as real, OpenAI(KEY) as double:
        found = {}
        for name, (path, body) in REQUESTS.items():
            both = send(double.url, path, body, KEY), send(real.url, path, body, KEY)
            print(f"{name:28} {both[0]:36} {both[1]}")
            if both[0] != both[1]:
                found[name] = both
    assert found == DIFFERENCES


@pytest.mark.parametrize("key", ["", "wrong"])
def test_both_refuse_a_wrong_key(tmp_path, key):
    with llama(tmp_path) as real, OpenAI(KEY) as double:
        assert send(double.url, *chat(), key).startswith("401 error")
        assert send(real.url, *chat(), key).startswith("401 error")
