from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0002_kept_without_name"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="submission",
            name="submission_unfinished",
        ),
        migrations.AddField(
            model_name="submission",
            name="started_at",
            field=models.DateTimeField(blank=True, help_text="When its last attempt began.", null=True),
        ),
        migrations.AddField(
            model_name="testresult",
            name="stderr_size",
            field=models.PositiveIntegerField(blank=True, help_text="Bytes of the whole error output.", null=True),
        ),
        migrations.AddField(
            model_name="testresult",
            name="stdout_size",
            field=models.PositiveIntegerField(blank=True, help_text="Bytes of the whole output.", null=True),
        ),
        migrations.AlterField(
            model_name="submission",
            name="status",
            field=models.CharField(
                choices=[("queued", "Queued"), ("judging", "Judging"), ("done", "Done"), ("cancelled", "Cancelled")],
                default="queued",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="testresult",
            name="stderr",
            field=models.BinaryField(
                default=bytes, help_text="The first bytes of the error output; of a runtime error the last."
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("status__in", ("queued", "judging"))),
                fields=["lease_until", "id"],
                name="submission_leased",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("status__in", ("queued", "judging"))),
                fields=["lane", "id"],
                name="submission_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("status", "done")), fields=["lane", "-judged_at"], name="submission_judged"
            ),
        ),
    ]
