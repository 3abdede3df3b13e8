"""Statement and editor beside each other, and the habits of those who write there, in a real browser."""

import gzip
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from judge.accounts.models import User
from judge.submissions.models import Draft, Run
from judge.submissions.run_models import RunStage
from problems.models import Problem
from tests.browser.editing import PASSWORD, fits, open_editor, sign_in, write

pytestmark = pytest.mark.browser

PROBLEM = "/problems/apps-2-oj/"
MOST_SCRIPT = 200 * 1024


def share(page: Page) -> float:
    """The statement's share of the width in per cent."""
    return page.evaluate("100 * document.querySelector('.split-left').offsetWidth / innerWidth")


@pytest.mark.parametrize("math", [True, False])
def test_the_first_load_has_less_than_200_kb_of_script(
    problems: list[Problem], open_page: Callable[..., Page], math: bool
) -> None:
    page = open_page()
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        lazy = math and "typeset" in response.url
        if response.request.resource_type == "script" and not lazy:
            sizes[response.url] = len(gzip.compress(response.body()))

    page.on("response", weigh)
    page.goto(PROBLEM if math else "/problems/apps-3-oj/", wait_until="networkidle")
    assert len(sizes) > 4
    assert sum(sizes.values()) < MOST_SCRIPT, sizes


@pytest.fixture
def problems(problems: list[Problem]) -> list[Problem]:
    """The third one without a formula."""
    Problem.objects.filter(pk=problems[2].pk).update(statement="Print the sum.")
    return problems


