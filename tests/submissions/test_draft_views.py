"""Drafts over HTTP: one's own only, signed in only, and on the page that they belong to."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from judge.submissions.models import Draft, Run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def draft(make_user, make_problem):
    """Somebody's draft in C."""
    return Draft.objects.create(user=make_user(), problem=make_problem(), language="c", text="SECRET-77")


def addresses(draft):
    own = f"/submissions/drafts/{draft.problem.slug}/c/"
    return {"draft": own, "version": f"/submissions/drafts/{draft.pk}/", "drop": f"/submissions/drafts/{draft.pk}/drop"}


def test_anonymous_reads_and_writes_nothing(client, draft):
    found = addresses(draft)
    assert client.get(found["draft"]).status_code == 401
    assert client.post(found["draft"], {"text": "x"}).status_code == 401
    assert client.get(found["version"]).status_code == 404
    assert client.post(found["drop"]).status_code == 404
    assert Draft.objects.get().text == "SECRET-77"


@pytest.mark.parametrize("curating", [False, True])
def test_another_user_reads_and_writes_nothing(client, make_user, draft, curating):
    client.force_login(make_user(is_superuser=curating))
    found = addresses(draft)
    assert "SECRET" not in client.get(found["draft"]).content.decode()
    assert "SECRET" not in client.get(draft.problem.get_absolute_url()).content.decode()
    client.post(found["draft"], {"text": "x", "on": draft.pk, "revision": 1})
    assert client.get(found["version"]).status_code == 404
    assert client.post(found["drop"]).status_code == 404
    draft.refresh_from_db()
    assert draft.text == "SECRET-77"


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}])
def test_nobody_keeps_a_draft_for_what_he_may_not_see(client, make_user, make_problem, fields):
    client.force_login(make_user())
    address = f"/submissions/drafts/{make_problem(**fields).slug}/c/"
    assert client.post(address, {"text": "x"}).status_code == 404


def test_saving_needs_the_forms_token(client, draft):
    client.handler.enforce_csrf_checks = True
    client.force_login(draft.user)
    assert client.post(addresses(draft)["draft"], {"text": "x"}).status_code == 403
    assert client.post(addresses(draft)["drop"]).status_code == 403


def test_a_save_answers_with_what_the_next_one_goes_on_from(client, draft):
    client.force_login(draft.user)
    address = addresses(draft)["draft"]
    answer = client.post(address, {"text": "one", "on": draft.pk, "revision": 1}).json()
    assert (answer["id"], answer["revision"], answer["others"]) == (draft.pk, 2, [])
    answer = client.post(address, {"text": "two", "on": draft.pk, "revision": 1}).json()
    assert [other["id"] for other in answer["others"]] == [draft.pk]
    assert client.get(address).json()["text"] == "two"
    assert client.get(addresses(draft)["version"]).json()["text"] == "one"
    client.post(addresses(draft)["drop"])
    assert client.get(address).json()["others"] == []


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "\N{SUPERSCRIPT TWO}"])
def test_nonsense_numbers_begin_anew(client, draft, number):
    client.force_login(draft.user)
    answer = client.post(addresses(draft)["draft"], {"text": "new", "on": number, "revision": number})
    assert answer.status_code == 200
    assert set(Draft.objects.values_list("text", flat=True)) == {"new", "SECRET-77"}


def test_a_refusal_says_why(client, draft):
    client.force_login(draft.user)
    answer = client.post(addresses(draft)["draft"], {"text": "a\0"})
    assert answer.status_code == 422
    assert "NUL" in answer.json()["error"]


def test_the_page_begins_with_the_draft_in_its_language(client, draft):
    client.force_login(draft.user)
    page = client.get(draft.problem.get_absolute_url()).content.decode()
    assert "SECRET-77" in page
    assert '<option value="c" selected>' in page
    told = json.loads(re.search(r'data-draft="([^"]*)"', page)[1].replace("&quot;", '"'))
    assert (told["id"], told["revision"], told["given"]) == (draft.pk, 1, False)


def test_a_draft_is_escaped(client, draft):
    Draft.objects.update(text="</textarea><script>alert(1)</script>")
    client.force_login(draft.user)
    assert "<script>alert" not in client.get(draft.problem.get_absolute_url()).content.decode()


def test_what_was_sent_in_stands_above_the_draft(client, draft, queue):
    client.force_login(draft.user)
    given = {"language": "c", "source": "int sent;"}
    client.post(f"/submissions/runs/new/{draft.problem.slug}/", given)
    page = client.get(draft.problem.get_absolute_url(), {"run": Run.objects.get().pk}).content.decode()
    assert "int sent;" in page
    assert "SECRET" not in page
    assert f"{draft.pk}, &quot;revision&quot;: 1" in page


def test_a_draft_in_a_language_that_is_gone_is_left_alone(client, draft):
    Draft.objects.update(language="cobol")
    client.force_login(draft.user)
    assert "SECRET-77" not in client.get(draft.problem.get_absolute_url()).content.decode()


def draft_queries(client, problem):
    """What the problem's page asks of the table of drafts."""
    with CaptureQueriesContext(connection) as captured:
        client.get(problem.get_absolute_url())
    return [query["sql"] for query in captured if "submissions_draft" in query["sql"]]


def test_a_page_asks_once_for_drafts_and_once_for_the_text_of_one(client, draft):
    for number in range(5):
        Draft.objects.create(user=draft.user, problem=draft.problem, language="c", text=str(number))
    client.force_login(draft.user)
    assert len(draft_queries(client, draft.problem)) == 2


def test_a_page_without_drafts_asks_once_for_them(client, make_user, make_problem):
    client.force_login(make_user())
    assert len(draft_queries(client, make_problem())) == 1


def test_a_page_for_nobody_asks_for_no_drafts(client, make_problem):
    assert draft_queries(client, make_problem()) == []
