import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CURATORS = "Curators"
# To change them is to decide about them: no form of the admin's writes them.
MAY = {
    "comment": ("view", "change"),
    "commentreport": ("view",),
    "solution": ("view", "change"),
    "givenup": ("view",),
}


def allow_curators(apps, schema_editor):
    # Django itself makes permissions only after all migrations, and keeps those that are there.
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    curators, _ = apps.get_model("auth", "Group").objects.get_or_create(name=CURATORS)
    for model, actions in MAY.items():
        content_type, _ = ContentType.objects.get_or_create(app_label="community", model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {apps.get_model('community', model)._meta.verbose_name}"},
            )
            curators.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_curators"),
        ("community", "0001_lists"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("problems", "0005_undo"),
        ("submissions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.IntegerField(default=0, editable=False)),
                ("text", models.TextField(blank=True, help_text="Markdown, as it was written.", max_length=10000)),
                ("html", models.TextField(blank=True, default="", editable=False)),
                (
                    "spoiler",
                    models.BooleanField(
                        default=False, verbose_name="contains a solution or a hint: hidden until opened"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("shown", "Shown"),
                            ("deleted", "Deleted by its author"),
                            ("hidden", "Hidden by a curator"),
                        ],
                        default="shown",
                        max_length=8,
                    ),
                ),
                ("moderated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="community.comment",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="problems.problem"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("spoiler", "It gives a solution away, unmarked"),
                            ("rude", "It is rude or hurtful"),
                            ("spam", "It is advertising or spam"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="what is wrong",
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="in your words")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("upheld", "Upheld"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="community.comment",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommentVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "comment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="community.comment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GivenUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="given_up", to="problems.problem"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given_up",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Solution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.IntegerField(default=0, editable=False)),
                ("text", models.TextField(blank=True, help_text="Markdown, as it was written.", max_length=10000)),
                ("html", models.TextField(blank=True, default="", editable=False)),
                ("language", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("shown", "Shown"),
                            ("withdrawn", "Withdrawn by its author"),
                            ("hidden", "Hidden by a curator"),
                        ],
                        default="shown",
                        max_length=10,
                    ),
                ),
                ("moderated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="solutions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="solutions",
                        to="problems.problem",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="solution",
                        to="submissions.submission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SolutionVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "solution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="community.solution",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("statement", "The statement is unclear or wrong"),
                            ("tests", "A test or its expected answer is wrong"),
                            ("limits", "The time or memory limit does not fit"),
                            ("reference", "The reference solution is wrong"),
                            ("duplicate", "It is the same as another problem"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved"), ("declined", "Declined")],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "waits",
                    models.BooleanField(
                        default=True, help_text="The last word is the reporter's: a curator should answer."
                    ),
                ),
                (
                    "unread",
                    models.BooleanField(
                        default=False, help_text="The reporter has not yet seen the curators' last word."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "problem",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="problems.problem",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, help_text="Markdown, as it was written.", max_length=10000)),
                ("html", models.TextField(blank=True, default="", editable=False)),
                ("by_curator", models.BooleanField(default=False)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("statement", "The statement is unclear or wrong"),
                            ("tests", "A test or its expected answer is wrong"),
                            ("limits", "The time or memory limit does not fit"),
                            ("reference", "The reference solution is wrong"),
                            ("duplicate", "It is the same as another problem"),
                            ("other", "Something else"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "became",
                    models.CharField(
                        blank=True,
                        choices=[("open", "Open"), ("resolved", "Resolved"), ("declined", "Declined")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="submissions.submission",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="community.ticket",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("parent", None)), fields=["problem", "-score", "-id"], name="comment_best"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(condition=models.Q(("parent", None)), fields=["problem", "-id"], name="comment_newest"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("parent", None), _negated=True), fields=["parent", "id"], name="comment_replies"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["author", "-id"], name="comment_of_author"),
        ),
        migrations.AddIndex(
            model_name="commentreport",
            index=models.Index(fields=["reporter", "-id"], name="commentreport_of_reporter"),
        ),
        migrations.AddIndex(
            model_name="commentreport",
            index=models.Index(condition=models.Q(("state", "open")), fields=["-id"], name="commentreport_open"),
        ),
        migrations.AddConstraint(
            model_name="commentreport",
            constraint=models.UniqueConstraint(fields=("comment", "reporter"), name="commentreport_once"),
        ),
        migrations.AddConstraint(
            model_name="commentvote",
            constraint=models.UniqueConstraint(fields=("comment", "user"), name="commentvote_once"),
        ),
        migrations.AddConstraint(
            model_name="givenup",
            constraint=models.UniqueConstraint(fields=("user", "problem"), name="givenup_once"),
        ),
        migrations.AddIndex(
            model_name="solution",
            index=models.Index(fields=["problem", "-score", "-id"], name="solution_best"),
        ),
        migrations.AddIndex(
            model_name="solution",
            index=models.Index(fields=["problem", "-id"], name="solution_newest"),
        ),
        migrations.AddIndex(
            model_name="solution",
            index=models.Index(
                condition=models.Q(("state", "shown")), fields=["problem", "language"], name="solution_languages"
            ),
        ),
        migrations.AddIndex(
            model_name="solution",
            index=models.Index(fields=["author", "-id"], name="solution_of_author"),
        ),
        migrations.AddConstraint(
            model_name="solutionvote",
            constraint=models.UniqueConstraint(fields=("solution", "user"), name="solutionvote_once"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=models.Q(("waits", True)), fields=["id"], name="ticket_waits"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["state", "id"], name="ticket_state"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["category", "id"], name="ticket_category"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["reporter", "-id"], name="ticket_of_reporter"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=models.Q(("unread", True)), fields=["reporter"], name="ticket_unread"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(fields=("problem", "reporter"), name="ticket_of_problem"),
        ),
        migrations.AddIndex(
            model_name="ticketmessage",
            index=models.Index(fields=["ticket", "id"], name="ticketmessage_of_ticket"),
        ),
        migrations.AddIndex(
            model_name="ticketmessage",
            index=models.Index(fields=["author", "-id"], name="ticketmessage_of_author"),
        ),
        migrations.RunPython(allow_curators, migrations.RunPython.noop),
    ]
