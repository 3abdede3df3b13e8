"""Problems and their tests.

In charge of: what a problem is and who may see it. Not in charge of: reading datasets (`sources/`, `importing.py`) or
judging (`judge.submissions`).
"""

import json
from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from judge import prepared
from problems.run_models import Fate as Fate
from problems.run_models import ImportRun as ImportRun
from problems.run_models import ImportUnit as ImportUnit
from problems.run_models import RefusedRow as RefusedRow
from problems.run_models import Replaced as Replaced
from problems.run_models import RunStatus as RunStatus


class Difficulty(models.TextChoices):
    """The dataset's three difficulties; empty where a row names none of them."""

    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")


class Style(models.TextChoices):
    """The dataset's three question styles. Only `online_judge` is judged by stdio."""

    ONLINE_JUDGE = "online_judge", _("Online Judge")
    INSTRUCT = "instruct", _("Instruct")
    COMPLETE = "complete", _("Complete")


class State(models.TextChoices):
    """Whether solvers see a problem."""

    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", _("Hidden")
    QUARANTINED = "quarantined", _("Quarantined")


class Split(models.TextChoices):
    """The dataset's two splits."""

    TRAIN = "train", _("Train")
    USE_WITH_CAUTION = "use_with_caution", _("Use with caution")


# What tells a problem's kind, besides its pass rate.
KIND_COLUMNS = ("subset", "style", "difficulty", "split", "state", "judgeable", "verified")
# What the `metadata.seed_ids` of problems/samples/problems.jsonl hold.
OUR_SEED = "kodjudge:samples"


# What a problem's page shows.
_SHOWN = (
    *("id", "slug", "question_id", "family", "title", "statement", "statement_html", "subset", "style", "split"),
    *("difficulty", "filter_reason", "state", "state_reason", "judgeable", "verified", "time_limit_ms"),
    *("memory_limit_kb", "extra"),
)


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Queries named after what they are for."""

    def visible_to(self, user: object) -> Self:
        """Curators see all, everyone else the published problems that can be judged."""
        if getattr(user, "is_curator", False):
            return self
        return self.filter(state=State.PUBLISHED, judgeable=True)

    def at(self, slug: str, user: object) -> "Problem | None":
        """The problem at this address as far as its page needs it, if ``user`` may see it."""
        shown = "" if getattr(user, "is_curator", False) else " AND state = 'published' AND judgeable"
        for problem in prepared.instances(self.model, _SHOWN, "WHERE slug = %s" + shown, [slug]):
            problem.extra = json.loads(problem.extra)
            return problem
        return None


class Problem(models.Model):
    """One question of the dataset in one style. `slug` is the question_id in lower case with hyphens."""

    question_id = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    family = models.CharField(
        max_length=200,
        help_text=_("The question_id without its style: one problem in up to three styles."),
    )
    title = models.CharField(max_length=200)
    statement = models.TextField(help_text=_("Markdown with LaTeX, as imported."))
    statement_html = models.TextField(
        blank=True, default="", editable=False, help_text=_("Rendered and sanitised at first view; empty: not yet.")
    )
    solution = models.TextField(blank=True, help_text=_("The reference solution (Python)."))
    style = models.CharField(max_length=20, choices=Style)
    subset = models.CharField(max_length=60)
    split = models.CharField(max_length=20, choices=Split, default=Split.TRAIN)
    difficulty = models.CharField(max_length=10, choices=Difficulty, blank=True, default="")
    pass_percentage = models.FloatField(null=True, blank=True, help_text=_("A fraction from 0 to 1; may be 0."))
    benchmark_similarity = models.FloatField(
        null=True, blank=True, help_text=_("The largest cosine similarity with a benchmark's question, 0 to 1.")
    )
    version = models.CharField(max_length=10, blank=True, default="")
    filter_reason = models.TextField(blank=True, default="")
    raw_test = models.TextField(
        blank=True, default="", help_text=_("The test source of a row that is not judged by stdio, whole.")
    )
    extra = models.JSONField(default=dict, blank=True, help_text=_("The row's other columns, as imported."))

    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    state_reason = models.TextField(blank=True, default="")
    judgeable = models.BooleanField(default=True)
    verified = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    verification_lost_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its tests or solution changed after it had been verified.")
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    time_limit_ms = models.PositiveIntegerField(default=2_000)
    memory_limit_kb = models.PositiveIntegerField(default=262_144)
    checker = models.CharField(max_length=60, default="lines")
    # Filled in, a program of a curator's own decides in place of `checker`.
    checker_language = models.CharField(max_length=40, blank=True, default="")
    checker_source = models.TextField(blank=True, default="")

    tests_are_public = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Solvers see what the tests hold and what their program printed, as they do of samples."),
    )
    finds_cases = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("Solvers may have a small failing case looked for, where the problem is verified."),
    )
    tests_version = models.PositiveIntegerField(default=1, help_text=_("Goes up when the tests change."))
    content_hash = models.BinaryField(max_length=32, help_text=_("SHA-256 of the imported row's content."))
    tests_hash = models.BinaryField(max_length=32, help_text=_("SHA-256 of the imported tests."))
    row_hash = models.BinaryField(
        max_length=32, default=bytes, help_text=_("A digest of the row as read: the same one again needs no parsing.")
    )
    imported_by = models.ForeignKey(
        "ImportRun", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="brought"
    )
    written_by = models.ForeignKey(
        "ImportRun", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="wrote"
    )
    curated_fields = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        editable=False,
        help_text=_("What a curator has edited, `tests` among them: an import leaves it alone."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Problems that no filter tells apart share a kind, and those that only their pass rates do a wide kind (see
    # KindCount): 64 bits of hash each, made by the database.
    kind = models.GeneratedField(
        expression=models.Func(*KIND_COLUMNS, "pass_percentage", function="problems_kind"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    wide_kind = models.GeneratedField(
        expression=models.Func(*KIND_COLUMNS, function="problems_wide_kind"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], name="problem_shown", condition=models.Q(state=State.PUBLISHED, judgeable=True)
            ),
            models.Index(fields=["kind", "id"], name="problem_of_kind"),
            models.Index(fields=["wide_kind", "id"], name="problem_of_wide_kind"),
            models.Index(fields=["family"], name="problem_family"),
            GinIndex(fields=["tags"], name="problem_tags"),
            models.Index(fields=["benchmark_similarity"], name="problem_similarity"),
            models.Index(fields=["id"], condition=models.Q(state=State.QUARANTINED), name="problem_quarantined"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The problem's page."""
        return reverse("problems:detail", args=[self.slug])

    @property
    def is_ours(self) -> bool:
        """True for the samples that ship with KodJudge: they are no rows of the dataset."""
        return OUR_SEED in str((self.extra.get("metadata") or {}).get("seed_ids"))

    def decide(self, state: State) -> None:
        """Save ``state`` as a curator's decision: no import overrules it."""
        self.state = state
        self.note_curated(["state"])
        self.save(update_fields=["state", "curated_fields", "updated_at"])

    def note_curated(self, fields: Iterable[str]) -> None:
        """Remember, without saving, that a curator edited ``fields``; the state and its reason count as one."""
        names = {"state" if name == "state_reason" else name for name in fields}
        self.curated_fields = sorted(names.union(self.curated_fields))


