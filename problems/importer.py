"""What one process does for an import run: brings the source, surveys it, and sees that every unit is settled.

Units go to worker processes where there are rows enough. Those that need all the memory there is, and rows that repeat
an id, are settled here when no other process is at work. Not in charge of: the run's status (`importing.py`), or what
becomes of a row (`settling.py`).
"""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from problems import import_workers, sources, surveying
from problems.accounting import Fates
from problems.memory import at_most, with_more
from problems.models import Fate, ImportRun
from problems.options import Options
from problems.settling import Settler, Unit, Work, settle_or_leave
from problems.sources import SourceError, _files
from problems.surveying import REPEATED, TAKEN, Survey

# From so many rows on, worker processes are worth their start.
ROWS_FOR_WORKERS = 5_000
# What this process may take besides for rows of any size, in bytes; no other is at work then.
MEMORY = 400 * 1024 * 1024
LOOK_SECONDS = 1.0
HEARD_SECONDS = 5.0

# Hears of each unit that is settled, and at the start of all that a former process has settled.
Watch = Callable[[Fates], object]
# Hears how many bytes of a source from elsewhere are here, and how many there will be.
Fetched = Callable[[int, int], object]


class SourceChanged(SourceError):
    """The source holds something else than at the run's start."""


class Cancelled(Exception):
    """Somebody has asked the run to end."""


class Importer:
    """One process's work on a run."""

    def __init__(self, run: ImportRun, watch: Watch, workers: int | None, fetched: Fetched) -> None:
        self._run = run
        self._watch = watch
        self._fetched = fetched
        self._workers = workers
        self._options = Options.from_json(run.options)
        self._reader = sources.name_of(run.source)
        self._work = Work(run.pk, self._reader, self._options)
        self._files: list[Path] = []
        # Taken now: later there may be something left of what was read.
        self._memory = with_more(MEMORY)
        self._looked = self._said = 0.0
        self._stopped = False
        # Numbers of units: those that former processes settled, and those that are too large for a worker.
        self._settled: set[int] = set()
        self._large: set[int] = set()

    def run(self) -> None:
        """Raises Cancelled, SourceError, WorkerLost."""
        self._listen()
        self._recognise(self._fetch())
        with self._bounded():
            survey = surveying.survey(self._files, self._reader, self._options, lambda rows: self._listen())
        ImportRun.objects.filter(pk=self._run.pk).update(rows_total=survey.rows, left_out=survey.left_out)
        self._run.refresh_from_db()
        self._settled = set(self._run.units.values_list("number", flat=True))
        self._watch(+Fates({fate: getattr(self._run, fate.value) for fate in Fate}))
        workers = self._workers
        if workers is None:
            workers = import_workers.count() if survey.rows - survey.left_out >= ROWS_FOR_WORKERS else 0
        with closing(self._open_units(survey)) as taken:
            if workers:
                self._settle_elsewhere(taken, workers)
            else:
                self._settle_here(taken)
        with self._bounded():
            self._settle_large(survey)
            self._settle_repeated(survey)

    def _fetch(self) -> str:
        """Bring the source's files; returns what stands for exactly their content. Raises SourceError, Cancelled."""

        def progress(there: int, total: int) -> None:
            self._listen()
            self._fetched(there, total)

        reader, versioned = sources.all_sources()[self._reader], sources.versioned(self._reader)
        source = self._run.source
        if versioned and self._run.fingerprint:
            source = versioned.at(source, self._run.fingerprint)
        path = reader.fetch(source, self._options.splits, settings.DATASETS_DIR, progress)
        if versioned:
            self._files = versioned.files_of(path, self._options.splits)
            return versioned.version_of(path)
        self._files = _files.files_of(path)
        return _files.fingerprint(self._files)

    def _recognise(self, fingerprint: str) -> None:
        """Raises SourceChanged."""
        if self._run.fingerprint and self._run.fingerprint != fingerprint:
            raise SourceChanged(
                _("%(source)s has changed since the import began: start a new one.") % {"source": self._run.source}
            )
        self._run.fingerprint = fingerprint
        self._run.save(update_fields=["fingerprint"])

    def _units(self, survey: Survey, mark: int, *, with_heavy: bool = True) -> "closing[Generator[Unit, None, None]]":
        parts = surveying.parts_of(self._files, self._reader, self._options, with_heavy=with_heavy)
        return closing(survey.units(parts, mark))

    def _open_units(self, survey: Survey) -> Generator[Unit, None, None]:
        """The units that any process may settle; those that are settled are left out, and the large ones noted."""
        with self._units(survey, TAKEN, with_heavy=False) as units:
            for unit in units:
                if unit.part.heavy:
                    self._large.add(unit.number)
                elif unit.number not in self._settled:
                    yield unit

    def _settle_elsewhere(self, units: Iterator[Unit], workers: int) -> None:
        for unit, fates, is_large in import_workers.settle(self._work, units, workers, self._may_go_on):
            if is_large:
                self._large.add(unit.number)
            self._watch(fates or Fates())
        if not self._may_go_on():
            raise Cancelled

    def _settle_here(self, units: Iterator[Unit]) -> None:
        with self._bounded(), closing(Settler(self._work)) as settler:
            for unit in units:
                self._listen()
                fates, is_large = settle_or_leave(settler, unit)
                if is_large:
                    self._large.add(unit.number)
                self._watch(fates or Fates())

    def _settle_large(self, survey: Survey) -> None:
        """The units that need all the memory there is."""
        missing = self._large - self._settled
        if not missing:
            return
        with self._units(survey, TAKEN) as units, closing(Settler(self._work, one_by_one=True)) as settler:
            for unit in units:
                if unit.number in missing:
                    self._listen()
                    self._watch(settler.settle(unit) or Fates())

    def _settle_repeated(self, survey: Survey) -> None:
        """One after the other: whether a row is a duplicate depends on what became of those before it."""
        if REPEATED not in survey.marks:
            return
        rejected: set[int] | None = None
        seen: set[int] = set()
        with (
            self._units(survey, REPEATED) as units,
            closing(Settler(self._work, one_by_one=True, seen=seen)) as settler,
        ):
            for unit in units:
                self._listen()
                if unit.number not in self._settled:
                    self._watch(settler.settle(unit) or Fates())
                    continue
                if rejected is None:
                    rejected = set(self._run.refused.filter(fate=Fate.REJECTED).values_list("row_number", flat=True))
                seen.update(digest for number, digest in survey.ids_of(unit) if number not in rejected)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Within it this process takes no more memory than it may. Raises SourceError."""
        try:
            with at_most(self._memory):
                yield
        except MemoryError:
            raise SourceError(
                _("%(source)s can't be read in %(size)s MB of memory.")
                % {"source": self._run.source, "size": MEMORY >> 20}
            ) from None

    def _listen(self) -> None:
        """Raises Cancelled."""
        if not self._may_go_on():
            raise Cancelled

    def _may_go_on(self) -> bool:
        """Say now and then that we work; False where somebody has asked the run to end."""
        now = time.monotonic()
        if now - self._said > HEARD_SECONDS:
            self._said = now
            ImportRun.objects.filter(pk=self._run.pk).update(heard_at=Now())
        if now - self._looked > LOOK_SECONDS:
            self._looked = now
            self._stopped |= ImportRun.objects.filter(pk=self._run.pk, cancel_requested=True).exists()
        return not self._stopped
