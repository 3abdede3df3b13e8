"""`manage.py generate_rows COUNT OUT`: made-up rows of KodCode's sizes for tests of scale."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from problems.row_files import write_rows


class Command(BaseCommand):
    """The door to `row_files.write_rows`."""

    help = _("Writes made-up rows in the KodCode-V1 schema, with the dataset's sizes and shares.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """COUNT OUT [--seed N] [--files 15]."""
        parser.add_argument("count", type=int, help=_("How many rows; the dataset has 487432."))
        parser.add_argument(
            "out",
            type=Path,
            help=_("A new folder, or a new file that ends in .parquet, .jsonl, .jsonl.gz or .jsonl.zst."),
        )
        parser.add_argument("--seed", type=int, default=0, help=_("The same seed gives the same rows."))
        parser.add_argument("--files", type=int, default=15, help=_("The number of parquet files in a folder."))

    def handle(self, *, count: int, out: Path, seed: int, files: int, **options: object) -> None:
        """Write, with a progress bar on stderr."""
        if count < 0 or files < 1:
            raise CommandError(_("COUNT can't be negative, and there must be at least one file."))
        with tqdm(total=count, unit=" rows", unit_scale=True, disable=options["verbosity"] == 0) as bar:
            try:
                write_rows(out, count, seed, files, bar.update)
            except FileExistsError as error:
                raise CommandError(_("%s is there already: name a new file or folder.") % out) from error
        self.stdout.write(_("%(count)d rows in %(out)s") % {"count": count, "out": out})
