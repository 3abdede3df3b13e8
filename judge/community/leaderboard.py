"""The order of solvers: most points first; of equal ones, who reached them earlier. Only those whose profile is public.

Pages by key, and ranks counted no further than anybody reads. Not in charge of: the points themselves (`reckoning.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.http import QueryDict

from judge.community.standing_models import Standing
from problems import charts
from problems.charts import Bar
from problems.models import Difficulty

PAGE_SIZE = 50
# Ranks are counted up to here.
LAST_RANK = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DIGITS = 18  # a bigint holds all of them


class Place(NamedTuple):
    """Where somebody stands; what comes first sorts first."""

    debt: int
    reached_at: datetime
    user_id: int

    @classmethod
    def of(cls, standing: Standing) -> "Place | None":
        """The place of who has solved anything."""
        return cls(-standing.points, standing.reached_at, standing.pk) if standing.reached_at else None

    @classmethod
    def read(cls, text: str | None) -> "Place | None":
        """The place that ``text`` names; None where it names none."""
        parts = (text or "").split(".")
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) <= _MAX_DIGITS for p in parts):
            return None
        try:
            reached_at = _EPOCH + timedelta(microseconds=int(parts[1]))
        except OverflowError:
            return None
        return cls(-int(parts[0]), reached_at, int(parts[2]))

    def __str__(self) -> str:
        return f"{-self.debt}.{(self.reached_at - _EPOCH) // timedelta(microseconds=1)}.{self.user_id}"


@dataclass(frozen=True, slots=True)
class Line:
    """One solver's line; ``rank`` is None behind LAST_RANK."""

    rank: int | None
    standing: Standing
    bar: Bar


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines; ``before`` and ``after`` are what the links to the neighbouring pages carry, "" for none."""

    lines: list[Line]
    before: str
    after: str


def page(params: QueryDict) -> Page:
    """The page that ``params`` ask for by `after` or `before`; where nothing is there, the first."""
    before, after = Place.read(params.get("before")), Place.read(params.get("after"))
    edge, backwards = before or after, before is not None
    found = _beyond(edge, backwards, PAGE_SIZE + 1)
    if not found and edge:
        edge, backwards = None, False
        found = _beyond(None, False, PAGE_SIZE + 1)
    further, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if backwards:
        found.reverse()
    has_before = further if backwards else edge is not None
    ends = [str(Place.of(standing)) for standing in (*found[:1], *found[-1:])]
    return Page(
        _lines(found),
        before=ends[0] if ends and has_before else "",
        after=ends[-1] if ends and (backwards or further) else "",
    )


def rank(standing: Standing) -> int | None:
    """Their place on the leaderboard, from 1; None for who isn't on it, or behind LAST_RANK."""
    place = Place.of(standing)
    if place is None or standing.private or not standing.solved:
        return None
    ahead = 0
    for part in _parts(place, backwards=True):
        ahead += part.order_by()[:LAST_RANK].count()
    return ahead + 1 if ahead < LAST_RANK else None


def _listed() -> QuerySet[Standing]:
    return Standing.objects.filter(private=False, solved__gt=0, user__is_active=True)


def _parts(edge: Place, *, backwards: bool) -> tuple[QuerySet[Standing], QuerySet[Standing]]:
    """Those beyond ``edge`` with its points, and those with others: each a range of the index, nearest first."""
    points, reached_at, user_id = -edge.debt, edge.reached_at, edge.user_id
    if backwards:
        tied = Q(reached_at__lt=reached_at) | Q(reached_at=reached_at, user_id__lt=user_id)
        return (
            _listed().filter(tied, points=points, reached_at__lte=reached_at).order_by("-reached_at", "-user_id"),
            _listed().filter(points__gt=points).order_by("points", "-reached_at", "-user_id"),
        )
    tied = Q(reached_at__gt=reached_at) | Q(reached_at=reached_at, user_id__gt=user_id)
    return (
        _listed().filter(tied, points=points, reached_at__gte=reached_at).order_by("reached_at", "user_id"),
        _listed().filter(points__lt=points).order_by("-points", "reached_at", "user_id"),
    )


def _beyond(edge: Place | None, backwards: bool, size: int) -> list[Standing]:
    if edge is None:
        return list(_with_names(_listed().order_by("-points", "reached_at", "user_id"))[:size])
    found: list[Standing] = []
    for part in _parts(edge, backwards=backwards):
        found += _with_names(part)[: size - len(found)]
    return found


def _with_names(rows: QuerySet[Standing]) -> QuerySet[Standing]:
    return rows.select_related("user").only(*_COLUMNS, "user__username")


def _lines(found: Sequence[Standing]) -> list[Line]:
    if not found:
        return []
    first = rank(found[0])
    longest = max(standing.solved for standing in found)
    return [
        Line(first + number if first and first + number <= LAST_RANK else None, standing, _bar(standing, longest))
        for number, standing in enumerate(found)
    ]


def _bar(standing: Standing, longest: int) -> Bar:
    by = {difficulty.value: getattr(standing, difficulty.value) for difficulty in Difficulty}
    parts = [(difficulty.value, difficulty.label, by[difficulty.value]) for difficulty in Difficulty]
    return charts.bar([*parts, ("unrated", "", standing.solved - sum(by.values()))], longest)


_COLUMNS = ("private", "points", "solved", "easy", "medium", "hard", "reached_at")
