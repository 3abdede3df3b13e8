"""People talk about a problem, in a real browser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from judge.accounts.models import CURATORS, User
from judge.community.talk_models import Comment
from problems.models import Problem
from tests.browser.visiting import PASSWORD, sign_in, sound

pytestmark = pytest.mark.browser

DISCUSSION = "/problems/apps-2-oj/discussion/"


@pytest.fixture
def people(problems: list[Problem]) -> list[User]:
    """A reader and a curator, and what somebody else has said about the second problem."""
    author = User.objects.create_user("author", password=PASSWORD)
    reader = User.objects.create_user("reader", password=PASSWORD)
    curator = User.objects.create_user("curator", password=PASSWORD)
    curator.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    said = [("Mind $a = 0$.\n\n```python\nprint(0)\n```", False, None), ("Just add them.", True, None)]
    for text, spoiler, parent in [*said, ("Thanks!", False, 0)]:
        top = None if parent is None else Comment.objects.order_by("pk")[parent]
        comment = Comment(problem=problems[1], author=author, spoiler=spoiler, parent=top)
        comment.write(text)
        comment.save()
    return [author, reader, curator]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_read_vote_say_answer_edit_report_and_delete(
    people: list[User], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    page.goto("/problems/apps-2-oj/")
    page.get_by_role("link", name="Discussion").click()
    expect(page.locator(".comment .katex")).to_have_count(1)
    assert sound(page)
    page.get_by_role("link", name="Sign in to comment").click()
    sign_in(page, "reader")
    page.goto(DISCUSSION)
    assert sound(page)
    spoiler = page.get_by_text("Just add them.")
    expect(spoiler).to_be_hidden()
    page.get_by_text("Gives something away").click()
    expect(spoiler).to_be_visible()

    page.evaluate("window.still = true")
    vote = page.locator(".comment", has_text="Mind").get_by_role("button", name="Helpful")
    vote.focus()
    page.keyboard.press("Enter")
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_contain_text("1")
    expect(vote).to_be_focused()
    page.keyboard.press("Enter")
    expect(vote).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.still")

    page.get_by_label("Your comment").fill("What of *large* numbers?")
    page.get_by_role("button", name="Comment").click()
    mine = page.locator(".comment", has_text="What of large numbers?")
    expect(mine).to_be_in_viewport()
    expect(mine).not_to_contain_text("Report")
    thread = page.locator(".thread", has_text="What of large numbers?")
    thread.get_by_text("Answer", exact=True).click()
    assert sound(page)
    thread.get_by_label("Your answer").fill("They fit.")
    thread.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".replies .comment")).to_contain_text("They fit.")
    assert sound(page)

    page.locator(".replies").get_by_role("link", name="Edit").click()
    assert sound(page)
    page.get_by_label("Your comment").fill("They do fit.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".replies .comment")).to_contain_text("edited")
    page.locator(".replies").get_by_role("link", name="Delete").click()
    assert sound(page)
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("They do fit.")).to_have_count(0)

    page.locator(".comment", has_text="Mind").get_by_role("link", name="Report").click()
    page.get_by_label("What is wrong").select_option("spoiler")
    page.get_by_label("In your words").fill("It says too much.")
    assert sound(page)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("status")).to_contain_text("A curator will look at it")


def test_a_curator_hides_and_shows_again(people: list[User], open_page: Callable[..., Page]) -> None:
    page = open_page(390)
    sign_in(page, "curator")
    page.goto(DISCUSSION)
    page.locator(".comment", has_text="Mind").get_by_role("button", name="Hide").click()
    comment = page.locator(".comment", has_text="Mind")
    expect(comment).to_contain_text("curators only")
    assert sound(page)
    comment.get_by_role("button", name="Show again").click()
    expect(comment).not_to_contain_text("curators only")


def test_all_of_it_works_without_javascript(people: list[User], open_page: Callable[..., Page]) -> None:
    page = open_page(390, java_script_enabled=False)
    sign_in(page, "reader")
    page.goto(DISCUSSION)
    page.locator(".comment", has_text="Mind").get_by_role("button", name="Helpful").click()
    expect(page.get_by_role("button", name="Helpful: 1")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Your answer").fill("Right.")
    page.get_by_label("It gives a solution").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Right.")).to_be_hidden()
    page.locator(".comment", has_text="Right.").get_by_text("Gives something away").click()
    expect(page.get_by_text("Right.")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_comment_is_looked_at_before_it_is_sent(
    people: list[User], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    page = open_page(width, color_scheme=theme)
    sign_in(page, "reader")
    page.goto("/problems/apps-1-oj/discussion/")
    page.evaluate("window.still = true")
    page.get_by_label("Your comment").fill("Is it *so*, for $n^2$?")
    page.get_by_role("button", name="Preview").focus()
    page.keyboard.press("Enter")
    preview = page.locator(".preview")
    expect(preview.locator("em")).to_have_text("so")
    # The page had no formula: their script comes with the preview, and is there for the next.
    expect(preview.locator(".katex")).to_have_count(1)
    assert sound(page)
    page.get_by_label("Your comment").fill("It is: $a$ and $b$")
    page.get_by_role("button", name="Preview").click()
    expect(preview.locator(".katex")).to_have_count(2)
    assert page.evaluate("window.still")
    page.get_by_role("button", name="Comment", exact=True).click()
    # Neither preview was kept.
    expect(page.locator(".comment")).to_have_count(1)
    expect(page.locator(".comment .katex")).to_have_count(2)
    expect(preview).to_have_count(0)

    page.goto(DISCUSSION)
    page.get_by_text("Answer", exact=True).first.click()
    page.get_by_label("Your answer").first.fill("**Yes**")
    page.locator(".reply").get_by_role("button", name="Preview").first.click()
    expect(page.locator(".reply .preview strong")).to_have_text("Yes")
    assert sound(page)


def test_a_preview_without_javascript_keeps_the_text(people: list[User], open_page: Callable[..., Page]) -> None:
    page = open_page(390, java_script_enabled=False)
    sign_in(page, "reader")
    page.goto(DISCUSSION)
    thread = page.locator(".thread", has_text="Mind")
    thread.get_by_text("Answer", exact=True).click()
    thread.get_by_label("Your answer").fill("Is it *so*?")
    thread.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("so")
    expect(page.get_by_label("Your answer")).to_have_value("Is it *so*?")
    expect(page.locator(".replies .comment")).to_have_count(1)
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".replies .comment")).to_have_count(2)
    expect(page.locator(".replies .comment em")).to_have_text("so")
