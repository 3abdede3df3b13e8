"""The editor's modes in a real browser: each comes by itself when its language is chosen, under the content policy."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Page, expect

from judge.engine.languages import all_languages
from tests.browser.editing import write

pytestmark = pytest.mark.browser

PROBLEM = "/problems/apps-2-oj/"
# A program with a string for each mode but "text", which colours nothing.
LINES = {
    "cpp": 'int main() { return "a"; }',
    "csharp": 'class A { string a = "a"; }',
    "go": 'package main\nvar a = "a"',
    "haskell": 'main = putStrLn "a"',
    "java": 'class A { String a = "a"; }',
    "javascript": 'const a = "a";',
    "perl": 'my $a = "a";',
    "python": 'a = "a"',
    "ruby": 'a = "a"',
    "rust": 'fn main() { let a = "a"; }',
}


def fetched(page: Page) -> list[str]:
    """The modes that the page will have asked for, in order; grows as it asks."""
    names: list[str] = []

    def note(address: str) -> None:
        name = PurePosixPath(address).name.partition("-")[0]
        if "/chunks/" in address and name in {*LINES, "text"}:
            names.append(name)

    page.on("request", lambda request: note(request.url))
    return names


def test_only_the_chosen_languages_mode_is_fetched(open_page: Callable[..., Page]) -> None:
    page = open_page()
    modes = fetched(page)
    page.goto(PROBLEM)
    write(page, LINES["python"])
    expect(page.locator(".cm-line span", has_text='"a"')).to_be_visible()
    assert modes == ["python"]


def test_choosing_rust_fetches_its_mode(open_page: Callable[..., Page]) -> None:
    page = open_page()
    modes = fetched(page)
    page.goto(PROBLEM)
    page.get_by_label("Language").select_option("rust")
    write(page, LINES["rust"])
    expect(page.locator(".cm-line span", has_text="fn")).to_be_visible()
    assert modes == ["python", "rust"]


def test_each_mode_colours_its_language(open_page: Callable[..., Page]) -> None:
    page = open_page()
    modes = {language.editor: key for key, language in all_languages().items() if language.editor != "text"}
    for mode, key in modes.items():
        page.goto(PROBLEM)
        page.get_by_label("Language").select_option(key)
        # The choice is remembered: the page comes anew without the mode of the language before.
        page.goto(PROBLEM)
        expect(page.get_by_label("Language")).to_have_value(key)
        write(page, LINES[mode])
        expect(page.locator(".cm-line span", has_text='"a"')).to_be_visible()
