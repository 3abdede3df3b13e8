"""What the checkers that compare lines have in common. Not a checker."""

from collections.abc import Iterator

from judge.engine.types import Check

# What counts as blank beside the line feed: carriage return (so CRLF is LF), space, tab, vertical tab, form feed.
_BLANK_ENDS = (b"\r\n", b" \n", b"\t\n", b"\v\n", b"\f\n")
_BLOCK = 1 << 20


def canonical(text: bytes) -> bytes:
    """``text`` without blanks at line ends and without blanks and blank lines at both ends."""
    text = text.strip()
    for end in _BLANK_ENDS:
        text = text.replace(end, b"\n")
    if any(end in text for end in _BLANK_ENDS):  # several blanks in a row: line by line is slower
        text = b"\n".join(map(_without_blank_ends, blocks(text)))
    return text


def blocks(text: bytes) -> Iterator[bytes]:
    """``text`` in blocks of whole lines, so that no list of millions of lines is ever made."""
    start = 0
    while start <= len(text):
        end = text.find(b"\n", start + _BLOCK)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _without_blank_ends(block: bytes) -> bytes:
    return b"\n".join(map(bytes.rstrip, block.split(b"\n")))


def compare(got: bytes, want: bytes) -> Check:
    """Right where both are the same bytes, else the first line that differs."""
    if got == want:
        return Check(right=True)
    place = first_difference(got, want)
    if place < min(len(got), len(want)) or b"\n" not in (got[place : place + 1], want[place : place + 1]):
        number = got.count(b"\n", 0, place) + 1
        return Check(right=False, note=f"line {number} differs")
    return Check(right=False, note=f"{count(got)} lines where {count(want)} were expected")


def count(text: bytes) -> int:
    """How many lines ``text`` has; text without a line feed is one."""
    return text.count(b"\n") + 1


def first_difference(got: bytes, want: bytes) -> int:
    """The first place where they differ, by halving: a loop over the bytes would take a hundred times as long."""
    same, other = 0, min(len(got), len(want))
    if got[:other] == want[:other]:
        return other
    while other - same > 1:
        middle = (same + other) // 2
        if got[same:middle] == want[same:middle]:
            same = middle
        else:
            other = middle
    return same
