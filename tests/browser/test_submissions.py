"""The pages of submissions in a real browser: watching one being judged, and reading what came of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models.functions import Now
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from judge.accounts.models import User
from judge.submissions.models import Status, Submission, Verdict
from problems.models import Problem
from tests.browser.editing import open_editor, write
from tests.browser.gateway import Gateway

pytestmark = pytest.mark.browser

NAME, PASSWORD = "reader", "quite-a-long-one"
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
Make = Callable[..., Submission]


@pytest.fixture
def make(problems: list[Problem]) -> Make:
    """Makes submissions of the reader to `The sum`."""
    user = User.objects.create_user(NAME, password=PASSWORD)

    def made(**fields: Any) -> Submission:
        given = {"language": "python3", "source": "a = input()\nb = 1\nprint(a)\n"}
        return Submission.objects.create(user=user, problem=problems[1], **given | fields)

    return made


def ended(submission: Submission, verdict: Verdict, **result: Any) -> Submission:
    """The submission after its three tests had this result."""
    fields = {"status": Status.DONE, "attempt": 1, "total": 3, "tests_version": 1, "checker": "lines"}
    for position in range(1, 4):
        given = {"attempt": 1, "position": position, "verdict": verdict, "time_ms": 3, "memory_kb": 9_000}
        submission.results.create(**given | result)
    Submission.objects.filter(pk=submission.pk).update(**fields, verdict=verdict, judged_at=Now())
    return submission


def sign_in(page: Page, base: str = "") -> None:
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Username or e-mail").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def gateway(live_server: LiveServer) -> Iterator[Gateway]:
    """A way to the site that can be closed."""
    gateway = Gateway(live_server.url)
    yield gateway
    gateway.close()


@WIDTHS
def test_a_page_goes_on_by_itself_after_the_site_was_away(
    make: Make, gateway: Gateway, open_page: Callable[..., Page], in_thread: Callable[..., None], width: int
) -> None:
    submission = make()
    # A question that is on its way when the site goes is told twice: by the browser, and by htmx.
    page = open_page(width, meant=("net::ERR_", "htmx:afterRequest", "htmx:sendError"))
    sign_in(page, gateway.url)
    page.goto(gateway.url + submission.get_absolute_url())
    expect(page.locator(".outcome-word")).to_have_text("In the queue")
    expect(page.locator("[data-lost]")).to_be_hidden()
    page.evaluate("window.still = true")

    gateway.close()
    expect(page.locator("[data-lost]")).to_contain_text("this page keeps asking")
    assert fits(page)
    in_thread(lambda: ended(submission, Verdict.AC))
    gateway.open()
    expect(page.locator(".outcome-word")).to_have_text("Accepted")
    assert page.title().startswith("Accepted: The sum")
    assert page.evaluate("window.still")


def test_signing_out_elsewhere_leads_to_the_door(make: Make, open_page: Callable[..., Page]) -> None:
    submission = make()
    page = open_page()
    sign_in(page)
    page.goto(submission.get_absolute_url())
    page.context.clear_cookies(name="sessionid")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_without_javascript_the_page_reloads_itself(
    make: Make, open_page: Callable[..., Page], in_thread: Callable[..., None]
) -> None:
    submission = make()
    page = open_page(java_script_enabled=False)
    sign_in(page)
    page.goto(submission.get_absolute_url())
    expect(page.locator(".outcome-word")).to_have_text("In the queue")
    in_thread(lambda: ended(submission, Verdict.AC))
    expect(page.locator(".outcome-word")).to_have_text("Accepted")


@WIDTHS
def test_a_wrong_sample_shows_the_first_difference(make: Make, open_page: Callable[..., Page], width: int) -> None:
    submission = ended(make(), Verdict.WA, stdout=b" 3x\n")
    page = open_page(width)
    sign_in(page)
    page.goto(submission.get_absolute_url())
    difference = page.locator(".diff")
    expect(difference).to_have_count(1)
    expect(difference.locator(".diff-first td").nth(1)).to_have_text(" 3x", use_inner_text=True)
    expect(difference.locator(".blank")).to_have_count(1)
    assert fits(page)


@WIDTHS
def test_a_traceback_leads_to_the_line_of_the_source(make: Make, open_page: Callable[..., Page], width: int) -> None:
    traceback = b'Traceback (most recent call last):\n  File "/work/solution.py", line 2, in <module>\nValueError: x\n'
    submission = ended(make(), Verdict.RE, exit_code=1, stderr=traceback)
    page = open_page(width)
    sign_in(page)
    page.goto(submission.get_absolute_url())
    page.locator(".test-details").get_by_role("link", name="line 2").click()
    expect(page.locator(".line:target")).to_have_text("b = 1", use_inner_text=True)
    expect(page.locator(".line:target")).to_be_in_viewport()
    assert fits(page)


@WIDTHS
def test_one_that_waits_is_cancelled(make: Make, open_page: Callable[..., Page], width: int) -> None:
    submission = make()
    page = open_page(width)
    sign_in(page)
    page.goto(submission.get_absolute_url())
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".outcome-word")).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    assert fits(page)


@WIDTHS
def test_two_of_the_list_are_compared(make: Make, open_page: Callable[..., Page], width: int) -> None:
    made = [ended(make(source=f"a = 1\nprint({number})\n"), Verdict.WA) for number in range(3)]
    page = open_page(width)
    sign_in(page)
    page.goto("/submissions/")
    assert fits(page)
    compare = page.get_by_role("button", name="Compare the two chosen")
    expect(compare).to_be_disabled()
    for submission in made:
        page.get_by_label(f"Choose #{submission.pk} to compare").check()
    expect(page.get_by_label(f"Choose #{made[0].pk} to compare")).not_to_be_checked()
    compare.click()
    expect(page.locator(".diff-other .diff-left")).to_have_text(re.compile(r"print\(1\)"))
    expect(page.locator(".diff-other .diff-right")).to_have_text(re.compile(r"print\(2\)"))
    assert fits(page)


def test_a_list_is_filtered_by_choosing(make: Make, open_page: Callable[..., Page]) -> None:
    ended(make(), Verdict.WA)
    ended(make(), Verdict.AC)
    page = open_page()
    sign_in(page)
    page.goto("/submissions/")
    page.get_by_label("Verdict").select_option("AC")
    expect(page.locator(".submission-list .verdict")).to_have_text(["Accepted"])
    page.get_by_label("Problem", exact=True).fill("no such")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="None like this")).to_be_visible()


def test_the_source_is_copied_without_its_numbers(make: Make, open_page: Callable[..., Page]) -> None:
    submission = ended(make(source="a = 1\n\nprint(a)\n"), Verdict.AC)
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page)
    page.goto(submission.get_absolute_url())
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "a = 1\n\nprint(a)\n"


@WIDTHS
def test_editing_again_keeps_the_draft(make: Make, open_page: Callable[..., Page], width: int) -> None:
    submission = ended(make(source="print('former')"), Verdict.WA)
    page = open_page(width)
    editor = page.locator(".cm-content")
    sign_in(page)
    page.goto(submission.problem.get_absolute_url())
    write(page, "my draft")
    page.goto(submission.get_absolute_url())
    page.get_by_role("link", name="Edit again").click()
    expect(editor).to_contain_text("print('former')")
    expect(page.locator(".draft-other")).to_have_count(1)
    assert fits(page)
    # Neither leaving nor loading again loses it, nor what became of the former program.
    write(page, "print('mended')")
    page.goto("/problems/")
    page.goto(submission.problem.get_absolute_url())
    expect(editor).to_contain_text("print('mended')")
    expect(page.locator(".draft-other")).to_have_count(1)
    open_editor(page)
    page.get_by_role("button", name="Switch to it").click()
    expect(editor).to_contain_text("my draft")


def test_editing_one_after_another_loses_no_draft(make: Make, open_page: Callable[..., Page]) -> None:
    first, second = (ended(make(source=f"print({number})"), Verdict.WA) for number in (1, 2))
    page = open_page()
    editor = page.locator(".cm-content")
    sign_in(page)
    page.goto(first.problem.get_absolute_url())
    write(page, "my draft")
    for submission in (first, second):
        page.goto(f"{submission.problem.get_absolute_url()}?from={submission.pk}")
        expect(editor).to_contain_text(submission.source)
    expect(page.locator(".draft-other")).to_have_count(2)
    page.get_by_role("button", name="Switch to it").first.click()
    expect(editor).to_contain_text("print(1)")
    page.get_by_role("button", name="Switch to it").last.click()
    expect(editor).to_contain_text("my draft")


@pytest.mark.docker
@pytest.mark.worker
@WIDTHS
def test_a_small_failing_case_is_found(
    make: Make, worker: None, open_page: Callable[..., Page], in_thread: Callable[..., None], width: int
) -> None:
    wrong = "a, b = map(int, input().split())\nprint(a * b + 1)\n"
    submission = make(source=wrong)
    in_thread(lambda: ended(submission, Verdict.WA))
    solution = {"verified": True, "solution": "print(sum(map(int, input().split())))"}
    in_thread(lambda: Problem.objects.filter(pk=submission.problem_id).update(**solution))
    page = open_page(width)
    sign_in(page)
    page.goto(submission.get_absolute_url())
    page.get_by_role("button", name="Find a small failing case").click()
    case = page.locator("#case")
    expect(case).to_contain_text("Your program goes wrong on this input")
    expect(case.locator(".triple pre").nth(1)).not_to_be_empty()
    expect(case).to_be_in_viewport()
    assert fits(page)
    # Kept: it need not be looked for again.
    page.reload()
    expect(case).to_contain_text("Your program goes wrong on this input")
    expect(page.get_by_role("button", name="Find a small failing case")).to_have_count(0)