def test_the_border_moves_by_keyboard_and_stays_there(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    border = page.get_by_role("separator", name="Width of the statement")
    border.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    assert share(page) == pytest.approx(46, abs=0.5)
    page.reload()
    expect(border).to_have_attribute("aria-valuenow", "46")
    assert share(page) == pytest.approx(46, abs=0.5)
    border.focus()
    page.keyboard.press("Home")
    assert share(page) == pytest.approx(25, abs=0.5)
    page.keyboard.press("Enter")
    assert share(page) == pytest.approx(50, abs=0.5)


def test_the_border_is_in_place_before_any_script_runs(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.context.add_cookies([{"name": "split", "value": "60", "url": base(page)}])
    page.goto(PROBLEM)
    box = page.locator(".split-left").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(0.6 * 1280, abs=5)


@pytest.mark.parametrize("nonsense", ["99", "7", "abc", "50%", "%F0%9F"])
def test_a_nonsense_border_is_none(open_page: Callable[..., Page], nonsense: str) -> None:
    page = open_page()
    page.context.add_cookies([{"name": "split", "value": nonsense, "url": base(page)}])
    page.goto(PROBLEM)
    assert share(page) == pytest.approx(50, abs=0.5)


def test_the_border_is_dragged(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    page.mouse.move(640, 300)
    page.mouse.down()
    page.mouse.move(800, 300, steps=4)
    page.mouse.up()
    assert share(page) == pytest.approx(62.5, abs=1)
    page.mouse.dblclick(800, 300)
    assert share(page) == pytest.approx(50, abs=0.5)


def test_on_a_phone_statement_and_editor_take_turns(open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    page.goto(PROBLEM)
    statement, editor = page.locator(".statement"), page.locator(".cm-content")
    expect(statement).to_be_visible()
    expect(editor).to_be_hidden()
    page.get_by_role("link", name="Code", exact=True).click()
    expect(editor).to_be_visible()
    expect(statement).to_be_hidden()
    assert fits(page)
    page.get_by_role("link", name="Problem", exact=True).click()
    expect(statement).to_be_visible()


def test_without_scripts_a_phone_shows_both_below_each_other(open_page: Callable[..., Page]) -> None:
    page = open_page(390, java_script_enabled=False)
    page.goto(PROBLEM)
    expect(page.locator(".statement")).to_be_visible()
    expect(page.get_by_label("Your program")).to_be_visible()
    assert page.get_by_role("link", name="Code", exact=True).count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_editor_takes_the_whole_window_and_gives_it_back(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width)
    page.goto(PROBLEM)
    write(page, "print(1)")
    page.keyboard.press("Alt+Enter")
    box = page.locator(".workspace").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, 800)
    expect(page.locator(".site-header")).to_have_attribute("inert", "")
    page.keyboard.type("  # still here")
    page.get_by_role("button", name="Editor in the whole window").click()
    expect(page.locator(".site-header")).not_to_have_attribute("inert", "")
    expect(page.locator(".cm-content")).to_contain_text("# still here")
    assert fits(page)


def test_the_text_size_is_remembered(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    page.get_by_label("File and editor").click()
    for _ in range(3):
        page.get_by_role("button", name="Larger").click()
    page.reload()
    size = "getComputedStyle(document.querySelector('.cm-content')).fontSize"
    assert page.evaluate(size) == "17px"


def choose_keys(page: Page, name: str) -> None:
    """Other keys; returns when they have come."""
    page.get_by_label("File and editor").click()
    page.get_by_label("Keys").select_option(name)
    page.locator(f".cm-{name}Mode").wait_for()
    page.get_by_label("File and editor").click()


def test_vims_keys_come_when_they_are_chosen_and_stay(open_page: Callable[..., Page]) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PROBLEM)
    write(page, "print(1)\nprint(2)")
    assert not [address for address in asked if "vim" in address or "emacs" in address]
    choose_keys(page, "vim")
    page.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.type("ggddyyp")
    expect(page.locator(".cm-line")).to_have_text(["print(2)", "print(2)"])
    page.keyboard.type(":w")
    page.keyboard.press("Enter")
    expect(page.locator(".draft-state")).to_contain_text("Saved")

    page.reload()
    page.locator(".cm-vimMode").wait_for()
    page.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.type("ggdd")
    expect(page.locator(".cm-line")).to_have_text(["print(2)"])
    page.keyboard.type("/print")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+'")
    expect(page.locator(".run")).to_contain_text("signed in")
    expect(page.locator(".cm-line")).to_have_count(1)


def test_emacs_keys_come_when_they_are_chosen(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    write(page, "print(1)")
    choose_keys(page, "emacs")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("# ")
    expect(page.locator(".cm-line")).to_have_text(["# print(1)"])
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+'")
    expect(page.locator(".run")).to_contain_text("signed in")
    expect(page.locator(".cm-line")).to_have_count(1)


def test_the_sheet_of_shortcuts_opens_where_nobody_types(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    write(page, "a")
    page.keyboard.type("?")
    expect(page.locator(".cm-line")).to_have_text(["a?"])
    expect(sheet).to_be_hidden()
    page.get_by_role("heading", name="The sum").click()
    page.keyboard.type("?")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.fixture
def visitor(problems: list[Problem]) -> Run:
    """Somebody with a run that failed in every way, and with a draft of two versions."""
    user = User.objects.create_user("visitor", password=PASSWORD)
    cut = {"text": "1 2\n", "cut_of": 9_999}
    line = {"number": 1, "before": "a·", "marked": "b", "after": "c"}
    case = {
        "sample": True,
        "number": 1,
        "stdin": cut,
        "ran": True,
        "verdict": "WA",
        "note": "line 1 differs",
        "stdout": cut,
        "stderr": cut,
        "expected": cut,
        "limit": 2_000,
        "exit_code": 1,
        "signal": 0,
        "time_ms": 12,
        "wall_ms": 13,
        "memory_kb": 9_000,
        "difference": {
            "above": 3,
            "below": 4,
            "rows": [
                {"differs": True, "expected": line, "got": None},
                {"differs": False, "expected": line, "got": line},
            ],
        },
    }
    results = [case, case | {"verdict": "TLE"}, case | {"verdict": "AC"}, case | {"sample": False, "verdict": "RE"}]
    given = {"user": user, "problem": problems[1], "language": "python3"}
    for text in ("print('one')", "print('other')"):
        Draft.objects.create(**given, text=text)
    return Run.objects.create(
        **given, source="print(1)", samples=True, stage=RunStage.DONE, compiled=True, total=4, results=results
    )


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_workspace_has_no_serious_fault(
    visitor: Run, open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    sign_in(page, "visitor")
    found = []

    def look(state: str) -> None:
        violations = Axe().run(page).response["violations"]
        found.extend(f"{state}: {fault['id']}" for fault in violations if fault["impact"] in {"serious", "critical"})
        assert fits(page), state

    page.goto(f"{PROBLEM}?run={visitor.pk}")
    expect(page.locator(".run-case")).to_have_count(4)
    # What the run brought back is a version of its own.
    expect(page.locator(".draft-state")).to_have_text("Saved")
    expect(page.locator(".draft-other")).to_have_count(2)
    open_editor(page)
    expect(page.locator(".cm-line")).to_have_text(["print(1)"])
    page.get_by_text("Input for Run").click()
    look("run")
    page.get_by_label("File and editor").click()
    look("menu")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    look("sheet")
    page.keyboard.press("Escape")
    open_editor(page)
    page.locator(".cm-content").click()
    page.keyboard.press("Alt+Enter")
    look("whole window")
    assert found == []


def base(page: Page) -> str:
    """The site's address, before any page of it is open."""
    return page.request.head("/").url
