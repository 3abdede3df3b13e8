"""What people do with their own submissions, and that nobody does it with another's."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client

from judge.accounts.models import CURATORS, User
from judge.submissions import taking_home
from judge.submissions.models import Lane, Status, Submission, Verdict
from problems import progress

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _no_limit_is_left() -> None:
    cache.clear()


@pytest.fixture
def user(make_user: Make) -> User:
    """Somebody who has sent something in."""
    return make_user()


@pytest.fixture
def me(client: Client, user: User) -> Client:
    """The browser of ``user``."""
    client.force_login(user)
    return client


@pytest.fixture
def curator(make_user: Make) -> User:
    """A member of the Curators."""
    curator = make_user()
    curator.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return curator


def titles(client: Client, **params: str) -> list[str]:
    return [row.problem.title for row in client.get("/submissions/", params).context["page"].rows]


@pytest.mark.parametrize("address", ["compare/?of=1&of=2", "download/", "1/source/"])
def test_anonymous_is_sent_to_log_in(client: Client, address: str) -> None:
    assert client.get(f"/submissions/{address}").headers["Location"].startswith("/accounts/login/?next=")


def test_anonymous_cancels_nothing(client: Client, make_submission: Make) -> None:
    submission = make_submission()
    assert client.post(f"/submissions/{submission.pk}/cancel/").headers["Location"].startswith("/accounts/login/")
    submission.refresh_from_db()
    assert submission.status == Status.QUEUED


# --- cancelling


def test_one_that_waits_is_cancelled(me: Client, user: User, make_problem: Make, make_submission: Make) -> None:
    submission = make_submission(make_problem(), user)
    page = me.post(f"/submissions/{submission.pk}/cancel/", follow=True).content.decode()
    submission.refresh_from_db()
    assert submission.status == Status.CANCELLED
    assert "Cancelled: it will not be judged." in page
    assert "hx-get" not in page


@pytest.mark.parametrize("status", [Status.JUDGING, Status.DONE, Status.CANCELLED])
def test_it_may_be_too_late(me: Client, user: User, make_problem: Make, make_submission: Make, status: Status) -> None:
    submission = make_submission(make_problem(), user, status=status, attempt=1)
    page = me.post(f"/submissions/{submission.pk}/cancel/", follow=True).content.decode()
    submission.refresh_from_db()
    assert submission.status == status
    assert "too late" in page


@pytest.mark.parametrize("who", ["user", "curator"])
def test_nobody_cancels_anothers(
    request: pytest.FixtureRequest, client: Client, make_submission: Make, who: str
) -> None:
    submission = make_submission()
    client.force_login(request.getfixturevalue(who))
    assert client.post(f"/submissions/{submission.pk}/cancel/").status_code == 404
    submission.refresh_from_db()
    assert submission.status == Status.QUEUED


def test_a_link_cancels_nothing(me: Client, user: User, make_problem: Make, make_submission: Make) -> None:
    submission = make_submission(make_problem(), user)
    assert me.get(f"/submissions/{submission.pk}/cancel/").status_code == 405


def test_cancelling_needs_the_forms_token(user: User, make_problem: Make, make_submission: Make) -> None:
    submission = make_submission(make_problem(), user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(f"/submissions/{submission.pk}/cancel/").status_code == 403


@pytest.mark.parametrize("part", ["", "live/"])
def test_only_its_owner_is_offered_to_cancel(
    me: Client, user: User, curator: User, make_problem: Make, make_submission: Make, part: str
) -> None:
    submission = make_submission(make_problem(), user)
    address = f"/submissions/{submission.pk}/{part}"
    assert f"/submissions/{submission.pk}/cancel/" in me.get(address).content.decode()
    me.force_login(curator)
    assert f"/submissions/{submission.pk}/cancel/" not in me.get(address).content.decode()


def test_a_cancelled_one_makes_room_but_counts_as_sent(
    me: Client, user: User, make_problem: Make, make_submission: Make, settings: Any, queue: Any
) -> None:
    problem = make_problem()
    for _ in range(settings.MAX_IN_FLIGHT_PER_USER):
        make_submission(problem, user, status=Status.CANCELLED)
    given = {"language": "python3", "source": "print(1)"}
    assert me.post(f"/submissions/new/{problem.slug}/", given).status_code == 302
    settings.MAX_SUBMISSIONS_PER_MINUTE = settings.MAX_IN_FLIGHT_PER_USER + 1
    assert me.post(f"/submissions/new/{problem.slug}/", given).status_code == 422


def test_a_cancelled_one_is_no_try(me: Client, user: User, make_problem: Make, make_submission: Make) -> None:
    problem = make_problem()
    make_submission(problem, user, status=Status.CANCELLED)
    assert "Tried" not in me.get(problem.get_absolute_url()).content.decode()


# --- the list


@pytest.fixture
def three(user: User, make_problem: Make, make_submission: Make) -> list[Submission]:
    """Three of one's own, told apart by all that may be asked for, and a stranger's."""
    sums, hats, caps = (make_problem(title=title) for title in ("Sums", "Hats", "Caps of 100%"))
    make_submission(sums, status=Status.DONE, verdict=Verdict.AC)
    return [
        make_submission(sums, user, status=Status.DONE, verdict=Verdict.AC),
        make_submission(hats, user, status=Status.DONE, verdict=Verdict.WA, language="cpp17"),
        make_submission(caps, user),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Caps of 100%", "Hats", "Sums"]),
        ({"verdict": "AC"}, ["Sums"]),
        ({"language": "cpp17"}, ["Hats"]),
        ({"status": "queued"}, ["Caps of 100%"]),
        ({"status": "done", "language": "python3"}, ["Sums"]),
        ({"problem": "hat"}, ["Hats"]),
        ({"problem": "APPS-1-OJ"}, ["Sums"]),
        ({"problem": "%"}, ["Caps of 100%"]),
        ({"problem": "no such"}, []),
        ({"problem": "\0hat\0"}, ["Hats"]),
        ({"verdict": "XX", "language": "cobol", "status": "lost"}, ["Caps of 100%", "Hats", "Sums"]),
    ],
)
def test_list_filters(me: Client, three: list[Submission], asked: dict[str, str], found: list[str]) -> None:
    assert titles(me, **asked) == found


def test_a_problem_that_one_has_not_tried_is_not_found(me: Client, three: list[Submission], make_problem: Make) -> None:
    make_problem(title="Hats too")
    assert titles(me, problem="Hats") == ["Hats"]


def test_verifications_stand_in_a_list_of_their_own(
    client: Client, curator: User, make_problem: Make, make_submission: Make
) -> None:
    make_submission(make_problem(title="To solve"), curator, status=Status.DONE, verdict=Verdict.AC)
    verified = make_problem(title="To verify")
    for verdict in (Verdict.AC, Verdict.WA):
        make_submission(verified, curator, lane=Lane.BATCH, status=Status.DONE, verdict=verdict)
    client.force_login(curator)
    assert titles(client) == ["To solve"]
    assert titles(client, show="verifications") == ["To verify"] * 2
    assert titles(client, show="verifications", verdict="WA", problem="verify") == ["To verify"]
    assert titles(client, show="verifications", problem="solve") == []
    assert "Sent in to verify" in client.get("/submissions/").content.decode()
    assert {name.partition("/")[0] for name in archive_of(client).namelist()} == {"apps-1-oj", "submissions.csv"}


def test_who_verifies_nothing_is_not_asked(me: Client, three: list[Submission]) -> None:
    assert "Sent in to" not in me.get("/submissions/").content.decode()


def test_a_verification_solves_nothing_and_is_none_of_the_others(
    client: Client, curator: User, make_problem: Make, make_submission: Make
) -> None:
    problem = make_problem()
    verified = make_submission(problem, curator, lane=Lane.BATCH, status=Status.DONE, verdict=Verdict.AC)
    mine = make_submission(problem, curator, status=Status.DONE, verdict=Verdict.WA)
    client.force_login(curator)
    assert progress.tried(curator, [problem.pk]) == {problem.pk: False}
    assert list(client.get(mine.get_absolute_url()).context["others"]) == []
    assert client.get(verified.get_absolute_url()).status_code == 200


def test_list_says_where_nothing_fits(me: Client, three: list[Submission]) -> None:
    assert "None like this" in me.get("/submissions/", {"problem": "no such"}).content.decode()


def test_filters_hold_over_pages(
    me: Client, user: User, make_problem: Make, make_submission: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judge.submissions.views.PAGE_SIZE", 1)
    problem = make_problem()
    for verdict in (Verdict.AC, Verdict.WA, Verdict.AC):
        make_submission(problem, user, status=Status.DONE, verdict=verdict)
    page = me.get("/submissions/", {"verdict": "AC"})
    link = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
    assert link is not None
    second = me.get("/submissions/" + link[1].replace("&amp;", "&")).context["page"].rows
    assert [row.verdict for row in second] == ["AC"]


def test_queries_of_a_search_by_problem_are_few(
    me: Client, three: list[Submission], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        me.get("/submissions/", {"problem": "hat"})


# --- comparing


def test_two_are_compared_the_older_on_the_left(
    me: Client, user: User, make_problem: Make, make_submission: Make
) -> None:
    problem = make_problem()
    old = make_submission(problem, user, source="a\nb\n")
    new = make_submission(problem, user, source="a\nc\n")
    response = me.get("/submissions/compare/", {"of": [new.pk, old.pk]})
    assert (response.context["left"], response.context["right"]) == (old, new)
    assert "1 line gone" in response.content.decode()
    assert not re.search(r"\s(style|on\w+)=", response.content.decode())


def test_a_stranger_compares_nothing_with_his_own(
    me: Client, user: User, make_problem: Make, make_submission: Make
) -> None:
    problem = make_problem()
    mine, other = make_submission(problem, user), make_submission(problem, source="SECRET")
    response = me.get("/submissions/compare/", {"of": [mine.pk, other.pk]})
    assert response.status_code == 404
    assert "SECRET" not in response.content.decode()


@pytest.mark.parametrize("of", [[], ["1"], ["1", "1"], ["1", "2", "3"], ["x", "9" * 30], ["-1", "\N{SUPERSCRIPT TWO}"]])
def test_other_than_two_are_not_compared(me: Client, of: list[str]) -> None:
    page = me.get("/submissions/compare/", {"of": of}, follow=True).content.decode()
    assert "Choose two submissions" in page


def test_the_page_offers_ones_others_for_the_same_problem(
    me: Client, user: User, make_problem: Make, make_submission: Make
) -> None:
    problem = make_problem()
    mine, again = make_submission(problem, user), make_submission(problem, user)
    elsewhere, strangers = make_submission(make_problem(), user), make_submission(problem)
    others = me.get(mine.get_absolute_url()).context["others"]
    assert others == [again]
    assert elsewhere not in others
    assert strangers not in others


# --- taking home


def test_a_program_is_downloaded_as_it_was_sent(
    me: Client, user: User, make_problem: Make, make_submission: Make
) -> None:
    source = "int main() {}\n// <é>\n"
    submission = make_submission(make_problem(), user, source=source, language="cpp17")
    response = me.get(f"/submissions/{submission.pk}/source/")
    assert response.content.decode() == source
    assert response.headers["Content-Disposition"] == f'attachment; filename="apps-1-oj-{submission.pk}.cpp"'
    assert response.headers["Content-Type"].startswith("text/plain")


def test_nobody_downloads_anothers_program_but_curators(me: Client, curator: User, make_submission: Make) -> None:
    address = f"/submissions/{make_submission().pk}/source/"
    assert me.get(address).status_code == 404
    me.force_login(curator)
    assert me.get(address).status_code == 200


def archive_of(client: Client) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(client.get("/submissions/download/").streaming_content)))


def test_all_of_ones_own_are_downloaded(
    me: Client, user: User, make_problem: Make, make_submission: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_home, "AT_ONCE", 2)
    problem = make_problem()
    made = [make_submission(problem, user, source=f"print({number})") for number in range(5)]
    make_submission(problem, source="SECRET")
    found = archive_of(me)
    assert found.testzip() is None
    programs = {f"apps-1-oj/apps-1-oj-{each.pk}.py": each.source for each in made}
    assert {name: found.read(name).decode() for name in found.namelist() if name.endswith(".py")} == programs
    table = list(csv.DictReader(io.StringIO(found.read("submissions.csv").decode())))
    assert [int(row["id"]) for row in table] == [each.pk for each in reversed(made)]
    assert {row["problem"] for row in table} == {"apps-1-oj"}


def test_the_newest_are_downloaded_where_there_are_too_many(
    me: Client, user: User, make_problem: Make, make_submission: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_home, "AT_ONCE", 1)
    monkeypatch.setattr(taking_home, "MAX_FILES", 2)
    problem = make_problem()
    made = [make_submission(problem, user).pk for _ in range(3)]
    names = [name for name in archive_of(me).namelist() if name.endswith(".py")]
    assert names == [f"apps-1-oj/apps-1-oj-{pk}.py" for pk in made[:0:-1]]


def test_an_archive_is_made_in_pieces(user: User, make_problem: Make, make_submission: Make) -> None:
    problem = make_problem()
    for number in range(3):
        make_submission(problem, user, source=str(number) * 1_000)
    assert len(list(taking_home.archive(user))) == 4


def test_a_second_archive_has_to_wait(me: Client) -> None:
    archive_of(me)
    page = me.get("/submissions/download/", follow=True).content.decode()
    assert "within the last minute" in page


def test_one_persons_archive_keeps_nobody_waiting(me: Client, make_user: Make) -> None:
    archive_of(me)
    me.force_login(make_user())
    assert archive_of(me).namelist() == ["submissions.csv"]


# --- editing again


def again(client: Client, problem: Any, number: object) -> str:
    return client.get(problem.get_absolute_url(), {"from": number}).content.decode()


def test_a_former_program_comes_back_into_the_editor_with_its_language(
    me: Client, user: User, make_problem: Make, make_submission: Make
) -> None:
    problem = make_problem()
    submission = make_submission(problem, user, source="int former;", language="cpp17")
    page = again(me, problem, submission.pk)
    assert "int former;" in page
    assert '<option value="cpp17" selected>' in page


def test_anothers_program_does_not_come(me: Client, curator: User, make_problem: Make, make_submission: Make) -> None:
    problem = make_problem()
    number = make_submission(problem, source="SECRET").pk
    assert "SECRET" not in again(me, problem, number)
    me.force_login(curator)
    assert "SECRET" not in again(me, problem, number)
    me.logout()
    assert "SECRET" not in again(me, problem, number)


def test_a_program_for_another_problem_does_not_come(
    me: Client, user: User, make_problem: Make, make_submission: Make
) -> None:
    submission = make_submission(make_problem(), user, source="elsewhere")
    assert "elsewhere" not in again(me, make_problem(), submission.pk)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "\N{SUPERSCRIPT TWO}", "\0"])
def test_a_nonsense_number_brings_nothing(me: Client, make_problem: Make, number: str) -> None:
    assert me.get(make_problem().get_absolute_url(), {"from": number}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_while_an_archive_is_sent_the_connection_is_others(
    user: User, make_problem: Make, make_submission: Make
) -> None:
    make_submission(make_problem(), user)
    pieces = taking_home.archive(user)
    next(pieces)
    assert connection.connection is None
