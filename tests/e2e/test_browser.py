"""The web client in real browsers. It is skipped where Chromium or the packages of web/ are missing."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading

import httpx
import pytest

from doubles.openai.double import OpenAI
from doubles.smtp import SMTP
from realm import PASSWORD, PATIENCE, TOP, Realm, wait_until

NODE = os.environ.get("NODE", "node")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
KEY = "sk-test-0123456789"  # of the model
TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types"
SCRIPTS = TOP / "web/tests/browser"


REPORTS = """
location = /policy-reports {
	access_log "@LOG@/policy-reports.log" policy_reports;
	client_body_in_single_buffer on;
	proxy_pass http://aeon_policy_reports/;
}
"""
REPORTS_SERVER = """
log_format policy_reports escape=none "$request_body";
upstream aeon_policy_reports {
	server "unix:@RUN@/policy-reports.sock";
}
server {
	listen "unix:@RUN@/policy-reports.sock";
	return 204;
}
"""


class BrowsedRealm(Realm):
    """A realm for browsers: they report to its nginx each violation of the policy of a page."""

    def start_nginx(self, conf=TOP / "conf/nginx"):
        own = self.directory / "nginx"
        shutil.copytree(conf, own)
        policy = own / "http.conf"
        text = policy.read_text()
        assert "frame-ancestors 'none'" in text
        policy.write_text(text.replace("frame-ancestors 'none'", "frame-ancestors 'none'; report-uri /policy-reports"))
        site = own / "site.conf.in"
        head, server, tail = site.read_text().rpartition("\t@LISTEN@")
        site.write_text(REPORTS_SERVER + head + server + REPORTS + tail)
        return super().start_nginx(own)

    def policy_reports(self):
        log = self.directory / "policy-reports.log"
        return log.read_text() if log.exists() else ""


def run(script, realm, home, obey=None, **environment):
    """Runs a script in Chromium. Skips the test where that or the packages of web/ are missing.

    Each line that the script writes is a JSON list: a method of `obey` with its arguments. The script reads the result.
    """
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    if not (TOP / "web/node_modules/playwright-core").is_dir():
        pytest.skip("the packages of web/ are not installed: make check-web")
    realm.start_all()
    environment |= {"AEON_URL": realm.url, "CHROMIUM": CHROMIUM, "HOME": str(home)}
    with open(home / "errors", "w+") as errors, subprocess.Popen(
            [NODE, SCRIPTS / script], env=os.environ | environment, text=True, stderr=errors,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        late = threading.Timer(8 * PATIENCE, process.kill)
        late.start()
        for line in process.stdout:
            what, *arguments = json.loads(line)
            process.stdin.write(json.dumps(getattr(obey, what)(*arguments)) + "\n")
            process.stdin.flush()
        process.wait()
        late.cancel()
        errors.seek(0)
        assert process.returncode == 0, errors.read()
    assert realm.policy_reports() == ""


class Mailbox:
    """The mails of the realm, as their readers see them."""

    CODE = re.compile(r"\b[0-9a-z]{5}(?:-[0-9a-z]{5}){3}\b")

    def __init__(self, realm, server):
        self.realm, self.server = realm, server

    def newest(self, name, subject):
        """The text of the newest mail. Mails wait neither for the pause before a digest nor for another attempt."""
        def arrived():
            self.realm.rows.change("UPDATE mails SET due_at = 0 WHERE sent_at IS NULL AND failed_at IS NULL")
            return [mail for mail in self.server.mails if mail["Subject"] == subject
                    and mail["To"].addresses[0].addr_spec == f"{name}@example.org"]
        return wait_until(arrived, f"a mail to {name}")[-1].get_content()

    def code(self, name):
        return self.CODE.search(self.newest(name, "Confirm your address"))[0]

    def digest_link(self, name):
        return re.search(r"/unsubscribe\?\S+", self.newest(name, "What you have missed"))[0]

    def chosen_digest(self, name):
        ((chosen,),) = self.realm.rows.select("SELECT mail_digest FROM users WHERE username = ?", name)
        return chosen


@pytest.mark.parametrize("walk", ["talk", "people", "changes", "stranger"])
def test_two_people_walk_through_the_client_and_no_page_breaks_a_rule(tmp_path, walk):
    with SMTP() as server, BrowsedRealm(
            twins=1, twin_models="slate basalt", smtp_url=server.url, mail_from="realm@realm.example",
            site_url="https://realm.example") as realm:
        run(f"{walk}.mjs", realm, tmp_path, Mailbox(realm, server), SETUP_CODE=realm.setup_code)


def test_a_page_that_breaks_the_policy_is_reported(tmp_path):
    with BrowsedRealm() as realm:
        with pytest.raises(AssertionError, match="style-src"):
            run("violation.mjs", realm, tmp_path)


def test_the_client_counts_down_until_a_limit_ends(tmp_path):
    with BrowsedRealm(user_rate=2, user_burst=40, network_rate=1, network_burst=30) as realm:
        realm.user("ada")
        rooms = {"ROOM": realm.room("ada"), "ROOM_NAME": "Another room", "OTHER": str(realm.user("ben"))}
        realm.room("ada", name=rooms["ROOM_NAME"])
        run("limits.mjs", realm, tmp_path, USERNAME="ada", PASSWORD=PASSWORD, **rooms)
        numbers = [int(content) for content, in
                   realm.rows.select("SELECT content FROM real_time_messages ORDER BY seq")]
        assert numbers == list(range(1, len(numbers) + 1))


# The name of a person or a room, and a longer text: no part of them may become an element of a page.
NAME = "<img src=x onerror=alert(1)> <b>bold</b>"
TEXT = """\"'></textarea><script>alert(2)</script><svg onload=alert(3)></svg>
<iframe srcdoc="<script>alert(4)</script>"></iframe><style>* { display: none }</style><base href=//example.org>
[a link](javascript:alert(5)) ![a picture](javascript:alert(6)) <javascript:alert(7)>
<a href="javascript:alert(8)" onmouseover="alert(9)">here</a> <form action=//example.org><button>send</button>
&lt;img src=x onerror=alert(10)&gt; `<img src=x onerror=alert(11)>` {{7*7}} ${7*7}
| <img src=x onerror=alert(12)> | b |
|---|---|
| [c](data:text/html,<script>alert(13)</script>) | <details open ontoggle=alert(14)> |"""


def open_hall(call):
    """A room in which the twin of bob answers olga. Returns its id."""
    hall = call("olga", "POST", "/phase3/rooms", name="Hall", is_aeon_room=True)["id"]
    call("bob", "PUT", "/aeon/twin", name="Kiln", autopilot="on")
    call("bob", "POST", "/phase3/knowledge", content="The key of the kiln hangs by the door.",
         knowledge_type="insight", visibility="public")
    call("bob", "POST", f"/phase3/rooms/{hall}/join")
    call("bob", "POST", f"/phase3/rooms/{hall}/twin")
    call("bob", "POST", f"/phase3/rooms/{hall}/messages", content="The kiln is warm.")
    call("olga", "POST", f"/phase3/rooms/{hall}/messages", content="@bob Where is the key of the kiln?")
    return hall


def write_everywhere(call, ids):
    """Fills each field that others see with hostile texts. Returns the addresses of the views by name."""
    hall = open_hall(call)
    call("mallory", "PATCH", "/users/me", full_name=NAME, bio=TEXT[:500])
    call("mallory", "PUT", "/aeon/twin", name=NAME, persona=TEXT)
    room = call("mallory", "POST", "/phase3/rooms", name=NAME, topic=TEXT[:255], description=TEXT)["id"]
    call("olga", "POST", f"/phase3/rooms/{room}/join")
    said = call("mallory", "POST", f"/phase3/rooms/{room}/messages", content=f"@olga {TEXT}")
    call("mallory", "PUT", f"/phase3/rooms/{room}/pins/{said['message_id']}")
    call("olga", "POST", f"/phase3/rooms/{room}/messages", content=TEXT, reply_to=said["message_id"])
    item = call("mallory", "POST", "/phase3/knowledge", title=NAME, content=TEXT, tags=["<img>", "a'b"],
                knowledge_type=NAME[:50], visibility="public")["id"]
    letter = call("mallory", "POST", "/phase3/aeon/interactions", target_aeon_user_id=ids["olga"],
                  interaction_type=NAME[:50], content=TEXT, is_public=True)["id"]
    call("mallory", "POST", "/phase3/relationships", related_user_id=ids["olga"],
         relationship_type="friend")
    call("mallory", "POST", "/reports", kind="user", id=str(ids["olga"]), reason=TEXT)
    call("olga", "POST", "/reports", kind="user", id=str(ids["mallory"]), reason=TEXT)
    call("olga", "POST", "/aeon/memories", content=TEXT, memory_type="fact", visibility="private")
    private = call("mallory", "POST", "/phase3/rooms", name=NAME, is_public=False)["id"]
    call("mallory", "POST", f"/phase3/rooms/{private}/invitations", user_id=ids["olga"])
    admin = ("health", "users", "rooms", "reports", "invites", "audit", "settings")
    return {"room": f"/rooms/{hall}", "rooms": "/", "hostile room": f"/rooms/{room}", "people": "/people",
            "person": f"/people/{ids['mallory']}", "knowledge": "/knowledge",
            "piece": f"/knowledge/{item}", "twin": "/twin", "calls": "/twin/calls",
            "letter": f"/letters/{letter}", "network": "/network", "mentions": "/mentions",
            "settings": "/settings", "as-stranger": "/settings/as-stranger"} | {f"admin {tab}": f"/admin/{tab}" for tab in admin}


def caller(realm):
    def call(user, method, path, **body):
        answer = realm.cgi(method, "/api/v1" + path, body or None, token=realm.tokens[user])
        assert answer.status < 300, (path, answer)
        return answer.json
    return call


def write_for_each_audience(call, ids):
    """Something of each audience, by people and by a twin. Returns the addresses of the views by name."""
    hall = open_hall(call)
    call("olga", "POST", "/phase3/relationships", related_user_id=ids["bob"], relationship_type="friend")
    item = [call("olga", "POST", "/phase3/knowledge", content=content, knowledge_type="insight", tags=["kiln"],
                 visibility=visibility)["id"]
            for visibility, content in (("private", "I forget where the key is."),
                                        ("friends", "The kiln is for friends on Fridays."),
                                        ("public", "Clay shrinks by a tenth."))][-1]
    call("olga", "POST", f"/phase3/knowledge/{item}/share", room_id=hall)
    private = call("bob", "POST", "/phase3/rooms", name="Engine room", is_public=False)["id"]
    call("bob", "POST", f"/phase3/rooms/{private}/invitations", user_id=ids["olga"])
    call("olga", "PUT", "/aeon/twin", name="Marram", persona="Brief and dry.", autopilot="draft")
    call("olga", "POST", "/aeon/memories", content="The drain was cleared in March.", memory_type="fact",
         visibility="private")
    call("bob", "POST", "/phase3/aeon/interactions", target_aeon_user_id=ids["olga"],
         interaction_type="question", content="By how much does clay shrink?")
    letter = call("olga", "POST", "/phase3/aeon/interactions", target_aeon_user_id=ids["bob"],
                  interaction_type="question", content="Where is the key of the kiln?")["id"]
    return {"rooms": "/", "room": f"/rooms/{hall}", "people": "/people", "person": f"/people/{ids['bob']}",
            "knowledge": "/knowledge", "item": f"/knowledge/{item}", "twin": "/twin", "letter": f"/letters/{letter}",
            "calls": "/twin/calls", "network": "/network", "mentions": "/mentions", "settings": "/settings",
            **{f"settings-{tab}": f"/settings/{tab}" for tab in ("privacy", "notices", "look", "as-stranger")},
            "admin-users": "/admin/users", "admin-rooms": "/admin/rooms"}


def test_a_screen_reader_says_in_each_view_what_the_file_beside_the_walk_says(tmp_path):
    with BrowsedRealm(twins=1) as realm:
        ids = {name: realm.user(name) for name in ("olga", "bob")}
        call = caller(realm)
        realm.start_twin()
        pages = write_for_each_audience(call, ids)
        wait_until(lambda: sorted(turn["state"] for turn in call("olga", "GET", "/aeon/turns")) ==
                   ["draft", "refused"], "a draft, and that the twin has no more to say")
        wait_until(lambda: call("olga", "GET", pages["letter"].replace("/letters", "/phase3/aeon/interactions"))
                   ["response_content"], "the answer of a twin")
        wait_until(lambda: any(message["is_aeon_message"] for message in
                               call("olga", "GET", f"/phase3{pages['room']}/messages")), "a message of a twin")
        realm.stop("twin-1")
        run("spoken.mjs", realm, tmp_path, PAGES=json.dumps(pages), PASSWORD=PASSWORD)


def test_everyone_gets_by_with_the_keyboard_and_hostile_texts_stay_texts(tmp_path):
    with BrowsedRealm(twins=1) as realm:
        ids = {name: realm.user(name) for name in ("olga", "bob", "mallory")}
        pages = write_everywhere(caller(realm), ids)
        run("everyone.mjs", realm, tmp_path, TOKENS=json.dumps(realm.tokens), PAGES=json.dumps(pages),
            PASSWORD=PASSWORD)


def test_an_answer_goes_on_after_a_reload_and_one_that_breaks_off_says_so(tmp_path):
    with OpenAI(KEY) as model, BrowsedRealm(twins=1, openai_base_url=model.url, openai_api_key=KEY,
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


class Fate:
    """What happens to a realm while people use it."""

    def __init__(self, realm, home):
        self.realm, self.copy = realm, home / "copy.db"

    def kill_bridge(self):
        self.realm.stop("bridge", signal.SIGKILL)

    def start_bridge(self):
        self.realm.start_bridge()

    def back_up(self):
        self.realm.ctl("backup", self.copy)

    def restore(self):
        for name in ("bridge", "fast", "slow"):
            self.realm.stop(name)
        for end in ("-wal", "-shm"):
            pathlib.Path(f"{self.realm.database}{end}").unlink(missing_ok=True)
        self.copy.replace(self.realm.database)
        self.realm.start_workers("fast")
        self.realm.start_workers("slow")
        self.realm.start_bridge()


def test_pages_show_what_the_realm_says_after_sleep_lost_networks_and_killed_programs(tmp_path):
    with BrowsedRealm() as realm:
        for name in ("ada", "bob", "cleo"):
            realm.user(name)
        run("live.mjs", realm, tmp_path, Fate(realm, tmp_path), PASSWORD=PASSWORD)


def test_the_pages_of_the_api_try_out_calls_and_commands_with_the_session(tmp_path):
    with BrowsedRealm() as realm:
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
                         "/mentions", "/settings", "/settings/privacy", "/register", "/reset", "/unsubscribe",
                         "/docs/live"):
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
