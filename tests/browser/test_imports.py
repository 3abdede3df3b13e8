"""A curator imports, watches, cancels, undoes and mends, in a real browser with a real importer behind it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from playwright.sync_api import Page, expect

from judge.accounts.models import CURATORS, User
from problems.models import ImportRun, Problem
from problems.sources import kodcode

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 30
NAME, PASSWORD = "curator", "quite-a-long-one"
GOOD = kodcode.EXAMPLES[0][0]


@pytest.fixture
def datasets(settings: Any, tmp_path: Path) -> Path:
    """DATASETS_DIR with forty rows, one of them without tests and one without a solution."""
    settings.DATASETS_DIR = tmp_path
    rows = [GOOD | {"question_id": f"Taco_{number}_OJ"} for number in range(40)]
    rows[7] |= {"test": "{'stdin': [str(7)], 'stdout': ['14']}", "question": "# Broken\n\nA <b>bad</b> row."}
    rows[9] |= {"solution": ""}
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


@pytest.fixture
def curator(transactional_db: None) -> User:
    """A member of the Curators."""
    user = User.objects.create_user(NAME, password=PASSWORD)
    user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return user


@pytest.fixture
def importer(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A Celery worker for imports, as `make up` starts one, for this test's database."""
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    given = os.environ | {"DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}"}
    command = [sys.executable, "-m", "celery", "-A", "judge.celery", "worker", "--pool", "threads", "-c", "1"]
    with (tmp_path / "importer.log").open("wb") as log:
        process = subprocess.Popen([*command, "-Q", "imports"], cwd=ROOT, env=given, stdout=log, stderr=log)
        yield
        process.terminate()
        process.wait(STOP_SECONDS)


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/problems/")


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def start(page: Page) -> None:
    page.goto("/dataset/")
    page.get_by_role("link", name="Imports").click()
    page.get_by_label("Source").select_option("rows.jsonl")
    assert fits(page)
    page.get_by_role("button", name="Import").click()
    page.wait_for_url(re.compile(r"/dataset/imports/\d+/"))


@pytest.mark.worker
@pytest.mark.parametrize("width", [1280, 390])
def test_import_watch_look_mend_and_undo(
    datasets: Path, curator: User, importer: None, open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(width)
    sign_in(page)
    start(page)
    page.evaluate("window.still = true")
    expect(page.locator(".status")).to_have_text("Finished")
    expect(page.locator(".legend")).to_contain_text("Imported 38")
    expect(page.get_by_text("The five fates add up to 40 rows read.")).to_be_visible()
    expect(page.get_by_role("link", name="Undo this import")).to_be_visible()
    assert page.evaluate("window.still")  # the page was not loaded again
    assert fits(page)
    run = page.url

    page.get_by_role("link", name="test is not a Python literal").click()
    expect(page.get_by_role("heading", name="Refused rows")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Taco_7_OJ").click()
    expect(page.locator(".place")).to_contain_text("test, character 12")
    assert fits(page)
    text = page.get_by_label("The row as JSON")
    mended = text.input_value().replace("str(7)", "'7'")
    text.fill(text.input_value().replace("'14'", "'fourteen'"))
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("alert")).to_contain_text("test is not a Python literal")
    expect(text).to_have_value(re.compile("fourteen"))
    text.fill(mended)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Broken")).to_be_visible()

    page.goto(run)
    page.get_by_role("link", name="Undo this import").click()
    expect(page.locator(".figures")).to_contain_text("Problems removed39")
    assert fits(page)
    page.get_by_role("button", name="Undo it").click()
    expect(page.locator(".status")).to_have_text("Undone")
    expect(page.locator(".progress")).to_contain_text("problems removed")


def test_a_run_that_waits_is_cancelled(datasets: Path, curator: User, open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page)
    start(page)
    expect(page.locator(".status")).to_have_text("Queued")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".status")).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_all_of_it_works_without_javascript(datasets: Path, curator: User, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page)
    start(page)
    expect(page.locator(".status")).to_have_text("Queued")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".status")).to_have_text("Cancelled")


def test_a_button_is_not_exchanged_while_nothing_else_can_be_done(
    curator: User, open_page: Callable[..., Page], transactional_db: None
) -> None:
    run = ImportRun.objects.create(source="rows.jsonl")
    page = open_page()
    sign_in(page)
    page.goto(run.get_absolute_url())
    page.get_by_role("button", name="Cancel").evaluate("button => { button.dataset.mine = 'yes' }")
    with page.expect_response(re.compile("/live/")), page.expect_response(re.compile("/live/")):
        pass
    expect(page.locator("#actions [data-mine]")).to_be_visible()


def test_the_citation_is_copied(open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/dataset/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{xu2025kodcode,")


def test_a_solver_reads_the_dataset_at_any_width(open_page: Callable[..., Page], problems: list[Problem]) -> None:
    page = open_page(390)
    page.goto("/problems/")
    page.get_by_role("link", name="Dataset").click()
    expect(page.get_by_role("heading", name="The dataset")).to_be_visible()
    assert fits(page)
    page.get_by_role("row", name="Apps").get_by_role("link").last.click()
    expect(page.locator(".problem-list li")).to_have_count(len(problems))
