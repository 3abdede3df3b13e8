"""The Curators group and what its members may do in the admin."""

from django.db import migrations

CURATORS = "Curators"
MAY = {
    ("problems", "problem"): ("view", "add", "change"),
    ("problems", "testcase"): ("view", "add", "change", "delete"),
    ("problems", "importrun"): ("view",),
    ("problems", "refusedrow"): ("view",),
    ("submissions", "submission"): ("view", "change"),
    ("submissions", "testresult"): ("view",),
}


def create(apps, schema_editor):
    # Django itself makes permissions only after all migrations, and keeps those that are there.
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    curators, _ = apps.get_model("auth", "Group").objects.get_or_create(name=CURATORS)
    for (app_label, model), actions in MAY.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {apps.get_model(app_label, model)._meta.verbose_name}"},
            )
            curators.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("problems", "0001_initial"),
        ("submissions", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop, elidable=False)]
