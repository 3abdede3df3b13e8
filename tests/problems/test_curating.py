"""What the problem's page shows to curators besides: its other styles, its split, the row in quarantine."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from judge.accounts.models import User
from problems.models import ImportRun, Problem, RefusedRow

pytestmark = pytest.mark.django_db
Make = Callable[..., Problem]

SECRET = "SECRET-7d1f"


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def make_family(make_problem: Make) -> list[Problem]:
    """One problem in its three styles; only the first is judged."""
    rest = {"judgeable": False, "state": "hidden"}
    return [
        make_problem(family="Apps_7", style="online_judge"),
        make_problem(family="Apps_7", style="instruct", split="use_with_caution", filter_reason=SECRET, **rest),
        make_problem(family="Apps_7", style="complete", **rest),
    ]


def page_of(client: Client, problem: Problem) -> str:
    return client.get(problem.get_absolute_url()).content.decode()


def test_solvers_see_nothing_of_it(client: Client, solver: User, make_problem: Make) -> None:
    problem, *others = make_family(make_problem)
    Problem.objects.filter(pk=problem.pk).update(filter_reason=SECRET, state_reason=SECRET)
    client.force_login(solver)
    page = page_of(client, problem)
    assert SECRET not in page
    assert not [other for other in others if other.get_absolute_url() in page]


def test_problems_without_a_family_are_no_family(client: Client, curator: User, make_problem: Make) -> None:
    client.force_login(curator)
    assert make_problem().get_absolute_url() not in page_of(client, make_problem())


def test_curators_see_the_other_styles_and_why_it_was_filtered(
    client: Client, curator: User, make_problem: Make
) -> None:
    first, second, third = make_family(make_problem)
    client.force_login(curator)
    page = page_of(client, second)
    assert first.get_absolute_url() in page
    assert third.get_absolute_url() in page
    assert "Use with caution" in page
    assert SECRET in page


def test_reasons_are_escaped(client: Client, curator: User, make_problem: Make) -> None:
    evil = "<script>alert(1)</script>"
    client.force_login(curator)
    assert evil not in page_of(client, make_problem(state="hidden", state_reason=evil, filter_reason=evil + "2"))


def test_a_problem_in_quarantine_leads_to_its_row(client: Client, curator: User, make_problem: Make) -> None:
    problem = make_problem(state="quarantined", state_reason="no reference solution")
    given = {"fate": "quarantined", "row_number": 1, "question_id": problem.question_id, "raw": b"{}"}
    old, new = (RefusedRow.objects.create(run=ImportRun.objects.create(source="x"), **given) for _ in range(2))
    client.force_login(curator)
    page = page_of(client, problem)
    assert new.get_absolute_url() in page
    assert old.get_absolute_url() not in page
