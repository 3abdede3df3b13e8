"""Trying a program out beside its problem, in a real browser, in the real sandbox."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from judge.submissions.models import Run
from judge.submissions.run_models import PATIENCE
from tests.browser.editing import PASSWORD, fits, in_a_thread, sign_in, write

pytestmark = pytest.mark.browser

PROBLEM = "/problems/apps-2-oj/"
RIGHT = "a, b = map(int, input().split())\nprint(a + b)"
WRONG = "a, b = map(int, input().split())\nprint(a, b)"
CRASHING = "import sys\nprint('so far')\nprint('oh no', file=sys.stderr)\nsys.exit(3)"


@pytest.fixture
def solver(transactional_db: None) -> User:
    """Somebody who can sign in."""
    return User.objects.create_user("solver", password=PASSWORD)


@pytest.mark.docker
@pytest.mark.worker
@pytest.mark.parametrize("width", [1280, 390])
def test_run_on_the_sample_and_an_own_input_until_it_is_right(
    solver: User, worker: None, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    sign_in(page, "solver")
    page.goto(PROBLEM)
    page.evaluate("window.still = true")

    write(page, WRONG)
    page.keyboard.press("Control+'")
    expect(page.locator(".run-word")).to_have_text("0 of 1 samples passed")
    expect(page.locator(".diff-got mark")).to_have_text("1·2")
    expect(page.locator(".diff-expected mark")).to_have_text("3")
    assert fits(page)

    write(page, RIGHT)
    page.get_by_text("Input for Run").click()
    page.get_by_label("Own input").fill("20 22")
    page.get_by_role("button", name="One more input").click()
    page.get_by_label("Own input").nth(1).fill("x")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".run-word")).to_have_text("1 of 1 samples passed")
    expect(page.locator(".run-case .verdict")).to_have_text(["Passed", "Ran", "Runtime error"])
    expect(page.locator(".run-case").nth(1)).to_contain_text("42")
    expect(page.locator(".run-case").nth(2)).to_contain_text("ValueError")
    assert fits(page)
    assert page.evaluate("window.still")

    page.get_by_role("link", name="Submissions").first.click()
    expect(page.locator(".submission-list")).to_have_count(0)


@pytest.mark.docker
@pytest.mark.worker
def test_crashes_and_compile_errors_are_explained(solver: User, worker: None, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, CRASHING)
    page.get_by_role("button", name="Run", exact=True).click()
    case = page.locator(".run-case")
    for words in ("Runtime error", "exit code 3", "so far", "oh no"):
        expect(case).to_contain_text(words)

    page.get_by_label("Language").select_option("cpp17")
    write(page, "int main() { return x; }")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".run-word")).to_have_text("Compile error")
    expect(page.locator(".run")).to_contain_text("was not declared")


@pytest.mark.parametrize("width", [1280, 390])
def test_anonymous_is_asked_to_sign_in_and_finds_the_text_again(
    solver: User, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    page.goto(PROBLEM)
    write(page, "print('mine')")
    page.keyboard.press("Control+'")
    expect(page.locator(".run")).to_contain_text("signed in")
    assert fits(page)
    page.locator(".run").get_by_role("link", name="Sign in").click()
    page.get_by_label("Username").fill("solver")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(PROBLEM))
    expect(page.locator(".cm-content")).to_contain_text("print('mine')")


def test_a_run_that_nobody_takes_ends_with_a_message(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, RIGHT)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".run-word")).to_have_text("In the queue")
    # What two minutes without a worker do.
    in_a_thread(lambda: Run.objects.update(created_at=Run.objects.get().created_at - PATIENCE))
    expect(page.locator(".run")).to_contain_text("Nobody was free")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".run-word")).to_have_text("In the queue")


def test_an_unreachable_judge_is_told_and_nothing_is_lost(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    write(page, RIGHT)
    page.route("**/submissions/runs/**", lambda route: route.fulfill(status=502, body="bad gateway"))
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    expect(page.locator(".cm-content")).to_contain_text("print(a + b)")


def test_too_long_a_program_is_not_even_sent(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "solver")
    page.goto(PROBLEM)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    write(page, "x" * (256 * 1024 + 1))
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("too long")
    assert not [address for address in sent if "/runs/" in address]
