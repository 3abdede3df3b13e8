"""Submissions by the API: one's own only, by the same rules as on the page, each sent once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from judge.api.models import SentKey
from judge.submissions.models import Lane, Status, Submission, Verdict
from tests.api.conftest import SECRET, TESTS

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

SUM = "print(sum(map(int, input().split())))"


@pytest.fixture(autouse=True)
def _queue(queue: Any) -> None:
    """No message stays behind."""


def new(problem: Any, /, **fields: Any) -> dict[str, Any]:
    return {"problem": problem.slug, "language": "python3", "source": SUM} | fields


@pytest.mark.parametrize("part", ["", "/events"])
def test_anothers_submission_is_404_even_for_curators(
    call: Make, make_curator: Make, make_submission: Make, part: str
) -> None:
    assert call(make_curator()).get(f"submissions/{make_submission().pk}{part}").status_code == 404


def test_the_list_holds_ones_own_only(call: Make, make_user: Make, make_curator: Make, make_submission: Make) -> None:
    user = make_user()
    mine = make_submission(user=user)
    make_submission()
    assert [item["id"] for item in call(user).get("submissions").json()["items"]] == [mine.pk]
    assert call(make_curator()).get("submissions").json()["items"] == []


@pytest.mark.parametrize("ref", ["nothing", "\ud800", "\0", "x" * 3_000, -1, 0, 10**30])
def test_a_guessed_problem_is_404(call: Make, make_user: Make, make_problem: Make, ref: Any) -> None:
    assert call(make_user()).post("submissions", new(make_problem(), problem=ref)).status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 30, "-1", "1.5", "x", "%00"])
@pytest.mark.parametrize("part", ["", "/events"])
def test_a_guessed_number_is_404(call: Make, make_user: Make, number: str, part: str) -> None:
    response = call(make_user()).get(f"submissions/{number}{part}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}], ids=str)
def test_nobody_submits_to_what_solvers_may_not_see(
    call: Make, make_user: Make, make_problem: Make, fields: dict[str, Any]
) -> None:
    assert call(make_user()).post("submissions", new(make_problem(**fields))).status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"language": "cobol"}, "no such language"),
        ({"source": " \n"}, "empty"),
        ({"source": "a\0b"}, "NUL"),
        ({"source": "\ud800"}, "Unicode"),
        ({"source": "x" * (django_settings.MAX_SOURCE_BYTES + 1)}, "KiB are allowed"),
    ],
    ids=["language", "empty", "nul", "surrogate", "long"],
)
def test_the_pages_rules_hold(call: Make, make_user: Make, make_problem: Make, fields: Any, says: str) -> None:
    response = call(make_user()).post("submissions", new(make_problem(), **fields))
    assert response.status_code == 422
    assert says in response.json()["detail"]
    assert response.json()["type"].endswith("#error-submission-refused")
    assert not Submission.objects.exists()


def test_a_fourth_submission_in_flight_waits(call: Make, make_user: Make, make_submission: Make) -> None:
    user = make_user()
    problem = make_submission(user=user).problem
    for _ in range(django_settings.MAX_IN_FLIGHT_PER_USER - 1):
        make_submission(problem, user)
    response = call(user).post("submissions", new(problem))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1


def test_the_twenty_first_within_a_minute_waits(call: Make, make_user: Make, make_submission: Make) -> None:
    user = make_user()
    problem = make_submission(user=user, status=Status.DONE).problem
    for _ in range(django_settings.MAX_SUBMISSIONS_PER_MINUTE - 1):
        make_submission(problem, user, status=Status.DONE)
    response = call(user).post("submissions", new(problem))
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.json()["type"].endswith("#error-too-many-submissions")


@pytest.mark.django_db(transaction=True)
def test_a_submission_is_stored_enqueued_and_found_at_its_address(
    call: Make, make_user: Make, make_problem: Make, queue: Any
) -> None:
    caller, problem = call(make_user()), make_problem()
    response = caller.post("submissions", new(problem, language="python", source="print(1)\r\n"))
    told = response.json()
    assert response.status_code == 201
    assert (told["status"], told["verdict"], told["problem"]["slug"]) == ("queued", None, problem.slug)
    assert queue.ids() == [told["id"]]
    found = caller.get(response.headers["Location"].removeprefix("/api/v1/")).json()
    assert (found["id"], found["language"], found["source"]) == (told["id"], "python3", "print(1)\n")


def test_a_problem_may_be_named_by_its_number(call: Make, make_user: Make, make_problem: Make) -> None:
    problem = make_problem()
    response = call(make_user()).post("submissions", new(problem, problem=problem.pk))
    assert response.json()["problem"]["id"] == problem.pk


def test_a_repeated_request_with_its_key_is_the_same_submission(
    call: Make, make_user: Make, make_problem: Make
) -> None:
    caller, problem = call(make_user()), make_problem()
    answers = [caller.post("submissions", new(problem), **{"Idempotency-Key": "k-1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.json()["id"] for answer in answers}) == Submission.objects.count() == 1


def test_without_a_key_each_request_is_a_submission(call: Make, make_user: Make, make_problem: Make) -> None:
    caller, problem = call(make_user()), make_problem()
    for _ in range(2):
        caller.post("submissions", new(problem))
    assert Submission.objects.count() == 2


def test_a_key_does_not_stand_for_another_program(call: Make, make_user: Make, make_problem: Make) -> None:
    caller, problem = call(make_user()), make_problem()
    caller.post("submissions", new(problem), **{"Idempotency-Key": "k-1"})
    response = caller.post("submissions", new(problem, source="print(2)"), **{"Idempotency-Key": "k-1"})
    assert response.status_code == 422
    assert response.json()["type"].endswith("#error-key-reused")
    assert Submission.objects.count() == 1


def test_anothers_key_is_anothers(call: Make, make_user: Make, make_problem: Make) -> None:
    problem = make_problem()
    ids = {
        call(make_user()).post("submissions", new(problem), **{"Idempotency-Key": "k-1"}).json()["id"] for _ in range(2)
    }
    assert len(ids) == 2


def test_a_refused_submission_leaves_its_key_free(call: Make, make_user: Make, make_problem: Make) -> None:
    caller, problem = call(make_user()), make_problem()
    refused = caller.post("submissions", new(problem, language="cobol"), **{"Idempotency-Key": "k-1"})
    taken = caller.post("submissions", new(problem), **{"Idempotency-Key": "k-1"})
    assert (refused.status_code, taken.status_code) == (422, 201)


def test_after_a_day_a_key_is_forgotten(call: Make, make_user: Make, make_problem: Make) -> None:
    caller, problem = call(make_user()), make_problem()
    caller.post("submissions", new(problem), **{"Idempotency-Key": "k-1"})
    SentKey.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    assert caller.post("submissions", new(problem), **{"Idempotency-Key": "k-1"}).status_code == 201
    assert SentKey.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 256, "a b", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_a_key_is_short_and_plain(call: Make, make_user: Make, make_problem: Make, key: str) -> None:
    response = call(make_user()).post("submissions", new(make_problem()), **{"Idempotency-Key": key})
    assert response.status_code == 422
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_at_once_is_one_submission(call: Make, make_user: Make, make_problem: Make, at_once: Make) -> None:
    caller, problem = call(make_user()), make_problem()
    answers = at_once(6, lambda: caller.post("submissions", new(problem), **{"Idempotency-Key": "k-1"}).json()["id"])
    assert len(set(answers)) == Submission.objects.count() == 1


def test_results_tell_samples_and_keep_hidden_tests(
    call: Make, make_problem: Make, make_submission: Make, finished: Make
) -> None:
    submission = finished(make_submission(make_problem(TESTS)))
    answer = call(submission.user).get(f"submissions/{submission.pk}")
    first, second = answer.json()["tests"]
    assert first["details"] == {
        "stdin": "sample-in\n",
        "expected": "sample-out\n",
        "stdout": "sample-stdout",
        "stderr": "sample-stderr",
    }
    assert (second["sample"], second["verdict"], second["details"]) == (False, "WA", None)
    assert SECRET not in answer.content.decode()


def test_curators_are_not_told_hidden_tests_either(
    call: Make, make_curator: Make, make_problem: Make, make_submission: Make, finished: Make
) -> None:
    submission = finished(make_submission(make_problem(TESTS), make_curator()))
    answer = call(submission.user).get(f"submissions/{submission.pk}")
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


def test_our_own_error_is_not_told(call: Make, make_submission: Make, finished: Make) -> None:
    submission = finished(make_submission(error="disk full on host-7"), Verdict.IE)
    answer = call(submission.user).get(f"submissions/{submission.pk}")
    assert answer.json()["verdict"] == "IE"
    assert "host-7" not in answer.content.decode()


def test_the_list_is_filtered_and_paged(
    call: Make, make_user: Make, make_problem: Make, make_submission: Make, monkeypatch: Any
) -> None:
    monkeypatch.setattr("judge.api.submission_routes.PAGE_SIZE", 2)
    user, problem = make_user(), make_problem()
    made = [make_submission(problem, user, status=Status.DONE, verdict=Verdict.AC).pk for _ in range(3)]
    other = make_submission(make_problem(), user, status=Status.DONE, verdict=Verdict.WA).pk
    caller = call(user)

    def ids(**params: Any) -> tuple[list[int], int | None]:
        page = caller.get("submissions", params).json()
        return [item["id"] for item in page["items"]], page["next"]

    assert ids(verdict="WA") == ([other], None)
    assert ids(problem=problem.slug) == ([made[2], made[1]], made[1])
    assert ids(problem=problem.slug, after=made[1]) == ([made[0]], None)
    assert caller.get("submissions", {"verdict": "XX"}).status_code == 422
    assert caller.get("submissions", {"problem": "nothing"}).status_code == 404
    assert caller.get("submissions", {"after": "9" * 30}).status_code == 422


def test_queries_of_the_list_do_not_grow_with_its_rows(
    call: Make, make_user: Make, make_problem: Make, make_submission: Make, django_assert_max_num_queries: Make
) -> None:
    user = make_user()
    for _ in range(20):
        make_submission(make_problem(), user)
    caller = call(user)
    caller.get("me")
    # token, user, submissions
    with django_assert_max_num_queries(3):
        caller.get("submissions")


def test_verifications_are_listed_only_when_asked_for(call: Make, make_curator: Make, make_submission: Make) -> None:
    curator = make_curator()
    mine, verified = make_submission(user=curator), make_submission(user=curator, lane=Lane.BATCH)

    def ids(**params: Any) -> list[int]:
        return [row["id"] for row in call(curator).get("submissions", params).json()["items"]]

    assert ids() == [mine.pk]
    assert ids(verifications=True) == [verified.pk]
    assert call(curator).get(f"submissions/{verified.pk}").status_code == 200
