"""The numbers of the dataset's page: what is imported, and how it is spread.

In charge of: adding up what the triggers have counted (`counts.py`); only the similarities are counted here, from an
index, and kept in the cache. Not in charge of: drawing (`charts.py`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from problems import charts
from problems.charts import Bar, Column
from problems.models import Difficulty, KindCount, Problem, Split, State, Style

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


def similarities(total: int) -> list[Column]:
    """How many of ``total`` problems are how similar to a benchmark's question; kept for a while, or until the total
    is quite another.
    """
    key = f"dataset-similarities-{total:.1e}"
    counts = cache.get(key)
    if counts is None:
        counts = _similarities()
        cache.set(key, counts, KEPT_SECONDS)
    return charts.histogram(counts)


def quarantined(reason: str = "") -> "QuerySet[Any]":
    """The problems in quarantine (for ``reason``, as `quarantine_reasons` tells it), with what a list shows of them."""
    problems: QuerySet[Any] = Problem.objects.filter(state=State.QUARANTINED)
    problems = problems.annotate(reason=Left("state_reason", REASON_LENGTH))
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
    return list(KindCount.objects.filter(tag="").values(*names).annotate(count=Sum("number")).filter(count__gt=0))


def _pass_rates() -> list[int]:
    """How many problems were solved how often, in equal parts of 0 to 100 %; 100 % itself is in the last."""
    counts = [0] * PASS_RATE_COLUMNS
    rated = KindCount.objects.filter(tag="", pass_percent__isnull=False)
    for percent, count in rated.values_list("pass_percent").annotate(Sum("number")):
        counts[min(percent * PASS_RATE_COLUMNS // 100, PASS_RATE_COLUMNS - 1)] += count
    return counts


def _similarities() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_SIMILARITIES, {"columns": SIMILARITY_COLUMNS})
        counts = dict(cursor.fetchall())
    return [counts.get(number, 0) for number in range(1, SIMILARITY_COLUMNS + 1)]


# Only the index on this column is read.
_SIMILARITIES = """
    SELECT least(width_bucket(benchmark_similarity, 0, 1, %(columns)s), %(columns)s), count(*)
    FROM problems_problem WHERE benchmark_similarity BETWEEN 0 AND 1 GROUP BY 1
"""
