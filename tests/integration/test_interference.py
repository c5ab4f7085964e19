"""What is found through ChromaDB and Neo4j is the same with and without what is hidden."""

import os
import subprocess

from neo4j import PASSWORD
from realm import BUILD, PATIENCE

PROGRAM = BUILD / "tests/interference/test_stores"


def test_what_is_hidden_changes_nothing_that_is_found_through_stores(chroma, neo4j, tmp_path):
    config = tmp_path / "aeon.conf"
    config.write_text(f"chroma_host = 127.0.0.1\nchroma_port = {chroma.port}\n"
                      f"neo4j_uri = {neo4j.url}\nneo4j_password = {PASSWORD}\n")
    config.chmod(0o600)
    ended = subprocess.run([PROGRAM], env=os.environ | {"AEON_CONFIG": str(config)}, text=True,
                           timeout=PATIENCE, capture_output=True)
    print(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr
