"""What somebody types into the search, read: a query for Postgres, and what they may have meant to type.

As in web searches: every word has to occur, in any form; "quotes" hold words together, -word leaves out, or joins.
The last word may be unfinished. Not in charge of: finding problems (`search.py`).
"""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from judge import prepared

LONGEST = 200
MIN_COMPLETED = 3
MIN_CORRECTED = 4
# So many words that look alike (see migration 0008) are compared letter by letter.
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: ``whole`` words, and the ``last`` one where it may be unfinished, else ""."""

    text: str
    whole: str
    last: str

    @property
    def beginning(self) -> str:
        """What the words that complete the last one begin with; "" where it is too short for that."""
        return self.last.lower() if len(self.last) >= MIN_COMPLETED else ""

    @property
    def slug(self) -> str:
        """The address that a problem would have whose id is the text."""
        return re.sub(r"[^a-z0-9]+", "-", self.text.lower()).strip("-")


def read(text: str) -> Typed:
    """``text`` on one line, cut to a bounded length and taken apart."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]
    # Else a hyphen would ask for a hyphen.
    whole = re.sub(r"(?<=\w)-(?=\w)", " ", text)
    last = re.search(r"(?:^|(?<=\s))[^\W_]+$", whole)
    # What stands beside an `or` belongs to it.
    if last is None or whole.count('"') % 2 or re.search(r"(^|\s)or(\s+\w+)?$", whole, re.IGNORECASE):
        return Typed(text, whole, "")
    return Typed(text, whole[: last.start()], last[0])


def corrected(text: str) -> str:
    """``text`` with the words that no title has replaced by the nearest that one has; itself where there are none."""
    typed = {word.lower() for word in _plain_words(text) if len(word) >= MIN_CORRECTED}
    alike = prepared.rows(_ALIKE, {"typed": sorted(typed), "most": LOOKED_AT}) if typed else []
    near: dict[str, tuple[int, int, str]] = {}
    for word, other, problems in alike:
        edits = OSA.distance(word, other, score_cutoff=_most_edits(word))
        # Of those that take the fewest edits, the most common one.
        candidate = (edits, -problems, other)
        if edits <= _most_edits(word) and (word not in near or candidate < near[word]):
            near[word] = candidate
    return re.sub(r"\w+", lambda word: near[word[0].lower()][2] if word[0].lower() in near else word[0], text)


def _plain_words(text: str) -> list[str]:
    """The words that have to occur, not those in quotes or left out."""
    return re.findall(r"(?<![-\w])[^\W\d_]+(?!\w)", re.sub(r'-?"[^"]*"?', " ", text))


def _most_edits(word: str) -> int:
    return 1 if len(word) == MIN_CORRECTED else 2


_ALIKE = """
    SELECT typed, word, problems FROM problems_alike(%(typed)s::text[], %(most)s::int)
"""
