"""The budget of a user over REST: what it allows, how a refusal says when to try again."""

import collections
import contextlib
import fcntl
import itertools
import json
import mmap
import os
import select
import struct
import time

import pytest
from conftest import Caller, refused
from fastcgi import Connection, request
from realm import PASSWORD, UNLIMITED, Realm, wait_until

HEAVY = "/social/similar-users"  # weighs 10
LIMIT, REMAINING, RESET = ("x-ratelimit-" + name for name in ("limit", "remaining", "reset"))
# A budget that lasts for three heavy requests, and is full again after half a minute.
SMALL = {"user_rate": 1, "user_burst": 30, "reach_rate": 30, "reach_burst": 2}
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def realm():
    with Realm(**SMALL) as made:
        made.ids = {}
        yield made


@pytest.fixture
def person(realm):
    """Makes users who have spent nothing."""
    def make():
        name = f"user-{next(numbers)}"
        realm.ids[name] = realm.user(name)
        return Caller(realm, name)
    return make


def until_refused(caller, *arguments, **keywords):
    """Repeats the request until it is refused. Returns the answers."""
    answers = [caller(*arguments, **keywords)]
    while answers[-1].status != 429:
        assert len(answers) < 100
        answers.append(caller(*arguments, **keywords))
    return answers


def wait_as_told(answer):
    over = time.monotonic() + int(answer.headers["retry-after"])
    wait_until(lambda: time.monotonic() >= over, "the time that the answer names")


def test_every_answer_says_what_is_left(person):
    ada = person()
    lefts = []
    for method, path, body in (("GET", "/rooms", None), ("GET", "/rooms/nowhere", None),
                               ("POST", "/rooms", {}), ("GET", HEAVY, None)):
        answer = ada(method, path, body)
        assert int(answer.headers[LIMIT]) == 30
        assert 0 <= int(answer.headers[RESET]) <= 60
        lefts.append(int(answer.headers[REMAINING]))
    assert lefts[0] <= 28 and lefts[-1] <= 20 and all(left >= 0 for left in lefts)
    public = ada.realm.cgi("GET", "/health")
    assert not {LIMIT, REMAINING, RESET} & set(public.headers)


def test_an_empty_budget_refuses_and_says_when_it_is_worth_a_try(person):
    ada, ben = person(), person()
    answer = until_refused(ada, "GET", HEAVY)[-1]
    assert refused(answer, 429, "rate_limited")
    assert answer.headers[REMAINING].isdigit() and int(answer.headers[REMAINING]) < 10
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert ben("GET", HEAVY).status == 200
    while (light := ada("GET", "/relationships")).status == 200:
        pass
    wait_as_told(light)
    assert ada("GET", "/relationships").status == 200


def test_a_refused_request_has_no_effect(person):
    ada = person()
    until_refused(ada, "GET", HEAVY)
    before = ada.realm.rows.select("SELECT count(*) FROM shared_knowledge")
    while (answer := ada("POST", "/knowledge", {"content": "x", "knowledge_type": "note"},
                         headers={"HTTP_IDEMPOTENCY_KEY": "once"})).status == 201:
        before = ada.realm.rows.select("SELECT count(*) FROM shared_knowledge")
    assert refused(answer, 429, "rate_limited")
    assert ada.realm.rows.select("SELECT count(*) FROM shared_knowledge") == before


def test_a_long_text_weighs_more_than_a_short_one(person):
    ada, note = person(), {"knowledge_type": "note", "visibility": "private"}
    short = int(ada("POST", "/knowledge", note | {"content": "x"}).headers[REMAINING])
    answer = ada("POST", "/knowledge", note | {"content": "x" * 9000})
    assert answer.status == 201 and int(answer.headers[REMAINING]) <= short - 12


def test_a_long_page_weighs_more_than_a_short_one(person):
    """The header counts what is known before the work, so the speed of the machine does not matter."""
    short, long, wrong = [person()("GET", f"/rooms{query}") for query in ("", "?limit=200", "?limit=100000")]
    left = [int(answer.headers[REMAINING]) for answer in (short, long, wrong)]
    assert left == [28, 25, 28]
    assert wrong.status == 422


