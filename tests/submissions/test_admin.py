"""The admin's pages of submissions: found fast, shown safely, never written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judge.submissions import models
from judge.submissions.models import Submission

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def curator(client: Client, make_user: Make) -> Client:
    """A client of somebody who may look at all."""
    client.force_login(make_user(username="curator", is_staff=True, is_superuser=True))
    return client


def make_result(submission: Submission, position: int = 1, **fields: Any) -> models.TestResult:
    return models.TestResult.objects.create(submission=submission, attempt=1, position=position, **fields)


def page(client: Client, address: str, **query: object) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def submissions(client: Client, **query: object) -> set[int]:
    """The ids in the list of submissions."""
    response = client.get(reverse("admin:submissions_submission_changelist"), query)
    assert response.status_code == 200
    return {submission.pk for submission in response.context["cl"].result_list}


def queries(client: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, reverse(f"admin:submissions_{name}_changelist"))
    return len(captured)


def test_solvers_see_nothing_of_it(client: Client, make_user: Make, make_submission: Make) -> None:
    submission = make_submission()
    client.force_login(make_user())
    assert client.get(reverse("admin:submissions_submission_change", args=[submission.pk])).status_code == 302


@pytest.mark.parametrize("name", ["submission", "testresult"])
def test_nothing_can_be_added(curator: Client, name: str) -> None:
    assert curator.get(reverse(f"admin:submissions_{name}_add")).status_code == 403


def test_a_verdict_cannot_be_changed(curator: Client, make_submission: Make) -> None:
    submission = make_submission()
    address = reverse("admin:submissions_submission_change", args=[submission.pk])
    assert curator.post(address, {"verdict": "AC"}).status_code == 403
    submission.refresh_from_db()
    assert submission.verdict == ""


def test_program_and_compiler_cannot_act_on_the_page(curator: Client, make_submission: Make) -> None:
    submission = make_submission(source=SCRIPT, compile_output=SCRIPT, error=SCRIPT)
    shown = page(curator, reverse("admin:submissions_submission_change", args=[submission.pk]))
    assert SCRIPT not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3


def test_output_bytes_are_shown_as_text(curator: Client, make_submission: Make) -> None:
    result = make_result(make_submission(), stdout=SCRIPT.encode() + b"\xff\0", stderr=b"oops\x1b[31m")
    shown = page(curator, reverse("admin:submissions_testresult_change", args=[result.pk]))
    assert SCRIPT not in shown
    assert "&lt;/script&gt;\ufffd\u2400" in shown
    assert "oops\u241b[31m" in shown


@pytest.mark.parametrize("name", ["submission", "testresult"])
def test_more_rows_take_no_more_queries(curator: Client, make_submission: Make, name: str) -> None:
    make_result(make_submission())
    before = queries(curator, name)
    for _ in range(5):
        make_result(make_submission())
    assert queries(curator, name) == before


def test_the_list_loads_no_sources(curator: Client, make_submission: Make) -> None:
    make_submission()
    with CaptureQueriesContext(connection) as captured:
        submissions(curator)
    assert not [query for query in captured if '"source"' in query["sql"]]


def test_a_submission_is_found_by_number_user_and_problem(
    curator: Client, make_submission: Make, make_user: Make, make_problem: Make
) -> None:
    by_ann = make_submission(user=make_user(username="ann"))
    of_hats = make_submission(make_problem(slug="hats-1-oj"))
    assert submissions(curator, q=str(by_ann.pk)) == {by_ann.pk}
    assert submissions(curator, q="ann") == {by_ann.pk}
    assert submissions(curator, q="Hats-1") == {of_hats.pk}
    assert submissions(curator, q="nobody") == set()


@pytest.mark.parametrize("term", ["9" * 30, "²", "%", "' OR 1=1"])
def test_odd_searches_find_nothing(curator: Client, make_submission: Make, term: str) -> None:
    make_submission()
    assert submissions(curator, q=term) == set()


def test_the_list_can_be_filtered(curator: Client, make_submission: Make) -> None:
    wrong = make_submission(verdict="WA", status="done", language="cpp17")
    right = make_submission(verdict="AC", status="done")
    waiting = make_submission()
    assert submissions(curator, verdict__exact="WA") == {wrong.pk}
    assert submissions(curator, status__exact="done") == {wrong.pk, right.pk}
    assert submissions(curator, language="python3") == {right.pk, waiting.pk}


def test_a_submission_leads_to_its_results(curator: Client, make_submission: Make) -> None:
    submission = make_submission()
    make_result(submission, note="line 7 differs")
    make_result(make_submission(), note="of another")
    address = f"{reverse('admin:submissions_testresult_changelist')}?submission__id__exact={submission.pk}"
    assert address in page(curator, reverse("admin:submissions_submission_change", args=[submission.pk]))
    listed = page(curator, address)
    assert "line 7 differs" in listed
    assert "of another" not in listed
