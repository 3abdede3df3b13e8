"""Where an output first differs from the expected one, line beside line. Pure: text in, safe HTML out.

Lines are compared in order, as checkers do; what counts as the same is the caller's to say. White space of lines that
differ is marked up, so that the page can make it visible.

`first_difference.py` answers another question, so there are two. Here a page shows a judged test, of which only the
first few KiB are kept: what lies beyond the cut must never be called a difference, and lines are the same where the
problem's checker forgives it. There a worker has the whole outputs of a run, of any size: it finds lines that are
missing or too many by aligning them, and keeps a window of plain values. What both need is `common_start`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from judge.submissions.first_difference import common_start

Same = Callable[[str, str], bool]

LINES_BEFORE, LINES_SHOWN = 3, 16
# Of a long line so many characters are shown, from a little before the first difference on.
CHARS_BEFORE, CHARS_SHOWN = 60, 400

_BLANKS = re.compile(r" +|\t|[^\S \t]|[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both texts as HTML; None where a text has no such line any more."""

    number: int
    same: bool
    expected: SafeString | None
    got: SafeString | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place, ``line`` and ``column`` from 1, with lines around it.

    ``before`` and ``after`` lines were left out. ``at_end`` says that only a line break at the end is there or not.
    """

    line: int
    column: int
    lines: list[Line]
    before: int
    after: int
    at_end: bool = False


def difference(
    expected: str, got: str, same: Same, *, expected_cut: bool = False, got_cut: bool = False
) -> Difference | None:
    """The first difference; None where what is known of both texts has none. A text that is ``cut`` goes on."""
    left, right = lines_of(expected), lines_of(got)
    pairs = list(zip_longest(left, right))
    whole = min(len(left) - 1 if expected_cut else len(pairs), len(right) - 1 if got_cut else len(pairs))
    differs = [not _is_same(pair, same) for pair in pairs[:whole]]
    if whole < len(pairs):
        differs.append(not _begin_alike(*pairs[whole]))
    if not any(differs):
        return _at_end(expected, got, left, right) if whole == len(pairs) else None
    first = differs.index(True)
    start = max(0, first - LINES_BEFORE)
    shown = pairs[start : start + LINES_SHOWN]
    column = common_start(*(text or "" for text in pairs[first]))
    lines = []
    for number, pair in enumerate(shown, start + 1):
        alike = number > len(differs) or not differs[number - 1]
        lines.append(Line(number, alike, *pair_html(*pair, same=alike)))
    return Difference(first + 1, column + 1, lines, start, len(pairs) - start - len(shown))


def _at_end(expected: str, got: str, left: list[str], right: list[str]) -> Difference | None:
    if left != right or expected.endswith("\n") == got.endswith("\n") or not left:
        return None
    last = len(left)
    return Difference(last, len(left[-1]) + 1, [], 0, 0, at_end=True)


def lines_of(text: str) -> list[str]:
    """The lines of ``text``; a line break at its end begins no new one."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _is_same(pair: tuple[str | None, str | None], same: Same) -> bool:
    expected, got = pair
    if expected is None or got is None:
        # A line too many is none where it holds nothing and the other text has ended.
        return same(expected or "", got or "")
    return expected == got or same(expected, got)


def _begin_alike(expected: str | None, got: str | None) -> bool:
    """True where one of them, of which no more is known, is how the other begins."""
    if expected is None or got is None:
        return True
    length = min(len(expected), len(got))
    return expected[:length] == got[:length]


def pair_html(expected: str | None, got: str | None, *, same: bool) -> tuple[SafeString | None, SafeString | None]:
    """Two lines as HTML, with what differs marked; None where there is no such line."""
    if same or expected is None or got is None:
        marks = [(0, 0, 0), (0, 0, 0)]
    else:
        begin = common_start(expected, got)
        end = common_start(expected[begin:][::-1], got[begin:][::-1])
        marks = [(begin, begin, len(text) - end) for text in (expected, got)]
    left, right = (
        None if text is None else _html(text, *mark, plain=same)
        for text, mark in zip((expected, got), marks, strict=True)
    )
    return left, right


def _html(text: str, about: int, begin: int, end: int, *, plain: bool) -> SafeString:
    """``text`` from a little before ``about`` on, with what lies from ``begin`` to ``end`` marked."""
    start = max(0, about - CHARS_BEFORE) if len(text) > CHARS_SHOWN else 0
    stop = start + CHARS_SHOWN
    blanks = escape if plain else _with_blanks
    parts = [
        _MORE if start else "",
        blanks(text[start : min(begin, stop)]),
        "<mark>" + blanks(text[max(begin, start) : min(end, stop)]) + "</mark>" if begin < end else "",
        blanks(text[max(end, start) : stop]),
        _MORE if stop < len(text) else "",
    ]
    return mark_safe("".join(parts))  # noqa: S308  # every part was escaped


_MORE = '<span class="diff-more">…</span>'


def _with_blanks(text: str) -> str:
    html, end = [], 0
    for found in _BLANKS.finditer(text):
        html += [escape(text[end : found.start()]), _blank(found[0])]
        end = found.end()
    return "".join([*html, escape(text[end:])])


def _blank(text: str) -> str:
    if text[0] == " ":
        return f'<span class="blank">{text}</span>'
    if text == "\t":
        return f'<span class="blank-tab">{text}</span>'
    name = escape(unicodedata.name(text, f"U+{ord(text):04X}"))
    return f'<span class="blank-odd" title="{name}">{text}</span>'