def test_what_reaches_another_user_has_a_smaller_budget(person):
    ada, ben = person(), person()
    body = {"target_aeon_user_id": ben.id, "interaction_type": "question", "content": "x"}
    answers = until_refused(ada, "POST", "/aeon/interactions", body)
    assert int(answers[0].headers[LIMIT]) == 2
    assert refused(answers[-1], 429, "rate_limited")
    assert "reach" in answers[-1].json["detail"]
    mine = ada("GET", "/aeon/interactions").json
    assert len(mine) == len(answers) - 1
    wait_as_told(answers[-1])
    # On a slow processor the larger budget has to fill again, too.
    wait_until(lambda: ada("POST", "/aeon/interactions", body).status == 201, "the next one")


@pytest.mark.parametrize("way", ["upvote", "share", "invite", "relate", "respond"])
def test_one_user_does_not_reach_another_one_many_times_in_a_moment(realm, person, way):
    ada, ben = person(), person()
    paths = {"upvote": "/knowledge/999/upvote", "share": "/knowledge/999/share",
             "invite": "/rooms/01890000-0000-7000-8000-000000000000/invitations",
             "relate": "/relationships", "respond": "/aeon/interactions/999/respond"}
    answers = until_refused(ada, "POST", paths[way], {
        "user_id": ben.id, "related_user_id": ben.id, "relationship_type": "friend",
        "response_content": "x"})
    assert int(answers[0].headers[LIMIT]) == 2


def test_registrations_from_one_network_are_limited_and_those_from_another_are_not():
    with Realm(network_rate=1, network_burst=20) as made:
        def register(address):
            name = f"user-{next(numbers)}"
            return made.cgi("POST", "/api/v1/users/register", {
                "username": name, "email": f"{name}@example.org", "password": PASSWORD},
                headers={"REMOTE_ADDR": address})
        answers = [register("192.0.2.1")]
        while answers[-1].status == 201:
            assert len(answers) < 100
            answers.append(register(f"192.0.2.{len(answers) + 1}"))
        assert refused(answers[-1], 429, "rate_limited")
        assert int(answers[-1].headers["retry-after"]) > 0
        assert register("198.51.100.1").status == 201


