"""Two texts side by side from their first difference on, for a person to read. Pure; made for outputs of any size.

In charge of: where they differ, which lines belong together, and how white space is made visible. Not in charge of:
whether a difference matters (that is the checker's). `differences.py` tells why there are two.
"""

import difflib
from dataclasses import asdict, dataclass
from typing import Any

from judge.engine.checkers import _lines

# Equal lines above the first difference, lines from there on, and characters of a line.
CONTEXT = 2
MAX_LINES = 40
MAX_CHARS = 160
# Of a line that is cut, so many equal characters stand before the first that differs.
BEFORE = 40
# Never more than this of either text is looked at line by line.
WINDOW = 64 * 1024

# Control characters as their pictures, so that no byte of an output is lost or acts on the page.
_PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {127: 0x2421}
_BLANKS = {ord(" "): "·", ord("\t"): "→", 0xA0: "⍽"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: its number from 1, what is equal, what differs, what is equal again."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that belong together; None where the other text has no such line."""

    differs: bool
    expected: Line | None
    got: Line | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows from shortly before the first difference; ``above`` equal lines and ``below`` lines are left out."""

    above: int
    below: int
    rows: list[Row]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def compare(expected: bytes, got: bytes, *, exact: bool = False) -> Difference | None:
    """Where ``got`` first differs from ``expected``; None where it nowhere does.

    Unless ``exact``, what the checker `lines` forgives is no difference: blanks at line ends and at both ends.
    """
    skipped = 0, 0
    if not exact:
        skipped = _leading_lines(expected), _leading_lines(got)
        expected, got = _lines.canonical(expected), _lines.canonical(got)
    if expected == got:
        return None
    place = _lines.first_difference(got, expected)
    start = _start(expected, place)
    above = expected.count(b"\n", 0, start)
    wanted, given = _window(expected, start, ends=exact), _window(got, start, ends=exact)
    rows = _rows(wanted, given, (above + skipped[0] + 1, above + skipped[1] + 1))
    total = max(_lines.count(expected), _lines.count(got))
    return Difference(above, max(0, total - above - max(len(wanted), len(given))), rows)


def printable(data: bytes) -> str:
    """A program's output as text for a page: unreadable bytes marked, control characters as pictures."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n").translate(_PICTURES)


def _leading_lines(text: bytes) -> int:
    """How many line ends `canonical` takes from the beginning."""
    return text[: len(text) - len(text.lstrip())].count(b"\n")


def _start(text: bytes, place: int) -> int:
    """Where to begin, so that what differs at ``place`` is seen: some lines above it, or within a huge line."""
    start = text.rfind(b"\n", 0, place) + 1
    if place - start > WINDOW // 4:
        return place - MAX_CHARS
    for _ in range(CONTEXT):
        start = text.rfind(b"\n", 0, max(0, start - 1)) + 1
    return start


def _window(text: bytes, start: int, *, ends: bool) -> list[str]:
    """The lines to show, from ``start`` on; where line ends count, they are seen. A text that is empty has none."""
    if not text:
        return []
    lines = text[start : start + WINDOW].split(b"\n", CONTEXT + MAX_LINES)
    cut = len(lines) > CONTEXT + MAX_LINES
    if not cut and len(lines) > 1 and len(text) - start > WINDOW:
        cut = bool(lines.pop())  # it ends in the middle
    lines = lines[: CONTEXT + MAX_LINES]
    texts = [line.decode("utf-8", "replace").translate(_PICTURES) for line in lines]
    if not ends:
        return texts
    last = len(texts) if cut else len(texts) - 1
    marked = [f"{line}↵" for line in texts[:last]]
    return marked + [line for line in texts[last:] if line]


def _rows(expected: list[str], got: list[str], first: tuple[int, int]) -> list[Row]:
    rows: list[Row] = []
    matcher = difflib.SequenceMatcher(None, expected, got, autojunk=False)
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        for step in range(max(a_end - a, b_end - b)):
            left = expected[a + step] if a + step < a_end else None
            right = got[b + step] if b + step < b_end else None
            numbers = first[0] + a + step, first[1] + b + step
            rows.append(_equal(left or "", numbers) if kind == "equal" else _unequal(left, right, numbers))
    return rows


def _equal(text: str, numbers: tuple[int, int]) -> Row:
    shown = text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}…"
    return Row(False, Line(numbers[0], shown), Line(numbers[1], shown))


def _unequal(left: str | None, right: str | None, numbers: tuple[int, int]) -> Row:
    if left is None or right is None:
        alone = [
            None if text is None else Line(number, "", _cut(text), "")
            for text, number in zip((left, right), numbers, strict=True)
        ]
        return Row(True, *alone)
    head = common_start(left, right)
    tail = common_start(left[head:][::-1], right[head:][::-1])
    return Row(True, _marked(left, head, tail, numbers[0]), _marked(right, head, tail, numbers[1]))


def common_start(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    end = min(len(one), len(other))
    return next((place for place in range(end) if one[place] != other[place]), end)


def _marked(text: str, head: int, tail: int, number: int) -> Line:
    before, marked, after = text[:head], text[head : len(text) - tail], text[len(text) - tail :]
    if len(before) > BEFORE and len(text) > MAX_CHARS:
        before = f"…{before[-BEFORE:]}"
    room = max(0, MAX_CHARS - len(before))
    if len(marked) > room:
        return Line(number, _visible(before), f"{_visible(marked[:room])}…")
    room -= len(marked)
    after = after if len(after) <= room else f"{after[:room]}…"
    return Line(number, _visible(before), _visible(marked), _visible(after))


def _cut(text: str) -> str:
    return _visible(text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}…") or "↵"


def _visible(text: str) -> str:
    return text.translate(_BLANKS)
