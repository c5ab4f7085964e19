"""Live events without a WebSocket: plain CGI answers at once, FastCGI offers a long poll."""

import contextlib
import pathlib
import select
import signal

import pytest
from conftest import Caller, faults, refused
from fastcgi import Connection, children, request
from realm import PATIENCE, Realm, wait_until

EVENTS = "/api/v1/phase3/events"
PARKED_MAX = 256  # waiting requests of one worker


def start(caller):
    """The path that asks for the events after the current position of the caller."""
    answer = caller("GET", EVENTS).json
    assert answer["events"] == [] and answer["gaps"] == [] and answer["epoch_changed"] is False
    assert "chat_message" in answer["entries"] and "user_joined" not in answer["entries"]
    return f"{EVENTS}?epoch={answer['epoch']}&since={answer['pos']}"


def after(answer):
    return f"{EVENTS}?epoch={answer['epoch']}&since={answer['pos']}"


def events_after(caller, path):
    """(type, what tells it from others) of each event, and the answer."""
    answer = caller("GET", path)
    assert answer.status == 200, answer
    return [(event["type"], next((event["data"][name] for name in ("content", "username", "part")
                                  if event["data"].get(name)), None))
            for event in answer.json["events"]], answer.json


def say(caller, room, content):
    answer = caller("POST", f"/rooms/{room}/messages", {"content": content})
    assert answer.status == 201
    return answer.json["message_id"]


# --- which events a user gets ---------------------------------------------------------------------

def test_every_user_gets_their_own_events_and_no_others(realm, ada, ben, cleo):
    starts = {caller: start(caller) for caller in (ada, ben, cleo)}
    room = realm.room("ada", is_public=False)
    open_room = realm.room("ada")
    ben("POST", f"/rooms/{open_room}/join")
    say(ada, room, "for me alone")
    say(ada, open_room, "for two")
    cleo("POST", "/aeon/interactions", {"target_aeon_user_id": ben.id, "content": "for ben",
                                        "interaction_type": "question"})
    assert events_after(ada, starts[ada])[0] == [
        ("user_joined", "ada"), ("user_joined", "ada"), ("user_joined", "ben"),
        ("chat_message", "for me alone"), ("chat_message", "for two")]
    assert events_after(ben, starts[ben])[0] == [
        ("user_joined", "ada"), ("user_joined", "ben"), ("chat_message", "for two"),
        ("interaction_created", "for ben")]
    assert events_after(cleo, starts[cleo])[0] == [("account_changed", "interaction")]
    ben("POST", f"/rooms/{open_room}/leave")
    assert events_after(ben, starts[ben])[0] == [
        ("user_joined", "ben"), ("interaction_created", "for ben"), ("user_left", "ben")]


def test_a_changed_message_is_reported_in_its_current_form(realm, ada, ben):
    room = realm.room("ada")
    ben("POST", f"/rooms/{room}/join")
    since = start(ben)
    message = say(ada, room, "a secret")
    say(ada, room, "no secret")
    ada("DELETE", f"/rooms/{room}/messages/{message}")
    events, answer = events_after(ben, since)
    assert [kind for kind, _ in events] == ["chat_message", "chat_message", "message_deleted"]
    assert [event["data"]["seq"] for event in answer["events"]] == [1, 2, 3]
    assert "a secret" not in str(answer)


