"""Curators' bulk runs: for curators only, all programs or none, each once, told as it is done."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from judge.api import following
from judge.api.models import Scope
from judge.api.schemas import MAX_PROGRAMS
from judge.submissions.models import Lane, Status, Submission, Verdict
from tests.api.conftest import SECRET, TESTS, Caller
from tests.browser.conftest import worker

__all__ = ["worker"]

Make = Callable[..., Any]

SUM = "print(sum(map(int, input().split())))"


def programs(*sources: str, language: str = "python3") -> dict[str, Any]:
    return {"programs": [{"language": language, "source": source} for source in sources]}


def told(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


@pytest.fixture
def curating(call: Make, make_curator: Make, monkeypatch: Any, queue: Any) -> Caller:
    """A curator with a token for it; streams wait for nothing."""
    monkeypatch.setattr(following, "STREAM_SECONDS", 0)
    return call(make_curator(), Scope.VERIFY)


@pytest.mark.django_db
def test_a_visitor_verifies_nothing(call: Make, make_problem: Make) -> None:
    assert call().post(f"problems/{make_problem().slug}/verify", programs(SUM)).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("scopes", [(Scope.READ, Scope.SUBMIT), (Scope.VERIFY,)])
def test_a_solver_verifies_nothing_whatever_the_token_says(
    call: Make, make_user: Make, make_problem: Make, scopes: tuple[Scope, ...]
) -> None:
    response = call(make_user(), *scopes).post(f"problems/{make_problem().slug}/verify", programs(SUM))
    assert response.status_code == 403
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_curator_needs_the_scope(call: Make, make_curator: Make, make_problem: Make) -> None:
    response = call(make_curator()).post(f"problems/{make_problem().slug}/verify", programs(SUM))
    assert response.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"programs": []}, {"programs": [{}]}, programs(*["x"] * (MAX_PROGRAMS + 1))])
def test_what_is_no_list_of_programs_is_refused(curating: Caller, make_problem: Make, body: Any) -> None:
    assert curating.post(f"problems/{make_problem().slug}/verify", body).status_code == 422


@pytest.mark.django_db
def test_a_program_that_is_refused_keeps_all_out(curating: Caller, make_problem: Make, queue: Any) -> None:
    response = curating.post(f"problems/{make_problem().slug}/verify", programs(SUM, " "))
    assert response.status_code == 422
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_hidden_problem_may_be_verified_but_not_one_without_tests(curating: Caller, make_problem: Make) -> None:
    hidden, without = make_problem(state="hidden"), make_problem(judgeable=False)
    assert curating.post(f"problems/{hidden.slug}/verify", programs(SUM)).status_code == 200
    assert curating.post(f"problems/{without.slug}/verify", programs(SUM)).status_code == 422
    assert curating.post("problems/nothing/verify", programs(SUM)).status_code == 404


@pytest.mark.django_db
def test_there_is_an_end_to_how_many_are_in_flight(curating: Caller, make_problem: Make, settings: Any) -> None:
    settings.MAX_VERIFYING_PER_USER = 2
    problem = make_problem()
    assert curating.post(f"problems/{problem.slug}/verify", programs(SUM, SUM)).status_code == 200
    response = curating.post(f"problems/{problem.slug}/verify", programs(SUM))
    assert (response.status_code, Submission.objects.count()) == (429, 2)
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_programs_wait_behind_everybody_else(curating: Caller, make_problem: Make, queue: Any) -> None:
    first, again = told(curating.post(f"problems/{make_problem().slug}/verify", programs(SUM, "x")))
    assert (first["event"], again["event"]) == ("accepted", "again")
    assert again["key"] == first["key"]
    assert (queue.ids(Lane.BATCH), queue.ids(Lane.INTERACTIVE)) == (first["submissions"], [])


@pytest.mark.django_db
def test_the_same_key_goes_on_where_it_was(curating: Caller, make_problem: Make) -> None:
    problem = make_problem()

    def ask(*sources: str) -> Any:
        return curating.post(f"problems/{problem.slug}/verify", programs(*sources), **{"Idempotency-Key": "k"})

    first = told(ask(SUM, "x"))[0]["submissions"]
    done = {"status": Status.DONE, "attempt": 1, "total": 3}
    Submission.objects.filter(pk=first[1]).update(**done, verdict=Verdict.CE, compile_output="no x")
    _accepted, verdict, again = told(ask(SUM, "x"))
    assert (verdict["program"], verdict["submission"], verdict["verdict"]) == (1, first[1], "CE")
    assert (verdict["compile_output"], again["event"]) == ("no x", "again")
    Submission.objects.filter(pk=first[0]).update(**done, verdict=Verdict.AC, passed=3)
    assert told(ask(SUM, "x"))[-1] == {"event": "done", "accepted": 1}
    assert Submission.objects.count() == 2
    assert ask(SUM, "y").status_code == 422


@pytest.mark.django_db
def test_what_was_cancelled_is_waited_for_no_longer(curating: Caller, make_problem: Make) -> None:
    problem, key = make_problem(), {"Idempotency-Key": "k"}
    told(curating.post(f"problems/{problem.slug}/verify", programs(SUM), **key))
    Submission.objects.update(status=Status.CANCELLED)
    _accepted, one, done = told(curating.post(f"problems/{problem.slug}/verify", programs(SUM), **key))
    assert "verdict" not in one
    assert done == {"event": "done", "accepted": 0}


@pytest.mark.django_db
def test_no_line_tells_a_hidden_test(curating: Caller, make_problem: Make, finished: Make) -> None:
    problem = make_problem(TESTS)
    address, key = f"problems/{problem.slug}/verify", {"Idempotency-Key": "k"}
    told(curating.post(address, programs(SUM), **key))
    finished(Submission.objects.get())
    lines = told(curating.post(address, programs(SUM), **key))
    assert lines[1]["tests"] == ["WA", "WA"]
    assert SECRET not in json.dumps(lines)


@pytest.mark.worker
@pytest.mark.docker
@pytest.mark.django_db(transaction=True)
def test_every_program_gets_its_verdict_in_one_request(
    call: Make, make_curator: Make, make_problem: Make, worker: None
) -> None:
    problem = make_problem()
    body = {
        "programs": [
            {"language": "python", "source": SUM},
            {"language": "python3", "source": "print(3)"},
            {"language": "cpp", "source": "int main() { return undeclared; }"},
            {"language": "python3", "source": SUM},
        ]
    }
    caller, lines = call(make_curator(), Scope.VERIFY), []
    while not lines or lines[-1]["event"] != "done":
        lines = told(caller.post(f"problems/{problem.slug}/verify", body, **{"Idempotency-Key": "k"}))
    assert {line["program"]: line["verdict"] for line in lines[1:-1]} == {0: "AC", 1: "WA", 2: "CE", 3: "AC"}
    assert lines[-1]["accepted"] == 2
    assert next(line for line in lines if line.get("program") == 1)["tests"] == ["AC", "WA", "WA"]
