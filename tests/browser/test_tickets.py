"""A problem is wrong: somebody says so, a curator answers, in a real browser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from judge.accounts.models import CURATORS, User
from problems.models import Problem
from tests.browser.visiting import PASSWORD, sign_in, sound

pytestmark = pytest.mark.browser


@pytest.fixture
def people(problems: list[Problem]) -> None:
    """A reporter and a curator."""
    User.objects.create_user("reporter", password=PASSWORD)
    curator = User.objects.create_user("curator", password=PASSWORD)
    curator.groups.add(Group.objects.get_or_create(name=CURATORS)[0])


@pytest.mark.parametrize(
    ("width", "theme", "script"), [(1280, "light", True), (390, "dark", True), (390, "light", False)]
)
def test_report_answer_read(people: None, open_page: Callable[..., Page], width: int, theme: str, script: bool) -> None:
    page = open_page(width, color_scheme=theme, java_script_enabled=script)

    def check() -> None:
        assert not script or sound(page)

    sign_in(page, "reporter")
    page.goto("/tickets/")
    expect(page.get_by_role("heading", name="You have none")).to_be_visible()
    check()
    page.goto("/problems/apps-2-oj/")
    page.get_by_role("link", name="Something wrong?").click()
    check()
    page.get_by_label("What is wrong?").select_option("tests")
    page.get_by_label("Tell the curators").fill("Test 2 forgets $a = 0$.")
    page.get_by_role("button", name="Send to the curators").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    expect(page.locator(".ticket-state")).to_have_text("Open")
    check()

    sign_in(page, "curator")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Curators' desk").click()
    check()
    page.get_by_role("link", name="The sum").click()
    page.get_by_label("Answer").fill("Mended, **thank you**.")
    check()
    page.get_by_role("button", name="Answer and resolve").click()
    expect(page.locator(".ticket-state")).to_have_text("Resolved")
    page.goto("/tickets/desk/")
    expect(page.get_by_role("heading", name="No such ticket")).to_be_visible()
    page.get_by_role("link", name="Show all tickets").click()
    expect(page.locator(".ticket")).to_have_count(1)
    check()

    sign_in(page, "reporter")
    page.locator(".menu summary").click()
    check()
    page.get_by_role("link", name="My tickets 1 unread").click()
    expect(page.locator(".ticket-unread")).to_contain_text("New answer")
    check()
    page.get_by_role("link", name="The sum").click()
    expect(page.get_by_text("Mended, thank you.")).to_be_visible()
    expect(page.locator(".menu-mark")).to_have_count(0)
    page.get_by_label("Add something").fill("Still wrong.")
    page.get_by_role("button", name="Send, and open it again").click()
    expect(page.locator(".ticket-state")).to_have_text("Open")
