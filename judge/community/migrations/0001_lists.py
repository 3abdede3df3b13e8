"""Lists of problems, and what people have reached: its tables, and the triggers that keep them up.

The triggers are what `reckoning.py` relies on.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import judge.community.list_models

TRIGGERS = """
-- Notes a verdict that goes and one that comes. It only adds rows, so no judge waits for another or for a reader.
CREATE FUNCTION community_judged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.verdict NOT IN ('', 'IE') THEN
        INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
        VALUES (OLD.user_id, OLD.problem_id, OLD.verdict, OLD.language, OLD.created_at, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.verdict NOT IN ('', 'IE') THEN
        INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
        VALUES (NEW.user_id, NEW.problem_id, NEW.verdict, NEW.language, NEW.created_at, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER community_sent AFTER INSERT ON submissions_submission
FOR EACH ROW WHEN (NEW.verdict <> '') EXECUTE FUNCTION community_judged();
CREATE TRIGGER community_judged AFTER UPDATE ON submissions_submission
FOR EACH ROW WHEN (
    (OLD.verdict, OLD.user_id, OLD.problem_id, OLD.language, OLD.time_ms, OLD.created_at) IS DISTINCT FROM
    (NEW.verdict, NEW.user_id, NEW.problem_id, NEW.language, NEW.time_ms, NEW.created_at)
) EXECUTE FUNCTION community_judged();
CREATE TRIGGER community_removed AFTER DELETE ON submissions_submission
FOR EACH ROW WHEN (OLD.verdict <> '') EXECUTE FUNCTION community_judged();

-- What a problem's solvers have reached depends on its difficulty, and on whether it is shown.
CREATE FUNCTION community_problem_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM submissions_submission WHERE problem_id = NEW.id) THEN
        INSERT INTO community_change (user_id, problem_id, verdict, language, number) VALUES (NULL, NEW.id, '', '', 0);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER community_problem_changed AFTER UPDATE ON problems_problem
FOR EACH ROW WHEN (
    (OLD.difficulty, OLD.subset, OLD.state, OLD.judgeable) IS DISTINCT FROM
    (NEW.difficulty, NEW.subset, NEW.state, NEW.judgeable)
) EXECUTE FUNCTION community_problem_changed();

-- What was judged before.
INSERT INTO community_change (user_id, problem_id, verdict, language, created_at, number)
SELECT user_id, problem_id, verdict, language, created_at, 1 FROM submissions_submission
WHERE verdict NOT IN ('', 'IE');
"""
DROP_TRIGGERS = """
DROP TRIGGER community_problem_changed ON problems_problem;
DROP FUNCTION community_problem_changed;
DROP TRIGGER community_removed ON submissions_submission;
DROP TRIGGER community_judged ON submissions_submission;
DROP TRIGGER community_sent ON submissions_submission;
DROP FUNCTION community_judged;
"""


CURATORS = "Curators"


def allow_curators(apps, schema_editor):
    # Django itself makes permissions only after all migrations, and keeps those that are there.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="community", model="problemlist"
    )
    curators, _ = apps.get_model("auth", "Group").objects.get_or_create(name=CURATORS)
    for action in ("view", "change"):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_problemlist",
            defaults={"name": f"Can {action} problem list"},
        )
        curators.permissions.add(permission)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_curators"),
        ("problems", "0006_taggings"),
        ("submissions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField(null=True)),
                ("problem_id", models.BigIntegerField()),
                ("verdict", models.CharField(max_length=3)),
                ("language", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(help_text="The submission's.", null=True)),
                ("number", models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Day",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("submissions", models.IntegerField()),
                ("accepted", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user_id", "day"), name="day_of_user")],
            },
        ),
        migrations.CreateModel(
            name="LanguageUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                ("language", models.CharField(max_length=40)),
                ("submissions", models.IntegerField()),
                ("accepted", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user_id", "language"), name="language_of_user")],
            },
        ),
        migrations.CreateModel(
            name="ProblemList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=judge.community.list_models.new_key, editable=False, max_length=16, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("description", models.TextField(blank=True, default="", max_length=2000, verbose_name="description")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("private", "Private: only you"),
                            ("unlisted", "Unlisted: whoever has the link"),
                            ("public", "Public: everybody finds it"),
                        ],
                        default="private",
                        max_length=8,
                        verbose_name="visibility",
                    ),
                ),
                ("is_favourites", models.BooleanField(default=False, editable=False)),
                (
                    "withheld",
                    models.BooleanField(
                        default=False, editable=False, help_text="A curator keeps it from everybody but its owner."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problem_lists",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-is_favourites", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ListEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="problems.problem"
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="community.problemlist"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ProblemTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("problem_id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("verdict", "Submissions by verdict"),
                            ("people", "People who tried and who solved"),
                            ("time", "People by the time of their fastest program"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(help_text="A verdict, tried or solved, or ms to two figures.", max_length=10)),
                ("number", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("problem_id", "kind", "key"), name="tally_of_problem")],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tries", models.IntegerField()),
                (
                    "solved_at",
                    models.DateTimeField(help_text="When the first accepted program was sent in.", null=True),
                ),
                ("fastest_ms", models.IntegerField(null=True)),
                ("fastest_id", models.BigIntegerField(null=True)),
                ("fastest_language", models.CharField(default="", max_length=40)),
                ("shortest_bytes", models.IntegerField(null=True)),
                ("shortest_id", models.BigIntegerField(null=True)),
                ("shortest_language", models.CharField(default="", max_length=40)),
                ("difficulty", models.CharField(max_length=10)),
                ("subset", models.CharField(max_length=60)),
                ("shown", models.BooleanField(help_text="Whether solvers see the problem.")),
                (
                    "problem",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="problems.problem",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "private",
                    models.BooleanField(default=False, help_text="Nobody else sees their profile, no list names them."),
                ),
                ("points", models.IntegerField(default=0)),
                ("solved", models.IntegerField(default=0)),
                ("easy", models.IntegerField(default=0)),
                ("medium", models.IntegerField(default=0)),
                ("hard", models.IntegerField(default=0)),
                (
                    "reached_at",
                    models.DateTimeField(help_text="When the last of them was solved; earlier goes first.", null=True),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("private", False), ("solved__gt", 0)),
                        fields=["-points", "reached_at", "user"],
                        name="standing_order",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="problemlist",
            index=models.Index(
                condition=models.Q(("visibility", "public"), ("withheld", False)), fields=["-id"], name="list_public"
            ),
        ),
        migrations.AddConstraint(
            model_name="problemlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_favourites", True)), fields=("owner",), name="list_of_favourites"
            ),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(fields=["list", "position", "id"], name="entry_order"),
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.UniqueConstraint(fields=("list", "problem"), name="entry_of_list"),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(
                condition=models.Q(("solved_at__isnull", False)), fields=["user", "-solved_at"], name="progress_solved"
            ),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(
                condition=models.Q(("shown", True), ("solved_at__isnull", True)),
                fields=["user", "-id"],
                name="progress_begun",
            ),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(
                condition=models.Q(("fastest_ms__isnull", False)),
                fields=["problem", "fastest_ms", "fastest_id"],
                name="progress_fastest",
            ),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(
                condition=models.Q(("shortest_bytes__isnull", False)),
                fields=["problem", "shortest_bytes", "shortest_id"],
                name="progress_shortest",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.UniqueConstraint(fields=("user", "problem"), name="progress_of_user"),
        ),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunPython(allow_curators, migrations.RunPython.noop, elidable=False),
    ]
