"""The master and its workers, called as a web server calls them."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading

import pytest
from conftest import ROOMS, refused
from fastcgi import BEGIN, PARAMS, Connection, children, record, request
from realm import BUILD, PATIENCE, Realm, full_disk, wait_until

KNOWLEDGE = "/api/v1/phase3/knowledge"


@pytest.fixture
def pool():
    """A realm with one user and a pool of two workers."""
    with Realm() as made:
        made.user("ada")
        made.socket = made.run / "default.sock"
        made.master = made.start_workers("default", 2)
        wait_until(lambda: len(children(made.master.pid)) == 2, "workers", made.master)
        yield made


def kill_all(master, how_many=None):
    """Kills workers and returns when the master has noticed."""
    for victim in children(master)[:how_many]:
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in children(master), "the end of a worker")


def gone(pid):
    """Whether the process has closed its files. Its parent may not have reaped it yet."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def pending(pid):
    """Whether a SIGTERM is pending for the process."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"ShdPnd:\s*(\w+)", status)[1], 16) >> (signal.SIGTERM - 1) & 1


def sleeps(pid):
    """How often the process has gone to sleep."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"\nvoluntary_ctxt_switches:\s*(\d+)", status)[1])


def healthy(realm):
    with Connection(realm.socket) as connection:
        return connection.ask(*request(realm)).status == 200


# --- connections ---------------------------------------------------------------------------------

def test_a_kept_connection_serves_many_requests(pool):
    token = pool.tokens["ada"]
    with Connection(pool.socket) as connection:
        for i in range(20):
            answer = connection.ask(*request(pool, "POST", ROOMS, b'{"name":"%d"}' % i, token))
            assert answer.status == 201
            assert connection.ask(*request(pool)).json["service"] == "aeon"


def test_a_connection_without_keep_alive_is_closed(pool):
    with Connection(pool.socket) as connection:
        assert connection.ask(*request(pool), keep=False).status == 200
        assert connection.socket.recv(1) == b""


def test_idle_connections_do_not_block_other_requests(pool):
    """With 64 kept connections and 2 workers every request is answered."""
    idle = [Connection(pool.socket) for _ in range(64)]
    try:
        for _ in range(3):
            for connection in idle:
                assert connection.ask(*request(pool)).status == 200
    finally:
        for connection in idle:
            connection.socket.close()


def test_an_answer_larger_than_a_record_arrives_whole(pool):
    token = pool.tokens["ada"]
    with Connection(pool.socket) as connection:
        large = json.dumps({"content": "🙂" * 20000, "knowledge_type": "large"}).encode()
        for _ in range(4):
            answer = connection.ask(*request(pool, "POST", KNOWLEDGE, large, token))
            assert answer.status == 201
        answer = connection.ask(*request(pool, "GET", f"{KNOWLEDGE}?content=full", token=token))
        assert len(answer.json) == 4 and len(answer.body) > 320000


def test_the_links_of_a_page_begin_with_the_path_of_each_request(pool):
    with Connection(pool.socket) as connection:
        for place in ("", "/realm", "/realm", ""):
            page = connection.ask(*request(pool, path="/docs", REQUEST_URI=place + "/docs"))
            assert f'href="{place}/openapi.json"'.encode() in page.body
            assert page.body.endswith(b"</html>\n")


@pytest.mark.parametrize("status, path, size", [
    (413, ROOMS, 256 * 1024 + 1), (404, "/nothing", 100000), (405, "/health", 100000)])
def test_an_unread_body_does_not_corrupt_the_next_request(pool, status, path, size):
    with Connection(pool.socket) as connection:
        answer = connection.ask(*request(pool, "POST", path, b"x" * size, pool.tokens["ada"]))
        assert answer.status == status
        assert connection.ask(*request(pool)).status == 200


