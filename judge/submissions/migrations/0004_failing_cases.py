import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0003_life"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailingCase",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="failing_case",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("working", "Working"),
                            ("found", "Found"),
                            ("nothing", "Nothing found"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "published_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True, default="", help_text="What failed on our side; for curators.")),
                (
                    "tried",
                    models.PositiveIntegerField(default=0, help_text="Inputs that the reference solution could read."),
                ),
                ("stdin", models.TextField(blank=True, default="")),
                ("answer", models.BinaryField(default=bytes, help_text="The first bytes of the reference's answer.")),
                ("answer_size", models.PositiveIntegerField(default=0)),
                (
                    "loose",
                    models.BooleanField(
                        default=False, help_text="It bends what all samples have in common, small numbers for one."
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AC", "AC"),
                            ("WA", "WA"),
                            ("TLE", "TLE"),
                            ("MLE", "MLE"),
                            ("OLE", "OLE"),
                            ("RE", "RE"),
                            ("CE", "CE"),
                            ("IE", "IE"),
                        ],
                        default="",
                        max_length=3,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("exit_code", models.SmallIntegerField(blank=True, null=True)),
                ("signal", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stdout", models.BinaryField(default=bytes)),
                ("stdout_size", models.PositiveIntegerField(default=0)),
                ("stderr", models.BinaryField(default=bytes)),
                ("stderr_size", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["asked_at"], name="failingcase_asked"),
                    models.Index(
                        condition=models.Q(("status__in", ("queued", "working"))),
                        fields=["published_at"],
                        name="failingcase_unfinished",
                    ),
                ],
            },
        ),
    ]
