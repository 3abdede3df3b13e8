"""From the click on Submit to the verdict on the screen, in a real browser on the whole product, against the floor.

Web server and worker are started as `make up` starts them, on a database and in a corner of the broker of their own.
"""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import floor
from databases import ROOT, create, drop, environment, manage
from measuring import Figures, add_ratio, pairs
from part_judge import CORES, PAIRS, SUM, TEN, Bench
from playwright.sync_api import Page, expect

from judge.stack.place import place
from tests.browser.chromium import chromium
from tests.browser.editing import write

HERE = Path(__file__).resolve().parent
NAME = "kodjudge_bench_web"
# Of the embedded broker's sixteen, one that neither the product nor its cache uses.
CORNER = 7
STOP_SECONDS = 30


def run(figures: Figures) -> None:
    """All figures of this part."""
    create(NAME)
    manage(NAME, "migrate", "--verbosity", "0")
    bench = Bench(pool_size=CORES)
    try:
        with _running() as (address, known), chromium() as browser, tempfile.TemporaryDirectory() as folder:
            context = browser.new_context(base_url=address)
            context.add_cookies([{"name": n, "value": v, "url": address} for n, v in known["cookies"].items()])
            page = context.new_page()
            floor_loop = partial(floor.python_loop, Path(folder), SUM, TEN)
            taken = pairs(lambda: _click(page), floor_loop, PAIRS, lambda: _ready(page, known["path"]))
            add_ratio(figures, "click_to_verdict_over_floor", taken)
            taken = pairs(lambda: bench.submit("python3", SUM, TEN, "solver"), floor_loop, PAIRS)
            add_ratio(figures, "click_to_verdict_engine_share", taken)
    finally:
        bench.sandbox.close()
        drop(NAME)


def _ready(page: Page, path: str) -> None:
    """The problem's page with the program in its editor."""
    page.goto(path)
    write(page, SUM)


def _click(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator(".outcome-word")).to_have_text("Accepted", timeout=30_000)


@contextmanager
def _running() -> Iterator[tuple[str, dict[str, Any]]]:
    """The product's address, and who and what there is in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    broker = place().broker_url
    variables = environment(NAME) | {
        "BROKER_URL": f"{broker}?virtual_host={CORNER}",
        "CACHE_URL": f"{broker.replace('redis+socket://', 'unix://')}?db={CORNER}",
    }
    visitor = subprocess.run(
        [sys.executable, str(HERE / "web_visitor.py")], env=variables, check=True, stdout=subprocess.PIPE
    )
    celery = ["celery", "-A", "judge.celery", "worker", "--pool", "threads", "-c", str(CORES), "--loglevel", "warning"]
    web = [
        "gunicorn",
        "judge.wsgi",
        "-k",
        "gthread",
        "-w",
        "2",
        "--threads",
        "8",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "warning",
    ]
    started = [
        subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=variables, stdout=subprocess.DEVNULL)
        for words in (web, [*celery, "-Q", "interactive,runs,batch"])
    ]
    try:
        yield f"http://127.0.0.1:{port}", json.loads(visitor.stdout)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(STOP_SECONDS)
