"""The kinds of problems and how many there are of each; the table that is searched; the words of the titles.

The functions and triggers are what `counts.py` and `search.py` rely on. Problems that are there become searchable here.
"""
# ruff: noqa: S608 - put together from constants

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# Bodies of the standard's kind are bound when they are made: they work under any search_path, as in a restore.
FUNCTIONS = """
CREATE FUNCTION problems_pass_percent(fraction double precision) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN fraction IS NOT NULL THEN round(least(greatest(fraction, 0), 1) * 100)::smallint END;

CREATE FUNCTION problems_wide_kind(
    subset text, style text, difficulty text, split text, state text, judgeable boolean, verified boolean
) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(
    subset || '|' || style || '|' || difficulty || '|' || split || '|' || state || '|' || judgeable::text || '|'
    || verified::text, 0);

CREATE FUNCTION problems_kind(
    subset text, style text, difficulty text, split text, state text, judgeable boolean, verified boolean,
    fraction double precision
) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(
    coalesce(problems_pass_percent(fraction)::text, ''),
    problems_wide_kind(subset, style, difficulty, split, state, judgeable, verified));

-- An even draw among problems, however they are numbered: the same number always draws the same lot, below 2^32.
CREATE FUNCTION problems_lot(id bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((id % 2147483648) * 2654435769) % 4294967296;

CREATE FUNCTION problems_marks(
    id bigint, subset text, style text, difficulty text, split text, state text, judgeable boolean, verified boolean,
    fraction double precision, tags text[]
) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY[
    'subset=' || subset, 'style=' || style, 'difficulty=' || difficulty, 'split=' || split, 'state=' || state,
    'judgeable=' || judgeable::text, 'verified=' || verified::text,
    'pass=' || coalesce(problems_pass_percent(fraction)::text, '')]
    || CASE
        WHEN problems_lot(id) < 16777216 THEN ARRAY['of=4', 'of=16', 'of=64', 'of=256']
        WHEN problems_lot(id) < 67108864 THEN ARRAY['of=4', 'of=16', 'of=64']
        WHEN problems_lot(id) < 268435456 THEN ARRAY['of=4', 'of=16']
        WHEN problems_lot(id) < 1073741824 THEN ARRAY['of=4']
        ELSE '{}' END
    || CASE WHEN tags <> '{}' THEN ARRAY(SELECT 'tag=' || tag FROM unnest(tags) tag) ELSE '{}' END;

CREATE FUNCTION problems_heading(title text, question_id text, subset text, tags text[]) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE
RETURN setweight(to_tsvector('english'::regconfig, title), 'A') || setweight(to_tsvector('english'::regconfig,
    translate(question_id || ' ' || subset, '_', ' ') || ' ' || array_to_string(tags, ' ')), 'B');
"""
DROP_FUNCTIONS = """
DROP FUNCTION problems_heading;
DROP FUNCTION problems_marks;
DROP FUNCTION problems_lot;
DROP FUNCTION problems_kind;
DROP FUNCTION problems_wide_kind;
DROP FUNCTION problems_pass_percent;
"""

COLUMNS = "kind, wide_kind, subset, style, difficulty, split, state, judgeable, verified"


def counted(rows):
    """SQL that notes how many problems of each kind and tag ``rows`` hold; their column ``n`` is 1 or -1."""
    return f"""
    INSERT INTO problems_kindcount ({COLUMNS}, pass_percent, tag, number)
    SELECT {COLUMNS}, percent, tag, sum(n) FROM (
        SELECT {COLUMNS}, problems_pass_percent(pass_percentage) AS percent, '' AS tag, n FROM {rows} r
        UNION ALL
        SELECT {COLUMNS}, percent, tag, n FROM (
            SELECT DISTINCT id, {COLUMNS}, problems_pass_percent(pass_percentage) AS percent, tag, n
            FROM {rows} r CROSS JOIN LATERAL unnest(tags) AS tag WHERE tag <> ''
        ) tagged
    ) every
    GROUP BY {COLUMNS}, percent, tag HAVING sum(n) <> 0;
    """


ARGUMENTS = "subset, style, difficulty, split, state, judgeable, verified, pass_percentage, tags"


def marks(alias):
    return f"problems_marks({alias}.id, {', '.join(f'{alias}.{name}' for name in ARGUMENTS.split(', '))})"


