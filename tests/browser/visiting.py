"""What visitors do on every page: sign in, and see that it is sound."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PASSWORD = "quite-a-long-one"


def sign_in(page: Page, name: str) -> None:
    """Leave whoever was signed in, and come as ``name``."""
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")


def sound(page: Page) -> bool:
    """Nothing is wider than the screen, and axe knows of no serious fault."""
    found = Axe().run(page).response["violations"]
    serious = [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}]
    assert serious == [], f"{page.url}: {serious}"
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
