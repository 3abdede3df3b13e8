"""Profiles, the leaderboard and a problem's statistics in a real browser: at both widths, by keyboard, for axe."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from judge.submissions.models import Status, Submission
from problems.models import Problem
from tests.browser.test_accessibility import NAME, PASSWORD, faults, sign_in

pytestmark = pytest.mark.browser
PAGES = [f"/users/{NAME}/", "/users/", "/problems/apps-2-oj/statistics/"]
EMPTY = ["/users/newcomer/", "/problems/apps-3-oj/statistics/"]


@pytest.fixture
def done(problems: list[Problem]) -> None:
    """What three people have sent in over some days; a newcomer has not sent in anything."""
    User.objects.create_user("newcomer", password=PASSWORD)
    people = [User.objects.create_user(name, password=PASSWORD) for name in (NAME, "second", "x" * 100)]
    now = timezone.now()
    for number, person in enumerate(people):
        for ago, verdict in enumerate(("AC", "WA", "TLE", "AC", "RE", "CE", "MLE", "OLE")):
            given = {"language": ("python3", "cpp17")[ago % 2], "source": "print()" * (ago + 1), "status": Status.DONE}
            submission = Submission.objects.create(
                user=person, problem=problems[ago % 2], verdict=verdict, time_ms=10 * number + ago, **given
            )
            Submission.objects.filter(pk=submission.pk).update(created_at=now - timedelta(days=ago))


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_solver_looks_at_what_they_and_others_have_reached(
    done: None, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    sign_in(page, NAME)
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Profile").click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    expect(page.get_by_role("img", name="8 submissions on 8 days of the last year")).to_be_visible()
    page.get_by_text("By month").click()
    expect(page.get_by_role("columnheader", name="Month")).to_be_visible()
    assert fits(page)

    page.locator(".figures").get_by_role("link", name="Place").click()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    expect(page.locator(".leaderboard tbody tr")).to_have_count(3)
    assert fits(page)
    page.get_by_role("link", name="second").click()
    expect(page.get_by_role("heading", name="second")).to_be_visible()
    expect(page.locator(".recent .verdict")).to_have_count(8)
    assert page.locator(".recent a[href*='/submissions/']").count() == 0

    page.goto("/problems/apps-2-oj/")
    page.get_by_role("link", name="Statistics").click()
    expect(page.locator(".histogram .column-mine")).to_have_count(1)
    assert fits(page)
    page.get_by_role("link", name="your program").first.click()
    expect(page.locator(".source")).to_contain_text("print()")


def test_a_profile_is_made_private_without_javascript(done: None, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, NAME)
    page.goto(PAGES[0])
    page.get_by_role("button", name="Make my profile private").click()
    expect(page.locator(".notice")).to_contain_text("Only you see this page")
    page.goto("/users/")
    expect(page.locator(".leaderboard tbody tr")).to_have_count(2)
    expect(page.locator(".notice")).to_contain_text("Your profile is private")
    page.get_by_role("link", name="your profile").click()
    page.get_by_role("button", name="Make my profile public").click()
    expect(page.get_by_role("button", name="Make my profile private")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_have_no_serious_fault(done: None, open_page: Callable[..., Page], width: int, theme: str) -> None:
    page = open_page(width, color_scheme=theme)
    found = [fault for address in (*PAGES, *EMPTY) for fault in faults(page, address)]
    sign_in(page, NAME)
    found += [fault for address in PAGES for fault in faults(page, address)]
    assert found == []


def test_empty_pages_fit_and_lead_on(done: None, open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    sign_in(page, "newcomer")
    page.goto(EMPTY[0])
    expect(page.get_by_role("link", name="Find an easy problem")).to_be_visible()
    assert fits(page)
    page.goto(EMPTY[1])
    expect(page.get_by_text("Nobody has tried this problem yet")).to_be_visible()
    assert fits(page)
