"""The web client in real browsers. It is skipped where Chromium or the packages of web/ are missing."""

import base64
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import httpx
import pytest

from realm import PATIENCE, TOP, Realm

NODE = os.environ.get("NODE", "node")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SCRIPT = TOP / "web/tests/browser/talk.mjs"


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
@pytest.mark.skipif(not (TOP / "web/node_modules/playwright-core").is_dir(),
                    reason="the packages of web/ are not installed: make check-web")
def test_two_people_register_and_talk_and_the_page_breaks_no_rule(tmp_path):
    with Realm(twins=1) as realm:
        realm.start_all()
        environment = os.environ | {"AEON_URL": realm.url, "SETUP_CODE": realm.setup_code,
                                    "CHROMIUM": CHROMIUM, "HOME": str(tmp_path)}
        done = subprocess.run([NODE, SCRIPT], env=environment, capture_output=True, text=True,
                              timeout=4 * PATIENCE)
        assert done.returncode == 0, done.stderr


def test_each_address_of_a_view_gives_the_page_and_no_other_does():
    with Realm() as realm:
        realm.start_workers("fast")
        realm.start_nginx()
        page = (TOP / "web/dist/index.html").read_bytes()
        with httpx.Client(base_url=realm.url) as client:
            for path in ("/", "/rooms/0190", "/people", "/people/7", "/knowledge/7", "/join/abc", "/twin",
                         "/network", "/settings", "/register", "/reset"):
                answer = client.get(path)
                assert answer.content == page, path
                policy = answer.headers["content-security-policy"]
                assert "require-trusted-types-for 'script'; trusted-types" in policy
                assert "unsafe" not in policy and answer.headers["cache-control"] == "no-cache"
            for path in ("/index.html", "/rooms/a/b", "/nothing", "/assets/none.js", "/web"):
                assert client.get(path).status_code == 404, path
            for file in pathlib.Path(TOP / "web/dist/assets").iterdir():
                answer = client.get(f"/assets/{file.name}", headers={"Accept-Encoding": "gzip"})
                assert answer.content == file.read_bytes()
                assert "immutable" in answer.headers["cache-control"]
            assert "default-src 'none'" in client.get("/health").headers["content-security-policy"]
            docs = client.get("/docs")
            style = re.search(rb"<style>(.*?)</style>", docs.content, re.DOTALL)[1]
            named = base64.b64encode(hashlib.sha256(style).digest()).decode()
            assert f"style-src 'sha256-{named}'" in docs.headers["content-security-policy"]
