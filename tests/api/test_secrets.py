"""A walk over every route, as it is described: hidden tests' data occurs in no answer, whoever asks."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from judge.api import following
from judge.api.api import api
from judge.api.models import Scope
from judge.submissions.models import Verdict
from tests.api.conftest import SECRET, TESTS

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

SOURCE = "print(1)  # mine"


def addresses(submission: Any) -> list[str]:
    """Every route that is asked by GET, with this submission's numbers in it."""
    values = {"ref": str(submission.problem_id), "number": str(submission.pk)}
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return [
        re.sub(r"{(\w+)}", lambda name: values[name[1]], path).lstrip("/")
        for path, methods in paths.items()
        if "get" in methods
    ]


def body(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.mark.parametrize("verdict", [Verdict.AC, Verdict.WA, Verdict.RE, Verdict.TLE, Verdict.CE])
@pytest.mark.parametrize("curator", [False, True])
def test_hidden_tests_occur_nowhere(
    call: Make,
    make_user: Make,
    make_curator: Make,
    make_problem: Make,
    make_submission: Make,
    finished: Make,
    monkeypatch: Any,
    queue: Any,
    verdict: Verdict,
    curator: bool,
) -> None:
    monkeypatch.setattr(following, "STREAM_SECONDS", 0)
    user = make_curator() if curator else make_user()
    fields = {"solution": f"{SECRET}-solution", "raw_test": f"{SECRET}-raw", "checker_source": f"{SECRET}-checker"}
    submission = finished(make_submission(make_problem(TESTS, **fields), user, source=SOURCE), verdict)
    caller = call(user)
    told = [caller.get(address) for address in addresses(submission)]
    assert [response.status_code for response in told] == [200] * len(told)
    sent = caller.post("submissions", {"problem": submission.problem_id, "language": "python3", "source": SOURCE})
    assert sent.status_code == 201
    programs = {"programs": [{"language": "python3", "source": SOURCE}]}
    verified = call(user, Scope.VERIFY).post(f"problems/{submission.problem_id}/verify", programs)
    assert verified.status_code == (200 if curator else 403)
    texts = [body(response) for response in (*told, sent, verified)]
    # The walk has seen what it was to see.
    assert any(SOURCE in text for text in texts)
    assert any("sample-out" in text for text in texts)
    assert not any(SECRET in text for text in texts)
