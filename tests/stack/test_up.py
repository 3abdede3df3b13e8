"""How `make up` tells that the site answers."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from judge.celery import IMPORTS, JUDGING
from judge.stack import up
from judge.stack.place import Place


@contextmanager
def site(code: int, **headers: str) -> Iterator[int]:
    """A site that gives every request this answer; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def answers(port: int, tmp_path) -> bool:
    place = Place(tmp_path)
    place.make()
    (place.log / "web.log").write_text("the reason\n")
    return up._answers("127.0.0.1", port, place, seconds=0.1)


def test_a_site_that_fails_is_not_up_and_its_log_is_shown(tmp_path, capsys):
    with site(500) as port:
        assert not answers(port, tmp_path)
    told = capsys.readouterr().err
    assert "answers with 500" in told
    assert "the reason" in told


def test_a_redirect_to_https_is_an_answer(tmp_path):
    with site(301, Location="https://127.0.0.1:1/") as port:
        assert answers(port, tmp_path)


def test_the_machines_proxy_is_not_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with site(200) as port:
        assert answers(port, tmp_path)


def test_an_address_that_is_not_allowed_is_named(tmp_path, capsys):
    with site(400) as port:
        assert answers(port, tmp_path)
    assert "ALLOWED_HOSTS" in capsys.readouterr().out


def test_imports_have_a_worker_of_their_own_and_judging_all_cores():
    children = {child.name: list(child.argv) for child in up._children(Path("python"), "127.0.0.1", 8000)}
    queues = {name: argv[argv.index("-Q") + 1].split(",") for name, argv in children.items() if "-Q" in argv}
    assert queues == {"worker": list(JUDGING), "importer": [IMPORTS]}
    threads = {name: children[name][children[name].index("-c") + 1] for name in queues}
    assert threads == {"worker": str(len(os.sched_getaffinity(0))), "importer": "1"}
    assert "-n" in children["importer"]  # two workers of one name would take each other's orders
