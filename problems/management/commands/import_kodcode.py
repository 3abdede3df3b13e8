"""`import_kodcode SOURCE`: imports KodCode rows and tells what became of them. The work is in `problems.importing`."""

from argparse import ArgumentParser
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from problems import importing, sources
from problems.models import Fate, ImportRun

REASONS_SHOWN = 20
REASONS_KEPT = 10_000


class Command(BaseCommand):
    """Shows progress on stderr where that is a terminal, and a table of fates and reasons on stdout."""

    help = "Import KodCode rows from a .jsonl or .parquet file, or a folder of .parquet files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SOURCE and the options."""
        parser.add_argument("source", metavar="SOURCE", help="a .jsonl or .parquet file, or a folder of .parquet files")
        parser.add_argument("--dry-run", action="store_true", help="read and count all, write nothing")
        parser.add_argument("--limit", type=int, metavar="N", help="read the first N rows only")

    def handle(self, *args: object, **options: object) -> None:
        """Import and report; exit code 1 where the source can't be read."""
        source, limit, dry_run = str(options["source"]), options["limit"], bool(options["dry_run"])
        if not (limit is None or (isinstance(limit, int) and limit > 0)):
            raise CommandError(_("--limit takes a number above 0."))
        reasons: Counter[tuple[str, str]] = Counter()
        try:
            total = sources.find(source).count(source)
            # disable=None: silent where stderr is no terminal.
            with tqdm(total=min(total, limit or total), unit=_(" rows"), disable=None) as bar:

                def watch(settled: importing.Settled) -> None:
                    bar.update(settled.fates.total())
                    for row in settled.refused:
                        if (row.fate, row.reason) in reasons or len(reasons) < REASONS_KEPT:
                            reasons[row.fate, row.reason] += 1

                account = importing.run(source, limit=limit, dry_run=dry_run, watch=watch)
        except sources.SourceError as error:
            raise CommandError(str(error)) from error
        self._report(account, reasons, dry_run)

    def _report(self, account: ImportRun, reasons: Counter[tuple[str, str]], dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        for fate in Fate:
            self.stdout.write(f"{fate.label:<12} {getattr(account, fate.value):>9,}")
        self.stdout.write(f"{_('Rows read'):<12} {account.rows_read:>9,}")
        if reasons:
            self.stdout.write("\n" + _("Why rows were refused:"))
        for (fate_name, reason), count in reasons.most_common(REASONS_SHOWN):
            self.stdout.write(f"{count:>9,}  {Fate(fate_name).label}: {reason}")
        if len(reasons) > REASONS_SHOWN:
            self.stdout.write(_("… and %(count)s other reasons.") % {"count": len(reasons) - REASONS_SHOWN})
