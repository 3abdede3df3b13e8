"""What axe says of a page in a state that a form has brought about; for all pages as they come, see test_every_page."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import Page

from judge.accounts.models import CURATORS, User
from problems.models import Problem

pytestmark = pytest.mark.browser

NAME, CURATOR, PASSWORD = "reader", "curator", "quite-a-long-one"


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
def curator(problems: list[Problem]) -> User:
    """A member of the Curators."""
    user = User.objects.create_user(CURATOR, password=PASSWORD)
    user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return user


def test_the_form_that_starts_an_import_has_no_serious_fault(curator: User, open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    sign_in(page, CURATOR)
    page.goto("/dataset/imports/")
    # Open by itself, where nothing was imported yet.
    page.get_by_label("Rows at most").fill("-1")
    page.locator(".start form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Import").click()
    page.get_by_text("Ensure this value").wait_for()
    found = Axe().run(page).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}] == []