def test_the_log_of_a_room_has_what_a_websocket_is_sent_on_joining(realm, ada, ben, cleo):
    room = realm.room("ada", is_public=False)
    message = say(ada, room, "a secret")
    ada("PUT", f"/rooms/{room}/messages/{message}/reactions/heart")
    ada("PATCH", f"/rooms/{room}/messages/{message}", {"content": "no secret"})
    say(ada, room, "more")
    path, found = f"/rooms/{room}/entries?after=1&limit=2", []
    while path:
        answer = ada("GET", path)
        found += [(entry["type"], entry["data"]["seq"]) for entry in answer.json]
        path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert found == [("reaction", 2), ("message_edited", 3), ("chat_message", 4)]
    first, = ada("GET", f"/rooms/{room}/entries?limit=1").json
    assert first["data"]["content"] == "no secret"
    assert refused(cleo("GET", f"/rooms/{room}/entries"), 404, "room_not_found")
    ada("POST", f"/rooms/{room}/invitations", {"user_id": ben.id})
    ben("POST", f"/rooms/{room}/join")
    ben("POST", "/relationships", {"related_user_id": ada.id, "relationship_type": "blocked"})
    assert [entry["type"] for entry in ben("GET", f"/rooms/{room}/entries").json] == ["hidden"] * 4


def test_other_devices_hear_of_a_declined_invitation(realm, ada, cleo):
    room = realm.room("ada", is_public=False)
    assert ada("POST", f"/rooms/{room}/invitations", {"user_id": cleo.id}).status == 201
    since = start(cleo)
    assert cleo("POST", f"/rooms/{room}/leave").status == 200
    assert events_after(cleo, since)[0] == [("room_removed", None)]


def test_pages_of_events_have_no_gap(realm, ada):
    room = realm.room("ada")
    path = start(ada)
    for i in range(7):
        say(ada, room, str(i))
    heard, positions = [], []
    while True:
        page, answer = events_after(ada, path + "&limit=3&wait=25")
        heard += [content for _, content in page]
        positions += [event["pos"] for event in answer["events"]]
        assert len(page) <= 3 and (not page or answer["pos"] >= positions[-1])
        if not page:
            break
        path = after(answer)
    assert heard == [str(i) for i in range(7)] and positions == sorted(set(positions))


def test_an_answer_has_a_limited_size(realm, ada):
    room = realm.room("ada")
    path = start(ada)
    for i in range(20):
        say(ada, room, "🙂" * 4000)
    answer = ada("GET", path)
    assert 200_000 < len(answer.body) < 300_000 and 10 < len(answer.json["events"]) < 20
    assert len(answer.json["events"]) + len(events_after(ada, after(answer.json))[0]) == 20


@pytest.mark.parametrize("query", [
    "epoch=another&since=0", "since=0", "epoch={epoch}&since={ahead}"])
def test_an_unknown_epoch_or_position_starts_afresh(ada, query):
    now = ada("GET", EVENTS).json
    query = query.format(epoch=now["epoch"], ahead=now["pos"] + 1)
    assert ada("GET", f"{EVENTS}?{query}&wait=25").json == now | {"epoch_changed": True}


def test_pruned_events_are_reported_as_gaps():
    with Realm() as realm:
        realm.user("ada")

        def ada(method, path, body=None):
            path = path if path.startswith("/api") else "/api/v1/phase3" + path
            return realm.cgi(method, path, body, token=realm.tokens["ada"])
        room, other = realm.room("ada"), realm.room("ada")
        path = start(ada)
        for content in ("one", "two", "three"):
            say(ada, room, content)
        say(ada, other, "elsewhere")
        realm.rows.change("DELETE FROM realm_events WHERE pos <= (SELECT pos FROM realm_events "
                          "WHERE room_id = ? AND seq = 2)", room)
        events, answer = events_after(ada, path + "&wait=25")
        assert events == [("chat_message", "three"), ("chat_message", "elsewhere")]
        assert answer["gaps"] == [{"room_id": room, "to_seq": 2}]
        assert events_after(ada, after(answer))[1]["gaps"] == []


@pytest.mark.parametrize("query, fault", [
    ("since=-2", ("greater_than_equal", ("query", "since"))),
    ("since=x", ("int_parsing", ("query", "since"))),
    ("wait=26", ("less_than_equal", ("query", "wait"))),
    ("limit=0", ("greater_than_equal", ("query", "limit"))),
    ("epoch=" + "x" * 65, ("string_too_long", ("query", "epoch"))),
])
def test_a_wrong_query_string_is_a_422(ada, query, fault):
    assert faults(ada("GET", f"{EVENTS}?{query}")) == [fault]


