from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0006_taggings"),
    ]

    operations = [
        migrations.AddField(
            model_name="problem",
            name="tests_are_public",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Solvers see what the tests hold and what their program printed, as they do of samples.",
            ),
        ),
        migrations.AddField(
            model_name="problem",
            name="finds_cases",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Solvers may have a small failing case looked for, where the problem is verified.",
            ),
        ),
    ]
