import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("problems", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=40)),
                ("source", models.TextField()),
                (
                    "lane",
                    models.CharField(
                        choices=[("interactive", "Interactive"), ("batch", "Batch")],
                        default="interactive",
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "published_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        help_text="When a message about it was last sent, or was to be sent.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("queued", "Queued"), ("judging", "Judging"), ("done", "Done")],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True, default="", help_text="What failed on our side; for curators.")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AC", "Accepted"),
                            ("WA", "Wrong answer"),
                            ("TLE", "Time limit exceeded"),
                            ("MLE", "Memory limit exceeded"),
                            ("OLE", "Output limit exceeded"),
                            ("RE", "Runtime error"),
                            ("CE", "Compile error"),
                            ("IE", "Internal error"),
                        ],
                        default="",
                        max_length=3,
                    ),
                ),
                ("compile_output", models.TextField(blank=True, default="")),
                ("passed", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                (
                    "time_ms",
                    models.PositiveIntegerField(blank=True, help_text="CPU time of the slowest test.", null=True),
                ),
                (
                    "memory_kb",
                    models.PositiveIntegerField(blank=True, help_text="Peak memory of the largest test.", null=True),
                ),
                ("tests_version", models.PositiveIntegerField(default=0)),
                ("time_limit_ms", models.PositiveIntegerField(default=0)),
                ("memory_limit_kb", models.PositiveIntegerField(default=0)),
                ("checker", models.CharField(blank=True, default="", max_length=60)),
                ("image_digest", models.CharField(blank=True, default="", max_length=80)),
                ("language_version", models.CharField(blank=True, default="", max_length=200)),
                ("flags", models.TextField(blank=True, default="")),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="problems.problem"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TestResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField(help_text="The test's position, from 1.")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AC", "Accepted"),
                            ("WA", "Wrong answer"),
                            ("TLE", "Time limit exceeded"),
                            ("MLE", "Memory limit exceeded"),
                            ("OLE", "Output limit exceeded"),
                            ("RE", "Runtime error"),
                            ("CE", "Compile error"),
                            ("IE", "Internal error"),
                        ],
                        default="",
                        max_length=3,
                    ),
                ),
                ("time_ms", models.PositiveIntegerField(blank=True, null=True)),
                ("wall_ms", models.PositiveIntegerField(blank=True, null=True)),
                ("memory_kb", models.PositiveIntegerField(blank=True, null=True)),
                ("exit_code", models.SmallIntegerField(blank=True, null=True)),
                ("signal", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("stdout", models.BinaryField(default=bytes, help_text="The first bytes of the output.")),
                ("stderr", models.BinaryField(default=bytes, help_text="The first bytes of the error output.")),
                (
                    "measurements",
                    models.JSONField(default=list, help_text="CPU times in ms where it was measured more than once."),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="submissions.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["user", "-id"], name="submission_of_user"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["problem", "user", "-id"], name="submission_of_problem_user"),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("status", "done"), _negated=True),
                fields=["lease_until", "id"],
                name="submission_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="testresult",
            constraint=models.UniqueConstraint(
                fields=("submission", "attempt", "position"), name="testresult_position"
            ),
        ),
    ]
