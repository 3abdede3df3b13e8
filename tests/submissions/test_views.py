"""Sending in and the submission's pages: nobody sees another's work, and nobody but curators a hidden test."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.db.models.functions import Now

from judge.accounts.models import CURATORS
from judge.submissions.models import Status, Submission, Verdict

pytestmark = pytest.mark.django_db

SECRET = "SECRET-7d1f"
TESTS = [("sample-in\n", "sample-out\n"), (f"{SECRET}-in\n", f"{SECRET}-out\n")]


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def curator(make_user):
    """A member of the Curators."""
    user = make_user()
    user.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
    return user


def judged(submission, verdict=Verdict.WA, **result):
    """Finish ``submission``: its first test is a sample, its second hidden, both ended with ``verdict``."""
    problem = submission.problem
    problem.tests.filter(position=1).update(is_sample=True)
    fields = {
        "status": Status.DONE,
        "verdict": verdict,
        "attempt": 1,
        "total": 2,
        "tests_version": problem.tests_version,
    }
    limits = {"time_limit_ms": 2_000, "memory_limit_kb": 262_144}
    Submission.objects.filter(pk=submission.pk).update(**fields, **limits, time_ms=12, memory_kb=9_000)
    given = {"time_ms": 12, "memory_kb": 9_000, "stdout": b"got", "stderr": b"trace"}
    for position, word in ((1, b"sample"), (2, SECRET.encode())):
        streams = {"stdout": word + b"-printed", "stderr": word + b"-traced", "note": word.decode() + "-note"}
        submission.results.create(attempt=1, position=position, verdict=verdict, **given | streams | result)
    submission.refresh_from_db()
    return submission


def page_of(client, submission, user, part=""):
    """The submission's page, or its live part, as ``user`` sees it."""
    client.force_login(user)
    return client.get(f"/submissions/{submission.pk}/{part}").content.decode()


@pytest.mark.parametrize("part", ["", "live/"])
def test_another_users_submission_is_404(client, make_user, make_submission, part):
    client.force_login(make_user())
    assert client.get(f"/submissions/{make_submission().pk}/{part}").status_code == 404


@pytest.mark.parametrize("address", ["/submissions/", "/submissions/1/", "/submissions/1/live/", "/submissions/new/x/"])
def test_anonymous_is_sent_to_log_in(client, address):
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


def test_whoever_signs_up_beside_the_editor_comes_back_to_the_problem(client, make_problem):
    problem = make_problem()
    page = client.get(problem.get_absolute_url()).content.decode()
    assert f'<a href="/accounts/signup/?next={problem.get_absolute_url()}">' in page


@pytest.mark.parametrize("number", ["0", "9" * 30, "-1", "1.5"])
def test_guessed_number_is_404(client, make_user, number):
    client.force_login(make_user())
    assert client.get(f"/submissions/{number}/").status_code == 404


@pytest.mark.parametrize("part", ["", "live/"])
@pytest.mark.parametrize("verdict", [Verdict.WA, Verdict.RE, Verdict.AC, Verdict.TLE])
def test_owner_never_sees_a_hidden_tests_data(client, make_problem, make_submission, part, verdict):
    submission = judged(make_submission(make_problem(TESTS)), verdict)
    page = page_of(client, submission, submission.user, part)
    assert "sample-printed" in page
    assert SECRET not in page


@pytest.mark.parametrize("part", ["", "live/"])
def test_owner_never_sees_a_hidden_tests_data_while_it_is_judged(client, make_problem, make_submission, part):
    submission = judged(make_submission(make_problem(TESTS)))
    Submission.objects.filter(pk=submission.pk).update(status=Status.JUDGING)
    assert SECRET not in page_of(client, submission, submission.user, part)


def test_owner_sees_no_test_data_at_all_once_the_tests_have_changed(client, make_problem, make_submission):
    submission = judged(make_submission(make_problem(TESTS)))
    problem = submission.problem
    problem.tests.update(is_sample=True)
    problem.tests_version += 1
    problem.save()
    page = page_of(client, submission, submission.user)
    assert SECRET not in page
    assert "The tests of this problem have changed" in page


def test_owner_never_sees_our_own_error(client, make_submission):
    submission = judged(make_submission(error=SECRET), Verdict.IE)
    page = page_of(client, submission, submission.user)
    assert SECRET not in page.replace(f"{SECRET}-", "")
    assert "Something failed on our side" in page


def test_list_holds_ones_own_submissions_only(client, make_user, make_problem, make_submission):
    user = make_user()
    make_submission(make_problem(title="Another's"))
    make_submission(make_problem(title="Mine"), user)
    client.force_login(user)
    page = client.get("/submissions/").content.decode()
    assert "Mine" in page
    assert "Another" not in page