TRIGGERS = f"""
CREATE FUNCTION problems_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {counted("(SELECT *, 1 AS n FROM new_rows)")}
    RETURN NULL;
END $$;
CREATE TRIGGER problems_inserted AFTER INSERT ON problems_problem
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION problems_inserted();

CREATE FUNCTION problems_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {counted("(SELECT *, 1 AS n FROM new_rows UNION ALL SELECT *, -1 FROM old_rows)")}
    UPDATE problems_searchrow s SET kind = n.kind, marks = {marks("n")}, shown = n.state = 'published' AND n.judgeable
    FROM new_rows n JOIN old_rows o USING (id)
    WHERE s.problem_id = n.id AND (n.kind <> o.kind OR n.tags <> o.tags);
    RETURN NULL;
END $$;
CREATE TRIGGER problems_updated AFTER UPDATE ON problems_problem
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION problems_updated();

CREATE FUNCTION problems_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {counted("(SELECT *, -1 AS n FROM old_rows)")}
    DELETE FROM problems_searchrow s USING old_rows o WHERE s.problem_id = o.id;
    RETURN NULL;
END $$;
CREATE TRIGGER problems_deleted AFTER DELETE ON problems_problem
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION problems_deleted();

CREATE FUNCTION problems_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever folds the counts at this moment comes first, so that nothing is folded into what was there before.
    LOCK TABLE problems_kindcount IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM problems_kindcount;
    DELETE FROM problems_searchrow;
    RETURN NULL;
END $$;
CREATE TRIGGER problems_truncated AFTER TRUNCATE ON problems_problem
FOR EACH STATEMENT EXECUTE FUNCTION problems_truncated();
"""
DROP_TRIGGERS = "\n".join(
    f"DROP TRIGGER problems_{event} ON problems_problem; DROP FUNCTION problems_{event};"
    for event in ("truncated", "deleted", "updated", "inserted")
)

FILL = f"""
{counted("(SELECT *, 1 AS n FROM problems_problem)")}
INSERT INTO problems_searchrow (problem_id, kind, heading, document, marks, shown, sampled)
SELECT p.id, p.kind, h.heading, h.heading || setweight(to_tsvector('english', left(p.statement, 2000)), 'C'), {marks("p")},
    p.state = 'published' AND p.judgeable, problems_lot(p.id) < 67108864
FROM problems_problem p
CROSS JOIN LATERAL (SELECT problems_heading(p.title, p.question_id, p.subset, p.tags) AS heading OFFSET 0) h
ORDER BY p.id;
INSERT INTO problems_word (word, problems)
SELECT word, ndoc FROM ts_stat('SELECT to_tsvector(''simple'', title) FROM problems_problem')
WHERE length(word) BETWEEN 3 AND 40 AND word ~ '[[:alpha:]]' AND numnode(plainto_tsquery('english', word)) > 0;
"""


KIND_COLUMNS = ("subset", "style", "difficulty", "split", "state", "judgeable", "verified")


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0002_dataset"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        # Nobody asks by these any more.
        migrations.RemoveIndex(model_name="problem", name="problem_visible"),
        migrations.RemoveIndex(model_name="problem", name="problem_by_difficulty"),
        migrations.RemoveIndex(model_name="problem", name="problem_by_subset"),
        migrations.AlterField(
            model_name="problem",
            name="family",
            field=models.CharField(
                help_text="The question_id without its style: one problem in up to three styles.", max_length=200
            ),
        ),
        migrations.AlterField(model_name="problem", name="subset", field=models.CharField(max_length=60)),
        migrations.AddField(
            model_name="problem",
            name="kind",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(*KIND_COLUMNS, "pass_percentage", function="problems_kind"),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="wide_kind",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(*KIND_COLUMNS, function="problems_wide_kind"),
                output_field=models.BigIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("judgeable", True), ("state", "published")), fields=["id"], name="problem_shown"
            ),
        ),
        migrations.AddIndex(model_name="problem", index=models.Index(fields=["kind", "id"], name="problem_of_kind")),
        migrations.AddIndex(
            model_name="problem", index=models.Index(fields=["wide_kind", "id"], name="problem_of_wide_kind")
        ),
        migrations.AddIndex(model_name="problem", index=models.Index(fields=["family"], name="problem_family")),
        migrations.CreateModel(
            name="KindCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.BigIntegerField()),
                ("wide_kind", models.BigIntegerField()),
                ("subset", models.CharField(max_length=60)),
                ("style", models.CharField(max_length=20)),
                ("difficulty", models.CharField(max_length=10)),
                ("split", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=12)),
                ("judgeable", models.BooleanField()),
                ("verified", models.BooleanField()),
                (
                    "pass_percent",
                    models.SmallIntegerField(help_text="The pass rate, rounded to whole per cents.", null=True),
                ),
                ("tag", models.CharField(max_length=40)),
                ("number", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "problem",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="problems.problem",
                    ),
                ),
                ("kind", models.BigIntegerField()),
                ("heading", django.contrib.postgres.search.SearchVectorField()),
                ("document", django.contrib.postgres.search.SearchVectorField()),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        help_text="What may be asked for besides words, as `name=value`.",
                        size=None,
                    ),
                ),
                ("shown", models.BooleanField(help_text="Whether solvers see it.")),
                ("sampled", models.BooleanField(help_text="True for one in 64, drawn evenly.")),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(db_collation="C", max_length=40, primary_key=True, serialize=False)),
                ("problems", models.PositiveIntegerField(help_text="How many titles have it.")),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        # Much faster over rows that are there than row by row.
        migrations.AddIndex(
            model_name="searchrow",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["heading", "document", "marks"], name="search_words"
            ),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("shown", True)), fields=["heading", "document", "marks"], name="search_shown"
            ),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("sampled", True)), fields=["heading", "document", "marks"], name="search_sample"
            ),
        ),
        migrations.AddIndex(
            model_name="word",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["word"], name="word_trigrams", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
