"""Visitors' texts: nothing in them acts, and nothing in them helps those who advertise."""

import pytest

from judge.community import written
from tests.community.making import make_comment
from tests.problems.test_statement import PAYLOADS, is_safe


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_never_acts(payload: str) -> None:
    assert is_safe(written.render(f"{payload}\n\n- one {payload}\n\n> two *{payload}* $x$ {payload}"))


def test_link_says_that_a_visitor_set_it() -> None:
    assert written.render("[x](https://example.org/)") == (
        '<p><a href="https://example.org/" rel="nofollow ugc noopener">x</a></p>\n'
    )


def test_picture_is_never_fetched_from_elsewhere() -> None:
    html = written.render("![secret](https://example.org/a.png)")
    assert "<img" not in html
    assert '<a href="https://example.org/a.png" rel="nofollow ugc noopener">secret</a>' in html


def test_headings_stay_below_the_pages_own() -> None:
    html = written.render("# Large\n\n## Small")
    assert "<h4>Large</h4>" in html
    assert "<h5>Small</h5>" in html


def test_code_and_math_are_kept() -> None:
    html = written.render("```python\nprint(1)\n```\n\n$x^2$")
    assert '<span class="nb">print</span>' in html
    assert '<span class="math">x^2</span>' in html


@pytest.mark.django_db
def test_text_is_rendered_again_where_that_was_by_older_rules() -> None:
    comment = make_comment(text="*new*")
    type(comment).objects.update(html="<!--0.0--><script>old</script>")
    comment.refresh_from_db()
    assert comment.shown == "<p><em>new</em></p>\n"
    comment.refresh_from_db()
    assert "<em>new</em>" in comment.html
    assert "<script>" not in comment.html
