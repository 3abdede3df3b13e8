"""The choices beside the problem list, with how many problems each would leave, and the chips of what is chosen.

Pure values for the templates, and the panel as HTML, which stays the same until the counts change. Not in charge of:
counting (`filters.py`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from problems.counts import Counts
from problems.filters import FACETS, MARKS, Chosen, Tally, Words, tags, whole_tally
from problems.listing import Listing

# A histogram's height, in units of its drawing.
HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. ``number`` is None where it isn't known; for its words see `words_of`."""

    value: str
    number: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one facet: any number of them, or, where ``single``, one."""

    name: str
    label: Words
    options: tuple[Option, ...]
    single: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is chosen, and the query without it."""

    label: Words
    words: Words
    query: str


def html(listing: Listing, chosen: Chosen, *, signed_in: bool) -> SafeString:
    """The panel. One that counts all problems, or none, is made once and kept until the counts change."""
    chosen = replace(chosen, words="", sort="")
    tally = listing.tally if listing.tallied else None
    kept = tally is None or tally is whole_tally(listing.counts, chosen.filters)
    return (_panel if kept else _panel.__wrapped__)(listing.counts, tally, chosen, signed_in, get_language())


def chips(chosen: Chosen, params: QueryDict) -> list[Chip]:
    """What is chosen, one by one; the query of each begins the list anew without it."""
    found = [
        _chip(params, facet.name, value, facet.label, facet.words(value))
        for facet, wanted in zip(FACETS, chosen.values, strict=True)
        for value in sorted(wanted or ())
    ]
    if chosen.tag:
        found.append(_chip(params, "tag", chosen.tag, _("Tag"), chosen.tag))
    if chosen.rates:
        low, high = chosen.pass_from or 0, 100 if chosen.pass_to is None else chosen.pass_to
        words = _("%(low)s to %(high)s %% pass") % {"low": low, "high": high}
        found.append(Chip(_("Pass rate"), words, _without(params, "pass_from", "pass_to")))
    if chosen.mark:
        found.append(Chip(_("Progress"), MARKS[chosen.mark], _without(params, "mark")))
    if chosen.words:
        found.append(Chip(_("Search"), f"“{chosen.words}”", _without(params, "q")))
    return found


@lru_cache(maxsize=256)
def _panel(counts: Counts, tally: Tally | None, chosen: Chosen, signed_in: bool, language: str | None) -> SafeString:
    context = {
        "groups": list(_groups(counts, tally, chosen)),
        "marks": MARKS.items() if signed_in else (),
        "bars": _bars(tally.bands) if tally else "",
        "height": HEIGHT,
        "chosen": chosen,
    }
    return render_to_string("problems/_panel.html", context)


def _groups(counts: Counts, tally: Tally | None, chosen: Chosen) -> Iterator[Group]:
    """The facets that leave a choice. Their options stay in place, whatever is chosen; only the numbers change."""
    everything = whole_tally(counts, Chosen(chosen.curator))
    for place, (facet, wanted, there) in enumerate(zip(FACETS, chosen.values, everything.facets, strict=True)):
        if facet.for_curators and not chosen.curator:
            continue
        chosen_here = wanted or frozenset()
        values = [
            value for value in facet.labels or sorted({*there, *chosen_here}) if value in there or value in chosen_here
        ]
        if len(values) > 1 or wanted:
            number_of = tally.facets[place] if tally else None
            options = (
                Option(value, number_of.get(value, 0) if number_of is not None else None, value in chosen_here)
                for value in values
            )
            yield Group(facet.name, facet.label, tuple(options))
    if found := tags(counts, chosen.filters):
        options = (Option(tag, number if tally else None, tag == chosen.tag) for tag, number in found)
        yield Group("tag", _("Tag"), (Option("", None, not chosen.tag), *options), single=True)


def words_of(name: str, value: str) -> str:
    """What the choice ``value`` of the group ``name`` is called."""
    if name in _FACETS:
        return str(_FACETS[name].words(value))
    return value or _("Any")


_FACETS = {facet.name: facet for facet in FACETS}


def _bars(bands: tuple[int, ...]) -> str:
    """The histogram of pass rates as a path: each column a box on the ground."""
    most = max(bands) or 1
    # What is there is seen, however little it is.
    heights = [max(3, round(number * HEIGHT / most)) if number else 0 for number in bands]
    return "".join(f"M{10 * place} {HEIGHT}v-{height}h9v{height}z" for place, height in enumerate(heights) if height)


def _chip(params: QueryDict, name: str, value: str, label: Words, words: Words) -> Chip:
    return Chip(label, words, _query((n, v) for n, v in _pairs(params) if (n, v) != (name, value)))


def _without(params: QueryDict, *names: str) -> str:
    return _query((name, value) for name, value in _pairs(params) if name not in names)


def _pairs(params: QueryDict) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in params.lists() for value in values)


def _query(pairs: Iterable[tuple[str, str]]) -> str:
    """What is asked for, from the list's beginning on."""
    return urlencode([(name, value) for name, value in pairs if value and name not in {"before", "after"}])
