"""Which problems have which tag, in the order of every list: so a page of a tag costs what any other page does."""

import django.db.models.deletion
from django.db import migrations, models

CHANGED = "n.kind <> o.kind OR n.tags <> o.tags"


def taken_up(rows):
    """SQL that notes the tags of ``rows``."""
    return f"""
    INSERT INTO problems_tagging (problem_id, tag, kind, wide_kind)
    SELECT DISTINCT r.id, tag, r.kind, r.wide_kind FROM {rows} r CROSS JOIN LATERAL unnest(r.tags) AS tag WHERE tag <> '';
    """  # noqa: S608 - put together from constants


TRIGGERS = f"""
CREATE FUNCTION problems_tags_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {taken_up("new_rows")}
    RETURN NULL;
END $$;
CREATE TRIGGER problems_tags_inserted AFTER INSERT ON problems_problem
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION problems_tags_inserted();

CREATE FUNCTION problems_tags_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM problems_tagging t USING old_rows o JOIN new_rows n USING (id)
    WHERE t.problem_id = o.id AND o.tags <> '{{}}' AND ({CHANGED});
    {taken_up(f"(SELECT n.* FROM new_rows n JOIN old_rows o USING (id) WHERE n.tags <> '{{}}' AND ({CHANGED}))")}
    RETURN NULL;
END $$;
CREATE TRIGGER problems_tags_updated AFTER UPDATE ON problems_problem
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION problems_tags_updated();

CREATE FUNCTION problems_tags_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM problems_tagging t USING old_rows o WHERE t.problem_id = o.id AND o.tags <> '{{}}';
    RETURN NULL;
END $$;
CREATE TRIGGER problems_tags_deleted AFTER DELETE ON problems_problem
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION problems_tags_deleted();

CREATE FUNCTION problems_tags_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM problems_tagging;
    RETURN NULL;
END $$;
CREATE TRIGGER problems_tags_truncated AFTER TRUNCATE ON problems_problem
FOR EACH STATEMENT EXECUTE FUNCTION problems_tags_truncated();
"""  # noqa: S608 - put together from constants
DROP_TRIGGERS = "\n".join(
    f"DROP TRIGGER problems_tags_{event} ON problems_problem; DROP FUNCTION problems_tags_{event};"
    for event in ("truncated", "deleted", "updated", "inserted")
)


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0005_undo"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tag", models.CharField(max_length=40)),
                ("kind", models.BigIntegerField()),
                ("wide_kind", models.BigIntegerField()),
                (
                    "problem",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="problems.problem",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tag", "kind", "problem"], name="tagging_of_kind"),
                    models.Index(fields=["tag", "wide_kind", "problem"], name="tagging_of_wide_kind"),
                ],
            },
        ),
        migrations.RunSQL(taken_up("problems_problem"), migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
    ]
