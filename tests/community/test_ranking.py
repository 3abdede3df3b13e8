"""Pages by key: every row once, in order, forth and back, whatever the address says."""

import pytest
from django.http import QueryDict

from judge.community import ranking
from judge.community.talk_models import Comment
from tests.community.making import make_comment, make_problem, make_user

pytestmark = pytest.mark.django_db


def _walk(sort: str) -> tuple[list[list[int]], list[list[int]]]:
    """The ids of the pages of two, forth and then back."""
    forth, back, params = [], [], QueryDict(f"sort={sort}")
    page = ranking.page_of(Comment.objects.all(), params, 2)
    assert not page.before
    while True:
        forth.append([row.pk for row in page.rows])
        if not page.after:
            break
        page = ranking.page_of(Comment.objects.all(), QueryDict(f"sort={sort}&after={page.after}"), 2)
    while page.before:
        page = ranking.page_of(Comment.objects.all(), QueryDict(f"sort={sort}&before={page.before}"), 2)
        back.append([row.pk for row in page.rows])
    assert page.after
    return forth, back


def test_best_first_then_newest() -> None:
    problem, author = make_problem(), make_user()
    a, b, c, d, e = (make_comment(problem, author=author, score=score).pk for score in (0, 3, 0, 3, -1))
    forth, back = _walk("")
    assert forth == [[d, b], [c, a], [e]]
    assert back == [[c, a], [d, b]]


def test_newest_first_whatever_the_score() -> None:
    problem, author = make_problem(), make_user()
    a, b, c = (make_comment(problem, author=author, score=score).pk for score in (5, 0, 3))
    assert _walk("newest") == ([[c, b], [a]], [[c, b]])


@pytest.mark.parametrize("place", ["1", "a_b", "_", "1_", "99999999999_1", "1_" + "9" * 19, "1_1\n", "1_1;--", "٣_٣"])
def test_nonsense_is_the_first_page(place: str) -> None:
    comment = make_comment()
    for name in ("after", "before"):
        params = QueryDict(mutable=True)
        params[name] = place
        assert [row.pk for row in ranking.page_of(Comment.objects.all(), params, 2).rows] == [comment.pk]
