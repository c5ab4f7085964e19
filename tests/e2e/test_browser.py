"""The web client in real browsers. It is skipped where Chromium or the packages of web/ are missing."""

import os
import pathlib
import shutil
import subprocess
import threading

import httpx
import pytest

from doubles.openai.double import OpenAI
from realm import PASSWORD, PATIENCE, TOP, Realm, wait_until

NODE = os.environ.get("NODE", "node")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
KEY = "sk-test-0123456789"  # of the model
TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types"
SCRIPTS = TOP / "web/tests/browser"


def run(script, realm, home, **environment):
    """Runs a script in Chromium. Skips the test where that or the packages of web/ are missing."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    if not (TOP / "web/node_modules/playwright-core").is_dir():
        pytest.skip("the packages of web/ are not installed: make check-web")
    realm.start_all()
    done = subprocess.run([NODE, SCRIPTS / script], capture_output=True, text=True,
                          timeout=8 * PATIENCE, env=os.environ | environment | {
                              "AEON_URL": realm.url, "CHROMIUM": CHROMIUM, "HOME": str(home)})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("walk", ["talk", "people"])
def test_two_people_walk_through_the_client_and_no_page_breaks_a_rule(tmp_path, walk):
    with Realm(twins=1) as realm:
        run(f"{walk}.mjs", realm, tmp_path, SETUP_CODE=realm.setup_code)


def test_an_answer_goes_on_after_a_reload_and_one_that_breaks_off_says_so(tmp_path):
    with OpenAI(KEY) as model, Realm(twins=1, openai_base_url=model.url, openai_api_key=KEY,
                                     openai_model="gpt-4o-mini", model_stall_seconds="900",
                                     model_total_seconds="1800") as realm:
        realm.user("ada")
        model.answer = lambda body: "one two three four five six seven eight"
        model.next("waits-midway", "closes")

        def go_on():
            wait_until((tmp_path / "go-on").exists, "the reload of the page")
            model.go_on()

        threading.Thread(target=go_on, daemon=True).start()
        run("stream.mjs", realm, tmp_path, USERNAME="ada", PASSWORD=PASSWORD)


def test_the_pages_of_the_api_try_out_calls_and_commands_with_the_session(tmp_path):
    with Realm() as realm:
        realm.user("ada")
        run("docs.mjs", realm, tmp_path, USERNAME="ada", PASSWORD=PASSWORD)


def test_each_address_of_a_view_gives_the_page_and_no_other_does():
    with Realm() as realm:
        realm.start_workers("fast")
        realm.start_nginx()
        page = (TOP / "web/dist/index.html").read_bytes()
        with httpx.Client(base_url=realm.url) as client:
            for path in ("/", "/rooms/0190", "/people", "/people/7", "/knowledge/7", "/join/abc",
                         "/twin", "/twin/calls", "/letters/7", "/admin", "/admin/users", "/network",
                         "/mentions", "/settings", "/register", "/reset", "/docs/live"):
                answer = client.get(path)
                assert answer.content == page, path
                policy = answer.headers["content-security-policy"]
                assert policy.endswith(TRUSTED_TYPES)
                assert "unsafe" not in policy and answer.headers["cache-control"] == "no-cache"
            for path in ("/index.html", "/rooms/a/b", "/nothing", "/assets/none.js", "/web"):
                assert client.get(path).status_code == 404, path
            for file in pathlib.Path(TOP / "web/dist/assets").iterdir():
                answer = client.get(f"/assets/{file.name}", headers={"Accept-Encoding": "gzip"})
                assert answer.content == file.read_bytes()
                assert "immutable" in answer.headers["cache-control"]
            assert "default-src 'none'" in client.get("/health").headers["content-security-policy"]
            assert client.get("/docs/").content == (TOP / "web/dist/docs.html").read_bytes()
            docs = client.get("/docs").headers
            assert docs["content-security-policy"] == policy.replace(TRUSTED_TYPES, "")
            assert docs["cache-control"] == "no-cache"
