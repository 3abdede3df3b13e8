"""Fills what an import leaves out: people with sessions, what they have tried, some tags, what is verified.

Run on the database that DATABASE_URL names; prints as JSON the cookies of a solver and of a curator, addresses of
problems and words to search for.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judge.settings")

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.db.models.functions import Mod  # noqa: E402
from visitors import signed_in  # noqa: E402

from judge.accounts.models import CURATORS  # noqa: E402
from judge.submissions.models import Status, Submission, Verdict  # noqa: E402
from problems import counts  # noqa: E402
from problems.models import Problem, State, Word  # noqa: E402

SLUGS = 200
TRIED = 300


def main() -> None:
    """Fill, and say what there is."""
    shown = Problem.objects.filter(state=State.PUBLISHED, judgeable=True)
    _curate()
    solver, of_solver = signed_in("solver")
    curator, of_curator = signed_in("curator")
    curator.groups.add(Group.objects.get(name=CURATORS))
    ids = list(shown.order_by("id").values_list("pk", flat=True))
    Submission.objects.bulk_create(
        Submission(
            problem_id=problem_id,
            user=solver,
            language="python3",
            source="print()",
            status=Status.DONE,
            verdict=Verdict.AC if number % 3 else Verdict.WA,
        )
        for number, problem_id in enumerate(ids[:: max(1, len(ids) // TRIED)])
    )
    slugs = list(shown.filter(pk__in=ids[:: max(1, len(ids) // SLUGS)]).values_list("slug", flat=True))
    counts.compact()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    words = list(Word.objects.order_by("-problems", "word").values_list("word", flat=True))
    cookies = {
        "solver": "; ".join(map("=".join, of_solver.items())),
        "curator": "; ".join(map("=".join, of_curator.items())),
    }
    said = {**cookies, "slugs": slugs, "ids": ids, "words": words[:5000]}
    print(json.dumps(said))


def _curate() -> None:
    """One problem in fifty is verified, one in a hundred has a tag, as after some months of curation."""
    Problem.objects.annotate(rest=Mod(F("id"), 50)).filter(rest=0).update(verified=True)
    Problem.objects.annotate(rest=Mod(F("id"), 100)).filter(rest=1).update(tags=["graphs"])


if __name__ == "__main__":
    main()
