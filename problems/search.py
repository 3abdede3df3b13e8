"""The table that is searched: written by `index` and `finish`, asked by `look_up`.

The work of a query is bounded however many problems a word occurs in: where more than CANDIDATES match, a fair draw of
them is ranked (each problem has its lot, see migration 0003), those whose titles match first. Not in charge of: what
was typed (`words.py`), what is shown (`listing.py`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from judge import prepared
from problems import words

Cursor = Any  # Django's wrapper; it has no type of its own
# At most so many problems are an answer.
CANDIDATES = 200
# A statement's later characters aren't searched: what a problem is about stands at its beginning.
SEARCHED_CHARACTERS = 2_000
# With so few problems, the words of their titles are known at once; with more, from `finish` on.
FEW = 100
# So many words, at most, complete an unfinished one.
COMPLETIONS = 8
# One in so many problems, drawn evenly, can be asked for alone: those carry the mark `of=...`.
SHARES = (256, 128, 64, 32, 16, 8, 4, 2, 1)
# Of so few, all are `SearchRow.sampled`.
SAMPLED = 64
# Words in quotes are looked for in the rows themselves; beyond so many, in a share of them.
MAX_LOOKED_THROUGH = 5_000


def index(problem_ids: Sequence[int]) -> None:
    """Write anew what the search knows of these problems, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [SEARCHED_CHARACTERS, list(problem_ids)])
        if len(problem_ids) <= FEW:
            # Two that add the same word would wait for each other: one of them leaves it to `finish`.
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADDING_WORDS])
            if cursor.fetchone()[0]:
                cursor.execute(_ADD_WORDS, [list(problem_ids)])


def finish() -> None:
    """What is due once after many problems were written: the titles' words, tidy indexes, fresh statistics."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT_WORDS)
        cursor.execute(_RENEW_WORDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_words')")
        cursor.execute("ANALYZE problems_searchrow, problems_word, problems_problem")


@dataclass(frozen=True, slots=True)
class Found:
    """The problems that match, best first, with their kinds; not ``complete`` where there are more than these.

    ``instead`` is what was searched for where what was typed finds nothing, else "".
    """

    kinds: Mapping[int, int]
    complete: bool = True
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Among:
    """The problems that are searched: with at least one of each group of marks, and only ``ids`` where these are given.

    Solvers see the ``shown`` ones.
    """

    shown: bool
    marks: tuple[tuple[str, ...], ...] = ()
    ids: tuple[int, ...] | None = None

    @property
    def sample(self) -> int:
        """One in so many tell about how many match: of the few that solvers see, more."""
        return 64 if self.shown else SHARES[0]

    def conditions(self, share: int) -> tuple[str, dict[str, list[Any]]]:
        """SQL for one in ``share`` of them, and its parameters."""
        groups = [*self.marks, *([(f"of={share}",)] if share > 1 else [])]
        given: dict[str, list[Any]] = {f"marks{number}": list(group) for number, group in enumerate(groups)}
        parts = [f" AND marks && %({name})s" for name in given]
        if self.ids is not None:
            given["ids"] = list(self.ids)
            parts.append(" AND problem_id = ANY(%(ids)s::bigint[])")
        if self.shown:
            parts.append(" AND shown")
        elif share >= SAMPLED:
            parts.append(" AND sampled")
        return "".join(parts), given


def look_up(text: str, among: Among) -> Found:
    """Problems that ``text`` asks for; where there are none, those that its corrected words ask for."""
    typed = words.read(text)
    found = _find(typed, among)
    if found.kinds or (better := words.corrected(typed.text)) == typed.text:
        return found
    return replace(_find(words.read(better), among), instead=better)


def _find(typed: words.Typed, among: Among) -> Found:
    if not typed.text:
        return Found({})
    asked = {
        "whole": typed.whole,
        "last": typed.last,
        "begun": typed.beginning,
        "completions": COMPLETIONS,
        "id": typed.text,
        "slug": typed.slug,
    }
    conditions, given = among.conditions(among.sample)
    # Its plan is the same whatever is asked.
    read = prepared.rows(_READ.format(among=conditions), asked | given)
    ((query, tree, named, in_titles, in_documents),) = read
    ids = dict(named or ())
    # Nothing is asked by words that are everywhere, or by leaving out alone.
    if tree in {"", "T"}:
        return Found(ids)
    # Whoever names a problem by its id asks for nothing else.
    if ids and _IS_AN_ID.fullmatch(typed.text):
        return Found(ids)
    titles, documents = (_shares(sampled, among.sample, CANDIDATES) for sampled in (in_titles, in_documents))
    found, complete = _drawn("heading", query, among, titles) if titles != [1] else ([], True)
    if complete:
        found, complete = _drawn("both", query, among, documents)
    return Found(ids | dict(found), complete)


def _drawn(column: str, query: str, among: Among, shares: Sequence[int]) -> tuple[list[tuple[int, int]], bool]:
    """The best of the first CANDIDATES problems in the order of their lots, and whether there are no more.

    One share of all problems after the other is looked at until there are enough.
    """
    found: list[tuple[int, int]] = []
    for share in shares:
        found = _ranked(column, {"query": query, "more": CANDIDATES + 1}, among, share)
        if len(found) > CANDIDATES:
            return found[:CANDIDATES], False
    return found, shares[-1] == 1


def _shares(sampled: int, sample: int, limit: int) -> list[int]:
    """The shares of all problems that are looked at to find ``limit``, where ``sampled`` match in one of ``sample``."""
    expected = sampled * sample
    # The first is one that holds enough, as far as the sample can tell.
    surely = expected - 1.5 * sample * sqrt(sampled)
    first = next((share for share in SHARES if surely >= limit * share), 1)
    last = next((share for share in reversed(SHARES) if expected <= MAX_LOOKED_THROUGH * share), SHARES[0])
    return [share for share in SHARES if last <= share <= max(first, last)]


def _ranked(column: str, asked: dict[str, Any], among: Among, share: int) -> list[tuple[int, int]]:
    """What matches by ``column`` among one in ``share`` of the problems."""
    conditions, given = among.conditions(share)
    # Titles are few enough to be looked for in all problems, when the statements are looked for, too.
    in_titles, more = among.conditions(1 if column == "both" else share)
    with connection.cursor() as cursor:
        # How common the words are decides about the plan.
        cursor.execute(_RANKED[column].format(in_titles=in_titles, in_documents=conditions), asked | given | more)
        return list(cursor.fetchall())


# Several forms of a word are one lexeme, which is looked for once; words that begin alike are a range of the index for
# LIKE, in a way that needs no constant. The sample tells about how many problems match.
# Where words have an order, it isn't looked at here.
_READ = r"""
    WITH read AS MATERIALIZED (
        SELECT websearch_to_tsquery('english', %(whole)s) && (
            websearch_to_tsquery('english', %(last)s) || coalesce((
                SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery FROM (
                    SELECT unnest(tsvector_to_array(to_tsvector('english', string_agg(word, ' ')))) AS lexeme FROM (
                        SELECT word FROM problems_word
                        WHERE %(begun)s <> '' AND word ~>=~ %(begun)s AND word ~<~ (%(begun)s || chr(1114111))
                        ORDER BY problems DESC, word LIMIT %(completions)s
                    ) completed
                    EXCEPT SELECT unnest(tsvector_to_array(to_tsvector('english', %(last)s)))
                ) forms
            ), '')
        ) AS query
    ), loose AS MATERIALIZED (
        SELECT regexp_replace(query::text, '<(-|\d+)>', '&', 'g')::tsquery AS query FROM read
    )
    SELECT query::text, querytree(query), (
        SELECT array_agg(ARRAY[id, kind] ORDER BY id) FROM problems_problem
        WHERE question_id = %(id)s OR slug = %(slug)s OR family = %(id)s
    ), CASE WHEN querytree(query) NOT IN ('', 'T') THEN (
        SELECT count(*) FROM problems_searchrow WHERE heading @@ (SELECT query FROM loose){among}
    ) END, CASE WHEN querytree(query) NOT IN ('', 'T') THEN (
        SELECT count(*) FROM problems_searchrow WHERE document @@ (SELECT query FROM loose){among}
    ) END FROM read
