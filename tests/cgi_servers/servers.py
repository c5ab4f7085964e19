"""Web servers that run the realm as a plain CGI program: Apache, lighttpd, nginx with fcgiwrap.

Each is an ordinary process of the test, on a free port, with a configuration in the test's
directory. The services that Debian's packages start are not used.
"""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess

from realm import BUILD, NGINX, PATIENCE, TOP, UNLIMITED, Answer, connectable, free_port, wait_until

SBIN = os.environ["PATH"] + ":/usr/sbin"
MODULES = pathlib.Path("/usr/lib/apache2/modules")
ROOT_RUNS_AS = "nobody"  # Apache and lighttpd do not run as root, nor does a realm


def as_user():
    """For subprocess: the user of the servers, when the test runs as root."""
    return {"user": ROOT_RUNS_AS, "extra_groups": []} if os.geteuid() == 0 else {}


class Client:
    """A kept connection. A new one is opened when the server has closed it."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.socket:
            self.socket.close()

    def send(self, head, body=b"", expect=False):
        """Sends a request as it is. With `expect` the body waits until the server wants it."""
        if not self.socket:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.socket.sendall(head)
        if not expect or self.socket.recv(4096, socket.MSG_PEEK).startswith(b"HTTP/1.1 100"):
            self.socket.sendall(body)

    def receive(self, method="GET"):
        """Reads one whole answer."""
        reply = http.client.HTTPResponse(self.socket, method=method)
        reply.begin()
        body = reply.read()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        if reply.will_close:
            self.socket.close()
            self.socket = None
        return Answer(reply.status, headers, body)

    def ask(self, method, path, body=b"", headers=None, chunked=False):
        headers = {"Host": "localhost", **(headers or {})}
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
            half = len(body) // 2 or 1
            body = b"".join(b"%x\r\n%b\r\n" % (len(part), part)
                            for part in (body[:half], body[half:]) if part) + b"0\r\n\r\n"
        elif body or method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(body))
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        self.send(head.encode(), body, "Expect" in headers)
        return self.receive(method)


class Site:
    """A web server and its site, in whose directory `base` the realm is a CGI program."""

    name = None
    base = ""
    hides_chunked = False  # passes a chunked body without a length

    def __init__(self, realm):
        self.realm = realm
        self.port = free_port()
        self.directory = realm.directory / self.name
        self.www = self.directory / "www"
        self.names = []

    def program(self):
        """The server's program, or None when it is not installed."""
        raise NotImplementedError

    def configuration(self):
        raise NotImplementedError

    def commands(self, conf):
        """(name, command, what connects when it is ready) of each process."""
        raise NotImplementedError

    def start(self):
        where = self.www / self.base.strip("/")
        where.mkdir(parents=True)
        self.install(where)
        conf = self.directory / "server.conf"
        conf.write_text(self.configuration())
        if os.geteuid() == 0:
            for each in (self.directory, *self.directory.rglob("*")):
                shutil.chown(each, ROOT_RUNS_AS)
        for name, command, address, how in self.commands(conf):
            name = f"{self.name}-{name}"
            with open(self.realm.directory / f"{name}.log", "ab") as log:
                # In a session of its own, because Apache ends its whole process group.
                process = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin"}, stdout=log,
                                           stderr=log, stdin=subprocess.DEVNULL,
                                           cwd=self.directory, start_new_session=True, **how)
            self.realm.processes[name] = process
            self.names.append(name)
            wait_until(lambda: connectable(address), name, process)
        return self

    def install(self, where):
        """Puts the shipped aeon.cgi into the site, with the paths of this realm."""
        text = (TOP / "conf/apache/aeon.cgi").read_text()
        text = text.replace("/path/to/aeon", str(self.realm.directory / "home"))
        (where / "aeon.cgi").write_text(text)
        (where / "aeon.cgi").chmod(0o755)

    def stop(self):
        for name in reversed(self.names):
            self.realm.stop(name, signal.SIGTERM)

    @property
    def url(self):
        return self.base + "/api/v1"


class Apache(Site):
    """Apache with the shipped .htaccess, as on shared hosting."""

    hides_chunked = True
    mpm = None
    module = None
    limits = ""

    def program(self):
        return MODULES.is_dir() and shutil.which("apache2", path=SBIN)

    def install(self, where):
        super().install(where)
        (where / ".htaccess").write_text(self.htaccess())

    def htaccess(self):
        return (TOP / "conf/apache/htaccess").read_text()

    def configuration(self):
        modules = (f"mpm_{self.mpm}", self.module, "authz_core", "env", "setenvif", "mime", "dir",
                   "alias", "rewrite", "filter", "deflate", "negotiation", "reqtimeout")
        loads = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in modules)
        return f"""
            {loads}
            ServerRoot "{self.directory}"
            DefaultRuntimeDir "{self.directory}"
            PidFile "{self.directory}/apache.pid"
            ErrorLog "{self.directory}/error.log"
            ServerName localhost
            Listen 127.0.0.1:{self.port}
            {f"User {ROOT_RUNS_AS}" if os.geteuid() == 0 else ""}
            {"Group nogroup" if os.geteuid() == 0 else ""}
            {self.limits}
            KeepAliveTimeout 60
            DocumentRoot "{self.www}"
            TypesConfig /dev/null
            AddOutputFilterByType DEFLATE application/json
            <Directory "{self.www}">
                AllowOverride All
                Require all granted
            </Directory>"""

    def commands(self, conf):
        return [("server", [self.program(), "-DFOREGROUND", "-f", conf], ("127.0.0.1", self.port),
                 {})]


