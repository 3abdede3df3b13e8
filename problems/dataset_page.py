"""The numbers of the dataset's page: what is imported, and how it is spread.

In charge of: adding up. Not in charge of: counting problems (`counts.py`), which this page never does by itself but for
what it keeps in the cache, or drawing (`charts.py`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from problems import charts
from problems.charts import Bar, Column
from problems.models import Difficulty, Problem, Split, State, Style

# An import moves these by little in so much time, and each reads an index or a column of all problems.
KEPT_SECONDS = 600
SIMILARITY_COLUMNS = 20
PASS_RATE_COLUMNS = 10
REASONS_SHOWN = 20
REASON_LENGTH = 200

CITATION = """\
@article{xu2025kodcode,
  title={KodCode: A Diverse, Challenging, and Verifiable Synthetic Dataset for Coding},
  author={Zhangchen Xu and Yang Liu and Yueqin Yin and Mingyuan Zhou and Radha Poovendran},
  year={2025},
  eprint={2503.02951},
  archivePrefix={arXiv},
  primaryClass={cs.LG},
  url={https://arxiv.org/abs/2503.02951},
}
"""

Words = str | Promise
# What a difficulty is called where a row names none.
DIFFICULTIES: dict[str, Words] = {**dict(Difficulty.choices), "": _("Unrated")}


@dataclass(frozen=True, slots=True)
class Row:
    """One subset's line: a bar a style, and how many of its problems can be solved here."""

    subset: str
    bars: list[Bar]
    total: int
    solvable: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that the page shows but the reasons. ``styles`` are those that occur, in the order of each row's bars."""

    total: int
    solvable: int
    verified: int
    by_state: dict[str, int]
    styles: list[Words]
    style: Bar
    difficulty: Bar
    split: Bar
    rows: list[Row]
    pass_rates: list[Column]
    rated: int


def numbers() -> Numbers:
    """The numbers as of now."""
    found = _combinations()
    by = {name: _summed(found, name) for name in ("style", "difficulty", "split", "subset", "state")}
    styles = [style for style in Style if by["style"][style]]
    cells = _summed(found, "subset", "style", "difficulty")
    longest = max(_summed(found, "subset", "style").values(), default=0)
    solvable = [row for row in found if row["state"] == State.PUBLISHED and row["judgeable"]]
    solvable_of = _summed(solvable, "subset")
    pass_rates = _pass_rates()
    return Numbers(
        total=by["style"].total(),
        solvable=solvable_of.total(),
        verified=_summed([row for row in found if row["verified"]], "subset").total(),
        by_state={state: by["state"][state] for state in State},
        styles=[style.label for style in styles],
        style=charts.bar((style, style.label, by["style"][style]) for style in styles),
        difficulty=_difficulties(by["difficulty"]),
        split=charts.bar((split, split.label, by["split"][split]) for split in Split),
        rows=[
            Row(
                subset=subset,
                bars=[
                    _difficulties({name: cells[subset, style, name] for name in DIFFICULTIES}, longest)
                    for style in styles
                ],
                total=by["subset"][subset],
                solvable=solvable_of[subset],
            )
            for subset in sorted(by["subset"])
        ],
        pass_rates=charts.histogram(pass_rates),
        rated=sum(pass_rates),
    )


def similarities() -> list[Column]:
    """How many problems are how similar to a benchmark's question; kept for a while."""
    counts = cache.get_or_set(
        "dataset-similarities", lambda: _histogram("benchmark_similarity", SIMILARITY_COLUMNS), KEPT_SECONDS
    )
    return charts.histogram(counts)


def quarantined(reason: str = "") -> QuerySet[Problem]:
    """The problems in quarantine (for ``reason``, as `quarantine_reasons` tells it), with what a list shows of them."""
    problems = Problem.objects.filter(state=State.QUARANTINED).annotate(reason=Left("state_reason", REASON_LENGTH))
    shown = problems.only("id", "slug", "question_id", "title", "style")
    return shown.filter(reason=reason) if reason else shown


def quarantine_reasons() -> list[tuple[str, int]]:
    """The commonest reasons why problems are in quarantine, with their counts."""
    reasons = quarantined().order_by().values_list("reason").annotate(count=Count("pk"))
    return list(reasons.order_by("-count", "reason")[:REASONS_SHOWN])


def _difficulties(counts: Mapping[str, int], longest: int | None = None) -> Bar:
    return charts.bar(((key or "unrated", label, counts[key]) for key, label in DIFFICULTIES.items()), longest)


def _summed(rows: Iterable[dict[str, Any]], *names: str) -> Counter[Any]:
    """Counts by the value of one name, or by the tuple of the values of several."""
    found: Counter[Any] = Counter()
    for row in rows:
        found[row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)] += row["count"]
    return found


def _combinations() -> list[dict[str, Any]]:
    names = ("subset", "style", "difficulty", "split", "state", "judgeable", "verified")
    return list(Problem.objects.order_by().values(*names).annotate(count=Count("pk")))


def _pass_rates() -> list[int]:
    return _histogram("pass_percentage", PASS_RATE_COLUMNS)


def _histogram(column: str, columns: int) -> list[int]:
    """How many problems have a value in each of so many equal parts of 0 to 1; 1 itself is in the last."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT least(width_bucket({column}, 0, 1, %s), %s), count(*) FROM problems_problem "  # noqa: S608 - ours
            f"WHERE {column} BETWEEN 0 AND 1 GROUP BY 1",
            [columns, columns],
        )
        counts = dict(cursor.fetchall())
    return [counts.get(number, 0) for number in range(1, columns + 1)]
