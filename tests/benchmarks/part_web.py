"""From the click on Submit to the verdict on the screen, in a real browser on the whole product, against the floor; and
how soon a slow phone shows something of a problem's page, against a line of text from the same server.

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
from playwright.sync_api import Browser, Page

from judge.stack.place import place
from tests.browser.chromium import chromium
from tests.browser.editing import write

HERE = Path(__file__).resolve().parent
NAME = "kodjudge_bench_web"
# Of the embedded broker's sixteen, one that neither the product nor its cache uses.
CORNER = 7
STOP_SECONDS = 30
# Lighthouse's slow phone: https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
SLOW_CPU = {"rate": 4}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
# What the server says of an address of the API that there isn't: one line.
BLANK = "/api/v1/nothing"
SHOWN = "() => document.querySelector('.outcome-word')?.textContent.trim() === 'Accepted'"
FIRST_PAINT = """new Promise(resolve => new PerformanceObserver(list => {
    for (const paint of list.getEntriesByName("first-contentful-paint")) resolve(paint.startTime);
}).observe({type: "paint", buffered: true}))"""


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
            paints = [[_first_paint(browser, address + path) for path in (known["path"], BLANK)] for _ in range(PAIRS)]
            add_ratio(figures, "first_paint_on_slow_phone_over_blank", [(ours, blank) for ours, blank in paints])
    finally:
        bench.sandbox.close()
        drop(NAME)


def _ready(page: Page, path: str) -> None:
    """The problem's page with the program in its editor."""
    page.goto(path)
    write(page, SUM)


def _click(page: Page) -> None:
    page.get_by_role("button", name="Submit", exact=True).click()
    # Asked at each frame: `expect` asks again after 100, 250 and 500 ms only, which would be part of the figure.
    page.wait_for_function(SHOWN, timeout=30_000)


def _first_paint(browser: Browser, address: str) -> float:
    """When a slow phone with an empty cache shows something of the page, in seconds from the start of loading."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", SLOW_CPU)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        page.goto(address)
        return float(page.evaluate(FIRST_PAINT)) / 1_000
    finally:
        context.close()


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
