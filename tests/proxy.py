"""A proxy that ends TLS, as one stands in front of every installation.

It passes each request on to the web server, says X-Forwarded-Proto: https, and hands the answer
back. Its certificate is made for the test and signed by itself.
"""

import http.client
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests import servers

PATIENCE = 30  # seconds
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
REQUEST = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]


def certificate(folder: Path) -> Path:
    """A key and a certificate for localhost, in one file."""
    openssl = servers.find("openssl")
    if openssl is None:
        servers.lack("openssl")
    path = folder / "proxy.pem"
    files = ["-keyout", str(path), "-out", str(folder / "certificate.pem")]
    subprocess.run([str(openssl), *REQUEST, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "certificate.pem").read_text())
    return path


def passing_on_to(port: int) -> type[BaseHTTPRequestHandler]:
    """What answers each request by asking the web server on that port."""

    class PassOn(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {**dict(self.headers.items()), "X-Forwarded-Proto": "https"}
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            asked.request(self.command, self.path, body, headers)
            answer = asked.getresponse()
            content = answer.read()
            asked.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET
        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the browser and the web server say enough."""

    return PassOn


class Proxy(ThreadingHTTPServer):
    """The proxy's server: quiet about browsers that hang up in the middle of a handshake."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """They try a self-signed certificate once before they are told to accept it."""


@contextmanager
def tls_proxy(to: int, folder: Path) -> Iterator[str]:
    """Runs the proxy in front of the port `to`; answers the address of the site behind it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    server = Proxy(("127.0.0.1", 0), passing_on_to(to))
    # The handshake is left to each request's own thread: one that dawdles holds up no other.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
