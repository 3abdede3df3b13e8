"""What the checkers that compare tokens (runs of anything but ASCII white space) have in common. Not a checker."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from judge.engine.types import Check

_BLANK = re.compile(rb"[ \t\n\r\v\f]")
_BLOCK = 1 << 20
_BATCH = 1 << 13


def in_step(output: bytes, answer: bytes) -> Iterator[tuple[int, list[bytes], list[bytes]]]:
    """The tokens of both a batch at a time, with the number (from 1) of the batch's first; lists differ in length
    only where one of the texts has come to its end.
    """
    got, want = _tokens(output), _tokens(answer)
    first = 1
    while True:
        ours, theirs = list(islice(got, _BATCH)), list(islice(want, _BATCH))
        if not ours and not theirs:
            return
        yield first, ours, theirs
        first += _BATCH


def _tokens(text: bytes) -> Iterator[bytes]:
    return chain.from_iterable(map(bytes.split, _blocks(text)))


def _blocks(text: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        blank = _BLANK.search(text, start + _BLOCK)
        end = blank.start() if blank else len(text)
        yield text[start:end]
        start = end


def wrong(first: int, ours: list[bytes], theirs: list[bytes], place: int) -> Check:
    """The answer where the batch that begins with token ``first`` is wrong from ``place`` (from 0) on."""
    if place >= len(ours):
        return Check(right=False, note=f"the output ends before token {first + place}")
    if place >= len(theirs):
        return Check(right=False, note=f"only {first + place - 1} tokens were expected")
    return Check(right=False, note=f"token {first + place} differs")
