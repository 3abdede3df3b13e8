"""The command-line client against a live site, with a real worker where it waits for a verdict."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from judge.api import client
from judge.api.models import PREFIX, Scope, Token
from judge.submissions.models import Lane, Status, Submission, Verdict
from problems import search
from tests.browser.conftest import worker

__all__ = ["worker"]

Make = Callable[..., Any]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

SUM = "print(sum(map(int, input().split())))"
OFFERED = [
    {"key": "cpp17", "filename": "main.cpp", "aliases": ["cpp"]},
    {"key": "cpp20", "filename": "main.cpp", "aliases": []},
    {"key": "java", "filename": "Main.java", "aliases": []},
    {"key": "pypy3", "filename": "solution.py", "aliases": []},
    {"key": "python3", "filename": "solution.py", "aliases": ["python"]},
]


@pytest.fixture
def kodjudge(tmp_path: Path) -> Run:
    """Runs the client as its users do: one file, no packages, a home of its own."""

    def run(*arguments: object, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        given = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "PATH": os.environ["PATH"], "no_proxy": "*"} | environment
        command = [sys.executable, "-I", "-S", client.__file__, *map(str, arguments)]
        return subprocess.run(
            command, input=stdin, env=given, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
        )

    return run


@pytest.fixture
def logged_in(kodjudge: Run, live_server: LiveServer, make_user: Make, make_token: Make) -> Any:
    """Somebody who has logged in with a token."""
    user = make_user()
    done = kodjudge("login", live_server.url, stdin=make_token(user) + "\n")
    assert done.returncode == 0, done.stderr
    assert f"as {user.username}; the token may: read, submit" in done.stdout
    return user


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server of ours on this machine; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def losing_answers(target: LiveServer, lost: int) -> Iterator[str]:
    """A way to ``target`` on which the first ``lost`` answers to POST are lost, though the requests arrive."""
    listener = socket.create_server(("127.0.0.1", 0))
    left = lost

    def carry() -> None:
        nonlocal left
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            with near, socket.create_connection((target.thread.host, target.thread.port)) as far:
                request = near.recv(1 << 20)
                if request.startswith(b"POST"):
                    while not request.rstrip().endswith(b"}"):
                        request += near.recv(1 << 20)
                far.sendall(request)
                answer = b""
                while part := far.recv(1 << 20):
                    answer += part
                if request.startswith(b"POST") and left:
                    left -= 1
                else:
                    near.sendall(answer)

    thread = threading.Thread(target=carry)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.parametrize(
    ("file", "key"),
    [("a.py", "python3"), ("a.cpp", "cpp17"), ("A.CC", "cpp17"), ("Main.java", "java"), ("dir.py/x.java", "java")],
)
def test_a_language_is_told_from_the_files_name(file: str, key: str) -> None:
    assert client.language_of(file, OFFERED) == key


@pytest.mark.parametrize("file", ["a", "a.txt", "-", ".py"])
def test_where_it_is_not_it_is_asked_for(file: str) -> None:
    with pytest.raises(client.Failed, match="--language"):
        client.language_of(file, OFFERED)


def test_what_acts_on_a_terminal_is_not_shown() -> None:
    assert client.clean("a\x1b[2J\r\0\u202e\x9b\tb\n") == "a\ufffd[2J\ufffd\ufffd\ufffd\ufffd\tb\n"


@pytest.mark.parametrize("arguments", [(), ("submit",), ("fly",), ("submit", "1"), ("status", "x")])
def test_wrong_usage_is_exit_code_2(kodjudge: Run, arguments: tuple[str, ...]) -> None:
    assert kodjudge(*arguments).returncode == 2


def test_whoever_has_not_logged_in_is_told_so(kodjudge: Run) -> None:
    done = kodjudge("problems")
    assert (done.returncode, done.stderr) == (9, "kodjudge: Log in first: kodjudge login URL\n")


@pytest.mark.parametrize("url", ["http://judge.example.org", "ftp://localhost", "file:///etc/passwd", "http://"])
def test_a_token_does_not_go_where_others_read_it(kodjudge: Run, url: str) -> None:
    done = kodjudge("login", url, stdin=f"{PREFIX}x\n")
    assert done.returncode == 9
    assert "Make a token" not in done.stderr


def test_a_token_does_not_follow_to_another_site(kodjudge: Run) -> None:
    heard: list[str | None] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        heard.append(handler.headers["Authorization"])
        handler.send_error(404)

    with serving(note) as other:

        def point(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", other)
            handler.end_headers()

        with serving(point) as first:
            done = kodjudge("login", first, stdin=f"{PREFIX}x\n")
    assert (done.returncode, heard) == (9, [])
    assert other in done.stderr


def test_a_site_that_is_not_there_is_exit_code_10(kodjudge: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    environment = {"KODJUDGE_URL": url, "KODJUDGE_TOKEN": f"{PREFIX}x"}
    assert kodjudge("languages", **environment).returncode == 10


def test_a_broken_configuration_is_said(kodjudge: Run, tmp_path: Path) -> None:
    path = tmp_path / "config" / "kodjudge" / "config.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert "Log in again" in kodjudge("problems").stderr


@pytest.mark.django_db(transaction=True)
def test_a_wrong_token_is_not_kept(kodjudge: Run, live_server: LiveServer, tmp_path: Path) -> None:
    done = kodjudge("login", live_server.url, stdin=f"{PREFIX}{'x' * 43}\n")
    assert done.returncode == 9
    assert "unknown, expired or revoked" in done.stderr
    assert not (tmp_path / "config").exists()


@pytest.mark.django_db(transaction=True)
def test_the_token_is_kept_for_nobody_else_to_read(logged_in: Any, kodjudge: Run, tmp_path: Path) -> None:
    path = tmp_path / "config" / "kodjudge" / "config.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["config.json"]
    assert kodjudge("logout").returncode == 0
    assert not path.exists()


@pytest.mark.django_db(transaction=True)
def test_the_environment_goes_first_and_a_kept_token_to_its_own_site_only(
    logged_in: Any, kodjudge: Run, live_server: LiveServer
) -> None:
    assert kodjudge("languages", KODJUDGE_TOKEN=f"{PREFIX}x").returncode == 9
    assert kodjudge("languages", KODJUDGE_URL=live_server.url).returncode == 0
    done = kodjudge("languages", KODJUDGE_URL="http://localhost:1")
    assert "Log in first" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_problems_are_listed_and_shown(logged_in: Any, kodjudge: Run, make_problem: Make) -> None:
    problem = make_problem(title="The \x1b[31msum", difficulty="easy")
    problem.tests.filter(position=1).update(is_sample=True)
    make_problem(title="Path", difficulty="hard")
    search.index([problem.pk])
    listed = kodjudge("problems", "--difficulty", "easy").stdout
    assert listed.split() == [str(problem.pk), "easy", problem.slug, "The", "\ufffd[31msum"]
    shown = kodjudge("show", problem.pk).stdout
    for words in ("2 s, 256 MiB", "Print the sum of two numbers.", "--- Input\n1 2\n--- Output\n3\n"):
        assert words in shown
    assert json.loads(kodjudge("show", problem.slug, "--json").stdout)["id"] == problem.pk
    assert kodjudge("show", "nothing").returncode == 9
    assert len(kodjudge("problems", "--limit", 1).stdout.splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_the_first_line_only_sees_no_fault(
    make_user: Make, make_problem: Make, make_token: Make, live_server: LiveServer
) -> None:
    make_problem(statement="word\n" * 100_000)
    given = os.environ | {"KODJUDGE_URL": live_server.url, "KODJUDGE_TOKEN": make_token(make_user())}
    command = [sys.executable, client.__file__, "show", "apps-1-oj"]
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline().startswith(b"Sum 1")
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)


@pytest.mark.django_db(transaction=True)
def test_a_submission_is_sent_and_looked_at(
    logged_in: Any, kodjudge: Run, make_problem: Make, tmp_path: Path, queue: Any
) -> None:
    problem = make_problem()
    (tmp_path / "sol.py").write_text(f"\N{ZERO WIDTH NO-BREAK SPACE}{SUM}\n", encoding="utf-8")
    done = kodjudge("submit", problem.question_id, "sol.py")
    submission = Submission.objects.get()
    assert (done.returncode, submission.user, submission.language) == (0, logged_in, "python3")
    assert submission.source == SUM + "\n"
    assert f"Submission {submission.pk}, http" in done.stdout
    assert "is queued" in kodjudge("status", submission.pk).stdout
    assert kodjudge("status").stdout.split() == [str(submission.pk), "queued", "0/0", problem.slug]
    Submission.objects.update(status=Status.DONE, verdict=Verdict.TLE, passed=1, total=3, time_ms=2_000)
    told = kodjudge("status", submission.pk)
    assert (told.returncode, told.stdout.splitlines()[0]) == (3, "Time limit exceeded: 1 of 3 tests passed, 2000 ms")


@pytest.mark.django_db(transaction=True)
def test_what_the_site_refuses_is_said(
    logged_in: Any, kodjudge: Run, make_problem: Make, tmp_path: Path, queue: Any
) -> None:
    problem = make_problem()
    (tmp_path / "sol.py").write_bytes(b"\xff\xfe")
    assert "cannot be read" in kodjudge("submit", problem.slug, "sol.py").stderr
    assert "cannot be read" in kodjudge("submit", problem.slug, "none.py").stderr
    assert "no such language" in kodjudge("submit", problem.slug, "-", "--language", "cobol", stdin=SUM).stderr
    Token.objects.update(scopes=[Scope.READ])
    done = kodjudge("submit", problem.slug, "-", "--language", "python3", stdin=SUM)
    assert (done.returncode, "scope" in done.stderr) == (9, True)
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_lost_makes_no_second_submission(
    logged_in: Any, kodjudge: Run, make_problem: Make, make_token: Make, live_server: LiveServer, queue: Any
) -> None:
    problem, token = make_problem(), make_token(logged_in)
    with losing_answers(live_server, lost=2) as url:
        environment = {"KODJUDGE_URL": url, "KODJUDGE_TOKEN": token}
        done = kodjudge("submit", problem.slug, "-", "--language", "python3", stdin=SUM, **environment)
    assert done.returncode == 0, done.stderr
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_full_queue_of_ones_own_is_waited_for(
    logged_in: Any, kodjudge: Run, make_problem: Make, make_submission: Make, settings: Any, queue: Any
) -> None:
    settings.MAX_IN_FLIGHT_PER_USER = 1
    problem = make_problem()
    first = make_submission(problem, logged_in)
    # Somebody else's clock: the submission in flight is done a little later.
    done_later = threading.Timer(1.5, lambda: _finish(first))
    done_later.start()
    done = kodjudge("submit", problem.slug, "-", "--language", "python3", stdin=SUM)
    done_later.join()
    assert done.returncode == 0, done.stderr
    assert Submission.objects.count() == 2


def _finish(submission: Submission) -> None:
    from django.db import connection

    Submission.objects.filter(pk=submission.pk).update(status=Status.DONE, verdict=Verdict.AC)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_submission_that_was_cancelled_is_said_and_is_exit_code_11(
    logged_in: Any, kodjudge: Run, make_problem: Make, make_submission: Make, queue: Any
) -> None:
    problem = make_problem()
    cancelled = make_submission(problem, logged_in, status=Status.CANCELLED)
    done = kodjudge("status", cancelled.pk, "--wait")
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        11,
        f"Cancelled before it was judged: submission {cancelled.pk} has no verdict",
    )
    assert kodjudge("status", cancelled.pk).returncode == 11
    told = kodjudge("status", cancelled.pk, "--wait", "--json")
    assert (told.returncode, json.loads(told.stdout)["status"]) == (11, "cancelled")
    # Somebody's click on the page, a little later.
    click = threading.Timer(1.5, _cancel_all)
    click.start()
    done = kodjudge("submit", problem.slug, "-", "--language", "python3", "--wait", stdin=SUM)
    click.join()
    assert (done.returncode, "Cancelled before it was judged" in done.stdout) == (11, True)


def _cancel_all() -> None:
    from django.db import connection

    Submission.objects.filter(status=Status.QUEUED).update(status=Status.CANCELLED)
    connection.close()


@pytest.fixture
def curating(kodjudge: Run, live_server: LiveServer, make_curator: Make, make_token: Make) -> Any:
    """A curator who has logged in with a token for verifying."""
    user = make_curator()
    token = make_token(user, Scope.READ, Scope.VERIFY)
    assert kodjudge("login", live_server.url, stdin=token + "\n").returncode == 0
    return user


@pytest.mark.django_db(transaction=True)
def test_a_solver_verifies_nothing(logged_in: Any, kodjudge: Run, make_problem: Make, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SUM)
    done = kodjudge("verify", make_problem().slug, "a.py")
    assert (done.returncode, done.stdout) == (9, "")
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_read_keeps_all_out(
    curating: Any, kodjudge: Run, make_problem: Make, tmp_path: Path, queue: Any
) -> None:
    (tmp_path / "a.py").write_text(SUM)
    problem = make_problem()
    assert "none.py cannot be read" in kodjudge("verify", problem.slug, "a.py", "none.py").stderr
    assert "--language" in kodjudge("verify", problem.slug, "a.py", "-", stdin=SUM).stderr
    assert not Submission.objects.exists()


def answers(handler: BaseHTTPRequestHandler, *events: dict[str, Any], broken: bool = False) -> None:
    """A stream of these events, which may end as if the connection had broken."""
    handler.send_response(200)
    body = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    handler.send_header("Content-Length", str(len(body) + broken))
    handler.end_headers()
    handler.wfile.write(body)


def verdict_of(program: int, verdict: str) -> dict[str, Any]:
    counted = {"passed": 1, "total": 3, "time_ms": 7, "memory_kb": 2_048, "tests": []}
    return {"event": "verdict", "program": program, "submission": program, "verdict": verdict} | counted


def test_a_broken_stream_is_taken_up_by_its_key_and_each_verdict_told_once(kodjudge: Run, tmp_path: Path) -> None:
    keys: list[str | None] = []
    accepted = {"event": "accepted", "key": "k", "submissions": [1, 2]}
    again = {"event": "again", "key": "k", "wait_ms": 10}

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        keys.append(handler.headers["Idempotency-Key"])
        match len(keys):
            case 1:
                answers(handler, accepted, verdict_of(1, "AC"), broken=True)
            case 2:
                answers(handler, accepted, verdict_of(1, "AC"), again)
            case 3:
                answers(handler, accepted)
            case _:
                done = {"event": "done", "accepted": 1}
                answers(handler, accepted, verdict_of(1, "AC"), verdict_of(0, "WA"), done)

    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(SUM)
    with serving(answer) as url:
        environment = {"KODJUDGE_URL": url, "KODJUDGE_TOKEN": f"{PREFIX}x"}
        done = kodjudge("verify", "p", "a.py", "b.py", "--language", "python3", **environment)
    assert done.stdout.splitlines() == [
        "b.py: Accepted: 1 of 3 tests passed, 7 ms, 2.0 MiB",
        "a.py: Wrong answer: 1 of 3 tests passed, 7 ms, 2.0 MiB",
        "1 of 2 accepted",
    ]
    assert (done.returncode, len(keys), len(set(keys))) == (1, 4, 1)


def test_a_stream_that_tells_nothing_again_and_again_ends(kodjudge: Run, tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        answers(handler, {"event": "accepted", "key": "k", "submissions": [1]})

    (tmp_path / "a.py").write_text(SUM)
    with serving(answer) as url:
        environment = {"KODJUDGE_URL": url, "KODJUDGE_TOKEN": f"{PREFIX}x"}
        done = kodjudge("verify", "p", "a.py", "--language", "python3", **environment)
    assert (done.returncode, "broke again and again" in done.stderr) == (10, True)


@pytest.mark.worker
@pytest.mark.docker
@pytest.mark.django_db(transaction=True)
def test_files_are_verified_in_requests_of_twenty(
    curating: Any, kodjudge: Run, make_problem: Make, tmp_path: Path, worker: None
) -> None:
    problem = make_problem()
    names = [f"{number:02}.py" for number in range(21)]
    for name in names:
        (tmp_path / name).write_text(SUM)
    (tmp_path / "wrong.cpp").write_text("int main() { return undeclared; }")
    done = kodjudge("verify", problem.slug, *names, "wrong.cpp")
    lines = done.stdout.splitlines()
    assert done.returncode == 7, done.stderr
    assert sum(": Accepted: 3 of 3 tests passed" in line for line in lines) == 21
    assert "undeclared" in done.stdout
    assert lines[-1] == "21 of 22 accepted"
    assert Submission.objects.filter(user=curating, lane=Lane.BATCH).count() == 22
    told = kodjudge("verify", problem.slug, "00.py", "--json")
    assert [(row["file"], row["verdict"]) for row in map(json.loads, told.stdout.splitlines())] == [("00.py", "AC")]


@pytest.mark.worker
@pytest.mark.docker
@pytest.mark.django_db(transaction=True)
def test_the_exit_code_tells_the_verdict(
    logged_in: Any, kodjudge: Run, make_problem: Make, tmp_path: Path, worker: None
) -> None:
    problem = make_problem([("1 2\n", "3\n"), ("SECRET-in", "SECRET-out")], time_limit_ms=700)
    problem.tests.filter(position=1).update(is_sample=True)
    sums = make_problem()

    def send(name: str, source: str, of: Any = problem) -> "subprocess.CompletedProcess[str]":
        (tmp_path / name).write_text(source)
        done = kodjudge("submit", of.pk, name, "--wait")
        assert "SECRET" not in done.stdout + done.stderr
        return done

    accepted = send("right.py", SUM, sums)
    assert (accepted.returncode, accepted.stdout.partition(",")[0]) == (0, "Accepted: 3 of 3 tests passed")
    wrong = send("wrong.py", "print(input())")
    assert (wrong.returncode, wrong.stdout.partition(",")[0]) == (1, "Wrong answer: 0 of 2 tests passed")
    assert "Test 1, a sample: WA\n--- Input\n1 2\n--- Expected\n3\n--- Your output\n1 2\n" in wrong.stdout
    broken = send("broken.cpp", "int main() { return undeclared; }")
    assert (broken.returncode, "undeclared" in broken.stdout) == (7, True)
    assert [send("slow.py", "while True: pass").returncode, send("crash.py", "1 / 0").returncode] == [3, 6]
    assert json.loads(kodjudge("submit", sums.pk, "right.py", "--wait", "--json").stdout)["verdict"] == "AC"
