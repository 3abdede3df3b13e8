"""The search in the background: what it is given, who may do it, and what is kept of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from judge.engine.errors import CheckerFailed, EngineUnavailable, SandboxLost
from judge.engine.sandbox.docker import DockerSandbox
from judge.submissions import case_finding, judging, tasks
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Lane, Status, Submission, Verdict

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Any]

SECRET = 771_177
LARGEST = "n = int(input())\nprint(max(map(int, input().split())))\n"
SAMPLES = [("3\n-1 5 3\n", "5\n"), ("4\n7 2 -9 7\n", "7\n")]
HIDDEN = [(f"2\n{SECRET} 3\n", f"{SECRET}\n"), (f"1\n-{SECRET}\n", f"-{SECRET}\n")]


@pytest.fixture
def make(make_problem: Make, make_user: Make, make_submission: Make) -> Make:
    """Makes a wrong submission for which a case was asked; the last two tests are hidden."""

    def made(source: str = "print(0)", **fields: Any) -> Submission:
        problem = make_problem([*SAMPLES, *HIDDEN], verified=True, solution=LARGEST)
        problem.tests.filter(position__lte=len(SAMPLES)).update(is_sample=True)
        done = {"status": Status.DONE, "verdict": Verdict.WA, "attempt": 1}
        submission = make_submission(problem, make_user(), source=source, **done | fields)
        FailingCase.objects.create(submission=submission)
        return submission

    return made


@pytest.fixture(scope="module")
def sandbox() -> Iterator[DockerSandbox]:
    """The sandbox of the settings."""
    sandbox = judging.make_sandbox(pool_size=1)
    yield sandbox
    sandbox.close()


def case_of(submission: Submission) -> FailingCase:
    return FailingCase.objects.get(pk=submission.pk)


def find(submission: Submission, sandbox: Any) -> FailingCase:
    """Looks for its case in this thread."""
    case_finding.run(submission.pk, lambda: sandbox)
    return case_of(submission)


def age(submission: Submission, **fields: float) -> None:
    past = {name: Now() - timedelta(seconds=seconds) for name, seconds in fields.items()}
    FailingCase.objects.filter(pk=submission.pk).update(**past)


class Broken:
    """A sandbox that fails us."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked = 0

    @contextmanager
    def open(self, owner: str) -> Iterator[None]:
        self.asked += 1
        raise self.error
        yield


@pytest.mark.docker
def test_a_case_is_found_and_kept(make: Make, sandbox: DockerSandbox) -> None:
    source = "input()\nbest = 0\nfor x in map(int, input().split()):\n    best = max(best, x)\nprint(best)\n"
    case = find(make(source), sandbox)
    assert (case.status, case.stdin, bytes(case.answer), bytes(case.stdout)) == ("found", "1\n-1\n", b"-1\n", b"0\n")
    assert (case.verdict, case.lease_until, case.error) == ("WA", None, "")
    assert case.tried > 0


@pytest.mark.docker
@pytest.mark.parametrize(
    "source", ["print(0)", f"import sys\nif '{SECRET}' in sys.stdin.read(): print(1 // 0)\n", LARGEST]
)
def test_hidden_tests_are_no_seed(make: Make, sandbox: DockerSandbox, source: str) -> None:
    """Whatever goes in and is kept is made of the samples: no digit of the marked secrets is among them."""
    went_in: list[bytes] = []

    class Watched:
        @contextmanager
        def open(self, owner: str) -> Iterator[Any]:
            with sandbox.open(owner) as box:
                run = box.run
                box.run = lambda stdin, *rest, **more: (went_in.append(stdin), run(stdin, *rest, **more))[1]
                yield box

    case = find(make(source), Watched())
    assert went_in
    assert max(abs(int(word)) for text in went_in for word in text.split()) <= 2 * 9
    kept = FailingCase.objects.filter(pk=case.pk).values().get()
    assert str(SECRET) not in repr({name: bytes(v) if isinstance(v, memoryview) else v for name, v in kept.items()})


@pytest.mark.docker
def test_where_nothing_is_found_that_is_kept(make: Make, sandbox: DockerSandbox, settings: Any) -> None:
    case = find(make(LARGEST), sandbox)
    assert (case.status, case.stdin) == ("nothing", "")
    assert case.tried > 0


