#!/usr/bin/python3
"""A double of OpenAI's API: chat completions and embeddings, strict where OpenAI is.

    with OpenAI(key="secret", log=path) as service:
        service.url                       # http://127.0.0.1:PORT/v1
        service.answer = lambda body: "…" # what the model says; it repeats the last message
        service.next("500", "429")        # personas of the next requests
        service.bodies                    # the bytes of each request's body
    service.go_on()                   # to a persona that waits
    service.costs                     # tokens that each request has really cost, or may have

The model's name "persona-NAME" also chooses a persona (personas.py): mostly a server that is broken
or hostile. `log` is a file that gets each request as a line of JSON. As a program it serves until
it is ended:

    double.py [--port N] [--key KEY] [--log FILE]
"""

import argparse
import asyncio
import base64
import collections
import hashlib
import json
import math
import pathlib
import re
import ssl
import struct
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from doubles.openai import personas, strict  # noqa: E402

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found",
           405: "Method Not Allowed", 408: "Request Timeout", 429: "Too Many Requests",
           500: "Internal Server Error", 503: "Service Unavailable", 307: "Temporary Redirect"}
MOST_BODY = 16 << 20


def repeat(body):
    return "You said: " + body["messages"][-1]["content"][:500]


def vector_of(text, dimension):
    """Texts with the same words are near each other."""
    vector = [0.0] * dimension
    for word in re.findall(r"\w+", text.lower()) or [text]:
        digest = hashlib.sha256(word.encode()).digest()
        for at in range(0, 8, 2):
            vector[digest[at] % dimension] += 1 if digest[at + 1] & 1 else -1
    vector[0] += 0.5  # so that no vector is zero
    norm = math.sqrt(sum(x * x for x in vector))
    return [x / norm for x in vector]


class Connection:
    """One connection of a client: requests are read, and answered by the service."""

    def __init__(self, service, reader, writer):
        self.service, self.reader, self.writer = service, reader, writer

    async def request(self):
        """(method, path, headers, body), or None at the end."""
        begin = await self.reader.readexactly(1)
        if begin == b"\x16":  # TLS, to a server that does not speak it
            await self.whole(400, b"", "text/plain")
            raise ConnectionError
        head = (begin + await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ", 2)
        path = re.sub("^http://[^/]*", "", path)  # as to a proxy
        headers = {name.lower(): value.strip()
                   for name, _, value in (line.partition(":") for line in lines if line)}
        length = int(headers.get("content-length", 0))
        assert length <= MOST_BODY, length
        return method, path, headers, await self.reader.readexactly(length)

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status, headers):
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
                 *(f"{name}: {value}" for name, value in headers.items())]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def whole(self, status, body, content_type="application/json", headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        await self.head(status, {"Content-Type": content_type, "Content-Length": len(data),
                                 **dict(headers)})
        await self.send(data)

    async def begin_stream(self, content_type="text/event-stream"):
        await self.head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})

    async def chunk(self, data):
        await self.send(b"%x\r\n%s\r\n" % (len(data), data))

    async def event(self, value):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        await self.chunk(b"data: " + text.encode() + b"\n\n")

    async def end_stream(self):
        await self.send(b"0\r\n\r\n")


class Completion:
    """The parts of one answer."""

    def __init__(self, body, text, model=None):
        self.body, self.text, self.model = body, text, model or body["model"]
        self.usage = {"prompt_tokens": strict.prompt_tokens(body),
                      "completion_tokens": strict.tokens_of(text)}
        most = body.get("max_completion_tokens", body.get("max_tokens", 4096))
        self.finish = "stop"
        if self.usage["completion_tokens"] > most:
            self.text, self.finish = text.encode()[:4 * most].decode(errors="ignore"), "length"
            self.usage["completion_tokens"] = most
        self.cost = self.usage["total_tokens"] = sum(self.usage.values())

    def object(self, kind, **more):
        return {"id": "chatcmpl-double", "object": kind, "created": 1764000000,
                "model": self.model, **more}

    def whole(self):
        message = {"role": "assistant", "content": self.text, "refusal": None}
        return self.object("chat.completion", usage=self.usage, choices=[
            {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish}])

    def part(self, delta, finish=None):
        usage = {"usage": None} if self.wants_usage() else {}
        return self.object("chat.completion.chunk", **usage, choices=[
            {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}])

    def wants_usage(self):
        return self.body.get("stream_options", {}).get("include_usage")

    def parts(self):
        """The events of a stream."""
        yield self.part({"role": "assistant", "content": "", "refusal": None})
        for piece in re.findall(r"\s*\S+\s*", self.text) or [self.text]:
            yield self.part({"content": piece})
        yield self.part({}, self.finish)
        if self.wants_usage():
            yield self.object("chat.completion.chunk", choices=[], usage=self.usage)
        yield "[DONE]"


