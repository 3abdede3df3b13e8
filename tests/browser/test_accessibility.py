"""No serious fault that axe knows of, on any page, at both widths, light and dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from judge.accounts.models import User
from judge.submissions.models import Status, Submission, Verdict
from problems.models import Problem

pytestmark = pytest.mark.browser

NAME, PASSWORD = "reader", "quite-a-long-one"
FOR_ALL = [
    "/problems/",
    "/problems/?q=nothing",
    "/problems/apps-2-oj/",
    "/languages/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]
SIGNED_IN = ["/problems/apps-2-oj/", "/submissions/", "/accounts/email/", "/accounts/password/change/"]


@pytest.fixture
def addresses(problems: list[Problem]) -> list[str]:
    """The pages of a user's submissions: wrong and crashed tests, a compile error, one that waits."""
    user = User.objects.create_user(NAME, password=PASSWORD)
    given = {"user": user, "problem": problems[1], "language": "python3", "source": "print(1)  # one"}
    done = {"status": Status.DONE, "attempt": 1, "total": 3, "tests_version": 1, "image_digest": "sha256:0"}
    wrong = Submission.objects.create(**given, **done, verdict=Verdict.WA)
    for position, verdict in enumerate((Verdict.WA, Verdict.RE, Verdict.TLE), 1):
        wrong.results.create(attempt=1, position=position, verdict=verdict, time_ms=1, memory_kb=1, stderr=b"x" * 400)
    broken = Submission.objects.create(**given, **done, verdict=Verdict.CE, compile_output="expected ';'")
    waiting = Submission.objects.create(**given)
    return [submission.get_absolute_url() for submission in (wrong, broken, waiting)]


def faults(page: Page, address: str) -> list[str]:
    """What axe calls serious or critical on the page."""
    page.goto(address)
    found = Axe().run(page).response["violations"]
    return [f"{address}: {fault['id']}" for fault in found if fault["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_serious_fault(
    addresses: list[str], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    found = [fault for address in FOR_ALL for fault in faults(page, address)]
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")
    found += [fault for address in (*SIGNED_IN, *addresses) for fault in faults(page, address)]
    assert found == []
