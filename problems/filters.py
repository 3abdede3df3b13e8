"""What somebody asks of the problem list, read from the address, and how many problems each further choice would leave.

Pure: works on the counts of kinds (`counts.py`), knows no tables. Not in charge of: finding the rows (`listing.py`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from problems.counts import Counts, Kind, Numbers
from problems.models import Difficulty, Split, State, Style
from problems.templatetags.dataset import subset_words

Words = str | Promise
UNRATED = "unrated"
YES, NO = "yes", "no"
LONGEST_VALUE = 60
# The pass rates' columns: 0 to 9 %, 10 to 19 % ... 90 to 100 %.
BANDS = 10
TAGS_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to choose among problems: any number of its values. Without ``labels`` it is open: any value may come."""

    name: str
    label: Words
    value: Callable[[Kind], str]
    labels: Mapping[str, Words] = field(default_factory=dict)
    for_curators: bool = False

    def words(self, value: str) -> Words:
        """The value for people."""
        return self.labels.get(value) or subset_words(value)


FACETS = (
    Facet(
        "difficulty",
        _("Difficulty"),
        lambda kind: kind.difficulty or UNRATED,
        {**dict(Difficulty.choices), UNRATED: _("Unrated")},
    ),
    Facet("subset", _("Subset"), lambda kind: kind.subset),
    Facet("style", _("Style"), lambda kind: kind.style, dict(Style.choices)),
    Facet("split", _("Split"), lambda kind: kind.split, dict(Split.choices)),
    Facet(
        "verified",
        _("Verification"),
        lambda kind: YES if kind.verified else NO,
        {YES: _("Verified"), NO: _("Not verified")},
    ),
    Facet("state", _("State"), lambda kind: kind.state, dict(State.choices), for_curators=True),
    Facet(
        "judgeable",
        _("Judging"),
        lambda kind: YES if kind.judgeable else NO,
        {YES: _("Judgeable"), NO: _("Not judgeable yet")},
        for_curators=True,
    ),
)
_IN_MARKS = {UNRATED: "", YES: "true", NO: "false"}
MARKS: Mapping[str, Words] = {"new": _("Not tried"), "tried": _("Tried, not solved"), "solved": _("Solved")}
SORTS: Mapping[str, Words] = {
    "": _("Standard order"),
    "newest": _("Newest first"),
    "easiest": _("Highest pass rate"),
    "hardest": _("Lowest pass rate"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked for; a value for each of FACETS, None where any will do. ``curator``: of all problems."""

    curator: bool = False
    words: str = ""
    values: tuple[frozenset[str] | None, ...] = (None,) * len(FACETS)
    pass_from: int | None = None
    pass_to: int | None = None
    tag: str = ""
    mark: str = ""
    sort: str = ""

    @classmethod
    def read(cls, params: QueryDict, user: Any) -> "Chosen":
        """What ``params`` say that ``user`` may ask; what makes no sense is left out."""
        curator = bool(user.is_authenticated and user.is_curator)
        words, sort, mark = (params.get(name, "").strip() for name in ("q", "sort", "mark"))
        return cls(
            curator,
            words,
            tuple(_values(facet, params) if curator or not facet.for_curators else None for facet in FACETS),
            _percent(params.get("pass_from", "")),
            _percent(params.get("pass_to", "")),
            params.get("tag", "").replace("\0", "")[:LONGEST_VALUE],
            mark if mark in MARKS and user.is_authenticated else "",
            sort if sort in SORTS else "",
        )

    @property
    def rates(self) -> bool:
        """Whether a range of pass rates is chosen."""
        return self.pass_from is not None or self.pass_to is not None

    @property
    def narrowed(self) -> bool:
        """Whether anything is chosen that tells kinds of problems apart."""
        return self.rates or any(self.values)

    @property
    def filters(self) -> "Chosen":
        """The part that tells kinds and tags apart, alone: a key for what depends on nothing else."""
        return replace(self, words="", mark="", sort="")

    @property
    def marks(self) -> tuple[tuple[str, ...], ...]:
        """The same for the search (`SearchRow.marks`): a problem has at least one mark of each group."""
        groups = [
            tuple(f"{facet.name}={_IN_MARKS.get(value, value)}" for value in sorted(wanted))
            for facet, wanted in zip(FACETS, self.values, strict=True)
            if wanted
        ]
        if self.rates:
            groups.append(tuple(f"pass={rate}" for rate in range(101) if self.admits_rate(rate)))
        return tuple(groups)

    def admits_rate(self, rate: int | None) -> bool:
        """Whether a pass rate, in per cents, lies in the range that is chosen; an unknown one lies in none."""
        if not self.rates:
            return True
        return rate is not None and (self.pass_from or 0) <= rate <= (100 if self.pass_to is None else self.pass_to)

    @property
    def active(self) -> bool:
        """Whether the list isn't the whole list."""
        return bool(self.narrowed or self.words or self.tag or self.mark)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The kinds that a `Chosen` admits, and how many problems there are under each choice of each facet.

    ``facets`` has a counter for each of FACETS: of the problems that all *other* choices admit; ``bands`` likewise for
    the pass rates. Choices without any problem are missing.
    """

    kinds: Mapping[int, Kind]
    numbers: Numbers
    total: int
    facets: tuple[Mapping[str, int], ...]
    bands: tuple[int, ...]


def tally(counts: Counts, numbers: Numbers, chosen: Chosen) -> Tally:
    """Sort ``numbers`` by what is chosen; kinds that solvers may not see count for curators only."""
    asked = [(place, wanted) for place, wanted in enumerate(chosen.values) if wanted is not None]
    whole = numbers is counts.numbers
    parts = _whole_parts(counts, chosen.curator) if whole else _parts(counts, numbers, chosen.curator)
    facets: tuple[dict[str, int], ...] = tuple({} for _facet in FACETS)
    bands = [0] * BANDS
    admitted: dict[int, Kind] = {}
    total = 0
    for part in parts:
        refused = [place for place, wanted in asked if part.values[place] not in wanted]
        if len(refused) > 1:
            continue
        number = part.in_range(chosen) if chosen.rates else part.total
        # A choice counts what all other facets admit.
        for place in refused or range(len(FACETS)):
            value = part.values[place]
            facets[place][value] = facets[place].get(value, 0) + number
        if not refused:
            total += number
            bands = [a + b for a, b in zip(bands, part.bands, strict=True)]
            admitted.update(part.kinds if not chosen.rates else part.kinds_in_range(chosen))
    there = tuple({value: number for value, number in facet.items() if number} for facet in facets)
    return Tally(admitted, numbers, total, there, tuple(bands))


@dataclass(slots=True, eq=False)
class _Part:
    """Kinds that only their pass rates tell apart: what the facets say of them, and how many problems they have."""

    values: tuple[str, ...]
    kinds: dict[int, Kind] = field(default_factory=dict)
    by_rate: Counter[int | None] = field(default_factory=Counter)
    total: int = 0
    bands: list[int] = field(default_factory=lambda: [0] * BANDS)

    def add(self, kind: Kind, number: int) -> None:
        """Take in a kind with so many problems."""
        self.kinds[kind.id] = kind
        self.by_rate[kind.pass_percent] += number
        self.total += number
        if kind.pass_percent is not None:
            self.bands[min(kind.pass_percent * BANDS // 100, BANDS - 1)] += number

    def in_range(self, chosen: Chosen) -> int:
        """How many problems have a pass rate in the range that is chosen."""
        return sum(number for rate, number in self.by_rate.items() if chosen.admits_rate(rate))

    def kinds_in_range(self, chosen: Chosen) -> dict[int, Kind]:
        """The kinds with such a pass rate."""
        return {kind.id: kind for kind in self.kinds.values() if chosen.admits_rate(kind.pass_percent)}


def _parts(counts: Counts, numbers: Numbers, curator: bool) -> Iterable[_Part]:
    parts: dict[tuple[str, ...], _Part] = {}
    values_of = _values_of(counts, curator)
    for kind_id, number in numbers.items():
        if number > 0 and (values := values_of.get(kind_id)) is not None:
            if (part := parts.get(values)) is None:
                part = parts[values] = _Part(values)
            part.add(counts.kinds[kind_id], number)
    return parts.values()


@lru_cache(maxsize=256)
def whole_tally(counts: Counts, filters: Chosen) -> Tally:
    """The tally of all problems; kept as long as the counts stay the same, for ``filters`` without words and marks."""
    return tally(counts, counts.by_tag.get(filters.tag, {}) if filters.tag else counts.numbers, filters)


@lru_cache(maxsize=64)
def tags(counts: Counts, filters: Chosen) -> list[tuple[str, int]]:
    """The tags that most of the problems have that the other choices admit, and how many have each."""
    admitted = whole_tally(counts, replace(filters, tag="")).kinds
    found = Counter({tag: sum(n for kind, n in of.items() if kind in admitted) for tag, of in counts.by_tag.items()})
    return [(tag, number) for tag, number in found.most_common(TAGS_OFFERED) if number or tag == filters.tag]


@lru_cache(maxsize=8)
def _whole_parts(counts: Counts, curator: bool) -> list[_Part]:
    return list(_parts(counts, counts.numbers, curator))


@lru_cache(maxsize=8)
def _values_of(counts: Counts, curator: bool) -> dict[int, tuple[str, ...]]:
    """What the facets say of each kind that may be seen, by its id."""
    known = (kind for kind in counts.kinds.values() if curator or kind.shown)
    return {kind.id: tuple(facet.value(kind) for facet in FACETS) for kind in known}


def _values(facet: Facet, params: QueryDict) -> frozenset[str] | None:
    given: Iterable[str] = (value.replace("\0", "")[:LONGEST_VALUE] for value in params.getlist(facet.name) if value)
    return frozenset(value for value in given if not facet.labels or value in facet.labels) or None


def _percent(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100 else None