class OpenAI:
    """See the head of this file."""

    def __init__(self, key="secret-key", port=0, log=None, certificate=None):
        self.tls = None
        if certificate:  # the paths of it and of its key
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.tls.load_cert_chain(*certificate)
        self.key, self.port, self.log, self.answer = key, port, log, repeat
        self.models = dict(strict.MODELS)
        self.embedding_models = dict(strict.EMBEDDING_MODELS)
        self.bodies, self.paths, self.personas = [], [], collections.deque()
        self.costs = []
        self.in_work = self.most_in_work = 0
        self.pause = 0.2
        self.may_go_on = asyncio.Event()

    def go_on(self):
        self.loop.call_soon_threadsafe(self.may_go_on.set)

    def next(self, *names):
        self.personas.extend(names)

    def __enter__(self):
        started = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.serve, args=(started,), daemon=True)
        self.thread.start()
        started.wait()
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/v1"
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def serve(self, started):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            asyncio.start_server(self.connected, "127.0.0.1", self.port, limit=1 << 20,
                                 ssl=self.tls))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def connected(self, reader, writer):
        connection = Connection(self, reader, writer)
        try:
            while True:
                await self.serve_one(connection)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def serve_one(self, connection):
        method, path, headers, data = await connection.request()
        self.bodies.append(data)
        self.paths.append(path)
        if self.log:
            with open(self.log, "a", encoding="utf-8") as log:
                log.write(json.dumps({"path": path, "body": data.decode(errors="replace")},
                                     ensure_ascii=False) + "\n")
        connection.request_number = None  # in costs
        self.in_work += 1
        self.most_in_work = max(self.most_in_work, self.in_work)
        try:
            await self.reply(connection, method, path, headers, data)
        except strict.Refused as refused:
            if connection.request_number is not None:
                self.costs[connection.request_number] = 0
            await connection.whole(refused.status, refused.body, headers=refused.headers)
        finally:
            self.in_work -= 1

    async def reply(self, connection, method, path, headers, data):
        self.check_key(headers)
        kinds = {"/v1/chat/completions": self.chat, "/v1/embeddings": self.embed}
        if path not in kinds:
            raise strict.Refused(f"Invalid URL ({method} {path})", status=404)
        if method != "POST":
            raise strict.Refused(f"Not allowed to {method} on {path}", status=405)
        await kinds[path](connection, self.parse(headers, data))

    def check_key(self, headers):
        given = headers.get("authorization", "")
        if not given.startswith("Bearer "):
            raise strict.Refused("You didn't provide an API key. You need to provide your API key "
                                 "in an Authorization header using Bearer auth.", status=401)
        if given != f"Bearer {self.key}":
            raise strict.Refused(f"Incorrect API key provided: {given[7:]}. You can find your API "
                                 "key at https://platform.openai.com/account/api-keys.",
                                 "invalid_api_key", status=401)

    def parse(self, headers, data):
        try:
            if headers.get("content-type", "").split(";")[0] != "application/json":
                raise ValueError
            body = json.loads(data.decode())
            if not isinstance(body, dict):
                raise ValueError
        except ValueError:
            raise strict.Refused(
                "We could not parse the JSON body of your request. (HINT: This likely means you "
                "aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, "
                "but what was sent was not valid JSON.)") from None
        return body

    def persona_of(self, body):
        name = self.personas.popleft() if self.personas else None
        model = body.get("model")
        if not name and isinstance(model, str) and model.startswith("persona-"):
            name = model.removeprefix("persona-")
        return getattr(personas, "as_" + name.replace("-", "_")) if name and name != "ok" else None

    async def chat(self, connection, body):
        persona = self.persona_of(body)
        models = {**self.models, body.get("model"): (8192, False)} if persona else self.models
        if persona and getattr(persona, "is_lax", False):
            await persona(self, connection, body)
            return
        strict.check_chat(body, models)
        most = body.get("max_completion_tokens", body.get("max_tokens", 4096))
        connection.request_number = len(self.costs)
        self.costs.append(strict.prompt_tokens(body) + most)
        if persona:
            await persona(self, connection, body)
        else:
            await self.send_completion(connection, Completion(body, self.answer(body)))

    async def send_completion(self, connection, completion):
        if connection.request_number is not None:
            self.costs[connection.request_number] = completion.cost
        if not completion.body.get("stream"):
            await connection.whole(200, completion.whole())
            return
        await connection.begin_stream()
        for part in completion.parts():
            await connection.event(part)
        await connection.end_stream()

    async def embed(self, connection, body):
        persona = self.persona_of(body)
        models = {**self.embedding_models, body.get("model"): 64} if persona \
            else self.embedding_models
        texts = strict.check_embeddings(body, models)
        dimension = body.get("dimensions", models[body["model"]])
        vectors = [vector_of(text, dimension) for text in texts]
        answer = self.embedding_answer(body, vectors, sum(map(strict.tokens_of, texts)))
        if persona:
            await persona(self, connection, body, answer)
        else:
            await connection.whole(200, answer)

    def embedding_answer(self, body, vectors, tokens):
        def encoded(vector):
            if body.get("encoding_format") == "base64":
                return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
            return vector
        return {"object": "list", "model": body["model"],
                "data": [{"object": "embedding", "index": index, "embedding": encoded(vector)}
                         for index, vector in enumerate(vectors)],
                "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default="secret-key")
    parser.add_argument("--log")
    options = parser.parse_args()
    with OpenAI(options.key, options.port, options.log) as service:
        print("ready:", service.url, flush=True)
        service.thread.join()


if __name__ == "__main__":
    main()
