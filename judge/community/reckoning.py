"""Works off the changes that triggers have noted (migrations 0001, 0003): progress, standing, days, languages,
tallies.

One round takes some changes, oldest first, and what follows from them, in one transaction that others wait for: no
change is counted twice, whoever asks. A judge only ever adds changes, so it waits for nobody. What one user has reached
in a problem is looked up anew, so it is right whatever a rejudge did. What people have left behind who are gone, counts
among a problem's verdicts only: nobody has solved it. Not in charge of: what pages make of it.
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction

from judge.accounts.models import NOBODY
from problems.models import Difficulty

# The points of a problem. Those without a difficulty count as easy ones.
POINTS = {Difficulty.EASY: 1, Difficulty.MEDIUM: 3, Difficulty.HARD: 5}
ROUND = 200
# So many rounds, at most, somebody waits for who wants to look at a page; the clock sees to the rest.
ROUNDS_AT_ONCE = 2
_LOCK = 5_130_447


def settle(rounds: int | None = ROUNDS_AT_ONCE) -> None:
    """Work off what has changed, in so many rounds at most; without a limit until nothing is left."""
    while rounds is None or rounds > 0:
        if not _any_changes() or not _round():
            return
        rounds = None if rounds is None else rounds - 1


def rebuild() -> None:
    """Reckon all anew from the submissions, in one transaction: pages show the old numbers until the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for table in ("progress", "day", "languageuse", "problemtally"):
            cursor.execute(f"DELETE FROM community_{table}")  # noqa: S608 - names of ours
        cursor.execute(_NOTE_ALL)
        settle(None)


def _any_changes() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM community_change)")
        return bool(cursor.fetchone()[0])


def _round() -> int:
    """One round; returns how many changes it worked off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT id, user_id, problem_id FROM community_change ORDER BY id LIMIT %s", [ROUND])
        changes = cursor.fetchall()
        cursor.execute("SELECT id FROM accounts_user WHERE username = %s", [NOBODY])
        nobody = (cursor.fetchone() or [0])[0]
        given: dict[str, Any] = {
            "ids": [change for change, _, _ in changes],
            "users": list({user for _, user, _ in changes} - {None, nobody}),
            "nobody": nobody,
            "problems": list({problem for _, _, problem in changes}),
            "zone": settings.TIME_ZONE,
            **{difficulty.value: points for difficulty, points in POINTS.items()},
        }
        for step in _STEPS:
            cursor.execute(step, given)
    return len(changes)


# A change of a problem is one of all who have tried it: they come in a later round.
_SPREAD = """
    INSERT INTO community_change (user_id, problem_id, verdict, language, number)
    SELECT p.user_id, p.problem_id, '', '', 0 FROM community_progress p WHERE p.problem_id IN (
        SELECT problem_id FROM community_change WHERE id = ANY(%(ids)s) AND user_id IS NULL AND number = 0
    )
"""
_DAYS = """
    INSERT INTO community_day AS old (user_id, day, submissions, accepted)
    SELECT user_id, (created_at AT TIME ZONE %(zone)s)::date, sum(number),
        coalesce(sum(number) FILTER (WHERE verdict = 'AC'), 0)
    FROM community_change WHERE id = ANY(%(ids)s) AND number <> 0 AND user_id <> %(nobody)s GROUP BY 1, 2
    ON CONFLICT (user_id, day) DO UPDATE SET
        submissions = old.submissions + excluded.submissions, accepted = old.accepted + excluded.accepted
"""
_LANGUAGES = """
    INSERT INTO community_languageuse AS old (user_id, language, submissions, accepted)
    SELECT user_id, language, sum(number), coalesce(sum(number) FILTER (WHERE verdict = 'AC'), 0)
    FROM community_change WHERE id = ANY(%(ids)s) AND number <> 0 AND user_id <> %(nobody)s GROUP BY 1, 2
    ON CONFLICT (user_id, language) DO UPDATE SET
        submissions = old.submissions + excluded.submissions, accepted = old.accepted + excluded.accepted
"""
_VERDICTS = """
    INSERT INTO community_problemtally AS old (problem_id, kind, key, number)
    SELECT problem_id, 'verdict', verdict, sum(number)
    FROM community_change WHERE id = ANY(%(ids)s) AND number <> 0 GROUP BY 1, 3
    ON CONFLICT (problem_id, kind, key) DO UPDATE SET number = old.number + excluded.number
