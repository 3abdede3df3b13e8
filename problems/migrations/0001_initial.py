import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField()),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("imported", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("quarantined", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                (
                    "error",
                    models.TextField(blank=True, default="", help_text="Why the source could not be read to its end."),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question_id", models.CharField(max_length=200, unique=True)),
                ("slug", models.SlugField(max_length=200, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("statement", models.TextField(help_text="Markdown with LaTeX, as imported.")),
                (
                    "statement_html",
                    models.TextField(
                        blank=True,
                        default="",
                        editable=False,
                        help_text="Rendered and sanitised at first view; empty: not yet.",
                    ),
                ),
                ("solution", models.TextField(blank=True, help_text="The reference solution (Python).")),
                (
                    "style",
                    models.CharField(
                        choices=[("online_judge", "Online Judge"), ("instruct", "Instruct"), ("complete", "Complete")],
                        max_length=20,
                    ),
                ),
                ("subset", models.CharField(db_index=True, max_length=60)),
                (
                    "split",
                    models.CharField(
                        choices=[("train", "Train"), ("use_with_caution", "Use with caution")],
                        default="train",
                        max_length=20,
                    ),
                ),
                (
                    "difficulty",
                    models.CharField(
                        blank=True,
                        choices=[("easy", "Easy"), ("medium", "Medium"), ("hard", "Hard")],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "pass_percentage",
                    models.FloatField(blank=True, help_text="A fraction from 0 to 1; may be 0.", null=True),
                ),
                ("version", models.CharField(blank=True, default="", max_length=10)),
                ("filter_reason", models.TextField(blank=True, default="")),
                (
                    "raw_test",
                    models.TextField(
                        blank=True, default="", help_text="The test source of a row that is not judged by stdio, whole."
                    ),
                ),
                (
                    "extra",
                    models.JSONField(blank=True, default=dict, help_text="The row's other columns, as imported."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("published", "Published"), ("hidden", "Hidden"), ("quarantined", "Quarantined")],
                        default="published",
                        max_length=12,
                    ),
                ),
                ("state_reason", models.TextField(blank=True, default="")),
                ("judgeable", models.BooleanField(default=True)),
                ("verified", models.BooleanField(default=False)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("time_limit_ms", models.PositiveIntegerField(default=2000)),
                ("memory_limit_kb", models.PositiveIntegerField(default=262144)),
                ("checker", models.CharField(default="lines", max_length=60)),
                ("checker_language", models.CharField(blank=True, default="", max_length=40)),
                ("checker_source", models.TextField(blank=True, default="")),
                ("tests_version", models.PositiveIntegerField(default=1, help_text="Goes up when the tests change.")),
                ("content_hash", models.BinaryField(help_text="SHA-256 of the imported row's content.", max_length=32)),
                ("tests_hash", models.BinaryField(help_text="SHA-256 of the imported tests.", max_length=32)),
                (
                    "curated_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        editable=False,
                        help_text="What a curator has edited, `tests` among them: an import leaves it alone.",
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["state", "judgeable", "id"], name="problem_visible"),
                    models.Index(fields=["state", "judgeable", "difficulty", "id"], name="problem_by_difficulty"),
                    models.Index(fields=["state", "judgeable", "subset", "id"], name="problem_by_subset"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fate",
                    models.CharField(choices=[("quarantined", "Quarantined"), ("rejected", "Rejected")], max_length=12),
                ),
                ("row_number", models.PositiveIntegerField(help_text="Counts from 1 in the order read.")),
                ("question_id", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("raw", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refused", to="problems.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ["run_id", "row_number"],
            },
        ),
        migrations.CreateModel(
            name="TestCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("stdin", models.TextField(blank=True)),
                ("stdout", models.TextField(blank=True)),
                ("is_sample", models.BooleanField(default=False)),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tests", to="problems.problem"
                    ),
                ),
            ],
            options={
                "ordering": ["problem_id", "position"],
                "constraints": [models.UniqueConstraint(fields=("problem", "position"), name="testcase_position")],
            },
        ),
    ]
