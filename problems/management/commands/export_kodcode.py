"""`export_kodcode OUT`: curated problems back into the dataset's schema. The work is in `problems.exporting`."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from problems import export_files, exporting
from problems.models import Difficulty, Split, State, Style


class Command(BaseCommand):
    """Shows progress on stderr where that is a terminal."""

    help = _("Exports problems in the KodCode-V1 schema with a column of ours; an import of it changes nothing.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """OUT and which problems."""
        parser.add_argument(
            "out", type=Path, metavar="OUT", help=_("OUT.parquet, OUT.jsonl, OUT.jsonl.gz, OUT.jsonl.zst or a folder.")
        )
        for name, dest, choices in (
            ("--style", "styles", Style.values),
            ("--subset", "subsets", None),
            ("--split", "splits", Split.values),
            ("--difficulty", "difficulties", Difficulty.values),
            ("--state", "states", State.values),
            ("--tag", "tags", None),
        ):
            parser.add_argument(
                name, dest=dest, choices=choices, action="append", default=[], help=_("Only these; may be repeated.")
            )
        parser.add_argument("--verified", action=BooleanOptionalAction, help=_("Only (or none of) the verified ones."))
        parser.add_argument(
            "--curated", action=BooleanOptionalAction, help=_("Only (or none of) those that a curator edited.")
        )
        parser.add_argument("--min-pass", type=float, metavar="X", help=_("A pass rate of X or more, from 0 to 1."))
        parser.add_argument("--force", action="store_true", help=_("Replace what is there."))

    def handle(self, *, out: Path, force: bool, **options: Any) -> None:
        """Export and say how many; exit code 1 where nothing can be written."""
        names = exporting.Wanted.__dataclass_fields__
        problems = exporting.Wanted(**{name: options[name] for name in names}).problems()
        try:
            # disable=None: silent where stderr is no terminal.
            with tqdm(total=problems.count(), unit=_(" rows"), unit_scale=True, disable=None) as bar:
                count = exporting.export(out, problems, force=force, progress=bar.update)
        except export_files.AlreadyThere as error:
            raise CommandError(_("%s is there already; --force replaces an export.") % out) from error
        except export_files.UnknownKind as error:
            raise CommandError(
                _("%s: name it .parquet, .jsonl, .jsonl.gz or .jsonl.zst, or give a folder.") % out
            ) from error
        except OSError as error:
            raise CommandError(_("%(out)s can't be written: %(error)s") % {"out": out, "error": error}) from error
        self.stdout.write(_("%(count)d rows in %(out)s") % {"count": count, "out": out})
        self.stdout.write(_("KodCode-V1 is under CC BY-NC 4.0: name its authors, and no commercial use."))
