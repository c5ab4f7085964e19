"""A minimal FastCGI client: one request at a time on a connection that may be kept."""

import pathlib
import socket
import struct

from realm import PATIENCE, Answer

BEGIN, END, PARAMS, STDIN, STDOUT, STDERR = 1, 3, 4, 5, 6, 7
RESPONDER, KEEP = 1, 1
RECORD_MAX = 65535  # bytes


def record(kind, content=b"", request=1):
    return struct.pack("!BBHHBx", 1, kind, request, len(content), 0) + content


def stream(kind, content):
    parts = [content[i:i + RECORD_MAX] for i in range(0, len(content), RECORD_MAX)]
    return b"".join(record(kind, part) for part in [*parts, b""])


def parameter(name, value):
    def length(text):
        return struct.pack("!B" if len(text) < 128 else "!I",
                           len(text) | (0x80000000 if len(text) >= 128 else 0))
    name, value = (text.encode(errors="surrogateescape") for text in (name, value))
    return length(name) + length(value) + name + value


def request(realm, method="GET", path="/health", body=b"", token=None, **headers):
    variables = realm.cgi_environment(method, path, body, token=token, headers=headers)
    return variables, body


def children(pid):
    """The process ids of the workers of a master."""
    return [int(child) for child in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Connection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, variables, body=b"", keep=True):
        parameters = b"".join(parameter(*pair) for pair in variables.items())
        self.socket.sendall(record(BEGIN, struct.pack("!HB5x", RESPONDER, KEEP if keep else 0)) +
                            stream(PARAMS, parameters) + stream(STDIN, body))

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ConnectionError("closed")
            data += part
        return data

    def receive(self):
        output = b""
        while True:
            _, kind, _, length, padding = struct.unpack("!BBHHBx", self.exactly(8))
            content = self.exactly(length + padding)[:length]
            if kind == STDOUT:
                output += content
            elif kind == END:
                return Answer.from_cgi(output)

    def ask(self, variables, body=b"", keep=True):
        self.send(variables, body, keep)
        return self.receive()
