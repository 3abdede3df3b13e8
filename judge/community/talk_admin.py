"""The admin's pages for comments and reports: what curators look at, and what they do about it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from judge.community import talk
from judge.community.talk_models import Comment, CommentReport, ReportState
from problems.admin import ReadOnlyAdmin

SHOWN_IN_LISTS = 120


class ModeratedAdmin(ReadOnlyAdmin):
    """Lists whose rows nobody writes by hand, but things are done with."""

    # The permission to decide about them.
    moderates = "community.change_comment"

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Who may do what the actions do."""
        return bool(request.user.has_perm(self.moderates))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was said is hidden, not removed."""
        return False

    def _done(self, request: HttpRequest, act: Callable[..., int], ids: Iterable[int]) -> None:
        number = act(ids, request.user)
        messages.success(request, gettext("Done: %(number)d changed.") % {"number": number})


@admin.register(Comment)
class CommentAdmin(ModeratedAdmin):
    """Comments."""

    list_display = ("id", "beginning", "author", "on", "state", "spoiler", "score", "open_reports", "created_at")
    list_display_links = ("id", "beginning")
    list_filter = ("state", "spoiler")
    search_fields = ("problem__slug__exact", "author__username__exact")
    search_help_text = _("A whole user's name, or a problem's address")
    ordering = ("-id",)
    actions = ("hide", "restore", "mark_spoiler")
    fields = (
        ("on", "thread"),
        "author",
        "text",
        ("state", "spoiler", "score"),
        ("created_at", "edited_at"),
        ("moderated_by", "moderated_at"),
    )
    readonly_fields = ("on", "thread", "created_at")

    def light(self, rows: QuerySet[Comment]) -> QuerySet[Comment]:
        """With the beginnings of the texts only."""
        opened = Count("reports", filter=Q(reports__state=ReportState.OPEN))
        own = ("id", "state", "spoiler", "score", "created_at", "author__username", "problem__slug")
        return (
            rows.select_related("author", "problem")
            .only(*own)
            .annotate(head=Left("text", SHOWN_IN_LISTS), opened=opened)
        )

    @admin.display(description=_("text"))
    def beginning(self, comment: Any) -> str:
        """The beginning of the text."""
        return str(comment.head)

    @admin.display(description=_("problem"))
    def on(self, comment: Comment) -> str:
        """The problem's address."""
        return comment.problem.slug

    @admin.display(description=_("open reports"))
    def open_reports(self, comment: Any) -> int:
        """How many nobody has decided on."""
        return int(comment.opened)

    @admin.display(description=_("on the site"))
    def thread(self, comment: Comment) -> SafeString:
        """A link to where it stands."""
        return format_html('<a href="{0}">{0}</a>', comment.get_absolute_url())

    @admin.action(description=_("Hide selected comments"), permissions=["moderate"])
    def hide(self, request: HttpRequest, chosen: QuerySet[Comment]) -> None:
        """Their texts are for curators only."""
        self._done(request, talk.hide, chosen.values_list("pk", flat=True))

    @admin.action(description=_("Show selected comments again"), permissions=["moderate"])
    def restore(self, request: HttpRequest, chosen: QuerySet[Comment]) -> None:
        """Nothing is wrong with them."""
        self._done(request, talk.restore, chosen.values_list("pk", flat=True))

    @admin.action(description=_("Mark selected comments as spoilers"), permissions=["moderate"])
    def mark_spoiler(self, request: HttpRequest, chosen: QuerySet[Comment]) -> None:
        """Their texts are hidden until opened."""
        self._done(request, talk.mark_spoiler, chosen.values_list("pk", flat=True))


@admin.register(CommentReport)
class CommentReportAdmin(ModeratedAdmin):
    """Reports against comments, each with what it is about."""

    list_display = ("id", "reason", "note", "about", "comment_state", "reporter", "state", "created_at")
    list_filter = ("state", "reason")
    ordering = ("-id",)
    actions = ("hide", "restore", "mark_spoiler", "dismiss")
    fields = (("reason", "state"), "note", "about", "reporter", "created_at", ("handled_by", "handled_at"))
    readonly_fields = ("about", "created_at")

    def light(self, rows: QuerySet[CommentReport]) -> QuerySet[CommentReport]:
        """With the beginnings of the comments."""
        own = ("id", "reason", "note", "state", "created_at", "comment__state", "reporter__username")
        return (
            rows.select_related("comment", "reporter").only(*own).annotate(head=Left("comment__text", SHOWN_IN_LISTS))
        )

    @admin.display(description=_("comment"))
    def about(self, report: Any) -> SafeString:
        """The comment's beginning, as a link to where it stands."""
        head = getattr(report, "head", None) or report.comment.text
        return format_html('<a href="{}">{}</a>', report.comment.get_absolute_url(), head or report.comment)

    @admin.display(description=_("comment is"))
    def comment_state(self, report: CommentReport) -> str:
        """Whether it is shown."""
        return str(report.comment.get_state_display())

    @admin.action(description=_("Hide the comments"), permissions=["moderate"])
    def hide(self, request: HttpRequest, chosen: QuerySet[CommentReport]) -> None:
        """The reports are right."""
        self._done(request, talk.hide, chosen.values_list("comment_id", flat=True))

    @admin.action(description=_("Show the comments again"), permissions=["moderate"])
    def restore(self, request: HttpRequest, chosen: QuerySet[CommentReport]) -> None:
        """The reports are wrong after all."""
        self._done(request, talk.restore, chosen.values_list("comment_id", flat=True))

    @admin.action(description=_("Mark the comments as spoilers"), permissions=["moderate"])
    def mark_spoiler(self, request: HttpRequest, chosen: QuerySet[CommentReport]) -> None:
        """The reports are right: the texts are hidden until opened."""
        self._done(request, talk.mark_spoiler, chosen.values_list("comment_id", flat=True))

    @admin.action(description=_("Dismiss the reports"), permissions=["moderate"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[CommentReport]) -> None:
        """The comments stay as they are."""
        self._done(request, talk.dismiss, chosen.values_list("pk", flat=True))