class KindCount(models.Model):
    """So many problems more, or fewer, of one kind; all rows of a kind add up to how many there are.

    Written by triggers on the table of problems, read and folded by `counts.py`. Rows with a `tag` count the problems
    of the kind that have the tag, too.
    """

    kind = models.BigIntegerField()
    wide_kind = models.BigIntegerField()
    subset = models.CharField(max_length=60)
    style = models.CharField(max_length=20)
    difficulty = models.CharField(max_length=10)
    split = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    judgeable = models.BooleanField()
    verified = models.BooleanField()
    pass_percent = models.SmallIntegerField(null=True, help_text=_("The pass rate, rounded to whole per cents."))
    tag = models.CharField(max_length=40)
    number = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.tag}: {self.number:+}"


class Tagging(models.Model):
    """That a problem has a tag, as a list of the tag's problems finds it; written by triggers on their table."""

    # No constraint: the trigger deletes what is orphaned.
    problem = models.ForeignKey(Problem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    tag = models.CharField(max_length=40)
    kind = models.BigIntegerField()
    wide_kind = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["tag", "kind", "problem"], name="tagging_of_kind"),
            models.Index(fields=["tag", "wide_kind", "problem"], name="tagging_of_wide_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.tag}"


class SearchRow(models.Model):
    """What the search knows of a problem; written by `search.py`, kind and marks also by a trigger.

    `heading` holds the title's words (weight A), those of id, subset and tags (B); `document` the statement's (C), too.
    """

    # A constraint would cost an import a look-up and a lock a row; the trigger deletes what is orphaned.
    problem = models.OneToOneField(
        Problem, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    kind = models.BigIntegerField()
    heading = SearchVectorField()
    document = SearchVectorField()
    marks = ArrayField(models.TextField(), help_text=_("What may be asked for besides words, as `name=value`."))
    shown = models.BooleanField(help_text=_("Whether solvers see it."))
    sampled = models.BooleanField(help_text=_("True for one in 64, drawn evenly."))

    class Meta:
        # The cost of an index is what it holds: solvers' searches have one of their own, and so have words that are
        # nearly everywhere.
        indexes = [
            GinIndex(fields=["heading", "document", "marks"], name="search_words"),
            GinIndex(fields=["heading", "document", "marks"], name="search_shown", condition=models.Q(shown=True)),
            GinIndex(fields=["heading", "document", "marks"], name="search_sample", condition=models.Q(sampled=True)),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id}"


class Word(models.Model):
    """A word of the titles, for what somebody may have meant to type."""

    word = models.CharField(max_length=40, primary_key=True, db_collation="C")
    problems = models.PositiveIntegerField(help_text=_("How many titles have it."))

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="word_trigrams")]

    def __str__(self) -> str:
        return self.word


class TestCase(models.Model):
    """One test: text in, expected text out, both with LF line ends. `position` counts from 1."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="tests")
    position = models.PositiveSmallIntegerField()
    stdin = models.TextField(blank=True)
    stdout = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["problem_id", "position"]
        constraints = [models.UniqueConstraint(fields=["problem", "position"], name="testcase_position")]

    def __str__(self) -> str:
        return f"{self.problem_id} #{self.position}"


class Trials(models.Model):
    """The attempts that a model made at a problem's question: imported on request only, they are most of the bytes."""

    problem = models.OneToOneField(Problem, on_delete=models.CASCADE, primary_key=True, related_name="trials")
    data = models.BinaryField(help_text=_("The row's `trials` as JSON, compressed by zstd."))

    def __str__(self) -> str:
        return f"{self.problem_id}"
