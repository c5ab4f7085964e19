"""A whole realm behind nginx, as users meet it: REST and WebSocket on one port."""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import sys

import httpx
import pytest
import websockets

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from realm import PASSWORD, PATIENCE, Realm, wait_until  # noqa: E402


@pytest.fixture(scope="module")
def realm():
    with Realm() as made:
        made.start_all()
        yield made


@pytest.fixture
def web(realm):
    with httpx.Client(base_url=realm.url, timeout=PATIENCE) as client:
        yield client


class Person:
    """A registered user with an HTTP client."""

    def __init__(self, web, name):
        self.web, self.name = web, name
        made = web.post("/api/v1/users/register", json={
            "username": name, "email": f"{name}@example.org", "password": PASSWORD})
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]
        login = web.post("/api/v1/users/login", data={"username": name, "password": PASSWORD})
        assert login.status_code == 200, login.text
        self.token = login.json()["access_token"]

    @property
    def headers(self):
        return {"Authorization": "Bearer " + self.token}

    def get(self, path, status=200, **keywords):
        answer = self.web.get("/api/v1" + path, headers=self.headers, **keywords)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path, body=None, status=201, **keywords):
        answer = self.web.post("/api/v1" + path, json=body, headers=self.headers, **keywords)
        assert answer.status_code == status, answer.text
        return answer.json()

    def socket(self, subprotocols=("aeon.v1",), **keywords):
        return websockets.connect(
            self.web.base_url.copy_with(scheme="ws", path="/api/v1/phase3/ws/me").__str__(),
            subprotocols=list(subprotocols) or None, extra_headers=self.headers, **keywords)


async def heard(socket, kind):
    """The data of the next event of this kind. Other events are skipped."""
    while True:
        event = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))
        if event["type"] == kind:
            return event["data"]


async def say(socket, **message):
    await socket.send(json.dumps(message))


def test_users_register_meet_and_chat_live(web):
    ada, bob = Person(web, "ada"), Person(web, "bob")
    room = ada.post("/phase3/rooms", {"name": "Engine room"})["id"]
    bob.post(f"/phase3/rooms/{room}/join", status=200)

    async def talk():
        async with ada.socket() as a, bob.socket() as b:
            await heard(a, "welcome")
            await heard(b, "welcome")
            await say(a, type="chat_message", room_id=room, content="Hello Bob", client_id="1")
            message = await heard(b, "chat_message")
            ack = await heard(a, "ack")
            assert message["content"] == "Hello Bob" and message["sender_name"] == "ada"
            assert ack["message_id"] == message["message_id"] and ack["seq"] == 1
            await say(b, type="typing", room_id=room, is_typing=True)
            assert (await heard(a, "typing_indicator"))["username"] == "bob"
    asyncio.run(talk())


def test_a_user_who_was_away_catches_up_from_the_last_position(web):
    carl, dora, emil = (Person(web, name) for name in ("carl", "dora", "emil"))
    room = carl.post("/phase3/rooms", {"name": "Catching up"})["id"]
    for person in (dora, emil):
        person.post(f"/phase3/rooms/{room}/join", status=200)

    async def talk():
        async with carl.socket() as c, dora.socket() as d:
            await heard(c, "welcome")
            await heard(d, "welcome")
            for number in range(1, 6):
                await say(c, type="chat_message", room_id=room, content=f"line {number}")
                assert (await heard(d, "chat_message"))["seq"] == number
        async with emil.socket() as e:
            await heard(e, "welcome")
            await say(e, type="join_room", room_id=room, since=2)
            assert (await heard(e, "room_info"))["last_seq"] == 5
            missed = [await heard(e, "chat_message") for _ in range(3)]
            assert [m["content"] for m in missed] == ["line 3", "line 4", "line 5"]
    asyncio.run(talk())


def test_a_post_over_rest_reaches_the_socket(web):
    fay, gus = Person(web, "fay"), Person(web, "gus")
    room = fay.post("/phase3/rooms", {"name": "Mixed"})["id"]
    gus.post(f"/phase3/rooms/{room}/join", status=200)

    async def talk():
        async with gus.socket() as g:
            await heard(g, "welcome")
            await asyncio.to_thread(fay.post, f"/phase3/rooms/{room}/messages",
                                    {"content": "by REST"})
            assert (await heard(g, "chat_message"))["content"] == "by REST"
            made = await asyncio.to_thread(fay.post, "/phase3/aeon/interactions", {
                "target_aeon_user_id": gus.id, "interaction_type": "question",
                "content": "What is a bug?"})
            assert (await heard(g, "interaction_created"))["id"] == made["id"]
    asyncio.run(talk())


