"""Stars and lists in a real browser, with and without JavaScript, and what is suggested after an accepted program."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from judge.accounts.models import User
from judge.community import keeping
from judge.submissions.models import Status, Submission
from problems.models import Problem
from tests.browser.editing import write
from tests.browser.test_accessibility import NAME, PASSWORD, faults, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(problems: list[Problem]) -> User:
    """Somebody with nothing yet."""
    return User.objects.create_user(NAME, password=PASSWORD)


@pytest.fixture
def addresses(problems: list[Problem], reader: User) -> list[str]:
    """The pages of lists: long, empty, of others, and the problem page with all of them in its menu."""
    full = keeping.new_list(reader, "x" * 80, "https://example.org/" + "y" * 300, "public")
    for problem in problems:
        keeping.add(full, problem)
    keeping.add(keeping.favourites(reader), problems[1])
    empty = keeping.new_list(reader, "Nothing yet")
    other = keeping.new_list(User.objects.create_user("other"), "Of another", "", "public")
    keeping.add(other, problems[0])
    done = Submission.objects.create(
        user=reader, problem=problems[0], language="python3", source="x", verdict="AC", status=Status.DONE
    )
    kept = [one.get_absolute_url() for one in (full, empty, other)]
    edited = f"{full.get_absolute_url()}edit/"
    return ["/lists/", "/lists/new/", *kept, edited, done.get_absolute_url(), f"/users/{NAME}/"]


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def story(page: Page, scripted: bool) -> None:
    """Star a problem, put it and another on a new list, order, describe and delete it."""
    sign_in(page, NAME)
    page.goto("/problems/apps-2-oj/")
    page.evaluate("window.still = true") if scripted else None
    page.get_by_role("button", name="Favourite").click()
    expect(page.get_by_role("button", name="Favourite", pressed=True)).to_be_visible()
    page.locator("#keep-lists").click()
    page.get_by_label("Name of a new list").fill("For later")
    assert fits(page)
    page.locator(".keep-new").get_by_role("button", name="Add").click()
    if scripted:
        # The menu stays open, and nothing was loaded again.
        expect(page.get_by_role("button", name="For later", pressed=True)).to_be_visible()
        assert page.evaluate("window.still")
    page.goto("/problems/apps-1-oj/")
    page.locator("#keep-lists").click()
    page.get_by_role("button", name="For later", pressed=False).click()
    if scripted:
        expect(page.get_by_role("button", name="For later", pressed=True)).to_be_focused()

    page.goto("/lists/")
    expect(page.locator(".lists-name")).to_have_text(["Favourites", "For later"])
    page.get_by_role("link", name="For later").click()
    expect(page.locator(".entries .problem-title")).to_have_text(["The sum", "Another one"])
    assert fits(page)
    page.get_by_role("button", name="Move Another one up").click()
    expect(page.locator(".entries .problem-title")).to_have_text(["Another one", "The sum"])
    page.get_by_role("button", name="Take The sum off the list").click()
    expect(page.locator(".entries .problem-title")).to_have_text(["Another one"])

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Name").fill("For the weekend")
    page.get_by_label("Description").fill("Two of *them*.\n\nOr three.")
    page.get_by_label("Visibility").select_option("unlisted")
    assert fits(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="For the weekend")).to_be_visible()
    expect(page.get_by_text("Or three.")).to_be_visible()
    expect(page.locator(".list-words em")).to_have_text("them")
    expect(page.locator(".list-link pre")).to_have_text(page.url)
    page.get_by_role("link", name="Edit").click()
    page.get_by_text("Delete this list").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator(".lists-name")).to_have_text(["Favourites"])


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reader_keeps_problems(reader: User, open_page: Callable[..., Page], width: int) -> None:
    story(open_page(width), scripted=True)


def test_all_of_it_works_without_javascript(reader: User, open_page: Callable[..., Page]) -> None:
    story(open_page(390, java_script_enabled=False), scripted=False)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_lists_have_no_serious_fault_and_fit(
    addresses: list[str], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    sign_in(page, NAME)
    for address in addresses:
        assert faults(page, address) == []
        assert fits(page), address
    page.goto("/problems/apps-2-oj/")
    page.locator("#keep-lists").click()
    assert fits(page)


@pytest.mark.worker
@pytest.mark.docker
def test_after_an_accepted_program_the_next_problem_is_suggested_by_itself(
    worker: None, reader: User, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    sign_in(page, NAME)
    page.goto("/problems/apps-2-oj/")
    write(page, "print(sum(map(int, input().split())))")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".outcome-word")).to_have_text("Accepted")
    expect(page.locator("#next")).to_contain_text("Something else")
    expect(page.locator("#next")).to_contain_text("Of Apps and easy, like the last one you solved.")
    page.get_by_role("link", name="Something else").click()
    expect(page.get_by_role("heading", name="Something else")).to_be_visible()
