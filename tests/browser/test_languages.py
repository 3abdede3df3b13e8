"""The interface in Chinese, chosen by a button, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from problems.models import Problem
from tests.browser.visiting import PASSWORD, sign_in, sound

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(transactional_db: None) -> None:
    """Somebody with a long name."""
    User.objects.create_user("reader-with-a-name", password=PASSWORD)


@pytest.mark.parametrize("width", [1280, 390])
def test_chinese_and_back(open_page: Callable[..., Page], problems: list[Problem], width: int) -> None:
    page = open_page(width)
    address = problems[1].get_absolute_url()
    page.goto(address)
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page).to_have_url(f"{address}")
    # On a phone the editor stands behind the statement.
    if (code := page.get_by_role("link", name="代码", exact=True)).is_visible():
        code.click()
    expect(page.get_by_role("link", name="登录后提交")).to_be_visible()
    assert sound(page)
    page.get_by_role("link", name="题目", exact=True).first.click()
    page.wait_for_url("**/problems/")
    expect(page.get_by_role("heading", level=1)).to_have_text("题目")
    assert sound(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Problems")
    assert sound(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_choice_stays_for_who_is_signed_in(reader: None, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width)
    sign_in(page, "reader-with-a-name")
    page.get_by_role("button", name="简体中文").click()
    for address in ("/submissions/", "/lists/", "/dataset/", "/accounts/", "/problems/apps-2-oj/"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        assert sound(page)


def test_browser_that_asks_for_chinese_gets_it(open_page: Callable[..., Page]) -> None:
    page = open_page(390, locale="zh-CN")
    page.goto("/problems/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
