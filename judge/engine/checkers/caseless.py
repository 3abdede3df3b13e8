"""As `lines`, and upper and lower case are the same: those of Unicode, where the text is UTF-8."""

from judge.engine.checkers import _lines
from judge.engine.types import Check


def _lower(text: bytes) -> bytes:
    if text.isascii():
        return text.lower()
    # Bytes that are no UTF-8 go through as they are.
    return text.decode("utf-8", "surrogateescape").lower().encode("utf-8", "surrogateescape")


def check(output: bytes, answer: bytes) -> Check:
    """Forgives what `lines` forgives, and case."""
    return _lines.compare(_lower(_lines.canonical(output)), _lower(_lines.canonical(answer)))


# (output, answer, right)
EXAMPLES = (
    (b"YES\nNo \r\n", b"yes\nno", True),
    ("É\n".encode(), "é".encode(), True),
    (b"\xffA", b"\xffa", True),
    (b"yes no", b"yes\nno", False),
    (b"\xffa", b"\xfea", False),
    (b"ss", "ß".encode(), False),
)
