"""A newcomer's way through the site, in a real browser, with real judging."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editing import open_editor, write

pytestmark = [pytest.mark.browser, pytest.mark.docker, pytest.mark.worker]

WRONG = "a, b = map(int, input().split())\nprint(a - b)"
RIGHT = "a, b = map(int, input().split())\nprint(a + b)"


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_up(page: Page) -> None:
    page.goto("/")
    # On a phone the header has room for one of the two; the page to sign in leads on.
    if not (link := page.get_by_role("link", name="Sign up")).is_visible():
        page.get_by_role("link", name="Sign in").first.click()
        page.wait_for_url("**/login/**")
    link.click()
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password", exact=True).fill("quite-a-long-one")
    page.get_by_label("Password (again)").fill("quite-a-long-one")
    assert fits(page)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Problems")).to_be_visible()


def expect_verdict(page: Page, word: str, passed: int) -> None:
    """The verdict comes by itself: the page is not loaded again."""
    page.wait_for_url(re.compile(r"/submissions/\d+/"))
    page.evaluate("window.still = true")
    expect(page.locator(".outcome-word")).to_have_text(word)
    expect(page.locator(".outcome-facts")).to_contain_text(f"{passed} of 3 tests passed")
    assert page.evaluate("window.still")
    assert fits(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_sign_up_find_a_problem_fail_then_solve_it(worker: None, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width)
    sign_up(page)
    assert fits(page)

    page.get_by_role("searchbox", name="Search").press_sequentially("sum")
    expect(page).to_have_url(re.compile(r"[?&]q=sum(&|$)"))
    # The title's word weighs more than the statement's.
    expect(page.locator(".problem-title").first).to_have_text("The sum")
    page.get_by_role("link", name="The sum").click()
    expect(page.locator(".statement .katex")).to_have_count(3)
    assert fits(page)

    write(page, WRONG)
    page.keyboard.press("Control+Enter")
    expect_verdict(page, "Wrong answer", 0)
    expect(page.locator(".tests tbody tr")).to_have_count(3)
    sample = page.locator(".test-details")
    expect(sample).to_have_count(1)
    expect(sample).to_contain_text("-1")

    page.get_by_role("link", name="Back to the problem").click()
    page.wait_for_url("**/problems/apps-2-oj/")
    open_editor(page)
    expect(page.get_by_role("textbox", name="Your program")).to_contain_text("print(a - b)")
    write(page, RIGHT)
    page.get_by_role("button", name="Submit").click()
    expect_verdict(page, "Accepted", 3)

    page.get_by_role("link", name="Submissions").first.click()
    expect(page.locator(".submission-list .verdict")).to_have_text(["Accepted", "Wrong answer"])
    assert fits(page)
    page.get_by_role("link", name="Problems").click()
    expect(page.locator(".problem-list li", has_text="The sum")).to_contain_text("Solved")


def test_submitting_works_without_javascript(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    sign_up(page)
    page.get_by_role("link", name="The sum").click()
    expect(page.locator(".statement")).to_contain_text("0 \\le a, b")
    page.get_by_label("Language").select_option("cpp17")
    page.get_by_label("Your program").fill("int main() {}")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".outcome-word")).to_have_text("In the queue")
    expect(page.locator(".source")).to_contain_text("int main() {}")


def test_theme_is_kept_over_pages(open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="light")
    page.goto("/problems/")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(colour)
    assert dark != light
    page.get_by_role("link", name="The sum").click()
    assert page.evaluate(colour) == dark


def test_draft_survives_leaving_the_page(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/problems/apps-2-oj/")
    write(page, RIGHT)
    page.goto("/problems/")
    page.goto("/problems/apps-2-oj/")
    expect(page.get_by_role("textbox", name="Your program")).to_contain_text("print(a + b)")


def test_too_long_a_program_is_refused_before_it_is_sent(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_up(page)
    page.get_by_role("link", name="The sum").click()
    write(page, "x" * (256 * 1024 + 1))
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("too long")
    assert page.url.endswith("/problems/apps-2-oj/")


def test_a_sample_is_copied(open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/problems/apps-2-oj/")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "1 2\n"
