"""Making a personal token, using it, revoking it; the API's documentation."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from judge.accounts.models import User

pytestmark = pytest.mark.browser

PASSWORD = "quite-a-long-one"


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def ada(transactional_db: None) -> User:
    """Somebody with a password."""
    return User.objects.create_user("ada", password=PASSWORD)


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")


def asked(url: str, secret: str) -> int:
    """The status of a request with this token."""
    headers = {"Authorization": f"Bearer {secret}"}
    request = urllib.request.Request(f"{url}/api/v1/me", headers=headers)  # noqa: S310 - the live server
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as answer:
            assert json.load(answer)["username"] == "ada"
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.parametrize("width", [1280, 390])
def test_a_token_is_made_used_and_revoked(
    ada: User, open_page: Callable[..., Page], live_server: LiveServer, width: int
) -> None:
    page = open_page(width, permissions=["clipboard-read", "clipboard-write"])
    sign_in(page)
    page.locator(".menu summary").click()
    page.get_by_role("link", name="Account", exact=True).click()
    page.get_by_role("link", name="API tokens").click()
    expect(page.get_by_role("heading", name="No token yet")).to_be_visible()
    page.get_by_role("link", name="New token").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Name").fill("laptop")
    assert fits(page)
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_label("The token").inner_text()
    assert fits(page)
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    assert asked(live_server.url, secret) == 200

    page.get_by_role("link", name="Done").click()
    expect(page.locator(".tokens li")).to_contain_text("last used")
    expect(page.locator("body")).not_to_contain_text(secret)
    assert fits(page)
    page.get_by_role("button", name="Revoke laptop").click()
    expect(page.get_by_role("status")).to_contain_text("“laptop” is revoked")
    assert asked(live_server.url, secret) == 401


@pytest.mark.parametrize("width", [1280, 390])
def test_the_documentation_is_read_at_any_width(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width)
    page.goto("/problems/")
    page.get_by_role("link", name="API").click()
    expect(page.locator(".route")).not_to_have_count(0)
    assert fits(page)
    page.get_by_role("link", name="Submissions").last.click()
    expect(page.get_by_role("heading", name="/api/v1/submissions submit")).to_be_in_viewport()