def test_each_network_registers_as_many_as_its_budget_allows():
    """AEON_REGISTRATIONS says how many there are, from networks with 200 each; else few."""
    count, rate, burst, weight = int(os.environ.get("AEON_REGISTRATIONS", "60")), 1, 50, 10
    networks = max(3, count // 200)
    taken, refusals = collections.Counter(), 0
    with Realm(network_rate=rate, network_burst=burst) as made:
        made.start_workers("slow", 1)
        began = time.monotonic()
        with Connection(made.run / "slow.sock") as connection:
            for number in range(count):
                network = number % networks
                answer = connection.ask(*request(
                    made, "POST", "/api/v1/users/register", json.dumps({
                        "username": f"stranger-{number}", "email": f"{number}@example.org",
                        "password": PASSWORD}).encode(), REMOTE_ADDR=f"10.0.{network}.{number % 200}"))
                taken[network] += answer.status == 201
                refusals += answer.status == 429
        seconds = time.monotonic() - began
    print(f"{count} registrations from {networks} networks: {taken.total()} accounts, {seconds:.0f} s")
    assert taken.total() + refusals == count
    for network in range(networks):
        assert burst // weight <= taken[network] <= (burst + rate * seconds) // weight + 1


def test_a_large_answer_without_a_login_counts_for_the_network():
    with Realm(network_rate=1, network_burst=20) as made:
        def read(address):
            return made.cgi("GET", "/openapi.json", headers={"REMOTE_ADDR": address})
        answers = [read("192.0.2.1")]
        while answers[-1].status == 200:
            assert len(answers) < 100
            answers.append(read("192.0.2.1"))
        assert refused(answers[-1], 429, "rate_limited")
        assert read("198.51.100.1").status == 200


# --- FastCGI ------------------------------------------------------------------------------------

@contextlib.contextmanager
def pool(**settings):
    with Realm(**UNLIMITED | settings) as made:
        made.ids = {name: made.user(name) for name in ("ada", "ben")}
        made.start_workers(workers=2)
        yield made


def test_workers_and_cgi_programs_share_the_budget():
    with pool(user_rate=1, user_burst=30) as made:
        token, path = made.tokens["ada"], "/api/v1/phase3" + HEAVY
        for _ in range(10):
            with Connection(made.run / "fast.sock") as connection:
                connection.ask(*request(made, path=path, token=token))
        assert refused(made.cgi("GET", path, token=token), 429, "rate_limited")
        assert made.cgi("GET", path, token=made.tokens["ben"]).status == 200


SLOT = 255
BUCKETS, BUCKET, HEAD = 4096 * 8, struct.Struct("<4q"), 64


@contextlib.contextmanager
def heavy_request_in_work(realm, user):
    """While it lasts, this process has a heavy request of the user in work (lib/realm/budget.c)."""
    with open(realm.run / "budgets", "r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, 1, SLOT)
        table = mmap.mmap(file.fileno(), 0)
        at, = (at for at in range(HEAD, HEAD + BUCKETS * BUCKET.size, BUCKET.size)
               if BUCKET.unpack_from(table, at)[0] == user)
        struct.pack_into("<q", table, HEAD + BUCKETS * BUCKET.size + SLOT * 8, user)
        struct.pack_into("<q", table, at + 24, SLOT + 1)
        yield


def test_a_second_heavy_request_waits_and_those_of_others_do_not():
    with pool() as made, contextlib.ExitStack() as stack:
        def ask(name, path):
            connection = stack.enter_context(Connection(made.run / "fast.sock"))
            connection.send(*request(made, path="/api/v1/phase3" + path, token=made.tokens[name]))
            return connection
        assert ask("ada", HEAVY).receive().status == 200
        with heavy_request_in_work(made, made.ids["ada"]):
            refused_at_last = ask("ada", HEAVY).receive()
            waiting = [ask("ada", path) for path in (HEAVY, "/rooms?limit=200", "/knowledge?q=x")]
            for path in ("/rooms", "/knowledge?q=x"):
                assert ask("ben", path).receive().status == 200
            assert ask("ada", "/rooms").receive().status == 200
            assert not any(map(is_answered, waiting))
            assert made.cgi("GET", "/api/v1/phase3" + HEAVY, token=made.tokens["ada"]).status == 200
        assert refused(refused_at_last, 429, "rate_limited")
        assert int(refused_at_last.headers["retry-after"]) > 0
        for connection in waiting:
            answer = connection.receive()
            assert answer.status == 200 and answer.headers[REMAINING].isdigit()


def is_answered(connection):
    return bool(select.select([connection.socket], [], [], 0)[0])


def test_a_user_parks_only_a_few_requests():
    with pool(user_parked=2) as made:
        ada = Caller(made, "ada")
        start = ada("GET", "/events").json
        path = (f"/api/v1/phase3/events?epoch={start['epoch']}&since={start['pos']}&wait=25")
        with contextlib.ExitStack() as stack:
            def ask(name):
                connection = stack.enter_context(Connection(made.run / "fast.sock"))
                connection.send(*request(made, path=path, token=made.tokens[name]))
                return connection
            polls = [ask("ada") for _ in range(20)]
            ben = ask("ben")
            # Two workers park two requests each at most, and the others are answered at once.
            parked = set(polls)
            while len(parked) > 4:
                ready, _, _ = select.select([poll.socket for poll in parked], [], [], 20)
                assert ready
                for poll in [poll for poll in parked if poll.socket in ready]:
                    answer = poll.receive()
                    assert answer.status == 200 and int(answer.headers["retry-after"]) > 0
                    parked.remove(poll)
            assert not is_answered(ben)
            ada("POST", "/aeon/interactions", {"target_aeon_user_id": made.ids["ben"],
                                               "interaction_type": "question", "content": "x"})
            assert ben.receive().json["events"]