class ApacheCgid(Apache):
    name, mpm, module = "apache-cgid", "event", "cgid"
    limits = """ScriptSock cgid.sock
            StartServers 1
            ServerLimit 1
            ThreadLimit 8
            ThreadsPerChild 8
            MaxRequestWorkers 8
            MinSpareThreads 1
            MaxSpareThreads 8"""


class ApacheCgi(Apache):
    """In a directory of the site, on a host that does not allow CGIPassAuth."""

    name, mpm, module = "apache-cgi", "prefork", "cgi"
    base = "/people/realm"
    limits = "StartServers 2\nMinSpareServers 1\nMaxSpareServers 2\nMaxRequestWorkers 8"

    def install(self, where):
        """Removes the variable that suexec would remove."""
        super().install(where)
        script = where / "aeon.cgi"
        script.write_text(script.read_text().replace(
            "\nexport", "\nunset REDIRECT_HTTP_AUTHORIZATION\nexport", 1))

    def htaccess(self):
        text = super().htaccess()
        for old, new in (("\nCGIPassAuth", "\n#CGIPassAuth"), ("\n#SetEnvIf", "\nSetEnvIf")):
            assert old in text
            text = text.replace(old, new)
        return text


class Lighttpd(Site):
    name = "lighttpd"

    def program(self):
        return shutil.which("lighttpd", path=SBIN)

    def configuration(self):
        return f"""
            server.modules = ("mod_rewrite", "mod_cgi")
            server.document-root = "{self.www}"
            server.bind = "127.0.0.1"
            server.port = {self.port}
            server.upload-dirs = ("{self.directory}")
            url.rewrite-once = ("^/(.*)$" => "/aeon.cgi/$1")
            cgi.assign = ("/aeon.cgi" => "")"""

    def commands(self, conf):
        return [("server", [self.program(), "-D", "-f", conf], ("127.0.0.1", self.port),
                 as_user())]


class Fcgiwrap(Site):
    name = "nginx-fcgiwrap"

    def program(self):
        return NGINX and shutil.which("fcgiwrap", path=SBIN)

    def configuration(self):
        temporary = "\n".join(f"{kind}_temp_path {self.directory}/{kind};"
                              for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        return f"""
            daemon off;
            pid {self.directory}/nginx.pid;
            error_log {self.directory}/error.log;
            events {{ worker_connections 64; }}
            http {{
                {temporary}
                access_log off;
                client_max_body_size 16m;
                server {{
                    listen 127.0.0.1:{self.port};
                    location / {{
                        include {self.fastcgi_params()};
                        fastcgi_param SCRIPT_FILENAME {self.www}/aeon.cgi;
                        fastcgi_param SCRIPT_NAME "";
                        fastcgi_param PATH_INFO $uri;
                        fastcgi_pass unix:{self.directory}/fcgiwrap.sock;
                    }}
                }}
            }}"""

    def fastcgi_params(self):
        """Those of nginx itself, without the two that Debian's file sets for a script's file."""
        path = self.directory / "fastcgi_params"
        names = ("QUERY_STRING", "REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "REQUEST_URI",
                 "SERVER_PROTOCOL", "REMOTE_ADDR", "SERVER_PORT", "SERVER_NAME")
        path.write_text("fastcgi_param GATEWAY_INTERFACE CGI/1.1;\n" + "".join(
            f"fastcgi_param {name} ${name.lower()};\n" for name in names))
        return path

    def commands(self, conf):
        socket_path = self.directory / "fcgiwrap.sock"
        # One process, because more would outlive the one that the test stops.
        return [("wrap", [self.program(), "-f", "-s", f"unix:{socket_path}"],
                 socket_path, as_user()),
                ("server", [NGINX, "-p", self.directory, "-c", conf, "-e", "stderr"],
                 ("127.0.0.1", self.port), as_user())]


def install_home(realm, program=BUILD / "aeon.fcgi", **settings):
    """Puts the program and its configuration outside of the sites, as README says."""
    home = realm.directory / "home"
    home.mkdir()
    shutil.copy(program, home / "aeon.fcgi")
    lines = {**UNLIMITED, "database": realm.database, "run_dir": realm.run, **settings}
    (home / "aeon.conf").write_text("".join(f"{key} = {value}\n" for key, value in lines.items()))
    if os.geteuid() == 0:
        for each in (realm.directory, *realm.directory.rglob("*")):
            shutil.chown(each, ROOT_RUNS_AS)


SITES = (ApacheCgid, ApacheCgi, Lighttpd, Fcgiwrap)
