"""Two programs line beside line. Pure: texts in, safe HTML out; the cost is bounded whatever the texts are."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.safestring import SafeString

from judge.submissions.differences import lines_of, pair_html

CONTEXT = 3
# Above so many lines between the first and the last change the way from one to the other is not looked for.
MAX_COMPARED = 2_000
MAX_SHOWN = 1_500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either program, or of both; the numbers are None where one has none. ``gap`` lines lie before it."""

    same: bool
    left_number: int | None
    left: SafeString | None
    right_number: int | None
    right: SafeString | None
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``lines`` around what differs; ``after`` the last of them both go on alike, and ``cut`` lines are not shown."""

    lines: list[Line]
    added: int
    removed: int
    after: int
    cut: int

    @property
    def alike(self) -> bool:
        """True where both are the same."""
        return not self.added and not self.removed


def compare(left: str, right: str) -> Comparison:
    """How ``right`` differs from ``left``."""
    a, b = lines_of(left), lines_of(right)
    codes = _codes(a, b)
    lines: list[Line] = []
    gap = 0
    for at, (tag, i1, i2, j1, j2) in enumerate(codes):
        if tag == "equal":
            before = CONTEXT if at else 0
            after = CONTEXT if at < len(codes) - 1 else 0
            kept = list(range(i2 - i1))
            shown = kept[:before] + kept[max(before, len(kept) - after) :] if after else kept[:before]
            lines += _alike(a, i1, j1, shown, gap)
            gap = len(kept) - shown[-1] - 1 if shown else gap + len(kept)
        else:
            lines += _other(a[i1:i2], b[j1:j2], i1, j1, gap)
            gap = 0
    return Comparison(
        lines[:MAX_SHOWN],
        added=sum(j2 - j1 for tag, _, _, j1, j2 in codes if tag != "equal"),
        removed=sum(i2 - i1 for tag, i1, i2, _, _ in codes if tag != "equal"),
        after=gap,
        cut=max(0, len(lines) - MAX_SHOWN),
    )


Code = tuple[str, int, int, int, int]


def _codes(a: list[str], b: list[str]) -> list[Code]:
    """difflib's opcodes; the equal lines at both ends are left out of its search, and a huge middle is one change."""
    shorter = min(len(a), len(b))
    start = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    end = next((at for at in range(shorter - start) if a[-1 - at] != b[-1 - at]), shorter - start)
    i, j = len(a) - end, len(b) - end
    middle: list[Code] = []
    if max(i, j) - start > MAX_COMPARED:
        middle.append(("replace", start, i, start, j))
    elif i > start or j > start:
        found = SequenceMatcher(None, a[start:i], b[start:j]).get_opcodes()
        middle = [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in found]
    first: list[Code] = [("equal", 0, start, 0, start)] if start else []
    last: list[Code] = [("equal", i, len(a), j, len(b))] if end else []
    return first + middle + last


def _alike(a: list[str], i: int, j: int, shown: list[int], gap: int) -> list[Line]:
    lines = []
    passed = -1
    for at in shown:
        html = pair_html(a[i + at], a[i + at], same=True)
        lines.append(Line(True, i + at + 1, html[0], j + at + 1, html[1], gap + at - passed - 1))
        passed, gap = at, 0
    return lines


def _other(a: list[str], b: list[str], i: int, j: int, gap: int) -> list[Line]:
    lines = []
    for at in range(max(len(a), len(b))):
        left = a[at] if at < len(a) else None
        right = b[at] if at < len(b) else None
        numbers = (None if left is None else i + at + 1, None if right is None else j + at + 1)
        html = pair_html(left, right, same=False)
        lines.append(Line(False, numbers[0], html[0], numbers[1], html[1], 0 if at else gap))
    return lines
