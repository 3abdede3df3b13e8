"""Finding problems by words. Every word must occur in the title or in the dataset's id."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg import sql

from problems.models import Problem

MAX_WORDS = 8
# A statement's later characters aren't searched: what a problem is about stands at its beginning.
SEARCHED_CHARACTERS = 2_000
# With so few problems, the words of their titles are known at once; with more, from `finish` on.
FEW = 100


def index(problem_ids: Sequence[int]) -> None:
    """Write anew what the search knows of these problems, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [SEARCHED_CHARACTERS, list(problem_ids)])
        if len(problem_ids) <= FEW:
            cursor.execute(_ADD_WORDS, [list(problem_ids)])


def finish() -> None:
    """What is due once after many problems were written: the titles' words, tidy indexes, fresh statistics."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT_WORDS)
        cursor.execute(_RENEW_WORDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_words')")
        cursor.execute("ANALYZE problems_searchrow, problems_word, problems_problem")


def search(problems: QuerySet[Problem], text: str) -> QuerySet[Problem]:
    """Those of ``problems`` that ``text`` names, in their own order."""
    for word in text.split()[:MAX_WORDS]:
        problems = problems.filter(Q(title__icontains=word) | Q(question_id__icontains=word))
    return problems


# In the order of ids, so that two at once wait for each other and not crosswise.
_INDEX = """
    INSERT INTO problems_searchrow AS s (problem_id, heading, document, marks)
    SELECT p.id, h.heading, h.heading || setweight(to_tsvector('english', left(p.statement, %s)), 'C'),
        problems_marks(p.id, p.subset, p.style, p.difficulty, p.split, p.state, p.judgeable, p.verified,
            p.pass_percentage, p.tags)
    FROM problems_problem p
    CROSS JOIN LATERAL (SELECT problems_heading(p.title, p.question_id, p.subset, p.tags) AS heading OFFSET 0) h
    WHERE p.id = ANY(%s) ORDER BY p.id
    ON CONFLICT (problem_id) DO UPDATE
    SET heading = excluded.heading, document = excluded.document, marks = excluded.marks
    WHERE (s.document, s.marks) IS DISTINCT FROM (excluded.document, excluded.marks)
"""
_IS_A_WORD = sql.SQL(
    "length(word) BETWEEN 3 AND 40 AND word ~ '[[:alpha:]]' AND numnode(plainto_tsquery('english', word)) > 0"
)
_ADD_WORDS = sql.SQL(
    """
    INSERT INTO problems_word (word, problems)
    SELECT word, count(*) FROM problems_problem, unnest(tsvector_to_array(to_tsvector('simple', title))) AS word
    WHERE id = ANY(%s) AND {is_a_word} GROUP BY word ORDER BY word
    ON CONFLICT (word) DO NOTHING
    """
).format(is_a_word=_IS_A_WORD)
_COUNT_WORDS = sql.SQL(
    """
    DROP TABLE IF EXISTS pg_temp.found;
    CREATE TEMPORARY TABLE found ON COMMIT DROP AS
    SELECT word, ndoc AS problems FROM ts_stat('SELECT to_tsvector(''simple'', title) FROM problems_problem')
    WHERE {is_a_word}
    """
).format(is_a_word=_IS_A_WORD)
_RENEW_WORDS = """
    LOCK TABLE problems_word IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM problems_word w WHERE NOT EXISTS (SELECT FROM found f WHERE f.word = w.word);
    INSERT INTO problems_word AS w (word, problems) SELECT word, problems FROM found
    ON CONFLICT (word) DO UPDATE SET problems = excluded.problems WHERE w.problems <> excluded.problems
"""
