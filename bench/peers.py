"""The servers that the bridge is compared with, installed once into a cache outside the source tree."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import stack
from chat import USERS, Server

PEERS = stack.BENCH / "peers"


def cached(name, pinned, install):
    """A folder that install(folder) has filled once; other `pinned` bytes install it again."""
    root = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = root / "aeon-bench" / name
    done = folder / "installed"
    if not done.exists() or done.read_bytes() != pinned:
        stack.note(f"installing {name} into {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install(folder)
        done.write_bytes(pinned)
    return folder


def call(*command, cwd, env=None):
    subprocess.run([str(part) for part in command], cwd=cwd, check=True, timeout=600, env=env,
                   stdout=subprocess.DEVNULL)


def debian(package):
    """A Debian package, unpacked but not installed, so that no other nginx loads it."""
    def install(cache):
        call("apt-get", "-qo", "APT::Sandbox::User=", "download", package, cwd=cache)
        call("dpkg", "-x", next(cache.glob("*.deb")), cache, cwd=cache)

    policy = subprocess.run(["apt-cache", "policy", package], stdout=subprocess.PIPE, check=True).stdout
    candidate = [line for line in policy.splitlines() if b"Candidate:" in line]
    return cached(package, b"".join(candidate), install)


def rooms_of(count):
    """Rooms for servers without users."""
    return [(f"room-{room}", f"/rooms/room-{room}", ["-"] * USERS) for room in range(count)]


@contextmanager
def node(folder, rooms):
    stack.need("node")
    modules = debian("node-ws") / "usr/share/nodejs"
    port = stack.free_port()
    with stack.started(["node", PEERS / "ws-node" / "server.js", port],
                       lambda: stack.reachable(port), folder / "node.log",
                       env=stack.environment(NODE_PATH=modules)) as process:
        yield Server("node ws", port, [process.pid], rooms_of(rooms))


def python(name):
    """The Python of a peer, with the packages of its requirements.txt."""
    wanted = PEERS / name / "requirements.txt"

    def install(cache):
        call(sys.executable, "-m", "venv", cache, cwd=cache)
        call(cache / "bin" / "pip", "install", "-q", "-r", wanted, cwd=cache)

    return cached(name, wanted.read_bytes(), install) / "bin" / "python"


@contextmanager
def fastapi(folder, rooms):
    source = PEERS / "ws-fastapi"
    port = stack.free_port()
    with stack.started([python("ws-fastapi"), "-m", "uvicorn", "server:app", "--app-dir", source,
                        "--port", port, "--log-level", "warning"],
                       lambda: stack.reachable(port), folder / "fastapi.log",
                       env=stack.environment(PYTHONDONTWRITEBYTECODE=1)) as process:
        yield Server("fastapi", port, [process.pid], rooms_of(rooms))


@contextmanager
def nginx(folder, conf, workers, **values):
    """Runs nginx with a configuration of bench/peers; yields its port and processes, a worker first.

    It inherits its socket, as from an older nginx. The socket has TCP_NODELAY, which accepted connections
    inherit. nchan does not set it, and would wait for delayed acknowledgements.
    """
    stack.need("nginx")
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.setblocking(False)  # otherwise a worker that is too late waits in accept()
        port, fd = listener.getsockname()[1], listener.fileno()
        home = folder / f"nginx-{port}"
        home.mkdir()
        text = (PEERS / conf).read_text()
        for key, value in ({"PORT": port, "WORKERS": workers} | values).items():
            text = text.replace(f"@{key}@", str(value))
        (home / "nginx.conf").write_text(text)
        with stack.started(["nginx", "-e", "stderr", "-p", home, "-c", home / "nginx.conf"],
                           lambda: stack.reachable(port), folder / f"nginx-{port}.log",
                           env=stack.environment(NGINX=f"{fd};"), pass_fds=[fd]) as process:
            def all_workers():
                found = stack.descendants(process.pid).get("nginx", [])
                return found if len(found) == workers else None

            yield port, [*stack.awaited(all_workers, "nginx's workers"), process.pid]


@contextmanager
def nchan(folder, rooms):
    """With one worker: several workers pass each message to each other, which costs more."""
    modules = debian("libnginx-mod-nchan") / "usr/lib/nginx/modules"
    with nginx(folder, "nchan.conf", 1,
               MODULE=modules / "ngx_nchan_module.so") as (port, pids):
        yield Server("nchan", port, pids, rooms_of(rooms), silent=True)


@contextmanager
def behind_nginx(folder, server):
    """The same server behind an nginx, as in a realm; the CPU of nginx is included."""
    with nginx(folder, "proxy.conf", os.cpu_count(), UPSTREAM=server.port) as (port, pids):
        yield Server(server.name, port, [*server.pids, *pids], server.rooms, server.silent)


ALL = {"node": node, "fastapi": fastapi, "nchan": nchan}


def add_option(parser, default=tuple(ALL)):
    parser.add_argument("--peers", default=",".join(default),
                        help=f"servers to compare with, of {', '.join(ALL)} (%(default)s); "
                             "empty: only the bridge")


def chosen(options):
    names = [name for name in options.peers.split(",") if name]
    unknown = [name for name in names if name not in ALL]
    if unknown:
        raise stack.Unable(f"unknown peer {unknown[0]}; use {', '.join(ALL)}")
    return [ALL[name] for name in names]
