"""The admin's pages for submissions and results: to look at, never to write. Made for millions of rows."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from judge.accounts.models import User
from judge.engine import languages
from judge.submissions import notes
from judge.submissions.models import Submission, TestResult
from judge.submissions.report import printable
from problems.admin import ReadOnlyAdmin
from problems.models import Problem

# So many users and problems, at most, whose name begins with the words that were searched for.
NAMED = 20


class LanguageFilter(admin.SimpleListFilter):
    """The languages that there are, without asking the table which were used."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Keys and labels."""
        return [(key, language.label) for key, language in languages.all_languages().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        """Submissions in the chosen language."""
        return queryset.filter(language=self.value()) if self.value() else queryset


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Submissions; the results of their tests have a list of their own."""

    list_display = ("id", "user", "problem_slug", "language", "status", "verdict", "passed", "total", "created_at")
    list_display_links = ("id",)
    list_filter = ("verdict", "status", "lane", LanguageFilter)
    search_fields = ("id",)
    search_help_text = _("A number, or the beginning of a user's name or of a problem's address")
    ordering = ("-id",)
    raw_id_fields = ("problem", "user")
    fieldsets = (
        (None, {"fields": ("problem", "user", "language", "lane", "created_at", "status", "verdict", "error")}),
        (_("Result"), {"fields": (("passed", "total"), ("time_ms", "memory_kb"), "results_link", "compiler_said")}),
        (_("Program"), {"fields": ("program",)}),
        (
            _("Judged with"),
            {
                "fields": (
                    ("time_limit_ms", "memory_limit_kb", "checker", "tests_version"),
                    ("image_digest", "language_version", "flags"),
                    ("attempt", "lease_until", "started_at", "judged_at"),
                )
            },
        ),
    )
    readonly_fields = ("created_at", "results_link", "compiler_said", "program")

    def light(self, rows: QuerySet[Submission]) -> QuerySet[Submission]:
        """Without sources and compilers' texts."""
        own = [name for name in self.list_display if name != "problem_slug"]
        return rows.select_related("user", "problem").only(*own, "user__username", "problem__slug")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Submission], search_term: str
    ) -> tuple[QuerySet[Submission], bool]:
        """Names are looked up first, so that the large table is only ever asked by its indexes."""
        term = search_term.strip()
        if not term:
            return queryset, False
        users = User.objects.filter(username__startswith=term).values_list("pk", flat=True)[:NAMED]
        problems = Problem.objects.filter(slug__startswith=term.lower()).values_list("pk", flat=True)[:NAMED]
        found = Q(user_id__in=list(users)) | Q(problem_id__in=list(problems))
        if term.isascii() and term.isdigit() and len(term) < 19:
            found |= Q(pk=int(term))
        return queryset.filter(found), False

    @admin.display(description=_("problem"), ordering="problem_id")
    def problem_slug(self, submission: Submission) -> str:
        """The problem's address."""
        return submission.problem.slug

    @admin.display(description=_("tests"))
    def results_link(self, submission: Submission) -> SafeString:
        """A link to the list of this submission's results."""
        address = f"{reverse('admin:submissions_testresult_changelist')}?submission__id__exact={submission.pk}"
        return format_html('<a href="{}">{}</a>', address, submission.results.count())

    @admin.display(description=_("compiler output"))
    def compiler_said(self, submission: Submission) -> SafeString:
        """The compiler's text as it is."""
        return _as_text(submission.compile_output)

    @admin.display(description=_("source"))
    def program(self, submission: Submission) -> SafeString:
        """The source as text."""
        return _as_text(submission.source)


@admin.register(TestResult)
class TestResultAdmin(ReadOnlyAdmin):
    """Results, reached from their submission."""

    list_display = ("id", "of_submission", "attempt", "position", "verdict", "time_ms", "memory_kb", "noted")
    list_filter = ("verdict",)
    ordering = ("-submission_id", "attempt", "position")
    raw_id_fields = ("submission",)
    fields = (
        ("submission", "attempt", "position"),
        ("verdict", "noted"),
        ("exit_code", "signal"),
        ("time_ms", "wall_ms", "memory_kb", "measurements"),
        "output",
        "error_output",
    )
    readonly_fields = ("noted", "output", "error_output")

    def light(self, rows: QuerySet[TestResult]) -> QuerySet[TestResult]:
        """Without what the programs wrote."""
        return rows.only("submission_id", "attempt", "position", "verdict", "time_ms", "memory_kb", "note")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They go with their submission."""
        return False

    @admin.display(description=pgettext_lazy("admin", "submission"), ordering="submission_id")
    def of_submission(self, result: TestResult) -> int:
        """The number alone: the submission itself isn't loaded."""
        return result.submission_id

    @admin.display(description=pgettext_lazy("admin", "note"))
    def noted(self, result: TestResult) -> str:
        """The checker's note, in the reader's language."""
        return notes.in_words(result.note)

    @admin.display(description=_("output"))
    def output(self, result: TestResult) -> SafeString:
        """The first bytes of the output, as text that nothing in it can get out of."""
        return _as_text(printable(result.stdout))

    @admin.display(description=_("error output"))
    def error_output(self, result: TestResult) -> SafeString:
        """The first bytes of the error output."""
        return _as_text(printable(result.stderr))


def _as_text(text: str) -> SafeString:
    return format_html("<pre>{}</pre>", text)
