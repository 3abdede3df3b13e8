"""Solutions behind their door, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from judge.community.solutions_models import Solution
from judge.submissions.models import Status, Submission, Verdict
from problems.models import Problem
from tests.browser.visiting import PASSWORD, sign_in, sound

pytestmark = pytest.mark.browser

SOLUTIONS = "/problems/apps-2-oj/solutions/"


@pytest.fixture
def solver(problems: list[Problem]) -> User:
    """Somebody who has solved the second problem twice and shows one of the programs; a reader who has not."""
    User.objects.create_user("reader", password=PASSWORD)
    solver = User.objects.create_user("solver", password=PASSWORD)
    Problem.objects.filter(pk=problems[1].pk).update(solution="print(sum(map(int, input().split())))  # the reference")
    done = {"status": Status.DONE, "verdict": Verdict.AC, "attempt": 1, "total": 3, "tests_version": 1}
    for language, source in (("cpp17", "int main() {}  // theirs"), ("rust", "fn main() {}  // second")):
        given = {"problem": problems[1], "language": language}
        made = Submission.objects.create(user=solver, source=source, time_ms=3, memory_kb=900, **given, **done)
        if language == "cpp17":
            solution = Solution(submission=made, author=solver, **given)
            solution.write("In $O(1)$.")
            solution.save()
    return solver


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_the_door_is_closed_until_one_gives_up(
    solver: User, open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    page.goto("/problems/apps-2-oj/")
    page.get_by_role("link", name="Solutions").click()
    expect(page.locator(".closed")).to_contain_text("Sign up and solve it")
    assert sound(page)
    sign_in(page, "reader")
    page.goto(SOLUTIONS)
    assert sound(page)
    page.get_by_role("link", name="Give up and look").click()
    assert sound(page)
    page.get_by_role("link", name="Try once more").click()
    page.goto(f"{SOLUTIONS}give-up/")
    page.get_by_role("button", name="Give up and look").click()

    expect(page.locator(".source")).to_contain_text("# the reference")
    expect(page.locator(".katex")).to_have_count(1)
    assert sound(page)
    page.evaluate("window.still = true")
    page.get_by_role("link", name="Show the program").click()
    expect(page.locator("article .source")).to_contain_text("// theirs")
    page.get_by_role("button", name="Helpful").click()
    expect(page.get_by_role("button", name="Helpful: 1")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.still")
    assert sound(page)


def test_a_solver_publishes_and_withdraws_without_javascript(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page(390, java_script_enabled=False)
    sign_in(page, "solver")
    page.goto(SOLUTIONS)
    page.get_by_role("link", name="Show the program").click()
    expect(page.locator("article .source")).to_contain_text("// theirs")
    page.goto(SOLUTIONS)
    page.get_by_role("link", name="Rust").click()
    page.get_by_label("A note").fill("The *second*.")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("article")).to_contain_text("The second.")
    page.get_by_role("link", name="All solutions").click()
    expect(page.locator("article")).to_have_count(2)
    page.get_by_label("Language").select_option("rust")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("article")).to_have_count(1)
    page.get_by_role("link", name="Change or withdraw").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("status")).to_contain_text("Nobody else sees your program")


def test_publishing_pages_are_sound(solver: User, open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    sign_in(page, "solver")
    page.goto("/submissions/")
    page.locator(".submission-verdict").first.click()
    page.get_by_role("link", name="Show your program to others").click()
    assert sound(page)
    page.get_by_role("button", name="Publish").click()
    assert sound(page)
    page.get_by_role("link", name="Change or withdraw").click()
    assert sound(page)
