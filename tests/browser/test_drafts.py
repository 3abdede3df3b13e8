"""What is typed is there again: after leaving, in another browser, beside what another tab has typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from judge.engine.languages import all_languages
from judge.submissions.models import Draft
from tests.browser.editing import PASSWORD, fits, in_a_thread, open_editor, sign_in, write

pytestmark = pytest.mark.browser

PROBLEM = "/problems/apps-2-oj/"


@pytest.fixture
def solver(transactional_db: None) -> User:
    """Somebody who can sign in."""
    return User.objects.create_user("solver", password=PASSWORD)


def text(page: Page) -> str:
    """What stands in the editor."""
    return "\n".join(page.locator(".cm-line").all_inner_texts()).replace("\n\n", "\n").strip()


def wait_for(true: Callable[[], bool], page: Page) -> None:
    """Waits at most a minute for something in the database."""
    for _ in range(600):
        if in_a_thread(true):
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not come about within a minute")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_draft_is_found_in_another_browser(solver: User, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width)
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, "print('at home')")
    expect(page.locator(".draft-state")).to_have_text("Saved")
    assert fits(page)

    other = page.context.browser.new_context(base_url=page.url).new_page()
    sign_in(other, "solver")
    other.goto(PROBLEM)
    expect(other.locator(".cm-content")).to_contain_text("print('at home')")


def test_what_was_typed_in_the_last_moment_is_saved_too(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, "print('hasty')")
    page.goto("/problems/")
    wait_for(lambda: Draft.objects.filter(text="print('hasty')").exists(), page)
    page.goto(PROBLEM)
    expect(page.locator(".cm-content")).to_contain_text("print('hasty')")
    expect(page.locator(".draft-other")).to_have_count(0)


@pytest.mark.parametrize("signed_in", [True, False])
def test_two_tabs_keep_both_texts(solver: User, open_page: Callable[..., Page], signed_in: bool) -> None:
    first = open_page()
    if signed_in:
        sign_in(first, "solver")
    first.goto(PROBLEM)
    second = first.context.new_page()
    second.goto(PROBLEM)
    write(first, "print('first')")
    expect(first.locator(".draft-state")).to_contain_text("Saved")
    write(second, "print('second')")
    expect(second.locator(".draft-other")).to_have_count(1)

    third = first.context.new_page()
    third.goto(PROBLEM)
    expect(third.locator(".cm-content")).to_contain_text("print('second')")
    third.get_by_role("button", name="Switch to it").click()
    expect(third.locator(".cm-content")).to_contain_text("print('first')")
    third.get_by_role("button", name="Switch to it").click()
    expect(third.locator(".cm-content")).to_contain_text("print('second')")
    third.get_by_role("button", name="Delete it").click()
    expect(third.locator(".draft-other")).to_have_count(0)
    third.reload()
    expect(third.locator(".cm-content")).to_contain_text("print('second')")
    expect(third.locator(".draft-other")).to_have_count(0)


def test_going_away_and_coming_back_to_the_tab_is_no_conflict(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, "print(1)")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.keyboard.insert_text("  # more")
    wait_for(lambda: Draft.objects.filter(text="print(1)  # more").exists(), page)
    expect(page.locator(".draft-other")).to_have_count(0)
    assert in_a_thread(Draft.objects.count) == 1


def test_while_the_site_is_away_the_browser_keeps_the_draft(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    page.route("**/submissions/drafts/**", lambda route: route.fulfill(status=502, body="bad gateway"))
    write(page, "print('offline')")
    expect(page.locator(".draft-state")).to_have_text("Saved in this browser")
    page.unroute("**/submissions/drafts/**")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("print('offline')")
    wait_for(lambda: Draft.objects.filter(text="print('offline')").exists(), page)


def test_each_language_begins_with_its_program_and_keeps_its_own_draft(
    solver: User, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    open_editor(page)
    for key, language in all_languages().items():
        page.get_by_label("Language").select_option(key)
        expect(page.locator(".cm-content")).to_contain_text(max(language.template.splitlines(), key=len).strip())
    write(page, "fn main() {}  // mine")
    expect(page.locator(".draft-state")).to_have_text("Saved")
    page.get_by_label("Language").select_option("python3")
    expect(page.locator(".cm-content")).to_contain_text("sys.stdin.read()")
    page.get_by_label("Language").select_option("rust")
    expect(page.locator(".cm-content")).to_contain_text("// mine")
    page.reload()
    expect(page.get_by_label("Language")).to_have_value("rust")
    assert in_a_thread(Draft.objects.count) == 1

    page.get_by_label("File and editor").click()
    page.get_by_role("button", name="Back to the first program").click()
    expect(page.locator(".cm-content")).to_contain_text("split_whitespace")
    wait_for(lambda: not Draft.objects.exists(), page)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).to_contain_text("// mine")


def test_a_file_is_opened_in_its_language(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page()
    page.goto(PROBLEM)
    open_editor(page)
    file = tmp_path / "sum.rs"
    file.write_text("fn main() { /* from a file */ }\r\n")
    page.locator("[data-open-file]").set_input_files(file)
    expect(page.get_by_label("Language")).to_have_value("rust")
    expect(page.locator(".cm-content")).to_contain_text("from a file")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x7fELF\x00\x01", "no text"), (b"\xff\xfe", "no text"), (b"x" * 262_145, "too long")],
    ids=["nul", "latin", "long"],
)
def test_a_file_that_is_no_program_is_refused(
    open_page: Callable[..., Page], tmp_path: Path, content: bytes, words: str
) -> None:
    page = open_page()
    page.goto(PROBLEM)
    write(page, "print('mine')")
    file = tmp_path / "a.out"
    file.write_bytes(content)
    page.locator("[data-open-file]").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert text(page) == "print('mine')"


def test_a_file_is_dropped_on_the_editor(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    write(page, "print('before')")
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["int main() { return 0; } // dropped"], "a.c"));
            const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
            document.querySelector(".cm-content").dispatchEvent(event);
        }"""
    )
    expect(page.get_by_label("Language")).to_have_value("c")
    expect(page.locator(".cm-content")).to_contain_text("// dropped")
    expect(page.locator(".cm-content")).not_to_contain_text("before")


def test_the_program_is_downloaded(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(PROBLEM)
    write(page, "print('to go')")
    page.get_by_label("File and editor").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    assert waiting.value.suggested_filename == "apps-2-oj.py"
    assert Path(waiting.value.path()).read_text() == "print('to go')"


def test_a_refused_program_goes_on_as_the_draft_it_is(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, "print('a draft')")
    expect(page.locator(".draft-state")).to_have_text("Saved")
    write(page, " ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The program is empty")
    write(page, "print('more')")
    expect(page.locator(".draft-state")).to_have_text("Saved")
    expect(page.locator(".draft-other")).to_have_count(0)
