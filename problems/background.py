"""Looks after an import run's importer: starts its process, stays with it, and ends it where it must end.

The importer is a process of its own, in a group of its own and niced, so that its memory, its crashes and its
processor time are not the worker's. In charge of: processes. Not in charge of: who may start one (`run_claims.py`),
messages (`tasks.py`), or what an importer does (`importing.py`, `undoing.py`).
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from problems import run_claims
from problems.models import ImportRun, RunStatus

log = logging.getLogger(__name__)

NICENESS = 10
LOOK_SECONDS = 0.2
RENEW_SECONDS = 5.0
# An importer obeys a cancellation between two units; one that does not for so long is ended.
CANCEL_SECONDS = 60.0
# What an importer that was asked to end may take for it.
END_SECONDS = 5.0
LAST_WORDS = 2_000

_stopping = threading.Event()


def stop() -> None:
    """This worker is about to end, and with it its importers; their runs go on where the next worker takes them."""
    _stopping.set()


def look_after(run_id: int) -> bool:
    """Claim the run and stay with its importer to the end; True where it died and the run deserves another start.

    Does nothing where there is nothing to do, or another worker does it.
    """
    run = run_claims.claim(run_id)
    if run is None:
        return False
    with tempfile.TemporaryFile() as output, _started(run, output) as importer:
        try:
            stopped = _watch(run, importer)
        finally:
            _end(importer)
        words = _last_words(run, importer, output)
    if stopped:
        run_claims.release(run)
    # One that ends well has finished, or has found another importer at work on the run.
    return bool(not stopped and importer.returncode and run_claims.bury(run, words))


def _command(run: ImportRun) -> list[str]:
    what = "--undo" if run.status == RunStatus.UNDOING else "--run"
    return ["nice", "-n", str(NICENESS), sys.executable, "manage.py", "import_kodcode", what, str(run.pk)]


def _started(run: ImportRun, output: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        _command(run),
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _watch(run: ImportRun, importer: "subprocess.Popen[bytes]") -> bool:
    """Wait for the importer's end, or until it has to be ended; True where that is because the worker ends."""
    renewed = time.monotonic()
    cancel_by = None
    while importer.poll() is None:
        if _stopping.wait(LOOK_SECONDS):
            return True
        now = time.monotonic()
        if now - renewed > RENEW_SECONDS:
            renewed = now
            if run_claims.renew(run):
                cancel_by = cancel_by or now + CANCEL_SECONDS
        if cancel_by and now > cancel_by:
            return False
    return False


def _end(importer: "subprocess.Popen[bytes]") -> None:
    """End the importer and all that it started; a unit that it was at is rolled back and read again."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(importer.pid, number)
            importer.wait(END_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _last_words(run: ImportRun, importer: "subprocess.Popen[bytes]", output: IO[bytes]) -> str:
    """How the importer ended and the end of what it said; into the log in any case."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - LAST_WORDS))
    said = output.read().decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    code = importer.returncode
    how = _("it was ended by signal %(number)s") if code < 0 else _("it ended with exit code %(number)s")
    ending = how % {"number": abs(code)}
    log.log(logging.WARNING if code else logging.INFO, "import run %s: %s\n%s", run.pk, ending, said)
    return _("The importer did not finish: %(how)s.\n%(said)s") % {"how": ending, "said": said}
