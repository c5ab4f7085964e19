"""How long a realm needs until it works again."""

import concurrent.futures
import http.client
import json
import math
import select
import socket
import statistics
import time

from realm import PASSWORD, wait_until


class Recovery:
    """Measures the seconds until REST, a login and a WebSocket work. Keeps all measured times."""

    def __init__(self, realm, name):
        self.realm, self.name = realm, name
        self.parts = {"REST": self.rest, "login": self.login, "WebSocket": self.websocket}
        self.times = {part: [] for part in [*self.parts, "all"]}

    @property
    def bearer(self):
        return "Bearer " + self.realm.tokens[self.name]

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.realm.port, timeout=10)
        try:
            connection.request(method, "/api/v1" + path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def rest(self):
        return self.request("GET", "/users/me", Authorization=self.bearer) == 200

    def login(self):
        body = json.dumps({"username": self.name, "password": PASSWORD})
        works = self.request("POST", "/users/login", body,
                             **{"Content-Type": "application/json"}) == 200
        if not works:
            select.select([], [], [], 0.05)  # so that not the rate limit answers
        return works

    def websocket(self):
        with socket.create_connection(("127.0.0.1", self.realm.port), timeout=10) as wire:
            wire.sendall("\r\n".join([
                "GET /api/v1/phase3/ws/me HTTP/1.1", "Host: localhost", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Protocol: aeon.v1", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                f"Authorization: {self.bearer}", "", ""]).encode())
            answer = b""
            while part := wire.recv(4096):
                answer += part
                if b"\r\n" in answer and b" 101 " not in answer or b'"welcome"' in answer:
                    break
            return b'"welcome"' in answer

    def measure(self, since):
        """Returns a text with the seconds from `since` (time.monotonic()) of each part."""
        def wait(part):
            def works():
                try:
                    return self.parts[part]()
                except (OSError, http.client.HTTPException):
                    return False
            wait_until(works, part)
            self.times[part].append(time.monotonic() - since)
        with concurrent.futures.ThreadPoolExecutor(len(self.parts)) as pool:
            list(pool.map(wait, self.parts))
        self.times["all"].append(max(self.times[part][-1] for part in self.parts))
        return ", ".join(f"{part} after {self.times[part][-1]:.2f} s" for part in self.parts)

    def summary(self):
        """A line for each part: the least, median, 99th percentile and largest time."""
        for part, times in self.times.items():
            if times:
                ordered = sorted(times)
                late = ordered[math.ceil(len(ordered) * 0.99) - 1]
                yield (f"{part} worked again {len(times)} times, after {ordered[0]:.2f} s at "
                       f"least, {statistics.median(times):.2f} in the median, {late:.2f} (p99), "
                       f"{ordered[-1]:.2f} at most")
