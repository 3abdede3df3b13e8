"""The admin's page for lists of problems: what people show others, and keeping it from them. Private lists stay so."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from judge.community.list_models import ProblemList, Visibility
from problems.admin import ReadOnlyAdmin


@admin.register(ProblemList)
class ProblemListAdmin(ReadOnlyAdmin):
    """Lists that their owners have opened."""

    list_display = ("id", "name", "owner", "visibility", "withheld", "created_at")
    list_display_links = ("id", "name")
    list_filter = ("withheld", "visibility")
    search_fields = ("owner__username__exact",)
    search_help_text = _("A whole user's name")
    ordering = ("-id",)
    actions = ("withhold", "give_back")
    fields = ("name", "description", "owner", "visibility", "withheld", "created_at")
    readonly_fields = ("withheld", "created_at")

    def light(self, rows: QuerySet[ProblemList]) -> QuerySet[ProblemList]:
        """Without the descriptions."""
        shown = ("name", "visibility", "withheld", "created_at", "is_favourites", "owner__username")
        return rows.select_related("owner").only(*shown)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProblemList]:
        """No private ones."""
        return super().get_queryset(request).exclude(visibility=Visibility.PRIVATE)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They are withheld, not removed."""
        return False

    def has_withhold_permission(self, request: HttpRequest) -> bool:
        """Who may do what the actions do."""
        return bool(request.user.has_perm("community.change_problemlist"))

    @admin.action(description=_("Keep from others"), permissions=["withhold"])
    def withhold(self, request: HttpRequest, rows: QuerySet[ProblemList]) -> None:
        """Only their owners see them from now on, whatever they choose."""
        self._set(request, rows, withheld=True)

    @admin.action(description=_("Give back"), permissions=["withhold"])
    def give_back(self, request: HttpRequest, rows: QuerySet[ProblemList]) -> None:
        """Who sees them is their owners' choice again."""
        self._set(request, rows, withheld=False)

    def _set(self, request: HttpRequest, rows: QuerySet[ProblemList], *, withheld: bool) -> None:
        for kept in rows.exclude(withheld=withheld):
            kept.withheld = withheld
            kept.save(update_fields=["withheld"])
            self.log_change(request, kept, str(_("Keep from others") if withheld else _("Give back")))
