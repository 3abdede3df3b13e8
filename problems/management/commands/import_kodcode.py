"""`import_kodcode`: imports KodCode rows and tells what became of them. The work is in `problems.importing`."""

from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils.translation import gettext as _
from tqdm import tqdm

from problems import importing, undoing
from problems.accounting import Fates
from problems.import_workers import WorkerLost
from problems.importer import SourceChanged
from problems.models import Difficulty, Fate, ImportRun, RunStatus, Split, Style
from problems.options import Options
from problems.sources import SourceError

REASONS_SHOWN = 20


class Command(BaseCommand):
    """Shows progress on stderr where that is a terminal, and a table of fates and reasons on stdout."""

    help = "Import rows of a dataset in KodCode's schema, go on with such an import, or undo one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SOURCE and its options, or a run's id."""
        parser.add_argument(
            "source",
            metavar="SOURCE",
            nargs="?",
            help="a file (.parquet, .jsonl, .jsonl.gz, .jsonl.zst), a "
            "folder, or a data set on a hub: owner/name, owner/name@revision, modelscope:owner/name",
        )
        parser.add_argument("--run", type=int, metavar="ID", help="run, or go on with, this import run")
        parser.add_argument("--undo", type=int, metavar="ID", help="undo this import run")
        chosen = parser.add_argument_group("which rows (each may be given several times)")
        chosen.add_argument("--style", action="append", choices=Style.values, default=[])
        chosen.add_argument("--subset", action="append", metavar="NAME", default=[])
        chosen.add_argument("--split", action="append", choices=Split.values, default=[])
        chosen.add_argument("--difficulty", action="append", choices=Difficulty.values, default=[])
        parser.add_argument("--limit", type=int, metavar="N", help="N rows only, as many of each subset")
        parser.add_argument("--min-pass", type=float, metavar="X", help="pass rate of at least X, from 0 to 1")
        parser.add_argument("--with-trials", action="store_true", help="keep the model's trials, most of the bytes")
        parser.add_argument("--dry-run", action="store_true", help="read and count all, write no problem")

    def handle(self, *args: object, **options: Any) -> None:
        """Do the one thing that is asked for; exit code 1 where it can't be done to its end."""
        if [options["source"] is None, options["run"] is None, options["undo"] is None].count(False) != 1:
            raise CommandError(_("Give a SOURCE, or --run ID, or --undo ID."))
        try:
            if options["undo"] is not None:
                self._undo(_run(options["undo"]))
            elif options["run"] is not None:
                self._import(_run(options["run"]))
            else:
                self._import_source(options["source"], _options(options))
        except importing.Busy as error:
            # Of a run that somebody else works on there is nothing to do.
            self.stdout.write(str(error))
        except (SourceError, WorkerLost, undoing.CannotUndo) as error:
            raise CommandError(str(error)) from error

    def _import_source(self, source: str, options: Options) -> None:
        run = importing.unfinished(source, options)
        if run is not None:
            self.stdout.write(_("Going on with import run %(id)s.") % {"id": run.pk})
            try:
                return self._import(run)
            except SourceChanged:
                self.stdout.write(_("The source has changed since: this is a new run."))
        return self._import(importing.queue(source, options))

    def _import(self, run: ImportRun) -> None:
        # disable=None: silent where stderr is no terminal.
        with tqdm(unit=_(" rows"), unit_scale=True, disable=None) as bar, _Download() as download:

            def watch(fates: Fates) -> None:
                if bar.total is None:
                    # Its clock begins here: a download has one of its own.
                    bar.reset((run.rows_total or 0) - run.left_out)
                    bar.initial = fates.total()
                bar.update(fates.total())

            importing.run(run, watch, fetched=download.tell)
        self._report(run)

    def _report(self, run: ImportRun) -> None:
        if run.options.get("dry_run"):
            self.stdout.write(_("Dry run: no problem was written."))
        if run.status == RunStatus.CANCELLED:
            self.stdout.write(_("It was cancelled."))
        counts = {fate.label: getattr(run, fate.value) for fate in Fate}
        for label, count in (counts | {_("Rows read"): run.rows_read, _("Left out"): run.left_out}).items():
            self.stdout.write(f"{label:<12} {count:>9,}")
        reasons = run.refused.values_list("fate", "reason").annotate(count=Count("pk")).order_by("-count", "reason")
        shown = list(reasons[: REASONS_SHOWN + 1])
        if shown:
            self.stdout.write("\n" + _("Why rows were refused:"))
        for fate, reason, count in shown[:REASONS_SHOWN]:
            self.stdout.write(f"{count:>9,}  {Fate(fate).label}: {reason}")
        if len(shown) > REASONS_SHOWN:
            self.stdout.write(_("… and other reasons."))

    def _undo(self, run: ImportRun) -> None:
        with tqdm(unit=_(" problems"), unit_scale=True, disable=None) as bar:
            undone = undoing.undo(run, watch=bar.update)
        for label, count in (
            (_("Removed"), undone.removed),
            (_("Restored"), undone.restored),
            (_("Hidden, because they are in use"), undone.hidden),
            (_("Left alone, because they changed since"), undone.left_alone),
        ):
            self.stdout.write(f"{label:<40} {count:>9,}")


class _Download(ExitStack):
    """The bar of a download, where there is something to download."""

    bar: "tqdm[Any] | None" = None

    def tell(self, there: int, total: int) -> None:
        """Show how many bytes are there."""
        if self.bar is None and there < total:
            bar = tqdm(total=total, initial=there, unit="B", unit_scale=True, desc=_("Download"), disable=None)
            self.bar = self.enter_context(bar)
        if self.bar is not None:
            self.bar.update(there - self.bar.n)


def _run(pk: int) -> ImportRun:
    run = ImportRun.objects.filter(pk=pk).first()
    if run is None:
        raise CommandError(_("There is no import run %(id)s.") % {"id": pk})
    return run


def _options(given: dict[str, Any]) -> Options:
    limit, min_pass = given["limit"], given["min_pass"]
    if limit is not None and limit < 1:
        raise CommandError(_("--limit takes a number above 0."))
    if min_pass is not None and not 0 <= min_pass <= 1:
        raise CommandError(_("--min-pass takes a fraction from 0 to 1."))
    return Options(
        styles=_chosen(given["style"]),
        subsets=_chosen(given["subset"]),
        splits=_chosen(given["split"]),
        difficulties=_chosen(given["difficulty"]),
        limit=limit,
        min_pass=min_pass,
        with_trials=given["with_trials"],
        dry_run=given["dry_run"],
    )


def _chosen(values: list[str]) -> tuple[str, ...]:
    """In an order of their own: the same choice is the same import."""
    return tuple(sorted(set(values)))
