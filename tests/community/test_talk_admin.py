"""Curators decide about comments and reports in the admin; nobody else does."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from judge.community import talk
from judge.community.talk_models import Comment, CommentReport, CommentState, Reason, ReportState
from tests.community.making import client_of, make_comment, make_curator, make_user

pytestmark = pytest.mark.django_db

COMMENTS, REPORTS = "/admin/community/comment/", "/admin/community/commentreport/"
SCRIPT = "<script>alert(1)</script>"


def act(user: Any, address: str, action: str, pk: int) -> int:
    return client_of(user).post(address, {"action": action, "_selected_action": [pk]}).status_code


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
def test_others_see_and_do_nothing(fields: dict[str, Any]) -> None:
    comment, user = make_comment(), make_user(**fields)
    for address in (COMMENTS, REPORTS, f"{COMMENTS}{comment.pk}/change/"):
        assert client_of(user).get(address).status_code in {302, 403}
    assert act(user, COMMENTS, "hide", comment.pk) in {302, 403}
    comment.refresh_from_db()
    assert comment.state == CommentState.SHOWN


@pytest.mark.parametrize(
    ("action", "comment_state", "report_state"),
    [
        ("hide", CommentState.HIDDEN, ReportState.UPHELD),
        ("restore", CommentState.SHOWN, ReportState.DISMISSED),
        ("dismiss", CommentState.SHOWN, ReportState.DISMISSED),
        ("mark_spoiler", CommentState.SHOWN, ReportState.UPHELD),
    ],
)
def test_actions_on_reports(action: str, comment_state: str, report_state: str) -> None:
    comment = make_comment()
    talk.report(make_user(), comment, Reason.SPOILER, "")
    assert act(make_curator(), REPORTS, action, CommentReport.objects.get().pk) == 302
    comment.refresh_from_db()
    assert (comment.state, comment.spoiler) == (comment_state, action == "mark_spoiler")
    assert CommentReport.objects.get().state == report_state


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [("shown", "hide", "hidden"), ("hidden", "restore", "shown"), ("deleted", "restore", "deleted")],
)
def test_actions_on_comments(before: str, action: str, after: str) -> None:
    comment = make_comment(state=before)
    assert act(make_curator(), COMMENTS, action, comment.pk) == 302
    comment.refresh_from_db()
    assert comment.state == after


@pytest.mark.parametrize("action", ["add/", "1/delete/"])
def test_nothing_is_added_or_removed_by_hand(action: str) -> None:
    Comment.objects.filter(pk=make_comment().pk).update(id=1)
    assert client_of(make_curator()).get(COMMENTS + action).status_code == 403


def test_text_is_text() -> None:
    comment = make_comment(text=SCRIPT)
    talk.report(make_user(), comment, Reason.OTHER, SCRIPT)
    client = client_of(make_curator())
    pk = CommentReport.objects.get().pk
    for address in (COMMENTS, REPORTS, f"{COMMENTS}{comment.pk}/change/", f"{REPORTS}{pk}/change/"):
        page = client.get(address).content.decode()
        assert "&lt;script&gt;" in page
        assert SCRIPT not in page


@pytest.mark.parametrize(
    "query", ["?state__exact=open", "?reason__exact=spam", "?state__exact=upheld&reason__exact=rude"]
)
def test_reports_are_filtered(query: str) -> None:
    talk.report(make_user(), make_comment(), Reason.SPAM, "about-advertising")
    page = client_of(make_curator()).get(REPORTS + query).content.decode()
    assert ("about-advertising" in page) == ("rude" not in query)


@pytest.mark.parametrize("address", [COMMENTS, REPORTS])
def test_number_of_queries_does_not_grow(address: str) -> None:
    client = client_of(make_curator())
    found = []
    for _ in range(2):
        for _ in range(3):
            talk.report(make_user(), make_comment(), Reason.SPAM, "")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        found.append(len(captured))
    assert found[0] == found[1]
