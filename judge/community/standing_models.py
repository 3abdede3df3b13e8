"""What people have reached, in tables that follow from the submissions and are kept up with them.

Triggers note each verdict that comes or goes as a `Change`, but those of verifications, which are nobody's attempts;
`reckoning.py` works the changes off. Nobody else writes here, but for `Standing.private`, which is its owner's.
Constraints would make judges wait for readers, so there are none between these tables and those they follow from: what
lost its submissions is removed by reckoning.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from problems.models import Problem


class Change(models.Model):
    """A verdict that came (`number` 1) or went (-1) since the last reckoning, or something that is to be looked at
    again (0): what one user has reached in a problem or, without a user, everybody. A verdict that is nobody's any more
    (no user, or `accounts.models.nobody`) counts for its problem only.
    """

    user_id = models.BigIntegerField(null=True)
    problem_id = models.BigIntegerField()
    verdict = models.CharField(max_length=3)
    language = models.CharField(max_length=40)
    created_at = models.DateTimeField(null=True, help_text=_("The submission's."))
    number = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.problem_id} {self.verdict} {self.number:+}"


class Progress(models.Model):
    """What a user has reached in a problem. Submissions that failed on our side don't count, nor do
    verifications."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    problem = models.ForeignKey(Problem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    tries = models.IntegerField()
    solved_at = models.DateTimeField(null=True, help_text=_("When the first accepted program was sent in."))
    # The fastest and the shortest of the accepted submissions; of equal ones the first.
    fastest_ms = models.IntegerField(null=True)
    fastest_id = models.BigIntegerField(null=True)
    fastest_language = models.CharField(max_length=40, default="")
    shortest_bytes = models.IntegerField(null=True)
    shortest_id = models.BigIntegerField(null=True)
    shortest_language = models.CharField(max_length=40, default="")
    # The problem's, as of the last reckoning.
    difficulty = models.CharField(max_length=10)
    subset = models.CharField(max_length=60)
    shown = models.BooleanField(help_text=_("Whether solvers see the problem."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "problem"], name="progress_of_user")]
        indexes = [
            models.Index(
                fields=["user", "-solved_at"], name="progress_solved", condition=models.Q(solved_at__isnull=False)
            ),
            models.Index(
                fields=["user", "-id"], name="progress_begun", condition=models.Q(solved_at__isnull=True, shown=True)
            ),
            models.Index(
                fields=["problem", "fastest_ms", "fastest_id"],
                name="progress_fastest",
                condition=models.Q(fastest_ms__isnull=False),
            ),
            models.Index(
                fields=["problem", "shortest_bytes", "shortest_id"],
                name="progress_shortest",
                condition=models.Q(shortest_bytes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.problem_id}: {self.tries}"


class Standing(models.Model):
    """A user's place among the others, of what they have solved that solvers see."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_constraint=False,
        primary_key=True,
        related_name="standing",
    )
    private = models.BooleanField(default=False, help_text=_("Nobody else sees their profile, no list names them."))
    points = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    easy = models.IntegerField(default=0)
    medium = models.IntegerField(default=0)
    hard = models.IntegerField(default=0)
    reached_at = models.DateTimeField(null=True, help_text=_("When the last of them was solved; earlier goes first."))

    class Meta:
        indexes = [
            models.Index(
                fields=["-points", "reached_at", "user"],
                name="standing_order",
                condition=models.Q(private=False, solved__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.points}"


class Day(models.Model):
    """How much a user has sent in on one day of the site's time zone."""

    user_id = models.BigIntegerField()
    day = models.DateField()
    submissions = models.IntegerField()
    accepted = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "day"], name="day_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}: {self.submissions}"


class LanguageUse(models.Model):
    """How much a user has sent in in one language."""

    user_id = models.BigIntegerField()
    language = models.CharField(max_length=40)
    submissions = models.IntegerField()
    accepted = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "language"], name="language_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.language}: {self.submissions}"


class TallyKind(models.TextChoices):
    """What is counted for a problem."""

    VERDICT = "verdict", _("Submissions by verdict")
    PEOPLE = "people", _("People who tried and who solved")
    TIME = "time", _("People by the time of their fastest program")


class ProblemTally(models.Model):
    """A number about a problem: of what, and under which heading of it."""

    problem_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=TallyKind)
    key = models.CharField(max_length=10, help_text=_("A verdict, tried or solved, or ms to two figures."))
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem_id", "kind", "key"], name="tally_of_problem")]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.kind} {self.key}: {self.number}"
