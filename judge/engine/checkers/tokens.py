"""Equal token by token: white space parts tokens, and how much or which of it does not matter."""

from judge.engine.checkers import _tokens
from judge.engine.types import Check


def check(output: bytes, answer: bytes) -> Check:
    """Forgives white space between tokens and at both ends."""
    if output == answer:
        return Check(right=True)
    for first, ours, theirs in _tokens.in_step(output, answer):
        if ours != theirs:
            pairs = enumerate(zip(ours, theirs, strict=False))
            place = next((at for at, (got, want) in pairs if got != want), min(len(ours), len(theirs)))
            return _tokens.wrong(first, ours, theirs, place)
    return Check(right=True)


# (output, answer, right)
EXAMPLES = (
    (b"1 2\n3\n", b"1\t2 3", True),
    (b"\r\n1\v\f\n", b"1", True),
    (b"", b" \n", True),
    (b"12", b"1 2", False),
    (b"1 2", b"1 2 3", False),
    (b"1 2 3", b"1 2", False),
    (b"1.0", b"1", False),
    (b"A", b"a", False),
    (b"1\xc2\xa02", b"1 2", False),
)
