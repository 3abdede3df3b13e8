"""What somebody types into the search, read: a query for Postgres, and what they may have meant to type.

As in web searches: every word has to occur, in any form; "quotes" hold words together, -word leaves out, or joins.
The last word may be unfinished. Not in charge of: finding problems (`search.py`).
"""

import re
from dataclasses import dataclass

from django.db import connection, transaction

from problems.models import Word

LONGEST = 200
MIN_COMPLETED = 3
MIN_CORRECTED = 4
# How alike two words must be to be looked at (0 to 1, by trigrams); letters then decide.
ALIKE = 0.2
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
    words = {word.lower() for word in _plain_words(text) if len(word) >= MIN_CORRECTED}
    words -= set(Word.objects.filter(word__in=words).values_list("word", flat=True))
    nearest = {word: near for word in words if (near := _nearest(word))}
    return re.sub(r"\w+", lambda word: nearest.get(word[0].lower(), word[0]), text) if nearest else text


def _plain_words(text: str) -> list[str]:
    """The words that have to occur, not those in quotes or left out."""
    return re.findall(r"(?<![-\w])[^\W\d_]+(?!\w)", re.sub(r'-?"[^"]*"?', " ", text))


def _nearest(word: str) -> str:
    """The most common of the words that take the fewest edits; "" where none is near."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(_ALIKE, [word, word, LOOKED_AT])
        found = [(edits(word, other), -problems, other) for other, problems in cursor]
    best = min(found, default=(0, 0, ""))
    return best[2] if best[0] <= (1 if len(word) == MIN_CORRECTED else 2) else ""


def edits(a: str, b: str) -> int:
    """How many letters must be added, left out, changed or swapped with their neighbour to make ``b`` of ``a``."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y)))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]


_ALIKE = """
    SELECT word, problems FROM problems_word WHERE word %% %s
    ORDER BY similarity(word, %s) DESC, problems DESC, word LIMIT %s
"""
