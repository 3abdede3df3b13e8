import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Counts from 0 in the order of the rows.")),
            ],
        ),
        migrations.CreateModel(
            name="Replaced",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "before",
                    models.BinaryField(
                        help_text="The problem's imported columns and tests as JSON, compressed by zstd."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Trials",
            fields=[
                (
                    "problem",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trials",
                        serialize=False,
                        to="problems.problem",
                    ),
                ),
                ("data", models.BinaryField(help_text="The row's `trials` as JSON, compressed by zstd.")),
            ],
        ),
        migrations.AddField(
            model_name="importrun",
            name="cancel_requested",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="fingerprint",
            field=models.TextField(
                blank=True,
                default="",
                help_text="What the source held at the start: a run is resumed on the same only.",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="heard_at",
            field=models.DateTimeField(blank=True, help_text="When the importer last said that it works.", null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="left_out",
            field=models.PositiveIntegerField(default=0, help_text="Rows that the options leave out."),
        ),
        migrations.AddField(
            model_name="importrun",
            name="options",
            field=models.JSONField(
                blank=True, default=dict, help_text="Which rows are wanted and what is kept of them."
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="rows_total",
            field=models.PositiveIntegerField(blank=True, help_text="As far as the source can tell.", null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("running", "Running"),
                    ("finished", "Finished"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                ],
                default="queued",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="benchmark_similarity",
            field=models.FloatField(
                blank=True, help_text="The largest cosine similarity with a benchmark's question, 0 to 1.", null=True
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="family",
            field=models.CharField(
                db_index=True,
                default="",
                help_text="The question_id without its style: one problem in up to three styles.",
                max_length=200,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="problem",
            name="imported_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="brought",
                to="problems.importrun",
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="row_hash",
            field=models.BinaryField(
                default=bytes,
                help_text="A digest of the row as read: the same one again needs no parsing.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="verification_lost_at",
            field=models.DateTimeField(
                blank=True, help_text="When its tests or solution changed after it had been verified.", null=True
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="wrote",
                to="problems.importrun",
            ),
        ),
        migrations.AddField(
            model_name="refusedrow",
            name="mended_at",
            field=models.DateTimeField(blank=True, help_text="When a curator mended and accepted it.", null=True),
        ),
        migrations.AddField(
            model_name="refusedrow",
            name="mended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="problem_tags"),
        ),
        migrations.AddField(
            model_name="importunit",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="units", to="problems.importrun"
            ),
        ),
        migrations.AddField(
            model_name="replaced",
            name="problem",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="problems.problem"
            ),
        ),
        migrations.AddField(
            model_name="replaced",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="replaced", to="problems.importrun"
            ),
        ),
        migrations.AddConstraint(
            model_name="importunit",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="importunit_number"),
        ),
        migrations.AddConstraint(
            model_name="replaced",
            constraint=models.UniqueConstraint(fields=("run", "problem"), name="replaced_once_a_run"),
        ),
        # Problems and runs from before.
        migrations.RunSQL(
            r"UPDATE problems_problem SET family = regexp_replace(question_id, '_(I|C|OJ)$', ''),"
            " benchmark_similarity = (extra->>'benchmark_similarity')::float",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("UPDATE problems_importrun SET status = 'finished'", migrations.RunSQL.noop),
    ]
