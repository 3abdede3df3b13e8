"""The page of a problem holds still while it comes, and all of it is within reach of a keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from problems.models import Problem
from tests.browser.editing import PASSWORD, open_editor, sign_in

pytestmark = pytest.mark.browser

PROBLEM = "/problems/apps-2-oj/"
# Web Vitals calls 0.1 good.
MOST_SHIFT = 0.02
# What has moved without anybody's doing, in all: https://web.dev/articles/cls, without its windows of five seconds.
SHIFTS = """new Promise(resolve => {
    let total = 0;
    const count = entries => { for (const one of entries) if (!one.hadRecentInput) total += one.value; };
    const observer = new PerformanceObserver(list => count(list.getEntries()));
    observer.observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => setTimeout(() => { count(observer.takeRecords()); resolve(total); }, 500));
})"""
# Where the focus is, and whether one sees it: by an outline, its own or of a box around it.
FOCUS = """() => {
    const here = document.activeElement;
    const drawn = (node, pseudo) => {
        const style = getComputedStyle(node, pseudo);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    };
    const seen = node => drawn(node) || node.parentElement && seen(node.parentElement);
    const box = here.getBoundingClientRect();
    const name = here.closest(".cm-editor") ? "editor" : here.ariaLabel || here.textContent.trim() || here.tagName;
    const shown = here.matches(".splitter") || seen(here);
    return {name: here === document.body ? "" : name, seen: shown, inside: box.width > 0 && box.height > 0};
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("user", ["", "reader"])
def test_nothing_moves_while_a_problem_comes(
    problems: list[Problem], open_page: Callable[..., Page], width: int, user: str, in_thread: Callable[..., None]
) -> None:
    page = open_page(width)
    if user:
        in_thread(lambda: User.objects.create_user(user, password=PASSWORD))
        sign_in(page, user)
    page.goto(PROBLEM, wait_until="networkidle")
    expect(page.locator(".statement .katex").first).to_be_attached()
    expect(page.locator(".cm-content")).to_be_attached()
    assert page.evaluate(SHIFTS) < MOST_SHIFT


def test_the_measure_of_what_moves_would_tell(problems: list[Problem], open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM, wait_until="networkidle")
    page.locator(".statement").evaluate("text => { const box = document.createElement('p'); text.before(box);"
                                        " box.textContent = 'x '.repeat(900) }")  # fmt: skip
    assert page.evaluate(SHIFTS) > MOST_SHIFT


def test_the_first_key_skips_to_the_content(problems: list[Problem], open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/problems/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_focus_goes_through_the_workspace_in_reading_order_and_is_seen(
    problems: list[Problem], open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    page.goto(PROBLEM, wait_until="networkidle")
    open_editor(page)
    page.locator(".skip").focus()
    met = ["Skip to the content"]
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if not focus["name"]:
            break
        assert focus["seen"], focus
        assert focus["inside"], focus
        met.append(focus["name"])
        if focus["name"] == "editor":
            # Tab is the editor's own; Escape gives it back for once.
            page.keyboard.press("Escape")
    order = [met.index(name) for name in ("Skip to the content", "Sign in", "editor", "Run")]
    assert order == sorted(order)


def test_escape_closes_a_menu_and_gives_the_focus_back(
    problems: list[Problem], open_page: Callable[..., Page], in_thread: Callable[..., None]
) -> None:
    in_thread(lambda: User.objects.create_user("reader", password=PASSWORD))
    page = open_page(390)
    sign_in(page, "reader")
    menu = page.locator(".site-tools .menu summary")
    expect(menu).to_have_accessible_name("reader")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_hidden()
    expect(menu).to_be_focused()
