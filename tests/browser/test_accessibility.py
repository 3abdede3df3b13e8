"""No serious fault that axe knows of, on any page, at both widths, light and dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page

from judge.accounts.models import CURATORS, User
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Status, Submission, Verdict
from problems.models import ImportRun, Problem, RefusedRow, RunStatus

pytestmark = pytest.mark.browser

TRACEBACK = b'File "/work/solution.py", line 1, in <module>\nValueError: ' + b"x" * 400
NAME, CURATOR, PASSWORD = "reader", "curator", "quite-a-long-one"
FOR_ALL = [
    "/problems/",
    "/problems/?q=nothing",
    "/problems/apps-2-oj/",
    "/languages/",
    "/api/v1/docs/",
    "/dataset/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]
SIGNED_IN = [
    "/problems/apps-2-oj/",
    "/submissions/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/tokens/",
    "/accounts/tokens/new/",
]


@pytest.fixture
def addresses(problems: list[Problem]) -> list[str]:
    """The pages of a user's submissions: wrong and crashed tests, a compile error, one that waits."""
    user = User.objects.create_user(NAME, password=PASSWORD)
    given = {"user": user, "problem": problems[1], "language": "python3", "source": "print(1)  # one"}
    done = {"status": Status.DONE, "attempt": 1, "total": 3, "tests_version": 1, "image_digest": "sha256:0"}
    wrong = Submission.objects.create(**given, **done, verdict=Verdict.WA)
    for position, verdict in enumerate((Verdict.WA, Verdict.RE, Verdict.TLE), 1):
        wrong.results.create(attempt=1, position=position, verdict=verdict, time_ms=1, memory_kb=1, stderr=TRACEBACK)
    found = {"status": CaseStatus.FOUND, "stdin": "1 2\n", "answer": b"3\n", "answer_size": 2, "verdict": "WA"}
    FailingCase.objects.create(submission=wrong, **found, stdout=b" 4\n", stdout_size=3, tried=9)
    broken = Submission.objects.create(**given, **done, verdict=Verdict.CE, compile_output="expected ';'")
    waiting = Submission.objects.create(**given)
    longer = Submission.objects.create(**given | {"source": "print(2)\n" * 9})
    cancelled = Submission.objects.create(**given, status=Status.CANCELLED)
    shown = [submission.get_absolute_url() for submission in (wrong, broken, waiting, cancelled)]
    return [*shown, f"/submissions/compare/?of={wrong.pk}&of={longer.pk}"]


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")


def faults(page: Page, address: str) -> list[str]:
    """What axe calls serious or critical on the page."""
    page.goto(address)
    found = Axe().run(page).response["violations"]
    return [f"{address}: {fault['id']}" for fault in found if fault["impact"] in {"serious", "critical"}]


@pytest.fixture
def curators_pages(problems: list[Problem]) -> list[str]:
    """Runs that wait, work, failed and ended; refused rows that can and can't be mended; a problem in quarantine."""
    curator = User.objects.create_user(CURATOR, password=PASSWORD)
    curator.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    Problem.objects.filter(pk=problems[2].pk).update(
        state="quarantined", state_reason="no reference solution", pass_percentage=0.5, benchmark_similarity=0.4
    )
    counts = {"rows_read": 5, "imported": 1, "updated": 1, "unchanged": 1, "quarantined": 1, "rejected": 1}
    given = {"source": "rows.jsonl", "started_by": curator, "rows_total": 10, "left_out": 2, "heard_at": timezone.now()}
    runs = [
        ImportRun.objects.create(status=status, **given, **counts)
        for status in (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.FAILED, RunStatus.FINISHED)
    ]
    ImportRun.objects.filter(status=RunStatus.FAILED).update(error="no such file")
    row = {"run": runs[3], "row_number": 1, "reason": "NUL character in question"}
    rejected = RefusedRow.objects.create(fate="rejected", raw=b'{"question": "a\\u0000b"}', **row)
    large = RefusedRow.objects.create(fate="rejected", raw=b"\0\xff" * 200_000, **row)
    quarantined = RefusedRow.objects.create(
        fate="quarantined", raw=b"{}", **row | {"row_number": 3, "question_id": problems[2].question_id}
    )
    end = runs[3].get_absolute_url()
    pages = [page.get_absolute_url() for page in (*runs, rejected, large, quarantined, problems[2])]
    return ["/dataset/", "/dataset/imports/", "/dataset/quarantine/", f"{end}undo/", f"{end}rows/", *pages]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_serious_fault(
    addresses: list[str], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    found = [fault for address in FOR_ALL for fault in faults(page, address)]
    sign_in(page, NAME)
    found += [fault for address in (*SIGNED_IN, *addresses) for fault in faults(page, address)]
    assert found == []


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (390, "dark")])
def test_curators_pages_have_no_serious_fault(
    curators_pages: list[str], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    sign_in(page, CURATOR)
    found = [fault for address in curators_pages for fault in faults(page, address)]
    assert found == []


def test_the_form_that_starts_an_import_has_no_serious_fault(
    curators_pages: list[str], open_page: Callable[..., Page]
) -> None:
    page = open_page(390)
    sign_in(page, CURATOR)
    page.goto("/dataset/imports/")
    page.get_by_text("Start an import").click()
    page.get_by_label("Rows at most").fill("-1")
    page.locator(".start form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Ensure this value").wait_for()
    found = Axe().run(page).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}] == []
