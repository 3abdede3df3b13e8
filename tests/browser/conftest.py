"""A real browser on a live site, with a real worker behind it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from kombu.exceptions import ChannelError
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from judge.celery import RUNS, app
from judge.submissions.models import Lane
from problems import search
from problems.models import Problem, TestCase
from tests.browser.chromium import chromium as started

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 30
# What a breach of the content policy is, too.
SERIOUS = {"error", "warning"}
# A form that was refused, one that asks to sign in, a proxy that tests put in between: errors to the browser, which we
# mean.
MEANT = ("422 (Unprocessable", "401 (Unauthorized)", "502 (Bad Gateway)", "Error Code 502")
# The machine may be busy with other tests; a person would wait as well.
expect.set_options(timeout=60_000)


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """The live server takes static files from their sources, by their plain names."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def problems(transactional_db: None) -> list[Problem]:
    """Three problems; each has a table, math, and a sample that its statement holds."""
    statement = (
        "Print $a + b$, where $$0 \\le a, b \\le 10^{18}.$$\n\n"
        "| part | limit |\n|---|--:|\n| 1 | $10^9$ |\n\n"
        "## Sample\n\n```\n1 2\n```\n\n```\n3\n```\n"
    )
    made = []
    for number, title in enumerate(["Another one", "The sum", "Something else"], 1):
        fields = {
            "question_id": f"Apps_{number}_OJ",
            "slug": f"apps-{number}-oj",
            "title": title,
            "statement": f"# {title}\n\n{statement}",
        }
        problem = Problem.objects.create(
            **fields, style="online_judge", subset="Apps", difficulty="easy", content_hash=b"", tests_hash=b""
        )
        for position, (a, b) in enumerate([(1, 2), (20, 22), (10**17, 1)], 1):
            data = {"stdin": f"{a} {b}\n", "stdout": f"{a + b}\n", "is_sample": position == 1}
            TestCase.objects.create(problem=problem, position=position, **data)
        made.append(problem)
    search.index([problem.pk for problem in made])
    return made


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A Celery worker over the real broker, judging for this test's database in the real sandbox."""
    _purge()
    database = connection.settings_dict
    folder = database["HOST"] or database["OPTIONS"]["host"]
    given = os.environ | {"DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={folder}"}
    command = [sys.executable, "-m", "celery", "-A", "judge.celery", "worker", "--pool", "threads", "-c", "1"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-Q", "interactive,runs,batch"], cwd=ROOT, env=given, stdout=log, stderr=log
        )
        yield
        process.terminate()
        process.wait(STOP_SECONDS)
    _purge()


def _purge() -> None:
    with app.connection_for_write() as broker:
        for lane in (*Lane, RUNS):
            try:
                broker.default_channel.queue_purge(str(lane))
            except ChannelError:
                continue


@pytest.fixture
def open_page(live_server: LiveServer, problems: list[Problem], chromium: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of a fresh browser on the site; at the end of the test nothing may have been complained of.

    Comes after the database's fixtures: while Playwright runs, this thread may not use the database.
    """
    complaints: list[str] = []

    def hear(page: Page, said: ConsoleMessage, meant: tuple[str, ...]) -> None:
        if said.type in SERIOUS and not any(words in said.text for words in meant):
            complaints.append(f"{page.url}: {said.text}")

    with ExitStack() as stack:

        def opened(width: int = 1280, meant: tuple[str, ...] = (), **options: Any) -> Page:
            browser = stack.enter_context(started(chromium))
            context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 800}, **options)
            page = context.new_page()
            page.on("console", lambda said: hear(page, said, MEANT + meant))
            page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
            return page

        yield opened
    assert complaints == []


@pytest.fixture
def in_thread() -> Callable[..., None]:
    """Does something with the database while Playwright runs."""

    def call(work: Callable[[], object]) -> None:
        def alone() -> None:
            try:
                work()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as thread:
            thread.submit(alone).result()

    return call