def test_a_browser_opens_its_socket_with_a_ticket_and_logging_out_closes_it(realm, web):
    nia = Person(web, "nia")
    ticket = nia.post("/phase3/ws/ticket")["ticket"]
    url = f"ws://127.0.0.1:{realm.port}/api/v1/phase3/ws/me"

    async def talk():
        offer = {"subprotocols": ["aeon.v1", f"ticket.{ticket}"], "origin": realm.url}
        async with websockets.connect(url, **offer) as n:
            assert n.subprotocol == "aeon.v1"
            assert (await heard(n, "welcome"))["user_id"] == nia.id
            async with websockets.connect(url, **offer) as again:
                await asyncio.wait_for(again.wait_closed(), PATIENCE)
                assert again.close_code == 4401
            await asyncio.to_thread(nia.post, "/users/logout", status=200)
            await asyncio.wait_for(n.wait_closed(), PATIENCE)
            assert n.close_code == 4401
    asyncio.run(talk())
    logs = "".join(log.read_text(errors="replace") for log in realm.directory.glob("*.log"))
    assert ticket not in logs


def test_a_client_without_a_websocket_waits_for_events_and_blocks_nobody(web):
    pia, quin = Person(web, "pia"), Person(web, "quin")
    room = pia.post("/phase3/rooms", {"name": "Polling"})["id"]
    quin.post(f"/phase3/rooms/{room}/join", status=200)
    now = quin.get("/phase3/events")
    since = f"/phase3/events?epoch={now['epoch']}&since={now['pos']}"

    async def talk():
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=web.base_url, timeout=PATIENCE,
                                     limits=limits) as other:
            polls = [asyncio.create_task(other.get(f"/api/v1{since}&wait=25", headers=quin.headers))
                     for _ in range(100)]
            empty = await other.get(f"/api/v1{since}&wait=1", headers=quin.headers)
            assert empty.json().items() <= now.items()
            assert not any(poll.done() for poll in polls)
            await asyncio.to_thread(pia.post, f"/phase3/rooms/{room}/messages", {"content": "Ping"})
            for poll in polls:
                heard = (await poll).json()["events"]
                assert [(e["type"], e["data"]["content"]) for e in heard] == [
                    ("chat_message", "Ping")]
    asyncio.run(talk())


def test_knowledge_is_visible_to_its_audience(web):
    hal, ida, jon = (Person(web, name) for name in ("hal", "ida", "jon"))
    ids = {visibility: hal.post("/phase3/knowledge", {
        "content": f"for {visibility}", "knowledge_type": "fact", "tags": ["e2e"],
        "visibility": visibility})["id"] for visibility in ("public", "friends", "private")}
    hal.post("/phase3/relationships", {"related_user_id": ida.id, "relationship_type": "friend"})

    def seen_by(person):
        return {k["visibility"] for k in person.get("/phase3/knowledge?tag=e2e")}
    assert seen_by(hal) == {"public", "friends", "private"}
    assert seen_by(ida) == {"public", "friends"}
    assert seen_by(jon) == {"public"}
    jon.get(f"/phase3/knowledge/{ids['friends']}", status=404)
    vote = ida.post(f"/phase3/knowledge/{ids['public']}/upvote", status=200)
    assert (vote["upvotes"], vote["downvotes"]) == (1, 0)
    jon.post(f"/phase3/knowledge/{ids['private']}/upvote", status=404)


def test_twenty_users_register_but_password_guessing_is_stopped(web):
    for number in range(20):
        Person(web, f"pupil{number}")
    answers = [web.post("/api/v1/users/login", json={"username": "pupil1", "password": "wrong"})
               for _ in range(12)]
    assert [a.status_code for a in answers[:5]] == [401] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert {a.status_code for a in answers} == {401, 429}