def test_output_is_escaped_and_its_control_characters_are_pictures(client, make_submission):
    submission = judged(make_submission(), stdout=b"<script>\0\x1b[31m\xff")
    page = page_of(client, submission, submission.user)
    assert "&lt;script&gt;\u2400\u241b[31m\ufffd" in page


def test_source_is_escaped(client, make_submission):
    submission = make_submission(source="print('</code><script>alert(1)</script>')")
    page = page_of(client, submission, submission.user)
    assert "<script>alert" not in page


def test_page_keeps_to_the_content_policy(client, make_submission):
    submission = judged(make_submission())
    assert not re.search(r"\s(style|on\w+)=", page_of(client, submission, submission.user))


def test_curator_sees_all(client, curator, make_problem, make_submission):
    page = page_of(client, judged(make_submission(make_problem(TESTS), error="disk full")), curator)
    for words in (f"{SECRET}-in", f"{SECRET}-out", f"{SECRET}-printed", f"{SECRET}-traced", "disk full"):
        assert words in page


def test_finished_page_asks_no_more(client, make_submission):
    submission = judged(make_submission())
    assert "hx-get" not in page_of(client, submission, submission.user, "live/")


def test_unfinished_page_asks_again_ever_more_slowly(client, make_submission):
    submission = make_submission()
    delays, waited = [], 200
    client.force_login(submission.user)
    for _ in range(14):
        part = client.get(f"/submissions/{submission.pk}/live/", {"waited": waited}).content.decode()
        waited = int(re.search(r"waited=(\d+)", part)[1])
        assert f"load delay:{waited}ms" in part
        delays.append(waited)
    assert delays == sorted(delays)
    assert delays[0] < 300
    assert delays[-1] == 2_000


@pytest.mark.parametrize("waited", ["", "-1", "x", "9" * 50, "\N{SUPERSCRIPT TWO}"])
def test_nonsense_delay_is_no_error(client, make_submission, waited):
    submission = make_submission()
    client.force_login(submission.user)
    assert client.get(f"/submissions/{submission.pk}/live/", {"waited": waited}).status_code == 200


def test_queued_page_tells_how_many_are_before_it(client, make_user, make_problem, make_submission):
    problem = make_problem()
    for _ in range(2):
        make_submission(problem)
    make_submission(problem, status=Status.DONE, verdict=Verdict.AC)
    submission = make_submission(problem)
    assert "2 submissions before yours" in page_of(client, submission, submission.user)


def test_judging_page_tells_how_far_it_is(client, make_submission):
    submission = make_submission(status=Status.JUDGING, attempt=1, total=3)
    submission.results.create(attempt=1, position=1, verdict=Verdict.AC)
    page = page_of(client, submission, submission.user)
    assert "test 1 of 3" in page
    assert page.count("Waiting") == 2


def test_results_of_an_attempt_that_was_lost_are_not_shown(client, make_submission):
    submission = make_submission(status=Status.JUDGING, attempt=2, total=3)
    submission.results.create(attempt=1, position=1, verdict=Verdict.WA)
    assert "Wrong answer" not in page_of(client, submission, submission.user, "live/")


def test_compile_error_shows_the_compilers_text_escaped(client, make_submission):
    fields = {"status": Status.DONE, "verdict": Verdict.CE, "compile_output": "vector<int> is no type"}
    submission = make_submission(**fields)
    page = page_of(client, submission, submission.user)
    assert "Compile error" in page
    assert "vector&lt;int&gt; is no type" in page


@pytest.mark.parametrize(("result", "words"), [({"signal": 11}, "signal SIGSEGV"), ({"exit_code": 3}, "exit code 3")])
def test_runtime_error_says_how_it_ended(client, make_submission, result, words):
    submission = judged(make_submission(), Verdict.RE, **result)
    assert words in page_of(client, submission, submission.user)


def test_time_and_memory_are_bars_of_their_limits(client, make_submission):
    submission = judged(make_submission(), time_ms=1_000, memory_kb=131_072)
    page = page_of(client, submission, submission.user)
    assert page.count('class="bar-value" width="50"') == 4


def test_huge_input_is_cut_with_its_size(client, make_problem, make_submission):
    submission = judged(make_submission(make_problem([("x" * 5_000, "1"), ("2", "2")])))
    page = page_of(client, submission, submission.user)
    assert "and 1,000 more characters" in page
    assert "x" * 4_001 not in page


