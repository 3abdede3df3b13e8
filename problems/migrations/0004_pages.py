import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0003_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often in a row the background job has started it without a row of progress."
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="rows_before",
            field=models.PositiveIntegerField(default=0, help_text="Rows that it had seen by then."),
        ),
        migrations.AddField(
            model_name="importrun",
            name="running_since",
            field=models.DateTimeField(blank=True, help_text="When it was started the last time.", null=True),
        ),
        migrations.AddIndex(
            model_name="refusedrow",
            index=models.Index(
                models.F("run"),
                models.F("fate"),
                django.db.models.functions.text.MD5("reason"),
                models.F("id"),
                name="refused_by_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="refusedrow",
            index=models.Index(fields=["run", "fate", "id"], name="refused_by_fate"),
        ),
        migrations.AddIndex(
            model_name="refusedrow",
            index=django.contrib.postgres.indexes.HashIndex(
                condition=models.Q(("question_id", ""), _negated=True),
                fields=["question_id"],
                name="refused_question_id",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(fields=["benchmark_similarity"], name="problem_similarity"),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(condition=models.Q(("state", "quarantined")), fields=["id"], name="problem_quarantined"),
        ),
    ]
