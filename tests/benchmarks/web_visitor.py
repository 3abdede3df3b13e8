"""Fills the database that DATABASE_URL names with one problem and one solver; prints the address and the cookies."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judge.settings")

import django

django.setup()

from part_judge import TEN  # noqa: E402
from visitors import signed_in  # noqa: E402

from problems.models import Problem, TestCase  # noqa: E402


def main() -> None:
    """Fill, and say what there is."""
    problem = Problem.objects.create(
        question_id="Bench_1_OJ",
        slug="bench-1-oj",
        title="The sum",
        statement="Print the sum of the numbers.",
        style="online_judge",
        subset="Bench",
        content_hash=b"",
        tests_hash=b"",
    )
    TestCase.objects.bulk_create(
        TestCase(problem=problem, position=n, stdin=stdin.decode(), stdout=stdout.decode(), is_sample=n == 1)
        for n, (stdin, stdout) in enumerate(TEN, 1)
    )
    _user, cookies = signed_in("solver")
    print(json.dumps({"path": problem.get_absolute_url(), "cookies": cookies}))


if __name__ == "__main__":
    main()