def test_events_need_a_token(realm):
    assert refused(realm.cgi("GET", EVENTS), 401, "unauthenticated")


def test_plain_cgi_answers_at_once_with_a_retry_after(ada):
    answer = ada("GET", start(ada) + "&wait=25")
    assert answer.json["events"] == [] and int(answer.headers["retry-after"]) >= 1
    assert "retry-after" not in ada("GET", start(ada)).headers


# --- long polls -----------------------------------------------------------------------------------

@pytest.fixture
def pool():
    """A realm with a single worker, and a room with ada and ben in it."""
    with Realm() as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben")}
        made.hall = made.room("ada")
        made.cgi("POST", f"/api/v1/phase3/rooms/{made.hall}/join", token=made.tokens["ben"])
        made.socket = made.run / "fast.sock"
        made.environment["AEON_DEBUGGABLE"] = "1"  # so that its descriptors can be counted
        made.master = made.start_workers(workers=1)
        wait_until(lambda: len(children(made.master.pid)) == 1, "the worker", made.master)
        made.worker, = children(made.master.pid)
        yield made
        assert made.stop("fast") == 0


def poll(realm, wait=25, who="ben"):
    """The request of ben for the next events from now on."""
    now = realm.cgi("GET", EVENTS, token=realm.tokens[who]).json
    return request(realm, path=f"{after(now)}&wait={wait}", token=realm.tokens[who])


@contextlib.contextmanager
def waiting(realm, question, count):
    """That many connections that have sent this request and wait for an answer."""
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(Connection(realm.socket)) for _ in range(count)]
        for connection in connections:
            connection.send(*question)
        yield connections


def post(realm, content="hello", ask=None):
    """Ada posts a message, by another process or by the worker."""
    question = ("POST", f"/api/v1/phase3/rooms/{realm.hall}/messages")
    if ask:
        answer = ask(*request(realm, *question, b'{"content":"%s"}' % content.encode(),
                              realm.tokens["ada"]))
    else:
        answer = realm.cgi(*question, {"content": content}, token=realm.tokens["ada"])
    assert answer.status == 201


def answered(connections):
    return select.select([connection.socket for connection in connections], [], [], 0)[0]


def contents(answer):
    assert answer.status == 200, answer
    return [event["data"]["content"] for event in answer.json["events"]]


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.parametrize("by_the_worker", [False, True])
def test_many_waiting_polls_block_nobody_and_all_are_answered(pool, by_the_worker):
    with waiting(pool, poll(pool), 200) as parked, Connection(pool.socket) as other:
        for _ in range(10):
            assert other.ask(*request(pool)).status == 200
        assert not answered(parked)
        post(pool, "awake", other.ask if by_the_worker else None)
        for connection in parked:
            assert contents(connection.receive()) == ["awake"]


def test_an_event_for_others_ends_no_poll(pool):
    quiet = pool.room("ada")
    with waiting(pool, poll(pool), 2) as parked, Connection(pool.socket) as other:
        path = f"/api/v1/phase3/rooms/{quiet}/messages"
        pool.cgi("POST", path, {"content": "alone"}, token=pool.tokens["ada"])
        with waiting(pool, poll(pool, 1), 1) as later:  # it ends after several reads of the log
            assert contents(later[0].receive()) == []
        assert not answered(parked) and other.ask(*request(pool)).status == 200
        post(pool)
        assert [contents(each.receive()) for each in parked] == [["hello"]] * 2


