"""Talking: who may write, edit, delete and report, and what curators make of it. Not in charge of how it is shown."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from judge.accounts.models import User
from judge.community import quotas
from judge.community.quotas import Quota
from judge.community.talk_models import Comment, CommentReport, CommentState, ReportState
from problems.models import Problem

COMMENTS = (Quota(5, timedelta(minutes=1)), Quota(100, timedelta(days=1)))
REPORTS = (Quota(10, timedelta(hours=1)),)


def say(author: User, problem: Problem, text: str, spoiler: bool, to: Comment | None = None) -> Comment:
    """Keep a comment, or an answer where ``to`` is given: one to an answer goes beside it. Raises quotas.TooMany."""
    parent_id = None if to is None else to.parent_id or to.pk
    comment = Comment(problem=problem, author=author, parent_id=parent_id, spoiler=spoiler)
    comment.write(text)
    with transaction.atomic():
        quotas.check(author, Comment.objects.filter(author=author), *COMMENTS)
        comment.save()
    return comment


def edit(comment: Comment, text: str, spoiler: bool) -> None:
    """Put a text in the place of the comment's; where it is another one, the comment says that it was edited."""
    if (comment.text, comment.spoiler) == (text, spoiler):
        return
    comment.write(text)
    comment.spoiler, comment.edited_at = spoiler, timezone.now()
    comment.save(update_fields=["text", "html", "spoiler", "edited_at"])


def delete(comment: Comment) -> None:
    """Take the comment off the page, for good; its row stays for the curators."""
    Comment.objects.filter(pk=comment.pk).update(state=CommentState.DELETED)


def report(reporter: User, comment: Comment, reason: str, note: str) -> None:
    """Tell the curators. Who reports the same again says it anew, as long as nobody has looked.

    Raises quotas.TooMany.
    """
    with transaction.atomic():
        quotas.check(reporter, CommentReport.objects.filter(reporter=reporter), *REPORTS)
        found, made = CommentReport.objects.get_or_create(
            comment=comment, reporter=reporter, defaults={"reason": reason, "note": note}
        )
        if not made:
            CommentReport.objects.filter(pk=found.pk, state=ReportState.OPEN).update(reason=reason, note=note)


def hide(comment_ids: Iterable[int], by: User) -> int:
    """Hide the texts of these comments; open reports against them are upheld. Returns how many were shown till now."""
    ids = list(comment_ids)
    with transaction.atomic():
        _settle(Q(comment__in=ids), ReportState.UPHELD, by)
        return _move(ids, CommentState.SHOWN, CommentState.HIDDEN, by)


def restore(comment_ids: Iterable[int], by: User) -> int:
    """Show again what a curator has hidden, never what its author has deleted; reports against it are dismissed."""
    ids = list(comment_ids)
    with transaction.atomic():
        _settle(Q(comment__in=ids), ReportState.DISMISSED, by)
        return _move(ids, CommentState.HIDDEN, CommentState.SHOWN, by)


def mark_spoiler(comment_ids: Iterable[int], by: User) -> int:
    """Say in their authors' place that these comments give something away; reports of just that are upheld."""
    ids = list(comment_ids)
    with transaction.atomic():
        _settle(Q(comment__in=ids, reason="spoiler"), ReportState.UPHELD, by)
        unmarked = Comment.objects.filter(pk__in=ids, spoiler=False)
        return unmarked.update(spoiler=True, moderated_by=by, moderated_at=Now())


def dismiss(report_ids: Iterable[int], by: User) -> int:
    """Nothing is wrong with what these reports are about."""
    return _settle(Q(pk__in=list(report_ids)), ReportState.DISMISSED, by)


def _settle(which: Q, state: ReportState, by: User) -> int:
    reports = CommentReport.objects.filter(which, state=ReportState.OPEN)
    return reports.update(state=state, handled_by=by, handled_at=Now())


def _move(ids: list[int], state: CommentState, to: CommentState, by: User) -> int:
    comments = Comment.objects.filter(pk__in=ids, state=state)
    return comments.update(state=to, moderated_by=by, moderated_at=Now())
