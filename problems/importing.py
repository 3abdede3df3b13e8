"""The import run: queues it, runs or resumes it, and keeps its status and its account true to the end.

A run is cut into units, always the same ones for the same source and options; a unit, its rows' fates and its entry in
the account are one transaction (`settling.py`). So a run that was killed goes on where it was, and its counts end up as
if nothing had happened. Not in charge of: what becomes of a row.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from problems import counts, search, sources
from problems.import_workers import WorkerLost
from problems.importer import Cancelled, Fetched, Importer, Watch
from problems.models import ImportRun, Problem, RunStatus
from problems.options import Options
from problems.sources import SourceError

RESUMABLE = (RunStatus.RUNNING, RunStatus.FAILED, RunStatus.CANCELLED)
# The database may hear a little later than we that a process has died.
PATIENCE_SECONDS = 3.0
# The class of our advisory locks; the key in it is the run's id.
LOCKS = 0x4B4A


class Busy(Exception):
    """Another process works on the run."""


def queue(source: str, options: Options, by: Any = None) -> ImportRun:
    """A new run that waits to be run. Raises SourceError for a source of an unknown kind."""
    sources.name_of(source)
    return ImportRun.objects.create(source=_whole(source), options=options.as_json(), started_by=by)


def unfinished(source: str, options: Options) -> ImportRun | None:
    """The last run of this source and these options, where it didn't come to its end and nothing was imported since."""
    runs = ImportRun.objects.filter(source=_whole(source), options=options.as_json())
    run = runs.exclude(status=RunStatus.QUEUED).order_by("-pk").first()
    if run is None or run.status not in RESUMABLE:
        return None
    later = ImportRun.objects.filter(pk__gt=run.pk, rows_read__gt=0).exclude(options__dry_run=True)
    return None if later.exists() else run


def run(
    import_run: ImportRun,
    watch: Watch = lambda fates: None,
    workers: int | None = None,
    fetched: Fetched = lambda there, total: None,
) -> ImportRun:
    """Run it, or go on with it; a run that has come to its end is left as it is.

    ``workers`` is the number of processes besides this one; by itself it is what is worth their start. Raises Busy;
    SourceError and WorkerLost after the run has got the status FAILED, with which it can be resumed.
    """
    with alone(import_run):
        import_run.refresh_from_db()
        if import_run.status not in {RunStatus.QUEUED, *RESUMABLE}:
            return import_run
        _begin(import_run)
        try:
            Importer(import_run, watch, workers, fetched).run()
        except Cancelled:
            _end(import_run, RunStatus.CANCELLED)
        except (SourceError, WorkerLost) as error:
            _end(import_run, RunStatus.FAILED, str(error))
            raise
        except KeyboardInterrupt:
            _end(import_run, RunStatus.FAILED, _("It was interrupted."))
            raise
        else:
            _end(import_run, RunStatus.FINISHED)
    return import_run


@contextmanager
def alone(import_run: ImportRun) -> Iterator[None]:
    """Within it no other process runs or undoes this run. A process that dies lets go. Raises Busy."""
    key = [LOCKS, import_run.pk]
    deadline = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while not cursor.execute("SELECT pg_try_advisory_lock(%s::int, %s::int)", key).fetchone()[0]:
            if time.monotonic() > deadline:
                raise Busy(_("Another process works on import run %(id)s.") % {"id": import_run.pk})
            time.sleep(0.1)
    try:
        yield
    finally:
        # A connection that broke has let go.
        with suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s::int, %s::int)", key)


def _whole(source: str) -> str:
    """A path as every process can read it."""
    return str(Path(source).resolve()) if os.path.exists(source) else source


def _begin(run: ImportRun) -> None:
    if run.status in {RunStatus.FAILED, RunStatus.CANCELLED}:
        run.cancel_requested = False  # that was then
    run.status, run.error, run.finished_at = RunStatus.RUNNING, "", None
    run.save(update_fields=["status", "error", "finished_at", "cancel_requested"])


def _end(run: ImportRun, status: RunStatus, error: str = "") -> None:
    """What was written is made searchable for good, however the run ends."""
    if status != RunStatus.FINISHED:
        _note_end(run, status, error)
    if Problem.objects.filter(written_by=run).exists():
        search.finish()
        counts.compact()
    if status == RunStatus.FINISHED:
        _note_end(run, status, error)


def _note_end(run: ImportRun, status: RunStatus, error: str) -> None:
    run.refresh_from_db()
    run.status, run.error, run.finished_at = status, error, timezone.now()
    run.save(update_fields=["status", "error", "finished_at"])