def test_an_event_that_nobody_may_see_ends_no_poll(pool):
    with waiting(pool, poll(pool), 2) as parked:
        ben = Caller(pool, "ben")
        for status in ("away", "connected"):  # only bridges hear of it
            assert ben("PUT", "/presence", {"status": status}).status == 200
        with waiting(pool, poll(pool, 1), 1) as later:  # it ends after several reads of the log
            assert contents(later[0].receive()) == []
        assert not answered(parked)
        post(pool)
        assert [contents(each.receive()) for each in parked] == [["hello"]] * 2


def test_a_poll_that_ends_empty_continues_from_its_position(pool):
    with Connection(pool.socket) as connection:
        answer = connection.ask(*poll(pool, 1))
        assert contents(answer) == [] and "retry-after" not in answer.headers
        post(pool)
        token = pool.tokens["ben"]
        again = connection.ask(*request(pool, path=after(answer.json) + "&wait=25", token=token))
        assert contents(again) == ["hello"]


def test_polls_beyond_the_limit_of_a_worker_are_answered_at_once(pool):
    more = 20
    with waiting(pool, poll(pool), PARKED_MAX + more) as all_of_them:
        wait_until(lambda: len(answered(all_of_them)) >= more, "answers", pool.master)
        with Connection(pool.socket) as other:
            assert other.ask(*request(pool)).status == 200
        early = set(answered(all_of_them))
        assert len(early) == more
        for connection in all_of_them:
            if connection.socket in early:
                answer = connection.receive()
                assert contents(answer) == [] and int(answer.headers["retry-after"]) >= 1
        post(pool)
        for connection in all_of_them:
            if connection.socket not in early:
                assert contents(connection.receive()) == ["hello"]


def test_a_login_that_ends_ends_its_polls(pool):
    with waiting(pool, poll(pool), 3) as parked:
        pool.cgi("POST", "/api/v1/users/logout", token=pool.tokens["ben"])
        for connection in parked:
            assert refused(connection.receive(), 401, "invalid_token")


def test_a_login_that_expires_during_a_poll_is_refused_at_its_end(pool):
    with waiting(pool, poll(pool, 1), 1) as parked:
        pool.rows.change("UPDATE sessions SET expires_at = created_at + 1")
        assert refused(parked[0].receive(), 401, "invalid_token")


def test_a_client_that_disconnects_during_a_poll_is_forgotten(pool):
    with Connection(pool.socket) as other:
        other.ask(*poll(pool, 0))
        before = descriptors(pool.worker)
        with waiting(pool, poll(pool), 50):
            wait_until(lambda: descriptors(pool.worker) == before + 50, "them", pool.master)
            assert other.ask(*request(pool)).status == 200
        wait_until(lambda: descriptors(pool.worker) == before, "their end", pool.master)
    assert children(pool.master.pid) == [pool.worker]


def test_a_client_that_sends_during_a_poll_is_disconnected(pool):
    with waiting(pool, poll(pool), 2) as (one, other), Connection(pool.socket) as third:
        assert third.ask(*request(pool)).status == 200
        one.send(*request(pool))
        with pytest.raises(ConnectionError):
            one.receive()
        post(pool)
        assert contents(other.receive()) == ["hello"]


def test_sigterm_answers_waiting_polls(pool):
    with waiting(pool, poll(pool), 20) as parked:
        with Connection(pool.socket) as other:
            assert other.ask(*request(pool)).status == 200
        pool.master.send_signal(signal.SIGTERM)
        for connection in parked:
            answer = connection.receive()
            assert contents(answer) == [] and "retry-after" in answer.headers
        assert pool.master.wait(PATIENCE) == 0


def test_sighup_answers_waiting_polls_and_the_new_program_continues(pool):
    with waiting(pool, poll(pool), 20) as parked:
        with Connection(pool.socket) as other:
            assert other.ask(*request(pool)).status == 200
        pool.master.send_signal(signal.SIGHUP)
        for connection in parked:
            assert contents(connection.receive()) == []
        question = poll(pool)
        for connection in parked:
            connection.send(*question)
        post(pool)
        for connection in parked:
            assert contents(connection.receive()) == ["hello"]
