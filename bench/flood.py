"""The load of bench/abuse: a process that sends requests or frames as fast as it can, and the reader
whose latency it should not change."""

import asyncio
import collections
import contextlib
import json
import multiprocessing
import os
import random
import socket
import threading
import time
from urllib.parse import quote, urlencode

import websockets

CONNECTIONS = 8
TIMEOUT = 15
PERIOD = 0.06  # seconds between two requests of one of the reader's connections
READERS = 4
READER_ADDRESS = "192.0.2.1"
PING_PERIOD = 0.1  # of the reader's WebSocket, within the budget of a user


class Connection:
    """A kept HTTP connection. It opens again when the server closes it."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None

    def ask(self, request):
        """The status of the answer, or 0 when the connection ended without one."""
        try:
            if not self.socket:
                self.open()
            self.socket.sendall(request)
            return self.receive()
        except OSError:
            self.close()
            return 0

    def receive(self):
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.more()
        head = bytes(data[:end]).lower()
        status = int(head[9:12])
        body = len(data) - end - 4
        if (at := head.find(b"content-length:")) >= 0:
            length = int(head[at + 15:].split(b"\r\n", 1)[0])
            while body < length:
                body += len(self.more())
        elif b"transfer-encoding: chunked" in head:
            while not data.endswith(b"0\r\n\r\n"):
                data = data[-8:] + self.more()
        if b"connection: close" in head:
            self.close()
        return status

    def more(self):
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError
        return part


def request_of(address, method, path, body=None, query=None, token=None, headers=None):
    """The head and the body of a request that a proxy passes on for this address."""
    if isinstance(body, str):
        kind, data = "application/x-www-form-urlencoded", body
    else:
        kind, data = "application/json", "" if body is None else json.dumps(body, ensure_ascii=False)
    data = data.replace('"@M@"', "@M@").encode()
    if query:
        path += "?" + urlencode(query, quote_via=quote)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"X-Forwarded-For: {address}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if token and "Authorization" not in (headers or {}):
        lines.append(f"Authorization: Bearer {token}")
    if data:
        lines.append(f"Content-Type: {kind}")
    return "\r\n".join(lines).encode(), data


class Requests:
    """The requests of one attack, each a little different."""

    def __init__(self, head, data):
        self.head, self.data = head, data
        self.number = os.getpid() * 1_000_000

    def next(self):
        self.number += 1
        marks = ((b"@N@", b"%d" % self.number), (b"@M@", b"%d" % (self.number % 1000 + 1)))
        head, data = self.head, self.data
        for mark, value in marks:
            head, data = head.replace(mark, value), data.replace(mark, value)
        return head + b"\r\nContent-Length: %d\r\n\r\n" % len(data) + data


def flood_http(port, head, data, stop, seen):
    requests = Requests(head, data)

    def one():
        connection = Connection(port)
        while not stop.is_set():
            seen[connection.ask(requests.next())] += 1
        connection.close()
    threads = [threading.Thread(target=one) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def live(port, address, token):
    return websockets.connect(
        f"ws://127.0.0.1:{port}/api/v1/phase3/ws/me", subprotocols=["aeon.v1"],
        extra_headers={"Authorization": f"Bearer {token}", "X-Forwarded-For": address},
        open_timeout=TIMEOUT, close_timeout=1, max_size=None)


def flood_socket(port, address, token, frame, stop, seen):
    """Sends the frame on several WebSockets; without a frame it connects again and again."""
    async def drain(ws):
        """Until the server closes the connection, perhaps because of the flood."""
        with contextlib.suppress(websockets.ConnectionClosed):
            async for message in ws:
                is_error = message[:40].replace(" ", "").startswith('{"type":"error"')
                seen["error" if is_error else "frames"] += 1

    async def one():
        while not stop.is_set():
            try:
                async with live(port, address, token) as ws:
                    seen["connected"] += 1
                    if not frame:
                        await ws.recv()
                        continue
                    reader = asyncio.create_task(drain(ws))
                    number = 0
                    while not stop.is_set() and not reader.done():
                        number += 1
                        text = frame.replace("@N@", str(number)).replace("@M@", str(number % 1000 + 1))
                        await asyncio.wait_for(ws.send(text), 1)
                        seen["sent"] += 1
                        await asyncio.sleep(0)
                    reader.cancel()
                    await asyncio.gather(reader, return_exceptions=True)
            except Exception as why:
                seen[type(why).__name__] += 1
                await asyncio.sleep(0.01)

    async def every():
        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    asyncio.run(every())


def held(port, request, small):
    """A connection with a request on it whose answer nobody reads, or None when it was refused."""
    try:
        opened = socket.socket()
        if small:  # so that the answer does not fit into the kernel's buffers
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        opened.settimeout(TIMEOUT)
        opened.connect(("127.0.0.1", port))
        opened.sendall(request)
        return opened
    except OSError:
        return None


def flood_held(port, count, request, drip, stop, seen):
    """Holds many connections. With `drip` each sends one more byte a second; one that the server
    has closed is opened again."""
    connections = [None] * count
    while not stop.is_set():
        for i, connection in enumerate(connections):
            try:
                if connection and drip:
                    connection.sendall(b"x")
                elif connection and not request and connection.recv(1, socket.MSG_DONTWAIT) == b"":
                    raise ConnectionError
            except BlockingIOError:
                pass
            except OSError:
                connection.close()
                connections[i] = connection = None
            if not connection and not stop.is_set():
                connections[i] = held(port, request, request and not drip)
                seen["opened" if connections[i] else "refused"] += 1
        stop.wait(1)
    for connection in connections:
        if connection:
            connection.close()


def run_flood(function, arguments, stop, result):
    os.nice(10)  # the flood should cost the realm's CPU, not take it away
    seen = collections.Counter()
    function(*arguments, stop, seen)
    result.send(dict(seen))


class Flood:
    """A context in which the flood runs. `seen` counts what was answered, by status."""

    def __init__(self, function, *arguments):
        self.stop = multiprocessing.Event()
        self.result, theirs = multiprocessing.Pipe(False)
        self.process = multiprocessing.Process(
            target=run_flood, args=(function, arguments, self.stop, theirs), daemon=True)
        self.seen = {}

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        if self.result.poll(TIMEOUT + 5):
            self.seen = self.result.recv()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()


class Reader:
    """Other users who read, at a fixed pace over several connections and one WebSocket."""

    def __init__(self, port, requests, token):
        self.port, self.requests, self.token = port, requests, token  # complete requests
        self.connections = [Connection(port) for _ in range(READERS)]

    def ask(self, connection, until, seen, failed):
        rng = random.Random()
        due = time.monotonic() + rng.random() * PERIOD
        while due < until:
            time.sleep(max(0, due - time.monotonic()))
            start = time.perf_counter()
            status = connection.ask(rng.choice(self.requests))
            seen.append((time.perf_counter() - start) * 1e3)
            if status != 200:
                failed.append(status)
            due = max(due + PERIOD, time.monotonic())

    def ping(self, until, seen, failed):
        """On one WebSocket: how long the bridge takes to answer."""
        async def pings():
            async with live(self.port, READER_ADDRESS, self.token) as ws:
                while time.monotonic() < until:
                    start = time.perf_counter()
                    await ws.send('{"type": "ping"}')
                    while '"pong"' not in await asyncio.wait_for(ws.recv(), TIMEOUT):
                        pass
                    seen.append((time.perf_counter() - start) * 1e3)
                    await asyncio.sleep(PING_PERIOD)
        try:
            asyncio.run(pings())
        except Exception as why:
            failed.append(type(why).__name__)

    def measure(self, seconds):
        """(latencies in ms of the requests, those of the pings, what failed)."""
        seen, live_seen, failed = [], [], []
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self.ask, args=(each, until, seen, failed))
                   for each in self.connections]
        threads.append(threading.Thread(target=self.ping, args=(until, live_seen, failed)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return seen, live_seen, failed
