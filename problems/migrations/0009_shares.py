"""Finer shares of all problems, so that a search looks at few more than it ranks; statements' words beside their rows.

What is searched for already is written anew, once: some minutes for the whole dataset.
"""

# ruff: noqa: S608 - put together from constants

from django.db import migrations

LOTS = 2**32
ARGUMENTS = """
    id bigint, subset text, style text, difficulty text, split text, state text, judgeable boolean, verified boolean,
    fraction double precision, tags text[]
"""


def marks(shares):
    """SQL that makes the function anew: a problem with a low lot is in all shares that its lot lies in."""
    cases = []
    for share in sorted(shares, reverse=True):
        held = ", ".join(f"'of={other}'" for other in sorted(shares) if other <= share)
        cases.append(f"WHEN problems_lot(id) < {LOTS // share} THEN ARRAY[{held}]")
    return f"""
    CREATE OR REPLACE FUNCTION problems_marks({ARGUMENTS}) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY[
        'subset=' || subset, 'style=' || style, 'difficulty=' || difficulty, 'split=' || split, 'state=' || state,
        'judgeable=' || judgeable::text, 'verified=' || verified::text,
        'pass=' || coalesce(problems_pass_percent(fraction)::text, '')]
        || CASE {" ".join(cases)} ELSE '{{}}' END
        || CASE WHEN tags <> '{{}}' THEN ARRAY(SELECT 'tag=' || tag FROM unnest(tags) tag) ELSE '{{}}' END;
    """


# What is added to a tsvector is written where the table now says: beside its row, not out of line.
ANEW = """
UPDATE problems_searchrow s SET document = s.document || ''::tsvector, marks = problems_marks(
    p.id, p.subset, p.style, p.difficulty, p.split, p.state, p.judgeable, p.verified, p.pass_percentage, p.tags
) FROM problems_problem p WHERE p.id = s.problem_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0008_alike"),
    ]

    operations = [
        migrations.RunSQL(
            [
                marks([2**power for power in range(1, 9)]),
                "ALTER TABLE problems_searchrow SET (toast_tuple_target = 8160)",
                ANEW,
            ],
            [marks([4, 16, 64, 256]), "ALTER TABLE problems_searchrow RESET (toast_tuple_target)", ANEW],
        )
    ]
