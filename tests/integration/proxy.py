"""An HTTP proxy before a store, which can be told to break what passes."""

import contextlib
import http.client
import http.server
import threading

GARBAGE = b'{"ids": [["7", "\\ud800"], {"7": [[[[null'
# How it answers instead of the store: status and body.
ANSWERS = {"400": (400, b'{"error":"InvalidArgumentError","message":"no"}'),
           "404": (404, b'{"error":"NotFoundError","message":"no"}'),
           "500": (500, b"oops"), "garbage": (200, GARBAGE), "null": (200, b"null")}


class Proxy:
    """`broken` is a key of ANSWERS, "cut": the request passes, and its answer is cut, or "hangs": there
    is no answer until `broken` is another one.

    `answered` counts the broken answers, and `queries` the searches.
    """

    def __init__(self, port):
        self.target, self.answers = port, threading.Event()
        self.broken = None
        self.answered = self.queries = 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_port

    @property
    def broken(self):
        return self.how

    @broken.setter
    def broken(self, how):
        self.how = how
        (self.answers.clear if how == "hangs" else self.answers.set)()

    def handler(self):
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                broken, status, text = proxy.broken, *proxy.pass_on(self, body)
                proxy.answered += broken is not None
                proxy.queries += self.path.endswith("/query")
                with contextlib.suppress(ConnectionError):  # the realm does not wait for ever
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text[:len(text) // 2] if broken == "cut" else text)
                self.close_connection = broken == "cut"

            do_GET = do_POST = do_PUT = do_DELETE = answer
        return Handler

    def pass_on(self, request, body):
        self.answers.wait()
        if self.broken in ANSWERS:
            return ANSWERS[self.broken]
        line = http.client.HTTPConnection("127.0.0.1", self.target, timeout=30)
        try:
            line.request(request.command, request.path, body,
                         {name: request.headers[name] for name in ("Authorization", "Content-Type")
                          if name in request.headers})
            answer = line.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 502, b""
        finally:
            line.close()

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
