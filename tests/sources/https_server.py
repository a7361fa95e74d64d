"""A real HTTPS server on loopback with a certificate of its own, for tests of the network."""

from __future__ import annotations

import http.server
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from excavate.sources.web import Limits, Web

NAME = "museum.test"  # what the certificate says; no resolver of this world knows it
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]
QUICK = Limits(resolve=20, connect=20, read=20, whole=60, pause=0, wait=5)


@dataclass
class Host:
    """The server: answers by path, what it was asked, and a Web that finds it."""

    port: int
    context: ssl.SSLContext
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [path for path, _ in self.asked]

    def put(
        self, path: str, content: bytes, kind: str = "text/plain", status: int = 200, **more: str
    ) -> str:
        """Answer `path` with these bytes; headers with '_' for '-'. Gives the address."""

        def answer(request: http.server.BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(content)))
            for name, value in more.items():
                request.send_header(name.replace("_", "-"), value)
            request.end_headers()
            request.wfile.write(content)

        self.answers[path] = answer
        return self.base + path

    def web(self, limits: Limits = QUICK, **more: object) -> Web:
        """A Web that resolves every name to loopback, may go there, and knows the certificate."""
        given: dict[str, object] = {
            "resolve": lambda host, port: ["127.0.0.1"],
            "allow": lambda ip: ip == "127.0.0.1",
            "verify": self.context,
            "sleep": self.slept.append,
        }
        return Web(limits, **(given | more))  # type: ignore[arg-type]


@contextmanager
def https_host(folder: Path) -> Iterator[Host]:
    """Serve until the block ends; the certificate lies in `folder`."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext",
         f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    hosts: list[Host] = []

    class Request(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = hosts[0]
            host.asked.append((self.path, dict(self.headers)))
            if self.path in host.answers:
                host.answers[self.path](self)
            else:
                self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that hangs up is what some tests are about

    server = Server(("127.0.0.1", 0), Request)
    server.socket = served.wrap_socket(server.socket, server_side=True)
    hosts.append(Host(server.server_port, ssl.create_default_context(cafile=str(certificate))))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    try:
        yield hosts[0]
    finally:
        server.shutdown()
        server.server_close()