"""
# Short titles before long ones; among statements, those that are more about the words.
_BY_TITLE = """
    SELECT problem_id, kind FROM (
        SELECT problem_id, kind, heading FROM problems_searchrow WHERE heading @@ %(query)s::tsquery{in_titles}
        ORDER BY problems_lot(problem_id) LIMIT %(more)s
    ) drawn ORDER BY ts_rank_cd(heading, %(query)s::tsquery, 2) DESC, problem_id
"""
_BY_DOCUMENT = """
    SELECT problem_id, kind FROM (
        SELECT problem_id, kind, document FROM problems_searchrow
        WHERE document @@ %(query)s::tsquery AND NOT heading @@ %(query)s::tsquery{in_documents}
        ORDER BY problems_lot(problem_id) LIMIT %(more)s
    ) drawn ORDER BY ts_rank(document, %(query)s::tsquery, 1) DESC, problem_id
"""
# What both find is appended in this order, and the second isn't looked for where the first is enough.
_RANKED = {"heading": _BY_TITLE, "both": f"({_BY_TITLE}) UNION ALL ({_BY_DOCUMENT}) LIMIT %(more)s"}
# As they are in addresses and in the dataset: apps-1-oj, Apps_1_OJ.
_IS_AN_ID = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*[-_]\d+(?:[-_][^\W_]+)*", re.ASCII)
# In the order of ids, so that two at once wait for each other and not crosswise.
_INDEX = """
    INSERT INTO problems_searchrow AS s (problem_id, kind, heading, document, marks, shown, sampled)
    SELECT p.id, p.kind, h.heading, h.heading || setweight(to_tsvector('english', left(p.statement, %s)), 'C'),
        problems_marks(p.id, p.subset, p.style, p.difficulty, p.split, p.state, p.judgeable, p.verified,
            p.pass_percentage, p.tags),
        p.state = 'published' AND p.judgeable, problems_lot(p.id) < 67108864
    FROM problems_problem p
    CROSS JOIN LATERAL (SELECT problems_heading(p.title, p.question_id, p.subset, p.tags) AS heading OFFSET 0) h
    WHERE p.id = ANY(%s) ORDER BY p.id
    ON CONFLICT (problem_id) DO UPDATE
    SET kind = excluded.kind, heading = excluded.heading, document = excluded.document, marks = excluded.marks,
        shown = excluded.shown
    WHERE (s.document, s.marks) IS DISTINCT FROM (excluded.document, excluded.marks)
"""
_ADDING_WORDS = 0x576F7264  # a number of our own among the locks
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
    CREATE TEMPORARY TABLE found AS
    SELECT word, ndoc AS problems FROM ts_stat('SELECT to_tsvector(''simple'', title) FROM problems_problem')
    WHERE {is_a_word}
    """
).format(is_a_word=_IS_A_WORD)
_RENEW_WORDS = """
    LOCK TABLE problems_word IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM problems_word w WHERE NOT EXISTS (SELECT FROM found f WHERE f.word = w.word);
    INSERT INTO problems_word AS w (word, problems) SELECT word, problems FROM found
    ON CONFLICT (word) DO UPDATE SET problems = excluded.problems WHERE w.problems <> excluded.problems;
    DROP TABLE found
"""
