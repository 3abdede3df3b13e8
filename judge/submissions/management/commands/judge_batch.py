"""`manage.py judge_batch IN.jsonl OUT.jsonl`: judge many programs, no web and no database."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from judge.engine.batch import judge_lines
from judge.engine.errors import EngineError
from judge.submissions.judging import make_sandbox


class Command(BaseCommand):
    """See `judge.engine.batch` for the two formats."""

    help = "Judges every line of a JSONL file with the engine, checkers and limits of the site; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Two files and the number of workers."""
        parser.add_argument("input", type=Path, metavar="IN.jsonl")
        parser.add_argument("output", type=Path, metavar="OUT.jsonl")
        cores = len(os.sched_getaffinity(0))
        parser.add_argument("--workers", type=int, default=cores, help=f"judge so many at a time (default: {cores})")

    def handle(self, *, input: Path, output: Path, workers: int, **_: Any) -> None:  # noqa: A002 - the option's name
        """Judge line by line; the output is written as it comes."""
        if workers < 1:
            raise CommandError("--workers must be at least 1")
        try:
            if output.exists() and output.samefile(input):
                raise CommandError("IN and OUT are the same file")
            with input.open("rb") as lines:
                total = sum(1 for line in lines if line.strip())
            with input.open("rb") as lines, output.open("w", encoding="utf-8") as out:
                sandbox = make_sandbox(pool_size=workers)
                try:
                    for answer in tqdm(judge_lines(lines, sandbox, workers), total=total, unit=" programs"):
                        out.write(json.dumps(answer) + "\n")
                finally:
                    sandbox.close()
        except (OSError, EngineError) as error:
            raise CommandError(str(error)) from error
