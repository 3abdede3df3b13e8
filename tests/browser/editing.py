"""What tests do with the editor."""

from playwright.sync_api import Page


def write(page: Page, program: str) -> None:
    """Type a program in place of what stands in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    # Chromium would carry the old text's colour over as an inline style, which the policy refuses (harmlessly).
    page.keyboard.press("Delete")
    page.keyboard.insert_text(program)
