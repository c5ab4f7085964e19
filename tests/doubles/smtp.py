"""A double of a mail server: strict about SMTP and about mails, and as broken as a test wants.

It has a thread for each connection. `mails` are those that it has accepted. `answers` are what it
says to the next commands of a name instead of its own answer: a text, "" for nothing at all, or
None to close the connection. "GREETING" and "DONE" are the beginning and the end of a mail.
"""

import base64
import collections
import email
import email.policy
import re
import socket
import threading

from realm import PATIENCE

ADDRESS = r"<([^\s<>@]+@[^\s<>@]+)>"
LINE_BYTES = 998


class Wrong(Exception):
    """What a strict server does not accept."""


class SMTP:
    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.mails, self.faults, self.connections = [], [], 0
        self.answers = collections.defaultdict(collections.deque)
        self.logins = set()  # (user, password); empty: nobody needs to sign in
        self.released = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.socket.shutdown(socket.SHUT_RDWR)  # ends accept(), which may else take a connection of the next double
        self.socket.close()
        assert not self.faults, self.faults

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(PATIENCE)
        with connection, connection.makefile("rb") as lines:
            try:
                Session(self, connection, lines).run()
            except Wrong as wrong:
                self.faults.append(str(wrong))
                connection.sendall(b"554 no\r\n")
            except OSError:
                pass


class Session:
    def __init__(self, server, connection, lines):
        self.server, self.connection, self.lines = server, connection, lines
        self.sender, self.recipients, self.is_greeted = None, [], False

    def say(self, name, usual):
        """Whether the connection goes on."""
        planned = self.server.answers[name]
        answer = planned.popleft() if planned else usual
        if answer == "":
            self.server.released.wait(PATIENCE)
            return False
        if answer is None:
            return False
        self.connection.sendall(f"{answer}\r\n".encode())
        return True

    def line(self):
        line = self.lines.readline()
        if not line:
            return None
        if not line.endswith(b"\r\n") or len(line) > LINE_BYTES + 2 or b"\r" in line[:-2]:
            raise Wrong(f"a line like {line!r}")
        return line[:-2]

    def run(self):
        going = self.say("GREETING", "220 double ESMTP")
        while going and (line := self.line()) is not None:
            name, _, rest = line.decode().partition(" ")
            going = getattr(self, "do_" + name.lower())(rest)

    def do_ehlo(self, rest):
        self.is_greeted = True
        auth = "250-AUTH PLAIN\r\n" if self.server.logins else ""
        return self.say("EHLO", f"250-double\r\n{auth}250 8BITMIME")

    def do_auth(self, rest):
        kind, _, data = rest.partition(" ")
        if not data:
            self.connection.sendall(b"334 \r\n")
            data = self.line().decode()
        _, user, password = base64.b64decode(data).decode().split("\0")
        right = kind == "PLAIN" and (user, password) in self.server.logins
        self.is_signed_in = right
        return self.say("AUTH", "235 welcome" if right else "535 no")

    def do_mail(self, rest):
        found = re.fullmatch("FROM:" + ADDRESS + r"( SIZE=\d+)?", rest)
        if not self.is_greeted or self.sender or not found:
            raise Wrong("MAIL " + rest)
        self.sender = found[1]
        return self.say("MAIL", "250 ok")

    def do_rcpt(self, rest):
        found = re.fullmatch("TO:" + ADDRESS, rest)
        if not self.sender or not found:
            raise Wrong("RCPT " + rest)
        self.recipients.append(found[1])
        return self.say("RCPT", "250 ok")

    def do_data(self, rest):
        if not self.recipients:
            raise Wrong("DATA without a recipient")
        if not self.say("DATA", "354 go on"):
            return False
        lines = []
        while (line := self.line()) != b".":
            if line is None:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = self.checked(b"\r\n".join(lines) + b"\r\n")
        accepts = not self.server.answers["DONE"]
        self.sender, self.recipients = None, []
        if accepts:
            self.server.mails.append(mail)
        return self.say("DONE", "250 accepted")

    def checked(self, raw):
        if any(byte > 127 for byte in raw):
            raise Wrong("a byte above 127")
        mail = email.message_from_bytes(raw, policy=email.policy.strict)
        for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
            if len(mail.get_all(name, [])) != 1:
                raise Wrong(f"{name}: {mail.get_all(name)}")
        if not mail["Date"].datetime.tzinfo:
            raise Wrong("a date without a zone")
        if f"<{self.recipients[0]}>" != str(mail["To"]) and self.recipients[0] != str(mail["To"]):
            raise Wrong(f"to {self.recipients[0]}, but {mail['To']}")
        return mail

    def do_noop(self, rest):
        return self.say("NOOP", "250 ok")

    def do_rset(self, rest):
        self.sender, self.recipients = None, []
        return self.say("RSET", "250 ok")

    def do_quit(self, rest):
        self.say("QUIT", "221 bye")
        return False
