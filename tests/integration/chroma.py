"""A real ChromaDB server on a folder, and a small client of it."""

import json
import pathlib
import signal
import subprocess
import urllib.error
import urllib.request

import npm
from realm import free_port, wait_until

PACKAGE = ("aeon-chroma", "chromadb-js-bindings-linux-x64-gnu@1.0.5")
SERVE = ("require(process.argv[1] + '/chromadb-js-bindings-linux-x64-gnu').cli(['chroma', 'run', "
         "'--path', process.argv[2], '--port', process.argv[3], '--host', '127.0.0.1'])")
COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


def command():
    """How to start ChromaDB 1.0.5, which is installed now if it is not yet."""
    packages = npm.installed(*PACKAGE)
    return lambda folder, port: ["node", "-e", SERVE, packages, folder, str(port)]


class Chroma:
    """A server. After stop() or kill() it can be started again, also on another folder."""

    def __init__(self, command, folder):
        self.command, self.folder, self.port = command, pathlib.Path(folder), free_port()
        self.process = None

    def start(self):
        self.folder.mkdir(exist_ok=True)
        with open(f"{self.folder}.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(self.folder, self.port), stdout=log, stderr=log)
        wait_until(self.is_ready, "ChromaDB is ready", self.process)
        return self

    def stop(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait()

    def is_ready(self):
        try:
            return self.call("GET", "/api/v2/heartbeat")
        except (OSError, urllib.error.URLError):
            return False

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def collections(self):
        """The collections of this realm's kind, by the beginning of their name."""
        listed = self.call("GET", COLLECTIONS)
        return {c["name"].split("_")[1]: c for c in listed if c["name"].startswith("aeon_")}

    def ids(self, kind):
        """The ids of a collection as numbers; None when it cannot be read."""
        try:
            found = self.collections()[kind]
            got = self.call("POST", f"{COLLECTIONS}/{found['id']}/get", {"limit": 10000, "include": []})
        except (KeyError, OSError):
            return None
        return {int(number) for number in got["ids"]}

    def change(self, kind, how, body):
        self.call("POST", f"{COLLECTIONS}/{self.collections()[kind]['id']}/{how}", body)

    def vector(self, kind):
        """One of the vectors of the collection."""
        got = self.call("POST", f"{COLLECTIONS}/{self.collections()[kind]['id']}/get",
                        {"limit": 1, "include": ["embeddings"]})
        return got["embeddings"][0]
