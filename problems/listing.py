"""A page of the problem list: what is asked for, found and counted without ever walking the table.

What a search finds and what a user has tried are short lists of ids; all else is found by kinds (`finding.py`). Not in
charge of: what is asked (`filters.py`), how it looks (the template).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from problems import counts, filters, finding, progress, search
from problems.counts import Counts
from problems.filters import Chosen, Tally
from problems.finding import Order, Place, Row, Span
from problems.search import Among

PAGE_SIZE = 50

Tried = Mapping[int, bool]  # by problem's id: whether it is solved


@dataclass(frozen=True, slots=True)
class Listing:
    """One page. ``before`` and ``after`` are what the links to the neighbouring pages carry, "" where there is none.

    ``count`` is exact unless there are ``more``. The numbers of ``tally`` are to be shown where all that matches is
    known (``tallied``). ``instead`` is what was searched for in place of words that find nothing.
    """

    rows: list[Row]
    before: str
    after: str
    count: int
    more: bool
    counts: Counts
    tally: Tally
    tallied: bool
    tried: Tried
    instead: str


@dataclass(frozen=True, slots=True)
class Known:
    """All problems that can be on the list, with their kinds, in the order of relevance or of ids."""

    kinds: Mapping[int, int]
    complete: bool = True
    tallied: bool = True
    instead: str = ""


def listing(chosen: Chosen, params: QueryDict, user: Any) -> Listing:
    """The page that ``params`` ask for by `after` or `before`; where nothing is there, the first."""
    counted = counts.current()
    tried = progress.tried(user) if chosen.mark else {}
    known = _known(chosen, tried)
    tally = _tally(chosen, counted, tried, known)
    before, after = Place.read(params.get("before")), Place.read(params.get("after"))
    span = Span(Order(chosen.sort), before or after, before is not None, PAGE_SIZE + 1)
    rows = _rows(chosen, tried, known, tally, span)
    if not rows and span.edge:
        span = replace(span, edge=None, backwards=False)
        rows = _rows(chosen, tried, known, tally, span)
    further, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if span.backwards:
        rows.reverse()
    ends = [str(Place(span.order.rank(tally.kinds[row.kind]), row.id)) for row in (*rows[:1], *rows[-1:])]
    has_before = further if span.backwards else span.edge is not None
    return Listing(
        rows,
        before=ends[0] if ends and has_before else "",
        after=ends[-1] if ends and (span.backwards or further) else "",
        count=tally.total,
        more=known is not None and not known.complete,
        counts=counted,
        tally=tally,
        tallied=known is None or known.tallied,
        tried=progress.tried(user, [row.id for row in rows]),
        instead=known.instead if known else "",
    )


def _known(chosen: Chosen, tried: Tried) -> Known | None:
    """The problems that can be asked for, where they are few enough to be known one by one; else None."""
    wanted = {"solved": True, "tried": False}.get(chosen.mark)
    mine = None if wanted is None else tuple(problem_id for problem_id, solved in tried.items() if solved == wanted)
    if chosen.words:
        return _searched(chosen, mine, tried)
    if mine is not None:
        return Known(finding.kinds_of(mine, chosen.tag))
    return None


def _searched(chosen: Chosen, mine: tuple[int, ...] | None, tried: Tried) -> Known:
    """What the words find. Where that is more than can be known, the other choices go into the search, too."""
    shown = not chosen.curator
    tag = ((f"tag={chosen.tag}",),) if chosen.tag else ()
    found = search.look_up(chosen.words, Among(shown, tag, mine))
    tallied = found.complete
    if not tallied and chosen.narrowed:
        found = search.look_up(chosen.words, Among(shown, (*tag, *chosen.marks), mine))
    return Known(_untried(found.kinds, chosen, tried), found.complete, tallied, found.instead)


def _untried(kinds: Mapping[int, int], chosen: Chosen, tried: Tried) -> Mapping[int, int]:
    if chosen.mark != "new":
        return kinds
    return {problem_id: kind for problem_id, kind in kinds.items() if problem_id not in tried}


def _tally(chosen: Chosen, counted: Counts, tried: Tried, known: Known | None) -> Tally:
    if known is not None:
        return filters.tally(counted, Counter(known.kinds.values()), chosen)
    if chosen.mark == "new" and tried:
        numbers = Counter(counted.by_tag[chosen.tag] if chosen.tag else counted.numbers)
        numbers.subtract(finding.kinds_of(tried, chosen.tag).values())
        return filters.tally(counted, numbers, chosen)
    return filters.whole_tally(counted, chosen.filters)


def _rows(chosen: Chosen, tried: Tried, known: Known | None, tally: Tally, span: Span) -> list[Row]:
    shown = not chosen.curator
    if not tally.total:
        return []
    if known is not None:
        return finding.of_ids(_cut(chosen, known, tally, span), shown)
    without = tried if chosen.mark == "new" else ()
    if chosen.narrowed or chosen.tag or without or not span.order.by_id:
        kinds = tally.kinds.values()
        return finding.of_kinds(span, kinds, tally.numbers, by_rate=chosen.rates, tag=chosen.tag, without=without)
    return finding.of_all(span, shown)


def _cut(chosen: Chosen, known: Known, tally: Tally, span: Span) -> list[int]:
    """The ids of the page's problems, nearest to the edge first."""
    order, edge = span.order, span.edge
    kinds = ((problem_id, tally.kinds.get(kind)) for problem_id, kind in known.kinds.items())
    places = [Place(order.rank(kind), problem_id) for problem_id, kind in kinds if kind]
    start, end = 0, 0 if edge is None else len(places)
    if chosen.sort or not chosen.words:
        places.sort(key=order.key)
        if edge:
            start = bisect_left(places, order.key(edge), key=order.key)
            end = bisect_right(places, order.key(edge), key=order.key)
    elif edge and (at := next((n for n, place in enumerate(places) if place.id == edge.id), None)) is not None:
        # By relevance: the edge is where its problem is.
        start, end = at, at + 1
    part = places[:start][::-1] if span.backwards else places[end:]
    return [place.id for place in part[: span.size]]
