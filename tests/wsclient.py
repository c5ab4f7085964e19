"""A WebSocket client that can also misbehave: it sends any frame, and reads only on demand."""

import contextlib
import json
import os
import select
import socket
import struct
import time

import live_contract
from realm import PATIENCE, strict_json

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Closed(Exception):
    """The server has closed the connection. `code` is None without a close frame."""

    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class Refused(Exception):
    """The answer to the handshake had another status than 101."""

    def __init__(self, status):
        super().__init__(f"refused with {status}")
        self.status = status


def mask(payload):
    key = os.urandom(4)
    return key + bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


class Client:
    """One connection to a bridge of a realm. `token` goes into the header of the request."""

    def __init__(self, realm, token=None, *, v1=True, user="me", path=None, headers=None, bridge=1):
        self.room = b""
        self.lines = []  # unread messages of a frame with several
        where = realm.bridge_socket(bridge)
        local = isinstance(where, str)
        self.socket = socket.socket(socket.AF_UNIX if local else socket.AF_INET)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(where)
        if not local:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = [f"GET {path or f'/api/v1/phase3/ws/{user}'} HTTP/1.1", "Connection: Upgrade",
                 "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
        fields = {"Host": "localhost"} | ({"Sec-WebSocket-Protocol": "aeon.v1"} if v1 else {})
        fields |= {"Authorization": f"Bearer {token}"} if token else {}
        lines += [f"{name}: {value}" for name, value in (fields | (headers or {})).items()]
        self.socket.sendall("\r\n".join(lines + ["", ""]).encode())
        while b"\r\n\r\n" not in self.room:
            self.receive()
        head, _, self.room = self.room.partition(b"\r\n\r\n")
        self.head = head.decode()
        status = int(self.head.split()[1])
        if status != 101:
            raise Refused(status)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # --- sending ----------------------------------------------------------------------------------

    @staticmethod
    def framed(opcode, payload, final=True):
        size = len(payload)
        head = bytes([opcode | (0x80 if final else 0)])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += struct.pack(">BH", 0x80 | 126, size)
        else:
            head += struct.pack(">BQ", 0x80 | 127, size)
        return head + mask(payload)

    def frame(self, opcode, payload, final=True):
        self.socket.sendall(self.framed(opcode, payload, final))

    def text(self, text):
        self.frame(TEXT, text.encode() if isinstance(text, str) else text)

    def say(self, kind, **fields):
        self.text(json.dumps({"type": kind, **fields}))

    def say_together(self, *messages):
        """Sends these (type, fields) with one call, so that they arrive together."""
        texts = (json.dumps({"type": kind, **fields}).encode() for kind, fields in messages)
        self.socket.sendall(b"".join(self.framed(TEXT, text) for text in texts))

    # --- receiving --------------------------------------------------------------------------------

    def receive(self):
        try:
            more = self.socket.recv(65536)
        except ConnectionResetError:
            more = b""
        if not more:
            raise Closed(None)
        self.room += more

    def take(self, count):
        while len(self.room) < count:
            self.receive()
        taken, self.room = self.room[:count], self.room[count:]
        return taken

    def next_frame(self):
        first, size = self.take(2)
        if size == 126:
            size, = struct.unpack(">H", self.take(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.take(8))
        return first, self.take(size)

    def next(self):
        """The next message, which must match the live contract. Pings are answered."""
        deadline = time.monotonic() + PATIENCE
        while not self.lines:
            first, payload = self.next_frame()
            if first == 0x80 | TEXT:
                self.lines = [strict_json(line) for line in payload.split(b"\n")]
            elif first == 0x80 | PING:
                assert time.monotonic() < deadline, "nothing but pings"
                self.frame(PONG, payload)
            elif first == 0x80 | CLOSE:
                with contextlib.suppress(OSError):
                    self.frame(CLOSE, payload)
                raise Closed(struct.unpack(">H", payload[:2])[0])
            else:
                assert first == 0x80 | PONG, f"frame {first:#x}"
        message = self.lines.pop(0)
        live_contract.check(message)
        return message

    def next_but_presence(self):
        """The next message that is no presence of another user, which may change at any moment."""
        while (message := self.next())["type"] == "presence_update":
            pass
        return message

    def hear(self, kind, **fields):
        """Reads up to a message of this type with these data, and returns its data."""
        while True:
            message = self.next()
            data = message["data"]
            if message["type"] == kind and all(data[name] == fields[name] for name in fields):
                return data
            assert message["type"] != "error" or kind == "error", message

    def until(self, kind, **fields):
        """All messages up to the first of this type with these data, and that one too."""
        heard = []
        while True:
            heard.append(self.next())
            data = heard[-1]["data"]
            if heard[-1]["type"] == kind and all(data[name] == fields[name] for name in fields):
                return heard

    def up_to_now(self, room_id):
        """All messages that were on their way: room_info comes in the order of events."""
        self.say("join_room", room_id=room_id)
        return self.until("room_info", room_id=room_id)[:-1]

    def closed(self):
        """Reads to the end of the connection. Returns the close code."""
        try:
            while True:
                self.next()
        except Closed as end:
            return end.code

    def quiet(self, seconds):
        """Whether nothing at all arrives in this time."""
        deadline = time.monotonic() + seconds
        left = seconds
        while left > 0:
            if self.room or select.select([self.socket], [], [], left)[0]:
                return False
            left = deadline - time.monotonic()
        return True
