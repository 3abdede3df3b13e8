"""The account's pages in a browser: a second factor on and off, sessions, the export, the end."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from judge.accounts.models import User

pytestmark = pytest.mark.browser

PASSWORD = "quite-a-long-one"


@pytest.fixture
def ada(transactional_db: None) -> User:
    """Somebody with a password."""
    return User.objects.create_user("ada", password=PASSWORD)


def is_fine(page: Page) -> bool:
    """Nothing is wider than the screen, and axe finds nothing serious."""
    found = Axe().run(page).response["violations"]
    faults = [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}]
    assert faults == [], page.url
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def confirm(page: Page) -> None:
    """Type the password once more."""
    page.wait_for_url("**/reauthenticate/**")
    assert is_fine(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_second_factor_is_turned_on_and_asked_for(
    ada: User, open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    sign_in(page)
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Account", exact=True).click()
    expect(page.get_by_role("heading", name="ada")).to_be_visible()
    assert is_fine(page)
    page.get_by_role("link", name="Two-factor authentication").click()
    assert is_fine(page)
    page.get_by_role("link", name="Activate").click()
    confirm(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    assert page.locator(".qr").evaluate("image => image.naturalWidth") > 0
    assert is_fine(page)
    page.get_by_label("Authenticator code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Activate").click()
    expect(page.locator("main")).to_contain_text("10 out of 10 recovery codes")
    assert is_fine(page)
    codes = re.findall(r"\d{8}", page.get_by_label("Unused codes").input_value())
    assert len(codes) == 10

    site = page.evaluate("location.origin")
    other = page.context.browser.new_page(base_url=site, viewport=page.viewport_size, color_scheme=theme)
    sign_in(other)
    other.wait_for_url("**/2fa/authenticate/**")
    assert is_fine(other)
    other.get_by_label("Code").fill(codes[0])
    other.keyboard.press("Enter")
    other.wait_for_url("**/problems/")

    other.goto("/accounts/sessions/")
    expect(other.locator(".sessions li")).to_have_count(2)
    assert is_fine(other)
    other.get_by_role("button", name="Sign out all others").click()
    expect(other.locator(".sessions li")).to_have_count(1)
    page.goto("/accounts/")
    page.wait_for_url("**/accounts/login/**")


def test_the_data_are_taken_along_and_the_account_deleted(
    ada: User, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(390)
    sign_in(page)
    page.wait_for_url("**/problems/")
    page.goto("/accounts/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export my data").click()
    download.value.save_as(tmp_path / "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text())["account"]["username"] == "ada"

    page.get_by_role("link", name="Delete my account").click()
    confirm(page)
    assert is_fine(page)
    page.get_by_label("Your username").fill("bob")
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.locator(".field-error")).to_have_text("This is not your username.")
    page.get_by_label("Your username").fill("ada")
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_role("status")).to_contain_text("Your account is deleted")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
