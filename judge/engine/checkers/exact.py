"""Equal byte by byte: line ends, blanks and the last line feed count."""

from judge.engine.checkers import _lines
from judge.engine.types import Check


def check(output: bytes, answer: bytes) -> Check:
    """Forgives nothing."""
    return _lines.compare(output, answer)


# (output, answer, right)
EXAMPLES = (
    (b"3\n", b"3\n", True),
    (b"", b"", True),
    (b"\xff\0", b"\xff\0", True),
    (b"3\n", b"3", False),
    (b"3\r\n", b"3\n", False),
    (b"3 \n", b"3\n", False),
    (b"", b"\n", False),
)