"""
# Times are counted to two figures: a problem has few numbers, however many people solve it.
_PROGRESS = """
    WITH pair AS (
        SELECT DISTINCT user_id, problem_id FROM community_change WHERE id = ANY(%(ids)s) AND user_id IS NOT NULL
    ),
    counted AS (
        SELECT id, user_id, problem_id, verdict, created_at, time_ms, language, octet_length(source) AS bytes
        FROM pair JOIN submissions_submission USING (user_id, problem_id)
        WHERE verdict NOT IN ('', 'IE') AND lane <> 'batch' AND user_id <> %(nobody)s
    ),
    fastest AS (
        SELECT DISTINCT ON (user_id, problem_id) * FROM counted
        WHERE verdict = 'AC' AND time_ms IS NOT NULL ORDER BY user_id, problem_id, time_ms, id
    ),
    shortest AS (
        SELECT DISTINCT ON (user_id, problem_id) * FROM counted
        WHERE verdict = 'AC' ORDER BY user_id, problem_id, bytes, id
    ),
    fresh AS (
        SELECT c.*, f.time_ms AS fastest_ms, f.id AS fastest_id, coalesce(f.language, '') AS fastest_language,
            s.bytes AS shortest_bytes, s.id AS shortest_id, coalesce(s.language, '') AS shortest_language,
            p.difficulty, p.subset, p.state = 'published' AND p.judgeable AS shown
        FROM (
            SELECT user_id, problem_id, count(*) AS tries, min(created_at) FILTER (WHERE verdict = 'AC') AS solved_at
            FROM counted GROUP BY 1, 2
        ) c JOIN problems_problem p ON p.id = c.problem_id
        LEFT JOIN fastest f USING (user_id, problem_id) LEFT JOIN shortest s USING (user_id, problem_id)
    ),
    former AS (SELECT p.* FROM pair JOIN community_progress p USING (user_id, problem_id)),
    gone AS (
        DELETE FROM community_progress p USING pair
        WHERE (p.user_id, p.problem_id) = (pair.user_id, pair.problem_id) AND NOT EXISTS (
            SELECT FROM fresh WHERE (fresh.user_id, fresh.problem_id) = (pair.user_id, pair.problem_id)
        )
    ),
    kept AS (
        INSERT INTO community_progress (
            user_id, problem_id, tries, solved_at, fastest_ms, fastest_id, fastest_language,
            shortest_bytes, shortest_id, shortest_language, difficulty, subset, shown
        ) SELECT * FROM fresh
        ON CONFLICT (user_id, problem_id) DO UPDATE SET
            tries = excluded.tries, solved_at = excluded.solved_at, fastest_ms = excluded.fastest_ms,
            fastest_id = excluded.fastest_id, fastest_language = excluded.fastest_language,
            shortest_bytes = excluded.shortest_bytes, shortest_id = excluded.shortest_id,
            shortest_language = excluded.shortest_language, difficulty = excluded.difficulty,
            subset = excluded.subset, shown = excluded.shown
    ),
    step AS (
        SELECT problem_id, solved_at, fastest_ms, 1 AS number FROM fresh
        UNION ALL SELECT problem_id, solved_at, fastest_ms, -1 FROM former
    ),
    tally AS (
        SELECT problem_id, 'people' AS kind, 'tried' AS key, number FROM step
        UNION ALL SELECT problem_id, 'people', 'solved', number FROM step WHERE solved_at IS NOT NULL
        UNION ALL SELECT problem_id, 'time',
            (fastest_ms - fastest_ms %% (10 ^ greatest(length(fastest_ms::text) - 2, 0))::int)::text, number
        FROM step WHERE fastest_ms IS NOT NULL
    )
    INSERT INTO community_problemtally AS old (problem_id, kind, key, number)
    SELECT problem_id, kind, key, sum(number) FROM tally GROUP BY 1, 2, 3 HAVING sum(number) <> 0
    ON CONFLICT (problem_id, kind, key) DO UPDATE SET number = old.number + excluded.number
"""
_STANDING = """
    INSERT INTO community_standing (user_id, private, solved, easy, medium, hard, points, reached_at)
    SELECT id, false, solved, easy, medium, hard,
        (solved - medium - hard) * %(easy)s + medium * %(medium)s + hard * %(hard)s, reached_at
    FROM (
        SELECT u.id, count(p.id) AS solved, count(*) FILTER (WHERE p.difficulty = 'easy') AS easy,
            count(*) FILTER (WHERE p.difficulty = 'medium') AS medium,
            count(*) FILTER (WHERE p.difficulty = 'hard') AS hard, max(p.solved_at) AS reached_at
        FROM accounts_user u
        LEFT JOIN community_progress p ON p.user_id = u.id AND p.solved_at IS NOT NULL AND p.shown
        WHERE u.id = ANY(%(users)s) GROUP BY u.id
    ) reached
    ON CONFLICT (user_id) DO UPDATE SET
        solved = excluded.solved, easy = excluded.easy, medium = excluded.medium, hard = excluded.hard,
        points = excluded.points, reached_at = excluded.reached_at
"""
_FORSAKEN = """
    DELETE FROM community_standing s
    WHERE user_id = ANY(%(users)s) AND NOT EXISTS (SELECT FROM accounts_user u WHERE u.id = s.user_id)
"""
_STEPS = (
    _SPREAD,
    _DAYS,
    _LANGUAGES,
    _VERDICTS,
    _PROGRESS,
    _STANDING,
    "DELETE FROM community_day WHERE user_id = ANY(%(users)s) AND submissions = 0",
    "DELETE FROM community_languageuse WHERE user_id = ANY(%(users)s) AND submissions = 0",
    "DELETE FROM community_problemtally WHERE problem_id = ANY(%(problems)s) AND number = 0",
    _FORSAKEN,
    "DELETE FROM community_change WHERE id = ANY(%(ids)s)",
)
# One statement sees one moment: a verdict is either in it with its change or comes later with its change. People who
# have a standing are looked at, too: perhaps nothing of theirs is left.
_NOTE_ALL = """
    WITH noted AS (DELETE FROM community_change)
    INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
    SELECT user_id, problem_id, verdict, language, created_at, 1 FROM submissions_submission
    WHERE verdict NOT IN ('', 'IE') AND lane <> 'batch'
    UNION ALL SELECT user_id, 0, '', '', NULL, 0 FROM community_standing
"""
