"""The admin's pages for what people have published and who has given up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from judge.community import solutions
from judge.community.solutions_models import GivenUp, Solution
from judge.community.talk_admin import SHOWN_IN_LISTS, ModeratedAdmin
from problems.admin import ReadOnlyAdmin


@admin.register(Solution)
class SolutionAdmin(ModeratedAdmin):
    """Published solutions, by their notes; the programs are the submissions'."""

    list_display = ("id", "on", "author", "language", "beginning", "state", "score", "created_at")
    list_filter = ("state", "language")
    search_fields = ("problem__slug__exact", "author__username__exact")
    search_help_text = _("A whole user's name, or a problem's address")
    ordering = ("-id",)
    actions = ("hide", "restore")
    fields = (("on", "author"), "program", "text", ("state", "score"), ("moderated_by", "moderated_at"))
    readonly_fields = ("on", "program")
    moderates = "community.change_solution"

    def light(self, rows: QuerySet[Solution]) -> QuerySet[Solution]:
        """With the beginnings of the notes only."""
        own = ("id", "language", "state", "score", "created_at", "author__username", "problem__slug")
        return rows.select_related("author", "problem").only(*own).annotate(head=Left("text", SHOWN_IN_LISTS))

    @admin.display(description=_("note"))
    def beginning(self, solution: Any) -> str:
        """The beginning of the note."""
        return str(solution.head)

    @admin.display(description=_("problem"))
    def on(self, solution: Solution) -> str:
        """The problem's address."""
        return solution.problem.slug

    @admin.display(description=_("program"))
    def program(self, solution: Solution) -> SafeString:
        """A link to the submission."""
        return format_html('<a href="{0}">{0}</a>', solution.submission.get_absolute_url())

    @admin.action(description=_("Hide selected solutions"), permissions=["moderate"])
    def hide(self, request: HttpRequest, chosen: QuerySet[Solution]) -> None:
        """They are for curators only."""
        self._done(request, solutions.hide, chosen.values_list("pk", flat=True))

    @admin.action(description=_("Show selected solutions again"), permissions=["moderate"])
    def restore(self, request: HttpRequest, chosen: QuerySet[Solution]) -> None:
        """Nothing is wrong with them."""
        self._done(request, solutions.restore, chosen.values_list("pk", flat=True))


@admin.register(GivenUp)
class GivenUpAdmin(ReadOnlyAdmin):
    """Who has given up on what."""

    list_display = ("id", "user", "problem", "created_at")
    search_fields = ("problem__slug__exact", "user__username__exact")
    search_help_text = _("A whole user's name, or a problem's address")
    ordering = ("-id",)

    def light(self, rows: QuerySet[GivenUp]) -> QuerySet[GivenUp]:
        """With the names."""
        return rows.select_related("user", "problem").only("id", "created_at", "user__username", "problem__title")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is never taken back."""
        return False
