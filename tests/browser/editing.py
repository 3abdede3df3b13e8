"""What tests do with the editor, and before it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection
from playwright.sync_api import Page

PASSWORD = "quite-a-long-one"
T = TypeVar("T")


def open_editor(page: Page) -> None:
    """Bring the editor in sight: on narrow screens it stands behind the statement."""
    if (tab := page.get_by_role("link", name="Code", exact=True)).is_visible():
        tab.click()


def write(page: Page, program: str) -> None:
    """Type a program in place of what stands in the editor."""
    open_editor(page)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    # Chromium would carry the old text's colour over as an inline style, which the policy refuses (harmlessly).
    page.keyboard.press("Delete")
    page.keyboard.insert_text(program)


def sign_in(page: Page, name: str) -> None:
    """Sign somebody in whose password is `PASSWORD`."""
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def in_a_thread(act: Callable[[], T]) -> T:
    """Do something with the database: while Playwright runs, the test's own thread may not."""

    def work() -> T:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