@pytest.mark.parametrize("rubbish", [
    b"GET / HTTP/1.0\r\n\r\n", b"\0" * 64, b"\x01", record(99, b"?"),
    record(BEGIN, b"\0\x09" + b"\0" * 6),
    record(BEGIN, b"\0\1\1" + b"\0" * 5) + record(PARAMS, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
    record(BEGIN, b"\0\1\1" + b"\0" * 5) + record(PARAMS, b"\x05"), b"\xff" * 70000],
    ids=lambda rubbish: repr(rubbish[:12]))
def test_garbage_closes_only_its_own_connection(pool, rubbish):
    before = children(pool.master.pid)
    with Connection(pool.socket) as other:
        for _ in range(3):
            with Connection(pool.socket) as connection:
                connection.socket.sendall(rubbish)
        assert other.ask(*request(pool)).status == 200
    assert healthy(pool) and children(pool.master.pid) == before


def test_a_client_that_disconnects_in_a_request_affects_no_other(pool):
    token = pool.tokens["ada"]
    before = children(pool.master.pid)
    for _ in range(20):
        with Connection(pool.socket) as connection:
            connection.send(*request(pool, "GET", ROOMS, token=token))
    assert healthy(pool) and children(pool.master.pid) == before


def test_more_connections_than_a_worker_keeps_are_all_served(pool):
    many = [Connection(pool.socket) for _ in range(1000)]
    try:
        for connection in many:
            connection.send(*request(pool))
        for connection in many[::-1]:
            assert connection.receive().status == 200
    finally:
        for connection in many:
            connection.socket.close()
    assert healthy(pool)


# --- plain CGI and FastCGI -----------------------------------------------------------------------

def test_plain_cgi_and_fastcgi_give_the_same_answers(pool):
    token = pool.tokens["ada"]
    json_type = {"CONTENT_TYPE": "application/json"}
    requests = [
        request(pool, path=path, token=token) for path in (
            "/health", "/nothing", "/docs", "/", "/openapi.json", "/api/v1/users/me", ROOMS,
            ROOMS + "?limit=1", ROOMS + "?limit=0&cursor=*", ROOMS + "/x",
            "/api/v1/phase3/knowledge/x", "/api/v1/phase3/aeon/interactions")
    ] + [
        request(pool), request(pool, path=ROOMS), request(pool, "HEAD", ROOMS, token=token),
        request(pool, "OPTIONS", ROOMS), request(pool, "DELETE", ROOMS),
        request(pool, "POST", ROOMS, b"{", token), request(pool, "POST", ROOMS, b"[]", token),
        request(pool, "POST", ROOMS, b'{"name":3}', token),
        request(pool, "POST", ROOMS, b"x", token, CONTENT_TYPE="text/plain"),
        request(pool, "POST", ROOMS, b"x" * 300000, token),
        request(pool, "POST", ROOMS, b"{}", token, CONTENT_LENGTH="-1"),
        request(pool, "POST", ROOMS, b"{}", token, CONTENT_LENGTH="7"),
        request(pool, "POST", "/api/v1/users/login", b'{"username":"ada"}', **json_type),
        request(pool, "PUT", "/api/v1/users/me", b'{"bio":null,"email":"x"}', token),
    ]
    with Connection(pool.socket) as connection:
        for variables, body in requests:
            variables["HTTP_X_REQUEST_ID"] = "same"
            done = subprocess.run([BUILD / "aeon.fcgi"], env=pool.environment | variables,
                                  input=body, capture_output=True, timeout=PATIENCE, check=True)
            plain = type(pool.cgi("GET", "/health")).from_cgi(done.stdout)
            pooled = connection.ask(variables, body)
            assert (plain.status, plain.headers, plain.body) == \
                (pooled.status, pooled.headers, pooled.body)


# --- workers start and end -----------------------------------------------------------------------

@pytest.mark.parametrize("how_many", [1, 2])
def test_a_killed_worker_is_replaced(pool, how_many):
    kill_all(pool.master.pid, how_many)
    wait_until(lambda: len(children(pool.master.pid)) == 2, "a new worker")
    assert healthy(pool)


def test_workers_end_when_their_master_is_killed_and_a_new_master_takes_the_socket(pool):
    workers = children(pool.master.pid)
    pool.stop("default", signal.SIGKILL)
    wait_until(lambda: all(gone(worker) for worker in workers), "the end")
    assert pool.socket.exists()
    pool.start_workers("default")
    assert healthy(pool)


def test_a_socket_in_use_is_not_taken_over(pool):
    done = subprocess.run([BUILD / "aeon.fcgi", "--listen", f"unix:{pool.socket}"],
                          env=pool.environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 73 and "Another process listens" in done.stderr
    assert healthy(pool)


@pytest.mark.parametrize("path", ["/nonexistent/x.sock", "/" + "x" * 200, "/proc/x.sock"])
def test_an_impossible_socket_is_reported_in_one_sentence(pool, path):
    done = subprocess.run([BUILD / "aeon.fcgi", "--listen", f"unix:{path}"], env=pool.environment,
                          capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 73 and done.stderr.count("\n") == 1


def test_everybody_who_reaches_the_socket_may_connect(pool):
    assert pool.socket.stat().st_mode & 0o777 == 0o660


def test_sigterm_finishes_running_requests_and_removes_the_socket(pool):
    workers = children(pool.master.pid)
    connections = [Connection(pool.socket) for _ in range(20)]
    for connection in connections:
        assert connection.ask(*request(pool)).status == 200
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    for i, connection in enumerate(connections):
        connection.send(*request(pool, "POST", ROOMS, b'{"name":"%d"}' % i, pool.tokens["ada"]))
    late = Connection(pool.socket)
    late.send(*request(pool))
    pool.master.send_signal(signal.SIGTERM)
    wait_until(lambda: all(pending(worker) for worker in workers), "the signal")
    assert not pool.socket.exists()
    for worker in workers:
        os.kill(worker, signal.SIGCONT)
    assert all(connection.receive().status == 201 for connection in connections)
    assert late.receive().status == 200
    assert pool.stop("default") == 0
    assert not any(pathlib.Path(f"/proc/{worker}").exists() for worker in workers)


def test_sighup_starts_the_new_program_without_losing_a_request():
    with Realm(quota_rooms=1000000) as realm:
        realm.user("ada")
        realm.socket = realm.run / "default.sock"
        program = realm.directory / "aeon.fcgi"
        shutil.copy(BUILD / "aeon.fcgi", program)
        master = realm.start("default", program, "--listen", f"unix:{realm.socket}", "--workers", "2")
        wait_until(lambda: len(children(master.pid)) == 2, "workers", master)
        workers = children(master.pid)
        stop, wrong, served = threading.Event(), [], [0] * 4

        def keep_asking(number):
            with Connection(realm.socket) as connection:
                while not stop.is_set():
                    try:
                        kind = ("POST", ROOMS, b'{"name":"x"}', realm.tokens["ada"])
                        answer = connection.ask(*request(realm, *(kind if number else ())))
                        served[number] += 1
                        if answer.status not in (200, 201):
                            wrong.append(answer)
                    except OSError as error:
                        wrong.append(error)
                        return
        threads = [threading.Thread(target=keep_asking, args=[i]) for i in range(len(served))]
        for thread in threads:
            thread.start()
        for _ in range(5):
            new = program.with_suffix(".new")
            shutil.copy(BUILD / "aeon.fcgi", new)
            new.rename(program)
            inode, before = program.stat().st_ino, list(served)
            master.send_signal(signal.SIGHUP)
            wait_until(lambda: all(pathlib.Path(f"/proc/{pid}/exe").stat().st_ino == inode
                                   for pid in [master.pid, *workers]), "the new program", master)
            wait_until(lambda: all(now > then + 5 for now, then in zip(served, before)), "answers")
        stop.set()
        for thread in threads:
            thread.join()
        assert not wrong and children(master.pid) == workers
        assert realm.stop("default") == 0


def test_sighup_with_a_wrong_configuration_changes_nothing():
    with Realm() as realm:
        realm.socket = realm.run / "default.sock"
        config = realm.directory / "aeon.conf"
        config.write_text("session_days = 7\n")
        realm.environment["AEON_CONFIG"] = str(config)
        master = realm.start_workers("default")
        config.write_text("nonsense = 7\n")
        master.send_signal(signal.SIGHUP)
        wait_until(lambda: "event=reload_refused" in realm.log("default"), "the log", master)
        assert healthy(realm) and realm.log("default").count("event=listening") == 1
        assert realm.stop("default") == 0


def test_a_killed_worker_is_still_replaced_after_sighup(pool):
    pool.master.send_signal(signal.SIGHUP)
    wait_until(lambda: pool.log("default").count("event=listening") == 2, "the new master")
    kill_all(pool.master.pid)
    wait_until(lambda: len(children(pool.master.pid)) == 2, "new workers")
    assert healthy(pool)


def test_a_worker_that_stays_in_one_request_is_killed_and_replaced():
    """A stopped worker stands for one that never comes to an end."""
    with Realm(request_ms=50, store_wait_ms=2000) as realm:
        realm.user("ada")
        realm.socket = realm.run / "fast.sock"
        master = realm.start_workers("fast", 1)
        wait_until(lambda: len(children(master.pid)) == 1, "a worker", master)
        stuck, = children(master.pid)
        assert healthy(realm)
        with Connection(realm.socket) as connection, realm.rows.locked():
            before = sleeps(stuck)
            connection.send(*request(realm, "POST", ROOMS, b'{"name":"x"}', realm.tokens["ada"],
                                     HTTP_X_REQUEST_ID="the-stuck-one"))
            wait_until(lambda: sleeps(stuck) > before + 20, "a worker that waits for the lock")
            os.kill(stuck, signal.SIGSTOP)
            wait_until(lambda: children(master.pid) not in ([], [stuck]), "a new worker")
            with pytest.raises(ConnectionError):
                connection.receive()
        assert healthy(realm)
        assert re.search(r"event=worker_overdue .*request_id=the-stuck-one", realm.log("fast"))


def test_a_parked_request_is_never_overdue():
    with Realm(store_wait_ms=1) as realm:
        realm.user("ada")
        realm.environment["AEON_REQUEST_MS"] = "50"
        realm.socket = realm.run / "fast.sock"
        master = realm.start_workers("fast", 1)
        wait_until(lambda: len(children(master.pid)) == 1, "a worker", master)
        before = children(master.pid)
        with Connection(realm.socket) as connection:
            token, path = realm.tokens["ada"], "/api/v1/phase3/events"
            now = connection.ask(*request(realm, path=path, token=token)).json
            since = f"?since={now['pos']}&epoch={now['epoch']}&wait=7"
            assert connection.ask(*request(realm, path=path + since, token=token)).status == 200
        assert children(master.pid) == before


def test_workers_that_keep_dying_are_restarted_with_growing_delays(pool):
    for _ in range(4):
        wait_until(lambda: len(children(pool.master.pid)) == 2, "workers")
        kill_all(pool.master.pid)
    delays = [int(delay) for delay in re.findall(r"restart_in_ms=(\d+)", pool.log("default"))]
    assert 100 in delays and max(delays) >= 400


# --- a database that fails and returns -----------------------------------------------------------

def test_workers_that_start_before_the_database_find_it_later():
    with Realm() as realm:
        realm.user("ada")
        realm.socket = realm.run / "default.sock"
        away = realm.directory / "away"
        away.mkdir()
        for part in realm.directory.glob("aeon.db*"):
            part.rename(away / part.name)
        realm.start_workers("default")
        with Connection(realm.socket) as connection:
            me = request(realm, path="/api/v1/users/me", token=realm.tokens["ada"])
            assert refused(connection.ask(*me), 503, "store_unavailable")
            assert connection.ask(*request(realm)).json["status"] == "unhealthy"
            for part in away.iterdir():
                part.rename(realm.directory / part.name)
            assert connection.ask(*me).status == 200


@pytest.fixture
def worker():
    """A realm with one user, a single worker and a kept connection to it."""
    with Realm() as realm:
        realm.user("ada")
        realm.socket = realm.run / "default.sock"
        master = realm.start_workers("default", workers=1)
        wait_until(lambda: len(children(master.pid)) == 1, "the worker", master)
        realm.worker, = children(master.pid)
        with Connection(realm.socket) as connection:
            realm.ask = lambda *what: connection.ask(
                *request(realm, *what, token=realm.tokens["ada"]))
            yield realm
        assert children(master.pid) == [realm.worker]


def rooms(realm):
    return {room["name"] for room in realm.ask("GET", ROOMS).json}


def test_a_worker_recovers_when_a_full_disk_has_room_again(worker):
    """Reading continues meanwhile: the bridge keeps the shared memory of the database."""
    worker.start_bridge()
    before = rooms(worker)
    with full_disk(worker.worker):
        for _ in range(2):
            answer = worker.ask("POST", ROOMS, b'{"name":"new"}')
            assert refused(answer, 503, "store_unavailable") and "retry-after" in answer.headers
            assert rooms(worker) == before
    assert worker.ask("POST", ROOMS, b'{"name":"new"}').status == 201
    assert rooms(worker) == before | {"new"}
    assert worker.ctl("check").returncode == 0


def test_a_worker_reopens_a_database_that_was_replaced_after_a_failure(worker):
    """A backup that replaces the database of a failed disk needs no restart."""
    backup = worker.directory / "backup.db"
    before = rooms(worker)
    worker.ctl("backup", str(backup))
    assert worker.ask("POST", ROOMS, b'{"name":"later"}').status == 201
    assert rooms(worker) == before | {"later"}
    with full_disk(worker.worker):
        assert refused(worker.ask("POST", ROOMS, b'{"name":"new"}'), 503, "store_unavailable")
    for part in worker.directory.glob("aeon.db*"):
        part.unlink()
    backup.rename(worker.database)
    assert rooms(worker) == before
