from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_curators"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unread_answers",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="How many of their tickets have one.",
                verbose_name="unread answers",
            ),
        ),
    ]