def test_submitting_goes_to_the_submissions_page(client, make_user, make_problem, queue):
    problem, user = make_problem(), make_user()
    client.force_login(user)
    given = {"language": "cpp17", "source": "int main(){}\r\n"}
    response = client.post(f"/submissions/new/{problem.slug}/", given)
    submission = Submission.objects.get(user=user)
    assert response.headers["Location"] == f"/submissions/{submission.pk}/"
    assert submission.source == "int main(){}\n"


def test_language_is_remembered(client, make_user, make_problem, queue):
    problem = make_problem()
    client.force_login(make_user())
    client.post(f"/submissions/new/{problem.slug}/", {"language": "cpp17", "source": "int main(){}"})
    assert '<option value="cpp17" selected>' in client.get(problem.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x" * (django_settings.MAX_SOURCE_BYTES + 1), "KiB are allowed"),
        ("a\0b", "Null characters"),
        ("", "no program yet"),
    ],
    ids=["too-long", "nul", "empty"],
)
def test_refused_program_stays_in_the_editor(client, make_user, make_problem, source, words):
    problem = make_problem()
    client.force_login(make_user())
    response = client.post(f"/submissions/new/{problem.slug}/", {"language": "python3", "source": source})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert source in page
    assert not Submission.objects.exists()


def test_too_many_in_flight_are_refused_with_the_text_kept(client, make_user, make_problem, make_submission):
    problem, user = make_problem(), make_user()
    for _ in range(django_settings.MAX_IN_FLIGHT_PER_USER):
        make_submission(problem, user)
    client.force_login(user)
    page = client.post(f"/submissions/new/{problem.slug}/", {"language": "python3", "source": "print(4711)"})
    assert "are still being judged" in page.content.decode()
    assert "print(4711)" in page.content.decode()


@pytest.mark.parametrize("language", ["", "brainfuck", "../python3"])
def test_unknown_language_is_refused(client, make_user, make_problem, language):
    problem = make_problem()
    client.force_login(make_user())
    response = client.post(f"/submissions/new/{problem.slug}/", {"language": language, "source": "x"})
    assert response.status_code == 422
    assert not Submission.objects.exists()


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}])
def test_nobody_submits_to_what_he_may_not_see(client, make_user, make_problem, fields):
    problem = make_problem(**fields)
    client.force_login(make_user())
    given = {"language": "python3", "source": "x"}
    assert client.post(f"/submissions/new/{problem.slug}/", given).status_code == 404


