"""A real Neo4j server on a folder, and a small client of it."""

import base64
import json
import pathlib
import shutil
import subprocess
import urllib.error
import urllib.request

import maven
from realm import free_port, wait_until

PACKAGE = ("aeon-neo4j", pathlib.Path(__file__).resolve().parent / "pom.xml")
PASSWORD = "secret-pw-1"
PATIENCE = 15  # times as long as other programs: Java starts in half a minute, on a busy machine in two
CONFIGURATION = """
server.default_listen_address=127.0.0.1
server.http.listen_address=127.0.0.1:{http}
server.bolt.listen_address=127.0.0.1:{bolt}
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=64m
db.tx_log.preallocate=false
"""
OPTIONS = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
           *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in (
               "java.nio", "java.io", "sun.nio.ch", "java.util.concurrent"))]


def archives():
    """The folder with the archives of Neo4j, which are fetched now if they are not there yet."""
    return maven.installed(*PACKAGE)


class Neo4j:
    """A server. After stop() it can be started again."""

    def __init__(self, archives, folder):
        self.archives, self.folder = archives, pathlib.Path(folder)
        self.port, bolt = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        for name in ("conf", "data", "logs", "run", "import", "plugins", "licenses"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "conf/neo4j.conf").write_text(
            CONFIGURATION.format(http=self.port, bolt=bolt))
        self.java("org.neo4j.cli.AdminTool", "dbms", "set-initial-password", PASSWORD).wait()
        self.process = None

    def java(self, *command, options=()):
        with open(f"{self.folder}.log", "ab") as log:
            return subprocess.Popen(
                ["java", *options, "-cp", f"{self.archives}/*", *command], stdout=log, stderr=log,
                env={"NEO4J_HOME": str(self.folder), "PATH": "/usr/bin:/bin"})

    def start(self):
        self.process = self.java("org.neo4j.server.CommunityEntryPoint",
                                 f"--home-dir={self.folder}", f"--config-dir={self.folder}/conf",
                                 options=OPTIONS)
        wait_until(self.is_ready, "Neo4j is ready", self.process, patience=PATIENCE)
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_ready(self):
        try:
            return self.query("RETURN 1") == [[1]]
        except (OSError, urllib.error.URLError):
            return False

    def query(self, statement, **parameters):
        user = base64.b64encode(f"neo4j:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"{self.url}/db/neo4j/query/v2", method="POST",
            data=json.dumps({"statement": statement, "parameters": parameters}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Basic {user}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())["data"]["values"]

    def graph(self):
        """All that it holds of a realm, sorted."""
        return (
            sorted(self.query("MATCH (u:User) RETURN u.id, u.active, u.open")),
            sorted(self.query("MATCH (a)-[k:KNOWS]->(b) RETURN a.id, b.id, k.friend, k.strength")),
            sorted(self.query("MATCH (u)-[:SHARED]->(k:Knowledge) RETURN k.id, u.id")),
            sorted(self.query("MATCH (k)-[:MENTIONS]->(c:Concept) RETURN k.id, c.id")))
