"""A realm with an embedder, which is a double, and with real stores of other makers."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent), str(HERE.parent / "twin")]

import maven  # noqa: E402
import npm  # noqa: E402
import pypi  # noqa: E402
from chroma import PACKAGE as CHROMA, Chroma, command  # noqa: E402
from neo4j import PACKAGE as NEO4J, Neo4j, archives  # noqa: E402

NEWEST = ("aeon-chroma-newest", HERE / "chroma.txt", "CHROMA_NEWEST_FOLDER")


def must(what):
    """Where INSTALL is set, as in CI, a missing store is a failure; else it is said aloud."""
    if "INSTALL" in os.environ:
        pytest.fail(what)
    pytest.skip("NOT RUN: " + what)


@pytest.fixture(scope="session")
def chroma_command():
    """How to start ChromaDB: 1.0.5 of npm, or with CHROMA_NEWEST the newest one of PyPI."""
    if "CHROMA_NEWEST" in os.environ:
        program = pypi.installed(*NEWEST) / "chroma"
        return lambda folder, port: [program, "run", "--path", folder, "--port", str(port),
                                     "--host", "127.0.0.1"]
    if not npm.is_installed(*CHROMA) and "INSTALL" not in os.environ:
        must("ChromaDB is not installed; 'make check-stores' installs it")
    try:
        return command()
    except (OSError, subprocess.CalledProcessError):
        must("ChromaDB cannot be installed from the registry")


@pytest.fixture
def chroma(chroma_command, tmp_path):
    server = Chroma(chroma_command, tmp_path / "chroma")
    yield server.start()
    if server.process.poll() is None:
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def neo4j_archives():
    """The folder with the archives of Neo4j."""
    if not maven.is_installed(*NEO4J) and "INSTALL" not in os.environ:
        must("Neo4j is not installed; 'make check-stores' installs it")
    try:
        return archives()
    except (OSError, subprocess.CalledProcessError):
        must("Neo4j cannot be installed from Maven Central")


@pytest.fixture(scope="module")
def neo4j(neo4j_archives, tmp_path_factory):
    """One server for a file, since it takes half a minute to start."""
    server = Neo4j(neo4j_archives, tmp_path_factory.mktemp("neo4j") / "home")
    yield server.start()
    server.remove()
