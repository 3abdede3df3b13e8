"""How many problems there are of each kind, known without looking at them.

Triggers (migration 0003) note every change as rows that add up, so that writers never wait for each other; here they
are summed and folded. A kind is what the filters tell apart.
"""

from django.db import connection
from psycopg import sql

_COLUMNS = sql.SQL("kind, subset, style, difficulty, split, state, judgeable, verified, pass_percent, tag")


def compact() -> None:
    """Fold the rows of each kind into one; safe at any time and from several processes at once.

    A row is deleted by one of them only, and its number goes where that one puts it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)


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
