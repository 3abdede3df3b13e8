"""The problem list and the problem page: who sees what, and at what cost."""

import pytest
from django.urls import reverse

from judge.submissions.models import Submission, Verdict

pytestmark = pytest.mark.django_db

LIST = "/problems/"
SECRET = "SECRET-7d1f"
UNSEEN = [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}]


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """Pages are tested without the collected static files."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def titles(response):
    """The titles in the list, in order."""
    return [problem.title for problem in response.context["page"].rows]


@pytest.mark.parametrize("fields", UNSEEN)
def test_solver_gets_404_for_what_is_not_published(client, solver, make_problem, fields):
    problem = make_problem(**fields)
    client.force_login(solver)
    assert client.get(problem.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("fields", UNSEEN)
def test_anonymous_gets_404_for_what_is_not_published(client, make_problem, fields):
    assert client.get(make_problem(**fields).get_absolute_url()).status_code == 404


@pytest.mark.parametrize("fields", UNSEEN)
def test_solver_does_not_find_in_the_list_what_is_not_published(client, solver, make_problem, fields):
    make_problem(title="Unseen", **fields)
    client.force_login(solver)
    assert titles(client.get(LIST, {"q": "Unseen"})) == []


@pytest.mark.parametrize("fields", UNSEEN)
def test_curator_sees_what_is_not_published(client, curator, make_problem, fields):
    problem = make_problem(**fields)
    client.force_login(curator)
    assert client.get(problem.get_absolute_url()).status_code == 200


def test_problem_page_never_holds_hidden_tests_reference_or_quarantine_reason(client, solver, make_problem):
    problem = make_problem(
        tests=[("1 2\n", "3\n", True), (f"{SECRET}-in\n", f"{SECRET}-out\n", False)],
        solution=f"# {SECRET}",
        raw_test=SECRET,
        checker_language="python3",
        checker_source=f"# {SECRET}",
        filter_reason=SECRET,
        state_reason=SECRET,
        extra={"chosen_trial": SECRET},
    )
    client.force_login(solver)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "<pre" in page  # the sample is shown
    assert SECRET not in page


@pytest.mark.parametrize("slug", ["nothing-here", "%00", "a" * 500, "..%2f..", "\N{SNOWMAN}"])
def test_guessed_address_is_404(client, slug):
    assert client.get(f"/problems/{slug}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?after=abc", "?after=-1", "?before=" + "9" * 40, "?difficulty=%00", "?subset=<x>", "?q=%00", "?mark=new"],
)
def test_nonsense_in_the_query_is_no_error(client, make_problem, query):
    make_problem()
    assert client.get(LIST + query).status_code == 200


def test_statement_is_escaped_in_the_page(client, make_problem):
    problem = make_problem(title="<script>alert(1)</script>", statement="<script>alert(2)</script>")
    for address in (LIST, problem.get_absolute_url()):
        assert "<script>alert" not in client.get(address).content.decode()


def test_pages_keep_to_the_content_policy(client, make_problem):
    response = client.get(make_problem(statement="| a |\n|--:|\n| $x$ |").get_absolute_url())
    page = response.content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_math_is_loaded_only_where_there_is_math(client, make_problem):
    with_math, without = make_problem(statement="$x$"), make_problem(statement="x")
    assert "vendor/math.js" in client.get(with_math.get_absolute_url()).content.decode()
    assert "vendor/math.js" not in client.get(without.get_absolute_url()).content.decode()


def test_problem_page_shows_limits_difficulty_subset_and_source(client, make_problem):
    problem = make_problem(time_limit_ms=1500, memory_limit_kb=65536, subset="Code_Contests", difficulty="hard")
    page = client.get(problem.get_absolute_url()).content.decode()
    for words in ("1.5 s", "64 MiB", "Hard", "Code Contests", problem.question_id, "KodCode-V1", "CC BY-NC 4.0"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"difficulty": "hard"}, ["Beta"]),
        ({"subset": "Taco"}, ["Gamma"]),
        ({"q": "alp"}, ["Alpha"]),
        ({"q": "apps_2_oj"}, ["Beta"]),
        ({"q": "a alpha"}, ["Alpha"]),
        ({"q": "50%"}, []),
        ({"q": "alhpa"}, ["Alpha"]),
        ({"difficulty": "easy", "subset": "Taco"}, ["Gamma"]),
        ({"difficulty": ["easy", "hard"], "subset": "Apps"}, ["Alpha", "Beta"]),
        ({"difficulty": "nonsense"}, ["Alpha", "Beta", "Gamma"]),
        ({"sort": "newest"}, ["Gamma", "Beta", "Alpha"]),
    ],
)
def test_list_filters(client, make_problem, query, expected):
    make_problem(title="Alpha")
    make_problem(title="Beta", difficulty="hard")
    make_problem(title="Gamma", subset="Taco")
    assert titles(client.get(LIST, query)) == expected


@pytest.mark.parametrize(("mark", "expected"), [("solved", ["Done"]), ("tried", ["Failed"]), ("new", ["Untouched"])])
def test_list_filters_by_what_the_user_has_solved(client, solver, curator, make_problem, mark, expected):
    done, failed, untouched = (make_problem(title=title) for title in ("Done", "Failed", "Untouched"))
    for problem, verdict in ((done, Verdict.WA), (done, Verdict.AC), (failed, Verdict.WA)):
        Submission.objects.create(problem=problem, user=solver, language="python3", source="", verdict=verdict)
    Submission.objects.create(problem=untouched, user=curator, language="python3", source="", verdict=Verdict.AC)
    client.force_login(solver)
    assert titles(client.get(LIST, {"mark": mark})) == expected


def test_walking_forth_and_back_shows_every_problem_once(client, make_problem, monkeypatch):
    monkeypatch.setattr("problems.listing.PAGE_SIZE", 2)
    made = [make_problem().title for _ in range(5)]
    forth, page = [], client.get(LIST).context["page"]
    assert not page.before
    while True:
        forth.append([problem.title for problem in page.rows])
        if not page.after:
            break
        page = client.get(LIST, {"after": page.after}).context["page"]
    assert forth == [made[:2], made[2:4], made[4:]]
    back = []
    while page.before:
        page = client.get(LIST, {"before": page.before}).context["page"]
        back.append([problem.title for problem in page.rows])
    assert back == [made[2:4], made[:2]]


def test_the_count_is_exact(client, make_problem):
    for _ in range(3):
        make_problem()
    make_problem(state="hidden")
    assert "3 problems" in client.get(LIST).content.decode()


def test_a_typo_says_what_was_found_instead(client, make_problem):
    make_problem(title="Fibonacci")
    page = client.get(LIST, {"q": "fibonaci"}).content.decode()
    assert "results for <strong>fibonacci</strong>" in page


def test_empty_site_says_how_problems_come_in(client):
    assert "import_kodcode" in client.get(LIST).content.decode()


def test_search_without_result_says_what_to_do(client, make_problem):
    make_problem()
    page = client.get(LIST, {"q": "zebra"}).content.decode()
    assert "Nothing matches" in page
    assert "Show all problems" in page


def test_queries_of_the_list_do_not_grow_with_its_rows(client, solver, make_problem, django_assert_max_num_queries):
    for _ in range(30):
        make_problem()
    client.force_login(solver)
    client.get(LIST)
    # session, user, curator?, counts' version, page, tried?
    with django_assert_max_num_queries(6):
        client.get(LIST)


def test_queries_of_the_problem_page_are_few(client, solver, make_problem, django_assert_max_num_queries):
    problem = make_problem()
    client.force_login(solver)
    client.get(problem.get_absolute_url())
    # session, user, problem, tried?, samples, draft, last submissions, lists
    with django_assert_max_num_queries(8):
        client.get(problem.get_absolute_url())


def test_home_leads_to_the_problems(client):
    assert client.get("/").headers["Location"] == reverse("problems:list")


def test_theme_of_the_cookie_is_in_the_first_bytes(client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get(LIST).content.decode()


def test_forged_theme_cookie_reaches_no_page(client):
    client.cookies["theme"] = "x onload=alert(1)"
    assert "alert(1)" not in client.get(LIST).content.decode()


def test_a_sample_of_ours_is_not_ascribed_to_the_dataset(client, make_problem):
    ours = make_problem(extra={"metadata": {"seed_ids": "['kodjudge:samples']"}})
    page = client.get(ours.get_absolute_url()).content.decode()
    assert "written for KodJudge" in page
    assert f"<code>{ours.question_id}</code> from" not in page
