"""The default: equal line by line. Forgiven: CRLF, blanks at line ends, blanks and blank lines at both ends of the
whole output. Nothing else. Blanks are those of ASCII.
"""

from judge.engine.checkers import _lines
from judge.engine.types import Check


def check(output: bytes, answer: bytes) -> Check:
    """Compare as KodCode's own graders do, which strip both ends, made kinder to blanks at line ends."""
    if output == answer:
        return Check(right=True)
    return _lines.compare(_lines.canonical(output), _lines.canonical(answer))


# (output, answer, right)
EXAMPLES = (
    (b"3\n", b"3", True),
    (b"  3  \r\n\n", b"3\n", True),
    (b"1 \n2\t\n", b"1\n2", True),
    (b"1 \t \r\n2", b"1\n2", True),
    (b"1\n \n2", b"1\n\n2", True),
    (b"", b"\n", True),
    (b"True", b"true", False),
    (b"1  2", b"1 2", False),
    (b"1\n 2", b"1\n2", False),
    (b"1\n\n2", b"1\n2", False),
    (b"1\n2", b"1 2", False),
    (b"1\r2", b"1\n2", False),
    (b"3.0", b"3", False),
    (b"3\0", b"3", False),
    (b"\xc2\xa03", b"3", False),
    (b"", b"0", False),
    (b"\xff", b"\xfe", False),
)
