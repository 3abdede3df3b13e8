"""The pages of discussions: who sees and does what."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from judge.community import talk, talk_page
from judge.community.talk_models import Comment, CommentReport, CommentState
from tests.community.making import client_of, make_comment, make_curator, make_problem, make_user
from tests.problems.test_statement import PAYLOADS, is_safe

pytestmark = pytest.mark.django_db

SECRET = "SECRET-7d1f"
ACTIONS = ["", "edit/", "delete/", "vote/", "report/"]
GIVEN = {"text": "Hello", "to": "1", "reason": "spam", "note": ""}


def discussion_of(problem: Any) -> str:
    return f"/problems/{problem.slug}/discussion/"


def page(address: str, user: Any = None, status: int = 200) -> str:
    response = client_of(user).get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}])
def test_on_a_problem_that_one_may_not_see_there_is_nothing(fields: dict[str, Any]) -> None:
    user = make_user()
    comment = make_comment(make_problem(**fields), author=user)
    for visitor in (None, user, make_user()):
        client = client_of(visitor)
        addresses = [discussion_of(comment.problem), *(f"{comment.get_absolute_url()}{action}" for action in ACTIONS)]
        for address in addresses:
            for answer in (client.get(address), client.post(address, GIVEN)):
                login = visitor is None and answer.status_code == 302 and "/login/" in answer["Location"]
                assert answer.status_code == 404 or login, address
    assert list(Comment.objects.values_list("state", "score")) == [("shown", 0)]
    assert comment.text in page(discussion_of(comment.problem), make_curator())


@pytest.mark.parametrize("action", ["edit/", "delete/", "vote/", "report/"])
def test_anonymous_is_sent_to_sign_in(action: str) -> None:
    comment = make_comment()
    for method in ("get", "post"):
        answer = getattr(client_of(None), method)(f"{comment.get_absolute_url()}{action}", GIVEN)
        assert answer.headers["Location"].startswith("/accounts/login/?next=")


def test_anonymous_may_read_but_not_write() -> None:
    comment = make_comment()
    assert comment.text in page(discussion_of(comment.problem))
    for address in (discussion_of(comment.problem), comment.get_absolute_url()):
        answer = client_of(None).post(address, GIVEN)
        assert answer.headers["Location"] == f"/accounts/login/?next={address}"
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("action", ["edit/", "delete/"])
@pytest.mark.parametrize("make", [make_user, make_curator])
def test_nobody_edits_or_deletes_for_another(action: str, make: Any) -> None:
    comment = make_comment(text=SECRET)
    client = client_of(make())
    address = f"{comment.get_absolute_url()}{action}"
    assert client.get(address).status_code == client.post(address, GIVEN).status_code == 404
    comment.refresh_from_db()
    assert (comment.text, comment.state) == (SECRET, CommentState.SHOWN)


@pytest.mark.parametrize("state", [CommentState.DELETED, CommentState.HIDDEN])
def test_what_is_not_shown_can_not_be_read_edited_voted_for_reported_or_answered(state: CommentState) -> None:
    comment = make_comment(text=SECRET, state=state)
    make_comment(parent=comment)
    for user in (comment.author, make_user()):
        client = client_of(user)
        for action in ("edit/", "delete/", "vote/", "report/"):
            address = f"{comment.get_absolute_url()}{action}"
            assert client.get(address).status_code == client.post(address, GIVEN).status_code == 404
        assert client.post(comment.get_absolute_url(), GIVEN).status_code == 422
        for address in (discussion_of(comment.problem), comment.get_absolute_url()):
            assert SECRET not in client.get(address).content.decode()
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("make", [None, make_user])
def test_only_curators_moderate(make: Any) -> None:
    comment = make_comment()
    answer = client_of(make() if make else None).post(f"{comment.get_absolute_url()}moderate/", {"to": "hidden"})
    assert answer.status_code == 404
    comment.refresh_from_db()
    assert comment.state == CommentState.SHOWN


def test_nobody_votes_for_or_reports_their_own() -> None:
    comment = make_comment()
    client = client_of(comment.author)
    assert client.post(f"{comment.get_absolute_url()}vote/", {"to": "1"}).status_code == 403
    assert client.post(f"{comment.get_absolute_url()}report/", GIVEN).status_code == 404
    comment.refresh_from_db()
    assert comment.score == 0
    assert not CommentReport.objects.exists()


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_guessed_number_is_404(number: str) -> None:
    client = client_of(make_curator())
    for action in ACTIONS:
        assert client.get(f"/comments/{number}/{action}").status_code == 404


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_and_name_never_act(payload: str) -> None:
    comment = make_comment(text=payload, author=make_user(username=f"<i>{SECRET}"))
    for address in (discussion_of(comment.problem), comment.get_absolute_url()):
        text = page(address, make_user())
        article = text[text.index('<article class="comment"') : text.index("</article>")]
        assert f"&lt;i&gt;{SECRET}" in article
        assert is_safe(article[article.index('<div class="prose') : article.index("<footer")])


def test_pages_keep_to_the_content_policy() -> None:
    comment = make_comment(text="| a |\n|--:|\n| $x$ |")
    text = page(discussion_of(comment.problem), make_user())
    assert " style=" not in text
    assert " onclick=" not in text
    assert "vendor/math.js" in text
    assert "vendor/math.js" not in page(discussion_of(make_problem()))


def test_saying_answering_editing_and_deleting() -> None:
    problem, user = make_problem(), make_user()
    client = client_of(user)
    answer = client.post(discussion_of(problem), {"text": "one\r\ntwo"})
    comment = Comment.objects.get()
    assert answer.headers["Location"] == f"{discussion_of(problem)}?sort=newest#comment-{comment.pk}"
    assert (comment.text, comment.author, comment.spoiler) == ("one\ntwo", user, False)
    answer = client.post(comment.get_absolute_url(), {"text": "three", "spoiler": "on"})
    reply = Comment.objects.get(parent=comment)
    assert answer.headers["Location"] == f"{comment.get_absolute_url()}#comment-{reply.pk}"
    assert reply.spoiler
    client.post(f"{comment.get_absolute_url()}edit/", {"text": "another"})
    text = page(discussion_of(problem))
    assert "another" in text
    assert "edited" in text
    client.post(f"{comment.get_absolute_url()}delete/")
    text = page(discussion_of(problem))
    assert "another" not in text
    assert "Deleted by its author." in text  # there is an answer to it
    client.post(f"{reply.get_absolute_url()}delete/")
    text = page(discussion_of(problem))
    assert "Deleted by its author." not in text
    assert "Nobody has said anything yet" in text


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 10_001, "\0"])
def test_refused_text_is_said_why(text: str) -> None:
    problem = make_problem()
    answer = client_of(make_user()).post(discussion_of(problem), {"text": text})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Comment.objects.exists()


def test_line_ends_count_once() -> None:
    client_of(make_user()).post(discussion_of(make_problem()), {"text": "x\r\n" * 4_999 + "xx"})
    assert len(Comment.objects.get().text) == 9_999 + 1


def test_too_fast_keeps_the_text() -> None:
    problem, user = make_problem(), make_user()
    for _ in range(talk.COMMENTS[0].allowed):
        talk.say(user, problem, "x", spoiler=False)
    answer = client_of(user).post(discussion_of(problem), {"text": "my long thought"})
    assert answer.status_code == 422
    assert "my long thought</textarea>" in answer.content.decode()
    assert "That was a lot at once" in answer.content.decode()


def test_spoiler_is_closed() -> None:
    comment = make_comment(text=SECRET, spoiler=True)
    assert re.search(
        rf'<details class="spoiler"><summary>[^<]+</summary><div[^>]+><p>{SECRET}', page(discussion_of(comment.problem))
    )


def test_vote_is_given_and_taken_back_with_and_without_htmx() -> None:
    comment = make_comment()
    client, address = client_of(make_user()), f"{comment.get_absolute_url()}vote/"
    answer = client.post(address, {"to": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in answer
    assert 'name="to" value="0"' in answer
    assert client.post(address, {"to": "0"}).headers["Location"] == comment.get_absolute_url()
    comment.refresh_from_db()
    assert comment.score == 0


def test_reporting_lands_with_the_curators_only() -> None:
    comment, user = make_comment(), make_user()
    client_of(user).post(f"{comment.get_absolute_url()}report/", {"reason": "rude", "note": SECRET})
    assert SECRET not in page(discussion_of(comment.problem), comment.author)
    assert SECRET in page("/admin/community/commentreport/", make_curator())


def test_curators_hide_and_show_again() -> None:
    comment, curator = make_comment(text=SECRET), make_curator()
    client = client_of(curator)
    client.post(f"{comment.get_absolute_url()}moderate/", {"to": "hidden"})
    assert SECRET not in page(discussion_of(comment.problem), make_user())
    assert SECRET in page(discussion_of(comment.problem), curator)
    assert "A curator has hidden what you wrote here" in page(discussion_of(comment.problem), comment.author)
    client.post(f"{comment.get_absolute_url()}moderate/", {"to": "shown"})
    assert SECRET in page(discussion_of(comment.problem), make_user())


def test_address_of_an_answer_leads_to_its_page_in_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk_page, "REPLIES_A_PAGE", 2)
    top = make_comment()
    replies = [make_comment(parent=top, text=f"answer-{number}") for number in range(5)]
    client = client_of(None)
    for reply in replies:
        answer = client.get(reply.get_absolute_url())
        assert answer.headers["Location"].endswith(f"#comment-{reply.pk}")
        assert reply.text in client.get(answer.headers["Location"]).content.decode()


def test_only_the_first_answers_stand_beneath_a_comment() -> None:
    top = make_comment()
    for number in range(talk_page.REPLIES_SHOWN + 1):
        make_comment(parent=top, text=f"answer-{number}-")
    text = page(discussion_of(top.problem))
    assert f"answer-{talk_page.REPLIES_SHOWN - 1}-" in text
    assert f"answer-{talk_page.REPLIES_SHOWN}-" not in text
    assert "All answers" in text


def queries(address: str, user: Any) -> int:
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("make", [None, make_user, make_curator])
def test_number_of_queries_is_that_of_two_comments(make: Any) -> None:
    user = make() if make else None
    problem = make_problem()
    make_comment(parent=make_comment(problem))
    first = queries(discussion_of(problem), user)
    tops = [make_comment(problem) for _ in range(8)]
    for top in tops:
        for _ in range(3):
            make_comment(parent=top)
    assert queries(discussion_of(problem), user) == first <= 7
    assert queries(tops[0].get_absolute_url(), user) <= 7


def test_problem_page_asks_nothing_more_for_its_link() -> None:
    problem = make_problem()
    text = page(problem.get_absolute_url())
    assert discussion_of(problem) in text
    with CaptureQueriesContext(connection) as captured:
        page(problem.get_absolute_url())
    assert not [query for query in captured if "community_" in query["sql"]]


@pytest.mark.parametrize("query", ["?after=abc", "?before=1_" + "9" * 40, "?sort=<x>", "?after=%00"])
def test_nonsense_in_the_query_is_no_error(query: str) -> None:
    comment = make_comment()
    assert comment.text in page(discussion_of(comment.problem) + query)
    assert comment.text in page(comment.get_absolute_url() + query)


def test_a_preview_shows_the_comment_and_keeps_nothing() -> None:
    comment, user = make_comment(), make_user()
    mine = make_comment(comment.problem, author=user, text="As it was")
    client, given = client_of(user), {"text": "Is it *so*?", "preview": "1"}
    for address in (
        discussion_of(comment.problem),
        comment.get_absolute_url(),
        f"{mine.get_absolute_url()}edit/",
        "/comments/preview/",
    ):
        response = client.post(address, given)
        body = response.content.decode()
        assert response.status_code == 200, address
        assert "<p>Is it <em>so</em>?</p>" in body, address
        assert ("Is it *so*?</textarea>" in body) == ("preview" not in address)
    assert Comment.objects.count() == 2
    mine.refresh_from_db()
    assert mine.text == "As it was"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_preview_never_acts(payload: str) -> None:
    response = client_of(make_user()).post("/comments/preview/", {"text": payload, "preview": "1"})
    body = response.content.decode()
    assert is_safe(body[body.index('<div class="prose') : body.index("</section>")])


def test_a_preview_of_what_is_refused_says_why() -> None:
    client = client_of(make_user())
    for text, words in (("", "nothing to send yet"), ("x" * 10_001, "10000")):
        body = client.post("/comments/preview/", {"text": text, "preview": "1"}).content.decode()
        assert "field-error" in body
        assert words in body
    problem = make_problem()
    response = client.post(discussion_of(problem), {"text": "", "preview": "1"})
    assert (response.status_code, response.content.decode().count("nothing to send yet")) == (422, 1)


def test_a_preview_is_for_those_who_may_write_and_no_link() -> None:
    assert client_of(None).post("/comments/preview/", {"text": "x", "preview": "1"}).status_code == 302
    assert client_of(make_user()).get("/comments/preview/").status_code == 405


def test_formulas_of_a_preview_bring_their_script() -> None:
    client = client_of(make_user())
    for text, there in (("$a$", True), ("a", False)):
        body = client.post("/comments/preview/", {"text": text, "preview": "1"}).content.decode()
        assert ("vendor/math.js" in body) is there
