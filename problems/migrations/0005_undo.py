from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("problems", "0004_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="undone",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="How far an undoing has come, and what it did.",
            ),
        ),
        # Nothing was kept in it yet.
        migrations.RemoveField(model_name="replaced", name="before"),
        migrations.AddField(
            model_name="replaced",
            name="before",
            field=models.TextField(
                default="{}", help_text="The problem's imported columns, and what else was replaced, as JSON."
            ),
            preserve_default=False,
        ),
    ]