def test_submitting_needs_the_forms_token(make_user, make_problem, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(make_user())
    response = client.post(f"/submissions/new/{make_problem().slug}/", {"language": "python3", "source": "x"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_coming_back_from_logging_in_leads_to_the_problem(client, make_user, make_problem):
    problem = make_problem()
    client.force_login(make_user())
    assert client.get(f"/submissions/new/{problem.slug}/").headers["Location"] == problem.get_absolute_url()


def test_problem_page_shows_ones_own_last_submissions(client, make_user, make_problem, make_submission):
    problem, user = make_problem(), make_user()
    mine = make_submission(problem, user, status=Status.DONE, verdict=Verdict.MLE)
    another = make_submission(problem)
    client.force_login(user)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert f"/submissions/{mine.pk}/" in page
    assert "Memory limit exceeded" in page
    assert f"/submissions/{another.pk}/" not in page


def test_list_filters_by_verdict(client, make_user, make_problem, make_submission):
    user = make_user()
    make_submission(make_problem(title="Right"), user, status=Status.DONE, verdict=Verdict.AC)
    make_submission(make_problem(title="Wrong"), user, status=Status.DONE, verdict=Verdict.WA)
    client.force_login(user)
    rows = client.get("/submissions/", {"verdict": "AC"}).context["page"].rows
    assert [row.problem.title for row in rows] == ["Right"]


def test_list_is_newest_first_over_its_pages(client, make_user, make_problem, make_submission, monkeypatch):
    monkeypatch.setattr("judge.submissions.views.PAGE_SIZE", 2)
    problem, user = make_problem(), make_user()
    made = [make_submission(problem, user).pk for _ in range(3)]
    client.force_login(user)
    first = client.get("/submissions/").context["page"]
    second = client.get("/submissions/", {"after": first.after}).context["page"]
    assert [row.pk for row in (*first.rows, *second.rows)] == made[::-1]


def test_empty_list_says_what_to_do(client, make_user):
    client.force_login(make_user())
    assert "Find an easy problem" in client.get("/submissions/").content.decode()


def test_queries_of_the_live_part_are_few(client, make_problem, make_submission, django_assert_max_num_queries):
    submission = judged(make_submission(make_problem([(str(n), str(n)) for n in range(50)])))
    client.force_login(submission.user)
    # session, user, curator?, submission, results, tests, samples
    with django_assert_max_num_queries(7):
        client.get(f"/submissions/{submission.pk}/live/")


def test_queries_of_the_list_do_not_grow_with_its_rows(
    client, make_user, make_problem, make_submission, django_assert_max_num_queries
):
    user = make_user()
    for _ in range(20):
        make_submission(make_problem(), user)
    client.force_login(user)
    with django_assert_max_num_queries(4):
        client.get("/submissions/")


def test_queued_page_says_about_how_long_it_takes(client, make_problem, make_submission):
    problem = make_problem()
    done = make_submission(problem, status=Status.DONE, verdict=Verdict.AC)
    Submission.objects.filter(pk=done.pk).update(started_at=Now() - timedelta(seconds=4), judged_at=Now())
    submission = make_submission(problem)
    assert "about 4 s to the verdict" in page_of(client, submission, submission.user)


def test_page_of_an_unfinished_one_reloads_itself_without_javascript(client, make_submission):
    submission = make_submission()
    page = page_of(client, submission, submission.user)
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Reload to see how far it is" in page
    assert "http-equiv" not in page_of(client, judged(submission), submission.user)


@pytest.mark.parametrize("part", ["", "live/"])
def test_owner_sees_the_data_of_tests_that_are_public(client, make_problem, make_submission, part):
    submission = judged(make_submission(make_problem(TESTS, tests_are_public=True)))
    page = page_of(client, submission, submission.user, part)
    for words in (f"{SECRET}-in", f"{SECRET}-out", f"{SECRET}-printed", f"{SECRET}-traced"):
        assert words in page
    assert "curators only" not in page


TRACEBACK = b"""Traceback (most recent call last):
  File "/work/solution.py", line 3, in <module>
    f()
  File "/work/solution.py", line 2, in SECRET_way
    int("SECRET-7d1f")
ValueError: invalid literal: 'SECRET-7d1f'
"""


def test_of_a_crash_in_a_hidden_test_the_line_is_told_and_no_more(client, make_problem, make_submission):
    submission = make_submission(make_problem(TESTS), source="a\nb\nc\n")
    judged(submission, Verdict.RE, exit_code=1, stdout=b"", note="")
    submission.results.filter(position=2).update(stderr=TRACEBACK)
    submission.results.filter(position=1).update(stderr=b"")
    page = page_of(client, submission, submission.user)
    assert 'ValueError <a href="#L2">line 2</a>' in page
    assert "SECRET" not in page
    assert "invalid literal" not in page


def test_a_hidden_tests_input_cannot_be_the_name_of_an_exception(client, make_problem, make_submission):
    submission = judged(make_submission(make_problem(TESTS)), Verdict.RE, exit_code=1)
    submission.results.filter(position=2).update(stderr=SECRET.replace("-", "").encode() + b"Error: x")
    assert SECRET.replace("-", "") not in page_of(client, submission, submission.user)


def test_a_traceback_leads_to_the_lines_of_the_source(client, make_submission):
    submission = judged(make_submission(source="a\nb\nc\n"), Verdict.RE, stderr=TRACEBACK)
    page = page_of(client, submission, submission.user)
    assert '<a href="#L2">/work/solution.py&quot;, line 2</a>' in page
    assert 'id="L2"' in page


def test_a_compilers_message_leads_to_the_lines_of_the_source(client, make_submission):
    fields = {"status": Status.DONE, "verdict": Verdict.CE, "language": "cpp17", "source": "int\nx\n"}
    submission = make_submission(**fields, compile_output="solution.cpp:2:1: error: <x>")
    page = page_of(client, submission, submission.user)
    assert '<a href="#L2">solution.cpp:2:1</a>: error: &lt;x&gt;' in page


def test_a_wrong_sample_shows_the_first_difference(client, make_problem, make_submission):
    submission = judged(make_submission(make_problem([("1\n", "a\nb c\n"), ("2", "2")])), stdout=b"a\nb  c\n")
    Submission.objects.filter(pk=submission.pk).update(checker="exact")
    page = page_of(client, submission, submission.user)
    assert "First difference: line 2, column 3" in page


def test_huge_output_is_cut_with_its_size(client, make_submission):
    submission = judged(make_submission(), stdout=b"3\n" * 2_048, stdout_size=4_096 + 2 * 1024 * 1024)
    assert "and 2.0\xa0MB more" in page_of(client, submission, submission.user)


def test_the_live_part_brings_the_verdict_into_the_title(client, make_submission):
    submission = judged(make_submission())
    assert "<title>Wrong answer: " in page_of(client, submission, submission.user, "live/")
