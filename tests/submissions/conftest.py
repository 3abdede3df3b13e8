"""Builders for problems, people and submissions, a sandbox that follows a script, and the real queue."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from kombu.exceptions import ChannelError

from judge.accounts.models import User
from judge.celery import RUNS, app
from judge.engine.types import Compilation, Limits, RunResult
from judge.engine.verdicts import Ended
from judge.submissions.models import Lane, Run, Submission
from problems.models import Problem, TestCase

SUMS = [("1 2\n", "3\n"), ("2 2\n", "4\n"), ("40 2\n", "42\n")]


def _problem(tests: list[tuple[str, str]] = SUMS, **fields: Any) -> Problem:
    """A published problem (by default: print the sum of two numbers)."""
    number = Problem.objects.count() + 1
    given = {
        "question_id": f"Apps_{number}_OJ",
        "slug": f"apps-{number}-oj",
        "title": f"Sum {number}",
        "statement": "Print the sum of two numbers.",
        "style": "online_judge",
        "subset": "Apps",
        "content_hash": b"",
    }
    problem = Problem.objects.create(**given | fields)
    TestCase.objects.bulk_create(
        TestCase(problem=problem, position=position, stdin=stdin, stdout=stdout)
        for position, (stdin, stdout) in enumerate(tests, 1)
    )
    return problem


def _user(**fields: Any) -> User:
    return User.objects.create(**{"username": f"user{User.objects.count() + 1}"} | fields)


def _submission(problem: Problem | None = None, user: User | None = None, **fields: Any) -> Submission:
    """A queued submission of a program that prints the sum."""
    given = {"language": "python3", "source": "print(sum(map(int, input().split())))"}
    return Submission.objects.create(problem=problem or _problem(), user=user or _user(), **given | fields)


def _run(problem: Problem | None = None, user: User | None = None, **fields: Any) -> Run:
    """A run, on the samples, that no message was sent about."""
    given = {"language": "python3", "source": "print(sum(map(int, input().split())))", "samples": True}
    return Run.objects.create(problem=problem or _problem(), user=user or _user(), **given | fields)


@pytest.fixture
def make_run() -> Callable[..., Run]:
    """Makes a stored run."""
    return _run


@pytest.fixture
def make_problem() -> Callable[..., Problem]:
    """Makes a problem with its tests."""
    return _problem


@pytest.fixture
def make_user() -> Callable[..., User]:
    """Makes a user."""
    return _user


@pytest.fixture
def make_submission() -> Callable[..., Submission]:
    """Makes a stored submission that no message was sent about."""
    return _submission


Step = bytes | Exception | RunResult | Callable[[], None]


def ran(stdout: bytes = b"", **fields: Any) -> RunResult:
    """A run that ended well, but for ``fields``."""
    ended = {"ended": Ended.EXITED, "exit_code": 0, "signal": 0, "cpu_ms": 3, "wall_ms": 4, "memory_kb": 9_000}
    return RunResult(**ended | {"stdout": stdout, "stderr": b""} | fields)


class ScriptedSandbox:
    """Follows a script, one step a run: faults and delays that no real sandbox has at will. Runs after it print 3."""

    image_digest = "sha256:scripted"

    def __init__(self, *steps: Step, compilation: Compilation | Exception | None = None) -> None:
        self.owners: list[str] = []
        self.inputs: list[bytes] = []
        self._steps = list(steps)
        self._compilation = compilation or Compilation(ok=True)

    def version_of(self, key: str) -> str:
        """The version of any language."""
        return f"{key} 1.0"

    @contextmanager
    def open(self, owner: str) -> Iterator["ScriptedSandbox"]:
        """The box is the sandbox itself."""
        self.owners.append(owner)
        yield self

    def load(self, language: object, source: bytes) -> Compilation:
        """The script's compilation, or its fault."""
        if isinstance(self._compilation, Exception):
            raise self._compilation
        return self._compilation

    def run(self, stdin: bytes, limits: Limits) -> RunResult:
        """The script's next step."""
        self.inputs.append(stdin)
        step = self._steps.pop(0) if self._steps else b"3\n"
        if isinstance(step, Exception):
            raise step
        if isinstance(step, RunResult):
            return step
        if isinstance(step, bytes):
            return ran(step)
        step()
        return ran(b"3\n")


@pytest.fixture
def scripted() -> type[ScriptedSandbox]:
    """The class of scripted sandboxes."""
    return ScriptedSandbox


@pytest.fixture
def run_result() -> Callable[..., RunResult]:
    """Makes the result of a run."""
    return ran


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Calls a function from several threads at the same time; returns or raises what they gave."""

    def call(times: int, function: Callable[[], Any]) -> list[Any]:
        start = Barrier(times)

        def one() -> Any:
            start.wait()
            try:
                return function()
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as threads:
            return [future.result() for future in [threads.submit(one) for _ in range(times)]]

    return call


class Queue:
    """The real broker's queues, of submissions and of runs."""

    def purge(self) -> None:
        """Throw every message away."""
        with app.connection_for_write() as broker:
            for lane in (*Lane, RUNS):
                broker.default_channel.queue_purge(str(lane))

    def count(self, lane: str = Lane.INTERACTIVE) -> int:
        """How many messages wait."""
        with app.connection_for_write() as broker:
            try:
                return broker.default_channel.queue_declare(str(lane), passive=True).message_count
            except ChannelError:
                return 0

    def ids(self, lane: str = Lane.INTERACTIVE) -> list[int]:
        """Takes all messages; returns the submissions or runs that they name, in order."""
        found = []
        with app.connection_for_write() as broker, broker.SimpleQueue(str(lane)) as queue:
            for _ in range(self.count(lane)):
                message = queue.get(block=False)
                message.ack()
                found.append(message.payload[0][0])
        return found


@pytest.fixture
def queue() -> Iterator[Queue]:
    """The broker's queues, empty before and after."""
    queue = Queue()
    queue.purge()
    yield queue
    queue.purge()
