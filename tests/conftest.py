"""What every test may use, and the counts per kind at the end of a run."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from judge.stack import testing

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
# The first that fits a test is its kind; the rest are unit tests.
MARKED = ("browser", "worker", "docker")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
KIND = pytest.StashKey[dict[str, str]]()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of dataset files that lies beside the repository and is not ours to ship."""
    if not SHARED_DATA.is_dir():
        message = f"{SHARED_DATA} is missing: place the clone beside the folder shared/"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _counts_are_never_old(settings: Any) -> None:
    """A test looks at once at what it has just made."""
    settings.COUNTS_MAX_AGE_SECONDS = 0


@pytest.fixture(autouse=True)
def _language_of_the_site() -> Iterator[None]:
    """A page asked for in Chinese leaves its language to this thread, and with it to the tests that follow."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium."""
    found = testing.browser()
    if not found:
        pytest.fail("no Chromium on this machine: make test installs one")
    return found


def _kind(item: pytest.Item) -> str:
    for name in MARKED:
        if item.get_closest_marker(name):
            return name
    fixtures = set(getattr(item, "fixturenames", ()))
    return "database" if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES else "unit"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Remember each test's kind for the counts."""
    config.stash[KIND] = {item.nodeid: _kind(item) for item in items}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """A test that needs Docker, a worker or a browser fails where it would be skipped: make test provides them."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _kind(item) in MARKED:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must run, and it was skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Counts per kind, right above pytest's own last line."""
    kinds = config.stash.get(KIND, {})
    counts: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            counts.setdefault(kinds.get(report.nodeid, "unit"), Counter())[outcome] += 1
    for kind in ("unit", "database", "docker", "worker", "browser"):
        found = counts.get(kind, {})
        said = ", ".join(f"{number} {outcome}" for outcome, number in found.items()) or "none"
        terminalreporter.write_line(f"{kind:>9}: {said}")
