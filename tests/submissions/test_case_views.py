"""Asking for a small failing case: by whom, how often, and what is shown of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models.functions import Now
from django.test import Client

from judge.accounts.models import CURATORS, User
from judge.submissions import case_requests
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Lane, Status, Submission, Verdict

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
BUTTON = "Find a small failing case"


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def make(make_problem: Make, make_user: Make, make_submission: Make) -> Make:
    """Makes a wrong submission to a verified problem with a sample."""
    user = make_user()

    def made(problem_fields: dict[str, Any] | None = None, **fields: Any) -> Submission:
        problem = make_problem(**{"verified": True, "solution": "print(3)"} | (problem_fields or {}))
        problem.tests.filter(position=1).update(is_sample=True)
        done = {"status": Status.DONE, "verdict": Verdict.WA, "attempt": 1}
        return make_submission(problem, fields.pop("user", user), **done | fields)

    return made


@pytest.fixture
def curator(make_user: Make) -> User:
    """A member of the Curators."""
    curator = make_user()
    curator.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return curator


def page_of(client: Client, submission: Submission, user: User | None = None, part: str = "") -> str:
    client.force_login(user or submission.user)
    return client.get(f"/submissions/{submission.pk}/{part}").content.decode()


def ask(client: Client, submission: Submission, user: User | None = None) -> Any:
    client.force_login(user or submission.user)
    return client.post(f"/submissions/{submission.pk}/case/new/")


def found(submission: Submission, **fields: Any) -> None:
    given = {"status": CaseStatus.FOUND, "stdin": "1\n-1\n", "answer": b"-1\n", "answer_size": 3, "verdict": "WA"}
    FailingCase.objects.create(
        submission=submission, **given | {"stdout": b"<0>\n", "stdout_size": 4, "tried": 17} | fields
    )


@pytest.mark.parametrize("part", ["", "live/"])
@pytest.mark.parametrize("verdict", [Verdict.WA, Verdict.RE])
def test_a_wrong_submission_offers_it(client: Client, make: Make, part: str, verdict: Verdict) -> None:
    assert BUTTON in page_of(client, make(verdict=verdict), part=part)


@pytest.mark.parametrize(
    ("problem_fields", "fields"),
    [
        ({"verified": False}, {}),
        ({"solution": ""}, {}),
        ({"finds_cases": False}, {}),
        ({"judgeable": False}, {}),
        ({}, {"verdict": Verdict.AC}),
        ({}, {"verdict": Verdict.TLE}),
        ({}, {"verdict": Verdict.CE}),
        ({}, {"verdict": "", "status": Status.JUDGING}),
        ({}, {"verdict": "", "status": Status.CANCELLED}),
    ],
)
def test_others_neither_offer_nor_take_it(
    client: Client, make: Make, problem_fields: dict[str, Any], fields: dict[str, Any]
) -> None:
    submission = make(problem_fields, **fields)
    assert BUTTON not in page_of(client, submission)
    ask(client, submission)
    assert not FailingCase.objects.exists()


def test_without_a_sample_there_is_none(client: Client, make: Make) -> None:
    submission = make()
    submission.problem.tests.update(is_sample=False)
    assert BUTTON not in page_of(client, submission)
    ask(client, submission)
    assert not FailingCase.objects.exists()


def test_asking_sends_a_message_and_comes_back(
    client: Client, make: Make, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    submission = make()
    with django_capture_on_commit_callbacks(execute=True):
        response = ask(client, submission)
    assert response.headers["Location"] == f"/submissions/{submission.pk}/#case"
    assert queue.ids(Lane.BATCH) == [submission.pk]
    assert "Waiting for its turn" in page_of(client, submission)


def test_asking_again_changes_nothing(
    client: Client, make: Make, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    submission = make()
    found(submission)
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, submission)
    assert FailingCase.objects.get().status == CaseStatus.FOUND
    assert queue.ids(Lane.BATCH) == []


def test_where_we_failed_it_may_be_tried_again(client: Client, make: Make) -> None:
    submission = make()
    FailingCase.objects.create(submission=submission, status=CaseStatus.FAILED, attempt=2, error="SECRET")
    page = page_of(client, submission)
    assert "failed on our side" in page
    assert "SECRET" not in page
    ask(client, submission)
    case = FailingCase.objects.get()
    assert (case.status, case.attempt, case.error) == (CaseStatus.QUEUED, 0, "")


@pytest.mark.parametrize("who", ["stranger", "curator"])
def test_nobody_asks_for_anothers(client: Client, make: Make, make_user: Make, curator: User, who: str) -> None:
    submission = make()
    assert ask(client, submission, curator if who == "curator" else make_user()).status_code == 404
    assert not FailingCase.objects.exists()


def test_anonymous_is_sent_to_log_in(client: Client, make: Make) -> None:
    submission = make()
    for address in ("case/", "case/new/"):
        assert "/accounts/login/" in client.post(f"/submissions/{submission.pk}/{address}").headers["Location"]


def test_a_link_asks_for_nothing(client: Client, make: Make) -> None:
    submission = make()
    client.force_login(submission.user)
    assert client.get(f"/submissions/{submission.pk}/case/new/").status_code == 405


def test_asking_needs_the_forms_token(make: Make) -> None:
    client = Client(enforce_csrf_checks=True)
    assert ask(client, make()).status_code == 403


def test_one_at_a_time(client: Client, make: Make) -> None:
    first, second = make(), make()
    ask(client, first)
    page = client.get(ask(client, second).headers["Location"]).content.decode()
    assert "being looked for already" in page
    assert FailingCase.objects.count() == 1


def test_some_an_hour(client: Client, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_requests, "MAX_PER_HOUR", 1)
    first, second = make(), make()
    found(first)
    page = client.get(ask(client, second).headers["Location"]).content.decode()
    assert "within an hour" in page
    FailingCase.objects.update(asked_at=Now() - timedelta(hours=2))
    ask(client, second)
    assert FailingCase.objects.count() == 2


@pytest.mark.parametrize("part", ["", "live/", "case/"])
def test_what_was_found_is_shown_escaped(client: Client, make: Make, part: str) -> None:
    submission = make()
    found(submission)
    page = page_of(client, submission, part=part)
    for words in ("found among 17", "-1\n</pre>", "&lt;0&gt;", "First difference: line 1, column 1", "Wrong answer"):
        assert words in page
    assert "<0>" not in page
    assert BUTTON not in page


def test_a_crash_leads_to_its_line(client: Client, make: Make) -> None:
    submission = make(verdict=Verdict.RE, source="a\nb\n")
    trace = b'File "/work/solution.py", line 2, in <module>\nKeyError: 1\n'
    found(submission, verdict="RE", stdout=b"", stdout_size=0, stderr=trace, stderr_size=len(trace), exit_code=1)
    page = page_of(client, submission)
    assert '<a href="#L2">' in page
    assert "exit code 1" in page


def test_that_nothing_was_found_is_said(client: Client, make: Make) -> None:
    submission = make()
    FailingCase.objects.create(submission=submission, status=CaseStatus.NOTHING, tried=161)
    page = page_of(client, submission)
    assert "Nothing found: on all 161 small inputs" in page
    assert BUTTON not in page


def test_a_loose_one_says_so(client: Client, make: Make) -> None:
    submission = make()
    found(submission, loose=True)
    assert "not all that they have in common" in page_of(client, submission)


def test_anothers_case_is_404_but_for_curators(client: Client, make: Make, make_user: Make, curator: User) -> None:
    submission = make()
    found(submission)
    client.force_login(make_user())
    assert client.get(f"/submissions/{submission.pk}/case/").status_code == 404
    assert "found among 17" in page_of(client, submission, curator, "case/")


def test_where_there_is_nothing_to_say_is_404(client: Client, make: Make) -> None:
    submission = make(verdict=Verdict.AC)
    client.force_login(submission.user)
    assert client.get(f"/submissions/{submission.pk}/case/").status_code == 404


def test_while_it_is_looked_for_the_page_asks_again(client: Client, make: Make) -> None:
    submission = make()
    FailingCase.objects.create(submission=submission, status=CaseStatus.WORKING)
    page = page_of(client, submission)
    assert f'hx-get="/submissions/{submission.pk}/case/?waited=' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    FailingCase.objects.update(status=CaseStatus.NOTHING)
    assert "hx-get" not in page_of(client, submission)


def test_a_case_goes_with_its_submission(make: Make) -> None:
    submission = make()
    found(submission)
    submission.delete()
    assert not FailingCase.objects.exists()
