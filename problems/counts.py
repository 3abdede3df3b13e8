"""How many problems there are of each kind, known without looking at them.

Triggers (migration 0003) note every change as rows that add up, so that writers never wait for each other; here they
are summed and folded. A kind is what the filters tell apart. Not in charge of: which kinds somebody asks for
(`filters.py`).
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from psycopg import sql

from problems.models import State

# Where so many rows lie about, whoever reads them folds them: no writer has to remember it.
FOLDED_BEYOND = 10_000


class Kind(NamedTuple):
    """What problems of one kind have in common: ``id`` is `Problem.kind`, ``wide`` `Problem.wide_kind`.

    ``pass_percent`` is None where unknown.
    """

    id: int
    wide: int
    subset: str
    style: str
    difficulty: str
    split: str
    state: str
    judgeable: bool
    verified: bool
    pass_percent: int | None

    @property
    def shown(self) -> bool:
        """Whether solvers see problems of this kind."""
        return self.judgeable and self.state == State.PUBLISHED


# How many problems there are of each kind, by its id.
Numbers = Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """All kinds that there are, and their numbers, also of the problems that have a certain tag."""

    kinds: Mapping[int, Kind]
    numbers: Numbers
    by_tag: Mapping[str, Numbers]


Version = tuple[int | None, int, int | None]
_kept: tuple[Version, Counts] = ((None, 0, None), Counts({}, {}, {}))
_asked = -math.inf  # when, by the monotonic clock


def current() -> Counts:
    """The counts as they are, or were COUNTS_MAX_AGE_SECONDS ago at most.

    The same object as before where nothing has changed, so that it can be a key.
    """
    global _kept, _asked
    now = time.monotonic()
    if now - _asked < settings.COUNTS_MAX_AGE_SECONDS:
        return _kept[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), count(*), sum(number) FROM problems_kindcount")
        version: Version = cursor.fetchone()
        if version != _kept[0]:
            cursor.execute(_SUMS)
            sums = cursor.fetchall()
            _kept = (version, _counts(sums))
            if version[1] > max(FOLDED_BEYOND, 2 * len(sums)):
                compact()
    _asked = now
    return _kept[1]


def compact() -> None:
    """Fold the rows of each kind into one; safe at any time and from several processes at once.

    A row is deleted by one of them only, and its number goes where that one puts it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)


def _counts(sums: list[tuple[Any, ...]]) -> Counts:
    kinds: dict[int, Kind] = {}
    by_tag: dict[str, dict[int, int]] = {"": {}}
    for *columns, tag, number in sums:
        kind = Kind(*columns)
        kinds[kind.id] = kind
        by_tag.setdefault(tag, {})[kind.id] = number
    return Counts(kinds, by_tag.pop(""), by_tag)


_COLUMNS = sql.SQL("kind, wide_kind, subset, style, difficulty, split, state, judgeable, verified, pass_percent, tag")
_SUMS = sql.SQL(
    "SELECT {columns}, sum(number) FROM problems_kindcount GROUP BY {columns} HAVING sum(number) > 0"
).format(columns=_COLUMNS)
_FOLD = sql.SQL(
    """
    WITH folded AS (
        DELETE FROM problems_kindcount
        WHERE id IN (SELECT id FROM problems_kindcount ORDER BY id FOR UPDATE SKIP LOCKED)
        RETURNING *
    )
    INSERT INTO problems_kindcount ({columns}, number)
    SELECT {columns}, sum(number) FROM folded GROUP BY {columns} HAVING sum(number) <> 0
    """
).format(columns=_COLUMNS)