def test_every_answer_carries_a_request_id_and_security_headers(web):
    for path, status in (("/health", 200), ("/nowhere", 404), ("/api/v1/users/me", 401)):
        answer = web.get(path, headers={"X-Request-Id": "mine-1"})
        assert answer.status_code == status
        assert answer.headers["x-request-id"] == "mine-1"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_nginx_refuses_with_the_problem_texts_of_the_realm(web):
    answer = web.post("/api/v1/users/login", content=b"x" * 300_000,
                      headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json() == {"detail": "Request body too large", "code": "body_too_large"}


def test_query_strings_are_not_logged(realm, web):
    web.get("/api/v1/phase3/knowledge?tag=a-secret-word")
    realm.stop("nginx", signal.SIGQUIT)
    log = (realm.directory / "aeon-access.log").read_text()
    (realm.run / "tmp").rename(realm.run / "old-tmp")
    realm.start_nginx()
    assert "/api/v1/phase3/knowledge" in log and "secret" not in log


@pytest.mark.parametrize("letter, count", [("a", 8000), ("ж", 8000), ("א", 8000), ("界", 6500)])
def test_a_long_answer_in_the_query_string_arrives(web, letter, count):
    asker, other = (Person(web, f"{name}_{ord(letter)}") for name in ("asker", "other"))
    made = asker.post("/phase3/aeon/interactions", {
        "target_aeon_user_id": other.id, "interaction_type": "question", "content": "?"})
    path = f"/phase3/aeon/interactions/{made['id']}"
    other.post(path + "/respond", status=200, params={"response_content": letter * count})
    assert asker.get(path)["response_content"] == letter * count


def test_a_request_line_that_is_too_long_is_a_414(web):
    answer = web.get("/health", params={"x": "y" * 70000})
    assert answer.status_code == 414 and answer.json()["code"] == "uri_too_long"


def test_a_dead_bridge_is_reported_and_rest_continues(realm):
    with httpx.Client(base_url=realm.url, timeout=PATIENCE) as web:
        kim = Person(web, "kim")
        realm.stop("bridge", signal.SIGKILL)
        health = web.get("/api/v1/phase3/health/phase3")
        assert health.json() == {"status": "degraded", "phase": "3"}
        room = kim.post("/phase3/rooms", {"name": "Still here"})["id"]
        kim.post(f"/phase3/rooms/{room}/messages", {"content": "while it was away"})
        refused = web.get("/api/v1/phase3/ws/me", headers={"Upgrade": "websocket",
                                                           "Connection": "Upgrade"})
        assert refused.status_code == 503 and "retry-after" in refused.headers

        realm.start_bridge()
        wait_until(lambda: web.get("/api/v1/phase3/health/phase3").json()["status"] == "healthy",
                   "health", realm.processes["bridge"])

        async def talk():
            async with kim.socket() as k:
                await heard(k, "welcome")
                await say(k, type="join_room", room_id=room, since=0)
                assert (await heard(k, "chat_message"))["content"] == "while it was away"
        asyncio.run(talk())


def test_clients_reconnect_at_once_after_all_bridges_were_down():
    with Realm(ws_bridges=2) as realm, contextlib.ExitStack() as stack:
        realm.start_all()
        web = stack.enter_context(httpx.Client(base_url=realm.url, timeout=PATIENCE))
        people = [Person(web, f"lou-{number}") for number in range(8)]
        for name in ("bridge", "bridge-2"):
            realm.stop(name, signal.SIGKILL)
        for _ in range(20):  # so that every worker of nginx has noticed
            refused = httpx.get(f"{realm.url}/api/v1/phase3/ws/me", timeout=PATIENCE, headers={
                "Upgrade": "websocket", "Connection": "Upgrade"})
            assert refused.status_code == 503
        realm.start_bridges()

        async def come_back():
            async with contextlib.AsyncExitStack() as inside:
                for person in people:
                    await heard(await inside.enter_async_context(person.socket()), "welcome")
        asyncio.run(come_back())


def workers_of(master):
    children = pathlib.Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_no_acknowledged_write_is_lost_when_everything_is_killed(realm):
    with httpx.Client(base_url=realm.url, timeout=PATIENCE) as web:
        lea = Person(web, "lea")
        room = lea.post("/phase3/rooms", {"name": "Crash"})["id"]
        master = realm.processes["fast"]
        acknowledged = []

        def post_until(count):
            for number in range(10_000):
                answer = web.post(f"/api/v1/phase3/rooms/{room}/messages", headers=lea.headers,
                                  json={"content": f"m{number}", "client_id": f"{count}-{number}"})
                if answer.status_code == 201:
                    acknowledged.append(answer.json()["message_id"])
                else:
                    assert answer.status_code == 503
                if len(acknowledged) >= count:
                    return
            pytest.fail("the workers did not come back")

        for round_, victims in enumerate([1, 2, 2], 1):
            before = workers_of(master)
            assert len(before) == 2
            for pid in before[:victims]:
                os.kill(pid, signal.SIGKILL)
            post_until(100 * round_)
            wait_until(lambda: len(workers_of(master)) == 2, "two workers", master)

        stored, after = [], 0
        while page := lea.get(f"/phase3/rooms/{room}/messages?after={after}&limit=200"):
            stored += page
            after = page[-1]["seq"]
        assert [m["seq"] for m in stored] == list(range(1, len(stored) + 1))
        assert set(acknowledged) <= {m["message_id"] for m in stored}
    realm.ctl("check")
