"""A chat service for tests, on 127.0.0.1: it keeps what was posted, and answers what it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class RobotServer:
    origin: str = ""
    status: int = 200
    answer: bytes = b'{"errcode": 0, "code": 0}'
    hang: threading.Event | None = None
    headers: dict[str, str] = field(default_factory=dict)
    posted: list[dict] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def queries(self) -> list[dict]:
        return [parse_qs(urlsplit(path).query) for path in self.paths]


@contextmanager
def robot_server() -> Iterator[RobotServer]:
    state = RobotServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.paths.append(self.path)
            state.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if state.hang:
                state.hang.wait(5)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
