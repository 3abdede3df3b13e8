"""The admin's pages for problems and their tests: made for half a million problems.

Lists load no long text and no page offers a choice of a million rows. What a curator edits here is noted in
`Problem.curated_fields`, so that no import undoes it.
"""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import F, Model, QuerySet, TextField
from django.db.models.functions import Left
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from judge.engine import checkers, checking
from judge.engine.errors import UnknownChecker
from problems import counts, search
from problems.models import KIND_COLUMNS, Problem, State, TestCase

SHOWN_IN_LISTS = 60
SUBSETS_OFFERED = 50
# What a proof that the reference solution is right depends on, beside the tests.
DECIDES_VERDICTS = {"solution", "checker", "checker_language", "checker_source"}
# How the admin's addresses say what is true and false.
AS_BOOLEAN = {"1": True, "0": False}


class ExactText(forms.CharField):
    """Text as it is, blanks at its ends included; a browser's CRLF is LF again, so that only an edit is a change."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"strip": False})

    def to_python(self, value: Any) -> str | None:
        """The text with LF line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Line ends don't count."""
        return super().has_changed(self.to_python(initial), data)


class LightList(ChangeList):
    """A list that loads what the admin's `light()` leaves of a row."""

    def get_queryset(self, *args: Any, **options: Any) -> QuerySet[Any]:
        """The page's rows without their long texts."""
        return cast(LargeTableAdmin, self.model_admin).light(super().get_queryset(*args, **options))


class LargeTableAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What all our large tables have in common."""

    show_full_result_count = False
    list_per_page = 50
    formfield_overrides = {TextField: {"form_class": ExactText, "widget": AdminTextareaWidget}}

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """The light list."""
        return LightList

    def light(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` with the columns that the list shows."""
        raise NotImplementedError


class ProblemList(LightList):
    """The list of problems: what the filters choose is also said as kinds, which an index leads to."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """The problems that the filters leave."""
        rows = super().get_queryset(request, exclude_parameters)
        given = {name.removesuffix("__exact"): str(value) for name, value in request.GET.items()}
        wanted = {name: {given[name], AS_BOOLEAN.get(given[name])} for name in KIND_COLUMNS if name in given}
        if not wanted:
            return rows
        kinds = counts.current().kinds.values()
        admitted = {kind.wide for kind in kinds if all(getattr(kind, name) in wanted[name] for name in wanted)}
        return rows.filter(wide_kind__in=admitted)


class ReadOnlyAdmin(LargeTableAdmin):
    """For what nobody writes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one."""
        return False


class SubsetFilter(admin.SimpleListFilter):
    """The subsets that are there; a data set may bring new ones, but not fill the page with them."""

    title = _("subset")
    parameter_name = "subset"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Names in order."""
        names = sorted({kind.subset for kind in counts.current().kinds.values()})
        return [(name, name) for name in names[:SUBSETS_OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Problem]) -> QuerySet[Problem]:
        """Problems of the chosen subset."""
        return queryset.filter(subset=self.value()) if self.value() else queryset


class ProblemForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A problem, with the checkers that there are."""

    checker = forms.ChoiceField(
        label=pgettext_lazy("admin", "checker"),
        help_text=_("How outputs are compared with the expected ones. The number after floats: is the tolerance."),
    )
    checker_language = forms.ChoiceField(
        label=pgettext_lazy("admin", "checker language"),
        required=False,
        help_text=_("Where outputs are judged by a program of your own, its language; else nothing."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "checker_source" not in self.fields:  # for those who may only look
            return
        names = checkers.names()
        if self.instance.checker not in names:
            names = [self.instance.checker, *names]  # shown as it is, and refused until somebody chooses
        languages = checking.checker_languages()
        cast(forms.ChoiceField, self.fields["checker"]).choices = [(name, name) for name in names]
        cast(forms.ChoiceField, self.fields["checker_language"]).choices = [
            ("", "-"),
            *((key, language.label) for key, language in languages.items()),
        ]
        self.fields["checker_source"].help_text = _(
            "Called with the names of three files: input, output, expected output. Exit code 0: right; 1 or 2: wrong; "
            "anything else: the checker has failed, and so has the judging. The first line on stderr is shown with "
            "the test's result: to curators, and to everybody at samples."
        )

    def clean_checker(self) -> str:
        """One of those that there are."""
        try:
            checkers.get(self.cleaned_data["checker"])
        except UnknownChecker as error:
            raise forms.ValidationError(str(error)) from error
        return str(self.cleaned_data["checker"])

    def clean(self) -> dict[str, Any]:
        """A program has a language and a source."""
        fields = super().clean() or self.cleaned_data
        if bool(fields.get("checker_language")) != bool(fields.get("checker_source", "").strip()):
            self.add_error("checker_source", _("A checker of your own needs both a language and a source."))
        return fields


@admin.register(Problem)
class ProblemAdmin(LargeTableAdmin):
    """Problems; their tests have a list of their own."""

    form = ProblemForm
    list_display = ("question_id", "title", "subset", "style", "difficulty", "state", "verified")
    list_filter = ("state", "verified", "judgeable", "style", "difficulty", "split", SubsetFilter)
    search_fields = ("question_id", "title")
    search_help_text = _("Words, as in the list of problems, or a whole id")
    ordering = ("id",)
    actions = ("publish", "hide")
    readonly_fields = (
        "tests_link",
        "tests_version",
        "verified",
        "verified_at",
        "extra",
        "curated_fields",
        "created_at",
        "updated_at",
    )
    fieldsets = (
        (None, {"fields": ("question_id", "slug", "title", "state", "state_reason", "tests_link")}),
        (
            _("Judging"),
            {
                "fields": (
                    *("time_limit_ms", "memory_limit_kb", "checker", "tests_are_public", "finds_cases"),
                    *("judgeable", "verified", "verified_at"),
                )
            },
        ),
        (_("A checker of your own"), {"classes": ("collapse",), "fields": ("checker_language", "checker_source")}),
        (_("Content"), {"fields": ("statement", "solution", "raw_test")}),
        (
            _("Data set"),
            {
                "fields": (
                    ("subset", "style", "split", "version"),
                    ("difficulty", "pass_percentage"),
                    "filter_reason",
                    "extra",
                    "tests_version",
                    "curated_fields",
                    ("created_at", "updated_at"),
                )
            },
        ),
    )

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """The list that knows kinds."""
        return ProblemList

    def light(self, rows: QuerySet[Problem]) -> QuerySet[Problem]:
        """Without statements and solutions."""
        return rows.only("id", *self.list_display)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Problem], search_term: str
    ) -> tuple[QuerySet[Problem], bool]:
        """What the site's own search finds among all problems."""
        if not search_term.strip():
            return queryset, False
        found = search.look_up(search_term, search.Among(shown=False))
        return queryset.filter(pk__in=found.kinds), False

    def get_readonly_fields(self, request: HttpRequest, obj: Problem | None = None) -> tuple[str, ...]:
        """A problem keeps its id and its address."""
        return self.readonly_fields if obj is None else (*self.readonly_fields, "question_id", "slug")

    def save_model(self, request: HttpRequest, obj: Problem, form: "forms.ModelForm[Any]", change: bool) -> None:
        """Save, and note what was edited; what depends on it has to be made or proved again."""
        obj.note_curated(form.changed_data if change else [*form.fields, "tests"])
        if "statement" in form.changed_data:
            obj.statement_html = ""
        if DECIDES_VERDICTS.intersection(form.changed_data):
            obj.verified, obj.verified_at = False, None
        super().save_model(request, obj, form, change)
        search.index([obj.pk])

    @admin.display(description=_("tests"))
    def tests_link(self, problem: Problem) -> SafeString | str:
        """A link to the list of this problem's tests."""
        if problem.pk is None:
            return "-"
        address = f"{reverse('admin:problems_testcase_changelist')}?problem__id__exact={problem.pk}"
        return format_html('<a href="{}">{}</a>', address, problem.tests.count())

    @admin.action(description=_("Publish selected problems"), permissions=["change"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Problem]) -> None:
        """Show them to solvers."""
        self._set_state(chosen, State.PUBLISHED)

    @admin.action(description=_("Hide selected problems"), permissions=["change"])
    def hide(self, request: HttpRequest, chosen: QuerySet[Problem]) -> None:
        """Show them to curators only."""
        self._set_state(chosen, State.HIDDEN)

    def _set_state(self, chosen: QuerySet[Problem], state: State) -> None:
        for problem in chosen.only("curated_fields"):
            problem.decide(state)


@admin.register(TestCase)
class TestCaseAdmin(LargeTableAdmin):
    """Tests, reached from their problem."""

    list_display = ("__str__", "question_id", "is_sample", "input", "expected")
    list_filter = ("is_sample",)
    search_fields = ("problem__question_id__exact",)
    search_help_text = _("A whole question_id")
    raw_id_fields = ("problem",)

    def light(self, rows: QuerySet[TestCase]) -> QuerySet[TestCase]:
        """With the beginnings of the texts only."""
        return (
            rows.select_related("problem")
            .only("problem__question_id", "position", "is_sample")
            .annotate(input_head=Left("stdin", SHOWN_IN_LISTS + 1), expected_head=Left("stdout", SHOWN_IN_LISTS + 1))
        )

    @admin.display(description=_("problem"), ordering="problem_id")
    def question_id(self, test: TestCase) -> str:
        """The problem's id."""
        return test.problem.question_id

    @admin.display(description=_("input"))
    def input(self, test: Any) -> str:
        """The beginning of the input."""
        return _cut(test.input_head)

    @admin.display(description=_("expected output"))
    def expected(self, test: Any) -> str:
        """The beginning of the expected output."""
        return _cut(test.expected_head)

    def save_model(self, request: HttpRequest, obj: TestCase, form: "forms.ModelForm[Any]", change: bool) -> None:
        """Save; verdicts from before are about other tests."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            _note_other_tests({obj.problem_id, form.initial.get("problem", obj.problem_id)})

    def delete_model(self, request: HttpRequest, obj: TestCase) -> None:
        """Delete one."""
        super().delete_model(request, obj)
        _note_other_tests({obj.problem_id})

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TestCase]) -> None:
        """Delete the chosen ones."""
        problem_ids = set(queryset.order_by().values_list("problem_id", flat=True))
        super().delete_queryset(request, queryset)
        _note_other_tests(problem_ids)


def _cut(head: str) -> str:
    return head if len(head) <= SHOWN_IN_LISTS else head[:SHOWN_IN_LISTS] + "…"


def _note_other_tests(problem_ids: Iterable[int]) -> None:
    """A curator has changed the tests of these problems."""
    for problem in Problem.objects.filter(pk__in=problem_ids).only("curated_fields"):
        problem.note_curated(["tests"])
        problem.tests_version = F("tests_version") + 1
        problem.verified, problem.verified_at = False, None
        problem.save(update_fields=["curated_fields", "tests_version", "verified", "verified_at", "updated_at"])
