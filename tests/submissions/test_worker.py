"""Real Celery workers over the real broker and the real sandbox: every verdict, and nothing lost whatever dies."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from django.db import connection

from judge.engine.sandbox.docker import WORKER_LABEL
from judge.submissions import tasks
from judge.submissions.models import Lane, Status, Submission
from judge.submissions.submitting import submit

pytestmark = [pytest.mark.worker, pytest.mark.docker, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Any]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
SUM = "print(sum(map(int, input().split())))"
SLOW_SUM = f"import time\ntime.sleep(0.7)\n{SUM}"

PYTHON = {
    "AC": SUM,
    "WA": "print(sum(map(int, input().split())) + 1)",
    "TLE": "while True: pass",
    "MLE": "x = bytearray(1 << 30)\nprint(len(x))",
    "OLE": "while True: print('x' * 1000)",
    "RE by signal": "import os\nos.kill(os.getpid(), 11)",
    "RE by exit code": "raise SystemExit(7)",
    "CE": "print(",
}
CPP = {
    "AC": "#include <iostream>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b<<'\\n';}",
    "WA": '#include <iostream>\nint main(){std::cout<<"no";}',
    "TLE": "int main(){for(volatile int i=0;;)i=i+1;}",
    "MLE": '#include <vector>\n#include <cstdio>\nint main(){std::vector<char> v(1<<30,1);std::printf("%d",v[77]);}',
    "OLE": '#include <cstdio>\nint main(){for(;;)std::puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");}',
    "RE by signal": "#include <csignal>\nint main(){std::raise(SIGSEGV);}",
    "RE by exit code": "int main(){return 7;}",
    "CE": "int main(){return undeclared;}",
}
PROGRAMS = [("python3", case, source) for case, source in PYTHON.items()]
PROGRAMS += [("cpp17", case, source) for case, source in CPP.items()]


class Processes:
    """Workers and clocks of this test's database and broker."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._running: list[subprocess.Popen[bytes]] = []

    def worker(self) -> subprocess.Popen[bytes]:
        """A worker with two threads."""
        return self._start("worker", "--pool", "threads", "--concurrency", "2", "--queues", "interactive,runs,batch")

    def clock(self) -> subprocess.Popen[bytes]:
        """The process that sends the sweep."""
        return self._start("beat", "--schedule", str(self._log.with_suffix(".schedule")))

    def end(self) -> None:
        """Ask each to stop and wait for it."""
        for process in self._running:
            process.terminate()
        try:
            for process in self._running:
                process.wait(30)
        finally:
            for process in self._running:
                process.kill()
                process.wait()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        database = connection.settings_dict
        folder = database["HOST"] or database["OPTIONS"]["host"]
        given = os.environ | {
            "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}",
            "LEASE_SECONDS": "3",
        }
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "judge.celery", *arguments]
            process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log)
        self._running.append(process)
        return process


@pytest.fixture
def processes(tmp_path: Path, queue: Any) -> Iterator[Processes]:
    """Starts workers and clocks; they end with the test."""
    processes = Processes(tmp_path / "celery.log")
    yield processes
    processes.end()


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "the workers were not done in time"
        time.sleep(0.1)


def judged(*submissions: Submission) -> list[Submission]:
    """The submissions, once all of them are done."""
    mine = Submission.objects.filter(pk__in=[submission.pk for submission in submissions])
    wait_until(lambda: not mine.exclude(status=Status.DONE).exists())
    return list(mine.order_by("pk"))


def containers_of(process: subprocess.Popen[bytes]) -> list[str]:
    found = docker.from_env().api.containers(filters={"label": WORKER_LABEL})
    return [each["Id"] for each in found if each["Labels"][WORKER_LABEL].split(":")[1] == str(process.pid)]


def test_a_worker_killed_in_the_middle_loses_no_submission(
    make_user: Make, make_problem: Make, processes: Processes
) -> None:
    processes.clock()
    victim = processes.worker()
    submission = submit(make_user(), make_problem(), "python3", SLOW_SUM)
    wait_until(submission.results.exists)
    victim.kill()
    victim.wait()
    assert Submission.objects.get(pk=submission.pk).status == Status.JUDGING
    processes.worker()
    (done,) = judged(submission)
    assert (done.verdict, done.passed, done.attempt) == ("AC", 3, 2)
    assert list(done.results.filter(attempt=2).values_list("verdict", flat=True)) == ["AC"] * 3
    wait_until(lambda: not containers_of(victim))


def test_a_broker_that_lost_its_data_loses_no_submission(
    make_user: Make, make_problem: Make, processes: Processes, queue: Any
) -> None:
    problem = make_problem()
    submissions = [submit(make_user(), problem, "python3", SUM) for _ in range(4)]
    with tasks.app.connection_for_write() as broker:
        broker.default_channel.client.flushall()
    processes.clock()
    processes.worker()
    assert [done.verdict for done in judged(*submissions)] == ["AC"] * 4


def test_many_messages_to_two_workers_are_one_attempt(
    make_user: Make, make_problem: Make, processes: Processes, queue: Any
) -> None:
    submission = submit(make_user(), make_problem(), "python3", SLOW_SUM)
    for _ in range(20):
        tasks.publish(submission)
    processes.worker(), processes.worker()
    (done,) = judged(submission)
    wait_until(lambda: queue.count() == 0)
    done.refresh_from_db()
    assert (done.verdict, done.attempt, done.results.count()) == ("AC", 1, 3)


def test_a_worker_that_is_asked_to_stop_finishes_and_leaves_no_container(
    make_user: Make, make_problem: Make, processes: Processes
) -> None:
    worker = processes.worker()
    submission = submit(make_user(), make_problem(), "python3", SLOW_SUM)
    wait_until(lambda: Submission.objects.get(pk=submission.pk).status == Status.JUDGING)
    worker.terminate()
    assert worker.wait(30) == 0
    (done,) = judged(submission)
    assert (done.verdict, done.attempt) == ("AC", 1)
    wait_until(lambda: not containers_of(worker))


def test_every_verdict_arrives_through_the_whole_stack(
    make_user: Make, make_problem: Make, processes: Processes
) -> None:
    processes.clock()
    processes.worker()
    problem = make_problem(time_limit_ms=700)
    sent = {
        (language, case): submit(make_user(), problem, language, source, lane=Lane.INTERACTIVE)
        for language, case, source in PROGRAMS
    }
    done = dict(zip(sent, judged(*sent.values()), strict=True))
    assert {key: submission.verdict for key, submission in done.items()} == {key: key[1][:3].strip() for key in sent}
    assert {submission.error for submission in done.values()} == {""}
    for (language, case), submission in done.items():
        first = submission.results.first()
        if case == "CE":
            assert first is None
            assert submission.compile_output
            continue
        assert submission.time_ms is not None, (language, case)
        assert submission.memory_kb, (language, case)
        assert (first.exit_code == 7) == (case == "RE by exit code"), (language, case)
        assert (first.signal == 11) == (case == "RE by signal"), (language, case)
        assert submission.language_version
        assert submission.image_digest.startswith("sha256:")
