"""As `lines`, with the lines in any order; a line that is expected twice must be there twice."""

from judge.engine.checkers import _lines
from judge.engine.types import Check


def check(output: bytes, answer: bytes) -> Check:
    """Forgives what `lines` forgives, and order."""
    got, want = _lines.canonical(output), _lines.canonical(answer)
    if got == want:
        return Check(right=True)
    if _lines.count(got) != _lines.count(want):
        return Check(right=False, note=f"{_lines.count(got)} lines where {_lines.count(want)} were expected")
    if len(got) == len(want) and _digest(got) == _digest(want):
        return Check(right=True)
    return Check(right=False, note="the lines are not those that were expected, in any order")


def _digest(text: bytes) -> int:
    """The sum of the lines' hashes: the same in any order, and as good as never the same for other lines.

    Counting or sorting millions of lines takes seconds and hundreds of MiB. Nobody can aim at a sum of 64-bit hashes
    without knowing it, and who knows the answer may as well print it.
    """
    return sum(sum(map(hash, block.split(b"\n"))) for block in _lines.blocks(text))


# (output, answer, right)
EXAMPLES = (
    (b"b\na \n", b"a\nb", True),
    (b"1\n\n2", b"2\n\n1", True),
    (b"2\n1\n1\n", b"1\n2\n1", True),
    (b"2\n1\n2\n", b"1\n2\n1", False),
    (b"1\n2", b"1\n2\n2", False),
    (b"2 1", b"1 2", False),
    (b"A\nb", b"a\nb", False),
)