@pytest.mark.docker
def test_a_reference_that_fails_on_the_samples_is_our_fault(make: Make, sandbox: DockerSandbox) -> None:
    submission = make()
    submission.problem.solution = "print(3)"
    submission.problem.save()
    case = find(submission, sandbox)
    assert case.status == "failed"
    assert "reference" in case.error


@pytest.mark.docker
def test_time_is_bounded(make: Make, sandbox: DockerSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_finding, "SECONDS", 0.0)
    case = find(make(LARGEST), sandbox)
    assert case.tried == 0


@pytest.mark.docker
def test_outputs_are_cut(make: Make, sandbox: DockerSandbox) -> None:
    case = find(make("print('x' * 100_000 + '\\0')"), sandbox)
    assert (len(case.stdout), case.stdout_size) == (4_096, 100_002)


def test_what_is_done_is_not_done_again(make: Make) -> None:
    broken = Broken(SandboxLost("gone"))
    for status in (CaseStatus.FOUND, CaseStatus.NOTHING, CaseStatus.FAILED):
        submission = make()
        FailingCase.objects.filter(pk=submission.pk).update(status=status)
        assert find(submission, broken).status == status
    assert broken.asked == 0


def test_what_nobody_asked_for_is_not_done(make_submission: Make) -> None:
    assert case_finding.run(make_submission().pk, lambda: Broken(SandboxLost("gone"))) is None
    assert not FailingCase.objects.exists()


def test_one_is_looked_for_at_a_time(make: Make) -> None:
    at_work, mine = make(), make()
    FailingCase.objects.filter(pk=at_work.pk).update(
        status=CaseStatus.WORKING, attempt=1, lease_until=Now() + timedelta(60)
    )
    assert find(mine, Broken(SandboxLost("gone"))).status == CaseStatus.QUEUED


def test_of_many_at_once_one_is_at_work(make: Make, at_once: Make) -> None:
    waiting = iter([make() for _ in range(6)])
    taken = at_once(6, lambda: case_finding._take(next(waiting).pk))
    assert len([case for case in taken if case]) == 1


def test_after_one_the_next_that_waits_is_named(make: Make) -> None:
    first, second = make(), make()
    assert case_finding.run(first.pk, lambda: Broken(CheckerFailed("no"))) == second.pk


def test_an_outage_costs_no_attempt(make: Make) -> None:
    case = find(make(), Broken(EngineUnavailable("down")))
    assert (case.status, case.attempt) == ("queued", 0)


def test_a_lost_sandbox_is_tried_again_and_then_told(make: Make) -> None:
    submission, broken = make(), Broken(SandboxLost("gone"))
    assert find(submission, broken).status == "queued"
    case = find(submission, broken)
    assert (case.status, case.error) == ("failed", "gone")
    find(submission, broken)
    assert broken.asked == 2


def test_a_broken_checker_is_not_tried_again(make: Make) -> None:
    case = find(make(), Broken(CheckerFailed("exit code 9")))
    assert (case.status, case.error) == ("failed", "exit code 9")


def test_a_claim_that_was_lost_writes_nothing(make: Make) -> None:
    submission = make()
    stale = case_finding._take(submission.pk)
    assert stale is not None
    age(submission, lease_until=1)
    assert case_finding._take(submission.pk) is not None
    case_finding._write(stale, status=CaseStatus.NOTHING)
    assert case_of(submission).status == CaseStatus.WORKING


def test_the_sweep_publishes_what_got_lost(make: Make, queue: Any) -> None:
    submission = make()
    tasks.sweep()
    assert queue.ids(Lane.BATCH) == []
    age(submission, published_at=60)
    tasks.sweep()
    tasks.sweep()
    assert queue.ids(Lane.BATCH) == [submission.pk]


def test_the_sweep_brings_back_what_lost_its_worker_and_ends_it_then(make: Make, queue: Any) -> None:
    submission = make()
    for _ in range(case_finding.MAX_ATTEMPTS):
        assert case_finding._take(submission.pk) is not None
        age(submission, lease_until=1, published_at=60)
    tasks.sweep()
    assert case_of(submission).status == CaseStatus.FAILED
    assert queue.ids(Lane.BATCH) == []
