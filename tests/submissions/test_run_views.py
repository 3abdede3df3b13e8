"""Runs on the page: only one's own, only signed in, never a hidden test, and nothing that would hang."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from judge.submissions.models import Run, Submission
from judge.submissions.run_models import PATIENCE, RunFault, RunStage

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
EXCERPT = {"text": "<b>\u2400", "cut_of": 3_000_000}
RESULT = {
    "sample": True,
    "number": 1,
    "stdin": EXCERPT,
    "ran": True,
    "verdict": "WA",
    "note": "line 1 differs",
    "stdout": EXCERPT,
    "stderr": EXCERPT,
    "expected": EXCERPT,
    "limit": 0,
    "exit_code": 0,
    "signal": 0,
    "time_ms": 12,
    "wall_ms": 13,
    "memory_kb": 9_000,
    "difference": {
        "above": 7,
        "below": 1,
        "rows": [
            {"differs": True, "expected": {"number": 8, "before": "a·", "marked": "<i>", "after": "c"}, "got": None}
        ],
    },
}


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _queue(queue):
    """No message stays behind."""


def send(client, problem, source="print(1)", **given):
    return client.post(
        f"/submissions/runs/new/{problem.slug}/", {"language": "python3", "source": source} | given, **HTMX
    )


def live(client, run, user=None, **params):
    client.force_login(user or run.user)
    return client.get(f"/submissions/runs/{run.pk}/live/", params, **HTMX)


def test_anonymous_is_asked_to_sign_in_and_nothing_is_run(client, make_problem):
    response = send(client, make_problem(), HTTP_HX_CURRENT_URL="http://testserver/problems/apps-1-oj/")
    page = response.content.decode()
    assert response.status_code == 401
    assert "Yours stays in this browser" in page
    assert "<html" not in page
    assert not Run.objects.exists()


def test_anonymous_comes_back_to_the_problem(client, make_problem):
    headers = {**HTMX, "HTTP_HX_CURRENT_URL": "http://testserver/problems/apps-1-oj/"}
    page = client.post(f"/submissions/runs/new/{make_problem().slug}/", {}, **headers).content.decode()
    assert 'href="/accounts/login/?next=/problems/apps-1-oj/"' in page


def test_another_hosts_address_is_no_way_back(client, make_problem):
    headers = {**HTMX, "HTTP_HX_CURRENT_URL": "https://evil.example/x"}
    page = client.post(f"/submissions/runs/new/{make_problem().slug}/", {}, **headers).content.decode()
    assert "evil" not in page


def test_anonymous_without_scripts_goes_to_sign_in(client, make_problem):
    response = client.post(f"/submissions/runs/new/{make_problem().slug}/", {})
    assert response.headers["Location"] == "/accounts/login/?next=/problems/apps-1-oj/"


@pytest.mark.parametrize("curating", [False, True])
def test_another_users_run_is_404(client, make_user, make_run, curating):
    assert live(client, make_run(), make_user(is_superuser=curating)).status_code == 404


def test_whoever_signed_out_elsewhere_is_told_in_place(client, make_run):
    response = client.get(f"/submissions/runs/{make_run().pk}/live/", **HTMX)
    assert response.status_code == 401
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}])
def test_nobody_runs_for_what_he_may_not_see(client, make_user, make_problem, fields):
    problem = make_problem(**fields)
    client.force_login(make_user())
    assert send(client, problem).status_code == 404


def test_running_needs_the_forms_token(client, make_user, make_problem):
    client.handler.enforce_csrf_checks = True
    client.force_login(make_user())
    assert send(client, make_problem()).status_code == 403


def test_a_refusal_is_said_in_place(client, make_user, make_problem):
    client.force_login(make_user())
    response = send(client, make_problem(), source="")
    assert response.status_code == 422
    assert "no program yet" in response.content.decode()


def test_a_run_begins_and_its_page_asks_again(client, make_user, make_problem):
    user = make_user()
    client.force_login(user)
    page = send(client, make_problem(), samples="on", stdin=["1 2", ""]).content.decode()
    run = Run.objects.get(user=user)
    assert (run.samples, run.inputs, run.source) == (True, ["1 2\n"], "print(1)")
    assert f'hx-get="/submissions/runs/{run.pk}/live/' in page
    assert not Submission.objects.exists()


def test_runs_are_in_no_list(client, make_run):
    run = make_run()
    client.force_login(run.user)
    assert "python3" not in re.sub(r"(?s)<form.*?</form>", "", client.get("/submissions/").content.decode())


def test_without_scripts_the_problem_comes_back_with_the_text_and_the_run(client, make_user, make_problem):
    client.force_login(make_user())
    problem = make_problem()
    given = {"language": "cpp17", "source": "int x;", "stdin": "20 22"}
    response = client.post(f"/submissions/runs/new/{problem.slug}/", given)
    run = Run.objects.get()
    assert response.headers["Location"] == f"/problems/{problem.slug}/?run={run.pk}#run"
    page = client.get(response.headers["Location"]).content.decode()
    for words in ("int x;", "20 22", "In the queue", '<option value="cpp17" selected>'):
        assert words in page


def test_without_scripts_a_refusal_keeps_all_that_was_typed(client, make_user, make_problem):
    client.force_login(make_user())
    given = {"language": "none", "source": "print(4711)", "stdin": ["20 22", "23"]}
    response = client.post(f"/submissions/runs/new/{make_problem().slug}/", given)
    page = response.content.decode()
    assert response.status_code == 422
    for words in ("print(4711)", "20 22", "23"):
        assert words in page


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "\N{SUPERSCRIPT TWO}"])
def test_a_nonsense_run_in_the_address_is_no_error(client, make_user, make_problem, number):
    client.force_login(make_user())
    assert client.get(make_problem().get_absolute_url(), {"run": number}).status_code == 200


def test_another_users_run_in_the_address_shows_nothing(client, make_user, make_run):
    run = make_run(source="print('SECRET-99')")
    client.force_login(make_user())
    assert "SECRET-99" not in client.get(run.problem.get_absolute_url(), {"run": run.pk}).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stage": RunStage.RUNNING, "lease_until": Now() - timedelta(seconds=1)}, "The worker that ran your program"),
        ({"created_at": Now() - PATIENCE}, "Nobody was free"),
        ({"stage": RunStage.DONE, "fault": RunFault.UNAVAILABLE}, "The sandbox did not answer"),
        ({"stage": RunStage.DONE, "fault": RunFault.OURS}, "Something failed on our side"),
    ],
    ids=["lost", "expired", "unavailable", "ours"],
)
def test_what_will_never_end_is_said_and_can_be_run_again(client, make_run, fields, words):
    page = live(client, make_run(**fields)).content.decode()
    assert words in page
    assert "Run again" in page
    assert "hx-get" not in page


def test_the_page_asks_ever_more_slowly(client, make_run):
    run = make_run(stage=RunStage.RUNNING, lease_until=Now() + timedelta(minutes=1))
    waits, waited = [], 150
    for _ in range(16):
        page = live(client, run, waited=waited).content.decode()
        waited = int(re.search(r"waited=(\d+)", page)[1])
        waits.append(waited)
    assert waits == sorted(waits)
    assert waits[-1] == 2_000


def test_the_queues_place_is_told(client, make_problem, make_run):
    problem = make_problem()
    make_run(problem), make_run(problem), make_run(problem, stage=RunStage.DONE)
    assert "2 runs before yours" in live(client, make_run(problem)).content.decode()


def test_a_result_is_escaped_and_keeps_to_the_content_policy(client, make_run):
    page = live(client, make_run(stage=RunStage.DONE, compiled=True, total=1, results=[RESULT])).content.decode()
    assert "&lt;b&gt;" in page
    assert "<mark>&lt;i&gt;</mark>" in page
    assert not re.search(r"\s(style|on\w+)=", page)


def test_a_result_says_all_there_is(client, make_run):
    results = [RESULT, RESULT | {"sample": False, "verdict": "RE", "signal": 11, "difference": None}]
    page = live(client, make_run(stage=RunStage.DONE, compiled=True, total=2, results=results)).content.decode()
    for words in ("0 of 1 samples passed", "Sample 1", "Own input", "signal SIGSEGV", "12 ms", "8.8 MiB"):
        assert words in page
    for words in ("no such line", "7 equal lines above", "1 more line", "The beginning of 2.9"):
        assert words in page


def test_a_compile_error_is_shown(client, make_run):
    run = make_run(stage=RunStage.DONE, compiled=False, compile_output="vector<int> is no type")
    page = live(client, run).content.decode()
    assert "Compile error" in page
    assert "vector&lt;int&gt; is no type" in page


def test_queries_are_few(client, make_run, django_assert_max_num_queries):
    run = make_run(stage=RunStage.DONE, compiled=True, total=1, results=[RESULT])
    client.force_login(run.user)
    with django_assert_max_num_queries(4):
        client.get(f"/submissions/runs/{run.pk}/live/", **HTMX)
