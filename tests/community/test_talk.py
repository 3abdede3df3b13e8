"""What is said, edited, deleted, reported and moderated."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judge.community import quotas, talk
from judge.community.talk_models import Comment, CommentReport, CommentState, Reason, ReportState
from tests.community.making import make_comment, make_curator, make_problem, make_user

pytestmark = pytest.mark.django_db


def test_too_many_at_once_are_refused_with_the_time_to_wait() -> None:
    problem, user = make_problem(), make_user()
    for _ in range(talk.COMMENTS[0].allowed):
        talk.say(user, problem, "x", spoiler=False)
    with pytest.raises(quotas.TooMany, match=r"try again in \d+ seconds?\."):
        talk.say(user, problem, "x", spoiler=False)
    talk.say(make_user(), problem, "others may", spoiler=False)


def test_deleting_gives_no_new_allowance() -> None:
    problem, user = make_problem(), make_user()
    for _ in range(talk.COMMENTS[0].allowed):
        talk.delete(talk.say(user, problem, "x", spoiler=False))
    with pytest.raises(quotas.TooMany):
        talk.say(user, problem, "x", spoiler=False)


def test_after_a_while_one_may_go_on() -> None:
    problem, user = make_problem(), make_user()
    for _ in range(talk.COMMENTS[0].allowed):
        talk.say(user, problem, "x", spoiler=False)
    Comment.objects.update(created_at=timezone.now() - talk.COMMENTS[0].within - timedelta(seconds=1))
    talk.say(user, problem, "x", spoiler=False)


def test_an_answer_to_an_answer_stands_beside_it() -> None:
    top = make_comment()
    answer = make_comment(parent=top)
    assert talk.say(make_user(), top.problem, "x", spoiler=False, to=answer).parent_id == top.pk


def test_edited_only_where_something_is_other() -> None:
    comment = make_comment(text="one")
    talk.edit(comment, "one", spoiler=False)
    assert comment.edited_at is None
    talk.edit(comment, "two", spoiler=False)
    comment.refresh_from_db()
    assert comment.edited_at
    assert "two" in comment.shown


def test_reporting_again_says_it_anew_until_somebody_has_looked() -> None:
    comment, user, curator = make_comment(), make_user(), make_curator()
    talk.report(user, comment, Reason.SPAM, "one")
    talk.report(user, comment, Reason.RUDE, "two")
    report = CommentReport.objects.get()
    assert (report.reason, report.note) == (Reason.RUDE, "two")
    talk.dismiss([report.pk], curator)
    talk.report(user, comment, Reason.SPAM, "three")
    report.refresh_from_db()
    assert (report.state, report.note, report.handled_by) == (ReportState.DISMISSED, "two", curator)


def test_too_many_reports_are_refused() -> None:
    user, problem = make_user(), make_problem()
    for _ in range(talk.REPORTS[0].allowed):
        talk.report(user, make_comment(problem), Reason.SPAM, "")
    with pytest.raises(quotas.TooMany):
        talk.report(user, make_comment(problem), Reason.SPAM, "")


def test_hiding_upholds_the_reports_and_restoring_leaves_that() -> None:
    comment, curator = make_comment(), make_curator()
    talk.report(make_user(), comment, Reason.SPAM, "")
    assert talk.hide([comment.pk], curator) == 1
    comment.refresh_from_db()
    assert (comment.state, comment.moderated_by) == (CommentState.HIDDEN, curator)
    assert CommentReport.objects.get().state == ReportState.UPHELD
    talk.report(make_user(), comment, Reason.OTHER, "why?")
    assert talk.restore([comment.pk], curator) == 1
    comment.refresh_from_db()
    assert comment.state == CommentState.SHOWN
    states = CommentReport.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ReportState.UPHELD, ReportState.DISMISSED]


def test_restoring_brings_back_nothing_that_its_author_has_deleted() -> None:
    comment, curator = make_comment(), make_curator()
    talk.delete(comment)
    assert talk.restore([comment.pk], curator) == talk.hide([comment.pk], curator) == 0
    comment.refresh_from_db()
    assert comment.state == CommentState.DELETED


def test_marking_a_spoiler_upholds_reports_of_just_that() -> None:
    comment, curator = make_comment(), make_curator()
    talk.report(make_user(), comment, Reason.SPOILER, "")
    talk.report(make_user(), comment, Reason.RUDE, "")
    assert talk.mark_spoiler([comment.pk], curator) == 1
    states = CommentReport.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ReportState.UPHELD, ReportState.OPEN]


def test_what_somebody_said_stays_when_they_leave() -> None:
    comment = make_comment()
    comment.author.delete()
    comment.refresh_from_db()
    assert comment.author is None
