"""/metrics: its counters, the addresses that may read it, and that Prometheus can parse it."""

import os
import signal

import pytest
from fastcgi import Connection, children, request
from realm import BUILD, Realm, connectable, wait_until

openmetrics = pytest.importorskip("prometheus_client.openmetrics.parser",
                                  reason="python3-prometheus-client is missing")
TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@pytest.fixture
def own():
    with Realm() as made:
        made.user("ada")
        made.socket = made.run / "fast.sock"
        made.start_workers()
        yield made


def ask(realm, *arguments, **keywords):
    with Connection(realm.socket) as connection:
        return connection.ask(*request(realm, *arguments, **keywords))


def numbers(realm):
    """Samples by name and labels, as Prometheus's own parser reads them."""
    answer = realm.cgi("GET", "/metrics")
    assert answer.status == 200 and answer.headers["content-type"] == TYPE
    families = openmetrics.text_string_to_metric_families(answer.body.decode())
    return {(sample.name, frozenset(sample.labels.items())): sample.value
            for family in families for sample in family.samples}


def number(realm, name, **labels):
    return numbers(realm).get(("aeon_" + name, frozenset(labels.items())), 0)


def served(realm, route, status="2xx", method="GET"):
    return number(realm, "request_seconds_count", method=method, route=route, status=status)


def test_requests_of_all_workers_are_counted_by_route_and_status(own):
    me = "/api/v1/users/me"
    for _ in range(20):
        assert ask(own, path=me, token=own.tokens["ada"]).status == 200
    for _ in range(3):
        assert ask(own, path=me).status == 401
        assert ask(own, path="/nothing/here").status == 404
    assert served(own, me) == 20 and served(own, me, "4xx") == 3
    assert number(own, "request_seconds_count", method="", route="", status="4xx") == 3
    assert number(own, "refusals_total", door="rest", code="unauthenticated") == 3
    labels = {"method": "GET", "route": me, "status": "2xx"}
    buckets = [value for (name, given), value in sorted(
        numbers(own).items(), key=lambda item: float(dict(item[0][1]).get("le", 0)))
        if name == "aeon_request_seconds_bucket" and labels.items() <= dict(given).items()]
    assert buckets == sorted(buckets) and buckets[-1] == 20
    assert number(own, "request_seconds_sum", **labels) > 0


def test_counters_never_go_back_when_workers_are_killed(own):
    assert ask(own).status == 200
    before, starts = served(own, "/health"), number(own, "worker_starts_total")
    assert before == 1 and starts == 2
    for pid in children(own.processes["fast"].pid):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: number(own, "worker_starts_total") == 4, "new workers")
    assert served(own, "/health") == 1
    assert ask(own).status == 200 and served(own, "/health") == 2


def test_a_killed_process_leaves_no_gauge_behind(own):
    with Connection(own.socket) as parked:
        path = f"/api/v1/phase3/events?wait=25&{now(own)}"
        parked.send(*request(own, path=path, token=own.tokens["ada"]))
        wait_until(lambda: number(own, "requests_parked") == 1, "the parked request")
        assert number(own, "worker_connections") >= 1
        own.stop("fast", signal.SIGKILL)
        wait_until(lambda: not connectable(own.socket), "the end of the workers")
        wait_until(lambda: number(own, "requests_parked") == 0, "the gauge")


def now(realm):
    """The query that asks for the events from now on."""
    answer = realm.cgi("GET", "/api/v1/phase3/events", token=realm.tokens["ada"]).json
    return f"epoch={answer['epoch']}&since={answer['pos']}"


@pytest.mark.skipif(not (BUILD / "aeon-ws").exists(), reason="no bridge was built")
def test_the_bridge_the_maintenance_and_the_health_have_numbers(own):
    own.start_bridge()
    wait_until(lambda: number(own, "bridge_jobs_total") > 0, "the first lease")
    wait_until(lambda: number(own, "tasks_total", task="checkpoint", result="good") > 0,
               "a checkpoint")
    assert number(own, "tasks_total", task="write", result="good") > 0
    assert number(own, "wal_bytes") > 0 and number(own, "disk_free_bytes") > 0
    assert number(own, "websocket_connections") == 0
    parts = ("database", "writes", "disk", "write-ahead log", "maintenance", "bridge", "programs")
    assert all(number(own, "healthy", part=part) == 1 for part in parts)


def test_metrics_exist_only_for_configured_addresses(realm):
    def status(address, **headers):
        return realm.cgi("GET", "/metrics", headers={"REMOTE_ADDR": address, **headers}).status
    assert status("127.0.0.1") == status("::1") == status("127.8.9.1") == 200
    assert status("192.0.2.1") == status("") == status("::2") == 404
    assert status("127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1") == 404
    assert status("192.0.2.1", AEON_METRICS_FROM="192.0.2.0/24") == 200
    assert status("127.0.0.1", AEON_METRICS_FROM="") == 404
    stranger = realm.cgi("GET", "/metrics", headers={"REMOTE_ADDR": "192.0.2.1"})
    assert stranger.json == realm.cgi("GET", "/nothing").json


def test_a_file_of_counters_that_was_replaced_by_garbage_does_no_harm(own):
    for name in ("metrics", "requests", "health"):
        (own.run / name).unlink()
        (own.run / name).write_bytes(os.urandom(3000))
    before = number(own, "worker_starts_total")
    assert before < 10, "counted anew, and not read from the garbage"
    own.start("more", BUILD / "aeon.fcgi", "--listen", f"unix:{own.run / 'more.sock'}")
    wait_until(lambda: number(own, "worker_starts_total") >= before + 2, "the new file")
    assert number(own, "worker_starts_total") < 10
