"""The numbers of the dataset's page: what is imported, and how it is spread.

In charge of: adding up what the triggers have counted (`counts.py`); only the similarities are counted here, from an
index, and kept in the cache. Not in charge of: drawing (`charts.py`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from problems import charts
from problems.charts import Bar, Column
from problems.counts import Counts
from problems.filters import BANDS, UNRATED
from problems.models import Difficulty, Problem, Split, State, Style

KEPT_SECONDS = 600
SIMILARITY_COLUMNS = 20
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
LABELS: dict[str, Words] = {**dict(Difficulty.choices), "": _("Unrated")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A subset's problems of one style, by difficulty; ``href`` is where they are listed, "" for nowhere."""

    bar: Bar
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One subset's line: a cell a style, and how many of its problems can be solved here."""

    subset: str
    cells: list[Cell]
    solvable: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the page shows of the counts. ``styles`` are those that occur, in the order of each row's cells."""

    total: int
    solvable: int
    verified: int
    quarantined: int
    hidden: int
    rated: int
    styles: list[Words]
    style: Bar
    difficulty: Bar
    split: Bar
    rows: list[Row]
    pass_rates: list[Column]


@lru_cache(maxsize=4)
def numbers(found: Counts, curator: bool) -> Numbers:
    """Added up from ``found`` (of `counts.current`); links lead only to what the one who asks can see there."""
    by = {name: _Sums.of(found, name) for name in ("style", "difficulty", "split", "subset", "state", "verified")}
    cells, parts = _Sums.of(found, "subset", "style"), _Sums.of(found, "subset", "style", "difficulty")
    styles = [style for style in Style if by["style"].all[style]]
    pass_rates = _pass_rates(_Sums.of(found, "pass_percent"), curator)
    longest = max(cells.all.values(), default=0)

    def cell(subset: str, style: str) -> Cell:
        bar = charts.bar(((d or UNRATED, LABELS[d], parts.all[subset, style, d]) for d in LABELS), longest)
        return Cell(bar, cells.href((subset, style), curator, subset=subset, style=style))

    return Numbers(
        total=by["subset"].all.total(),
        solvable=by["subset"].shown.total(),
        verified=by["verified"].all[True],
        quarantined=by["state"].all[State.QUARANTINED],
        hidden=by["state"].all[State.HIDDEN],
        rated=sum(column.count for column in pass_rates),
        styles=[style.label for style in styles],
        style=_share("style", by["style"], {style: style.label for style in styles}, curator),
        difficulty=_share("difficulty", by["difficulty"], LABELS, curator),
        split=_share("split", by["split"], dict(Split.choices), curator),
        rows=[
            Row(subset, [cell(subset, style) for style in styles], by["subset"].shown[subset])
            for subset in sorted(by["subset"].all)
        ],
        pass_rates=pass_rates,
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
    width = 1 / SIMILARITY_COLUMNS
    labels = (_range(f"{number * width:.2f}", f"{(number + 1) * width:.2f}") for number in range(SIMILARITY_COLUMNS))
    return charts.histogram(zip(labels, counts, strict=True))


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


@dataclass(frozen=True, slots=True)
class _Sums:
    """How many problems there are of each value (or tuple of values), and how many of them solvers see."""

    all: Counter[Any]
    shown: Counter[Any]

    @classmethod
    def of(cls, found: Counts, *names: str) -> "_Sums":
        sums = cls(Counter(), Counter())
        value_of = attrgetter(*names)
        for kind_id, number in found.numbers.items():
            kind = found.kinds[kind_id]
            value = value_of(kind)
            sums.all[value] += number
            if kind.shown:
                sums.shown[value] += number
        return sums

    def href(self, value: Any, curator: bool, **chosen: object) -> str:
        """Where the problems of ``value`` are listed, if there are any to be seen there."""
        seen = self.all[value] if curator else self.shown[value]
        return f"{reverse('problems:list')}?{urlencode(chosen)}" if seen else ""


def _share(facet: str, sums: _Sums, labels: Mapping[Any, Words], curator: bool) -> Bar:
    return charts.bar(
        (value or UNRATED, label, sums.all[value], sums.href(value, curator, **{facet: value or UNRATED}))
        for value, label in labels.items()
    )


def _pass_rates(sums: _Sums, curator: bool) -> list[Column]:
    """In bands, as the list has them: 0 to 9 %, ... 90 to 100 %."""
    bands = _Sums(Counter(), Counter())
    for counter, of in ((bands.all, sums.all), (bands.shown, sums.shown)):
        for percent, number in of.items():
            if percent is not None:
                counter[min(percent * BANDS // 100, BANDS - 1)] += number
    columns = []
    for band in range(BANDS):
        low, high = band * 100 // BANDS, 100 if band == BANDS - 1 else (band + 1) * 100 // BANDS - 1
        columns.append(
            (_range(low, f"{high} %"), bands.all[band], bands.href(band, curator, pass_from=low, pass_to=high))
        )
    return charts.histogram(columns)


def _range(low: object, high: object) -> Words:
    """Not in a language yet: what is made of it may be kept for another reader."""
    return format_lazy(_("{low} to {high}"), low=low, high=high)


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
