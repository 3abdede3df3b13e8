"""A submission's progress as a stream: every result once, an end to each stream, and nothing of hidden tests."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from judge.api import following
from judge.submissions.models import Status, Submission, Verdict
from tests.api.conftest import SECRET, TESTS

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _short_streams(monkeypatch: Any) -> None:
    """A stream that waits for nothing ends at once."""
    monkeypatch.setattr(following, "STREAM_SECONDS", 0)


def events(caller: Any, submission: Submission, after: int = 0) -> list[dict[str, Any]]:
    """What is told of the submission, in one stream."""
    response = caller.get(f"submissions/{submission.pk}/events", {"after": after})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/x-ndjson"
    lines = b"".join(response.streaming_content).splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.django_db
def test_a_queued_submission_is_told_its_place(call: Make, make_problem: Make, make_submission: Make) -> None:
    problem = make_problem()
    make_submission(problem), make_submission(problem)
    submission = make_submission(problem)
    state, again = events(call(submission.user), submission)
    assert (state["event"], state["status"], state["ahead"]) == ("state", "queued", 2)
    assert again["event"] == "again"
    assert again["wait_ms"] > 0


@pytest.mark.django_db
def test_a_finished_submission_is_told_whole(
    call: Make, make_problem: Make, make_submission: Make, finished: Make
) -> None:
    submission = finished(make_submission(make_problem(TESTS)))
    *tests, done = events(call(submission.user), submission)
    assert [(test["event"], test["position"], test["verdict"]) for test in tests] == [
        ("test", 1, "WA"),
        ("test", 2, "WA"),
    ]
    assert (done["event"], done["status"], done["verdict"], done["time_ms"]) == ("done", "done", "WA", 12)
    assert SECRET not in json.dumps(tests)


@pytest.mark.django_db
def test_a_stream_of_what_was_cancelled_ends(call: Make, make_submission: Make) -> None:
    submission = make_submission(status=Status.CANCELLED)
    (done,) = events(call(submission.user), submission)
    assert (done["event"], done["status"]) == ("done", "cancelled")
    assert "verdict" not in done
    told = call(submission.user).get(f"submissions/{submission.pk}").json()
    assert (told["status"], told["verdict"], told["ahead"]) == ("cancelled", None, None)


@pytest.mark.django_db
def test_a_stream_is_taken_up_where_it_ended(call: Make, make_submission: Make, finished: Make) -> None:
    submission = finished(make_submission())
    caller = call(submission.user)
    first, second, done = events(caller, submission)
    assert events(caller, submission, first["after"]) == [second, done]
    assert events(caller, submission, second["after"]) == [done]


@pytest.mark.django_db
def test_results_of_an_attempt_that_was_lost_are_not_told(call: Make, make_submission: Make) -> None:
    submission = make_submission(status=Status.JUDGING, attempt=2, total=3)
    submission.results.create(attempt=1, position=1, verdict=Verdict.WA)
    submission.results.create(attempt=2, position=1, verdict=Verdict.AC)
    told = [event for event in events(call(submission.user), submission) if event["event"] == "test"]
    assert [(test["attempt"], test["verdict"]) for test in told] == [(2, "AC")]


@pytest.mark.django_db
def test_a_test_that_was_not_run_has_no_verdict(call: Make, make_submission: Make) -> None:
    submission = make_submission(status=Status.JUDGING, attempt=1, total=3)
    submission.results.create(attempt=1, position=1, verdict="")
    (test,) = (event for event in events(call(submission.user), submission) if event["event"] == "test")
    assert "verdict" not in test


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["-1", "x", "9" * 30])
def test_nonsense_places_are_refused(call: Make, make_submission: Make, after: str) -> None:
    submission = make_submission()
    assert call(submission.user).get(f"submissions/{submission.pk}/events", {"after": after}).status_code == 422


@pytest.mark.django_db
def test_to_whom_no_stream_is_left_is_told_at_once(call: Make, make_submission: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "STREAM_SECONDS", 1_000_000)
    submission = make_submission()
    for _ in range(following.STREAMS):
        assert following._streams.acquire(blocking=False)
    try:
        assert [event["event"] for event in events(call(submission.user), submission)] == ["state", "again"]
    finally:
        for _ in range(following.STREAMS):
            following._streams.release()


@pytest.mark.django_db
def test_a_reader_who_goes_away_leaves_the_stream_to_others(make_submission: Make) -> None:
    submission = make_submission()
    for _ in range(following.STREAMS + 1):
        stream = following.follow(submission.pk, 0)
        assert next(stream)["event"] == "state"
        stream.close()
    assert following._streams.acquire(blocking=False)
    following._streams.release()


@pytest.mark.django_db(transaction=True)
def test_what_happens_meanwhile_is_told_as_it_happens(make_submission: Make, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "STREAM_SECONDS", 60)
    submission = make_submission()
    stream = following.follow(submission.pk, 0)
    assert next(stream)["status"] == "queued"
    mine = Submission.objects.filter(pk=submission.pk)
    mine.update(status=Status.JUDGING, attempt=1, total=1)
    assert next(stream)["status"] == "judging"
    submission.results.create(attempt=1, position=1, verdict=Verdict.AC)
    assert next(stream)["position"] == 1
    mine.update(status=Status.DONE, verdict=Verdict.AC, passed=1)
    assert next(stream)["event"] == "done"
    assert list(stream) == []


@pytest.mark.django_db(transaction=True)
def test_a_pause_holds_no_connection(make_submission: Make, monkeypatch: Any) -> None:
    held = []
    monkeypatch.setattr(following, "STREAM_SECONDS", 60)
    submission = make_submission()

    def sleep(_seconds: float) -> None:
        held.append(connection.connection is not None)
        Submission.objects.filter(pk=submission.pk).delete()

    monkeypatch.setattr(following.time, "sleep", sleep)
    thread = threading.Thread(target=lambda: (list(following.follow(submission.pk, 0)), connection.close()))
    thread.start()
    thread.join()
    assert held == [False]
