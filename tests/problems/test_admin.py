"""The admin as a curator uses it: no query a row, no giant text in a list, and edits that outlive imports."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from judge.accounts.models import CURATORS, User
from problems import importing, search
from problems.models import Problem, State
from problems.models import TestCase as Case  # a name that pytest does not take for a test
from problems.options import Options
from problems.sources import kodcode

pytestmark = pytest.mark.django_db

LISTS = ["problem", "testcase"]
SECRET = "<script>alert(1)</script>"


@pytest.fixture
def curator(client: Client) -> Client:
    """A client of a curator who isn't a superuser."""
    user = User.objects.create_user("curator", is_staff=True)
    user.groups.add(Group.objects.get(name=CURATORS))
    client.force_login(user)
    return client


def make_problem(number: int = 1, **fields: Any) -> Problem:
    defaults = {
        "question_id": f"Apps_{number}_OJ",
        "slug": f"apps-{number}-oj",
        "title": f"Problem {number}",
        "statement": "Print it.\n",
        "solution": "print()\n",
        "style": "online_judge",
        "subset": "Apps",
        "difficulty": "easy",
    }
    problem = Problem.objects.create(**defaults | fields)
    search.index([problem.pk])
    Case.objects.create(problem=problem, position=1, stdin=f"{number}\n", stdout=" 1 \n\n")
    return problem


def make_rows(count: int) -> None:
    """`count` more of all that the admin lists."""
    for number in range(Problem.objects.count(), Problem.objects.count() + count):
        make_problem(number)


def list_address(name: str, **query: object) -> str:
    return reverse(f"admin:problems_{name}_changelist", query=query)


def edit_address(row: Any) -> str:
    return reverse(f"admin:problems_{row._meta.model_name}_change", args=[row.pk])


def form_of(client: Client, row: Any) -> dict[str, Any]:
    """What a browser would send if nothing were edited: LF becomes CRLF."""
    form = client.get(edit_address(row)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {
        name: "\r\n".join(value.splitlines()) + "\r\n" * value.endswith("\n") if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None and value is not False
    }


def save(client: Client, row: Any, **changes: object) -> None:
    response = client.post(edit_address(row), form_of(client, row) | changes)
    assert response.status_code == 302, response.context["errors"]
    row.refresh_from_db()


@pytest.mark.parametrize("name", LISTS)
def test_a_solver_sees_nothing(client: Client, name: str) -> None:
    client.force_login(User.objects.create_user("solver"))
    assert client.get(list_address(name)).status_code == 302


def test_a_curator_may_not_delete_problems_or_change_accounts(curator: Client) -> None:
    problem = make_problem()
    assert curator.post(reverse("admin:problems_problem_delete", args=[problem.pk]), {"post": "yes"}).status_code == 403
    assert curator.get(reverse("admin:accounts_user_changelist")).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_thirty_rows_take_the_queries_of_one(curator: Client, name: str) -> None:
    make_rows(1)
    curator.get(list_address(name))
    with CaptureQueriesContext(connection) as of_one:
        assert curator.get(list_address(name)).status_code == 200
    make_rows(29)
    curator.get(list_address(name))  # after a write, counts are read anew
    with CaptureQueriesContext(connection) as of_thirty:
        response = curator.get(list_address(name))
    assert len(response.context["cl"].result_list) == 30
    assert len(of_thirty) == len(of_one) <= 10


def test_the_problem_list_loads_no_long_text(curator: Client) -> None:
    make_problem()
    with CaptureQueriesContext(connection) as queries:
        curator.get(list_address("problem"))
    assert not [q for q in queries if '"statement"' in q["sql"] or '"solution"' in q["sql"] or '"extra"' in q["sql"]]


def test_the_test_list_cuts_long_texts(curator: Client) -> None:
    problem = make_problem()
    Case.objects.create(problem=problem, position=2, stdin="9" * 100_000, stdout="8" * 100_000)
    page = curator.get(list_address("testcase")).content.decode()
    assert "9" * 60 + "…" in page
    assert len(page) < 60_000


def test_a_problem_page_offers_no_choice_of_problems(curator: Client) -> None:
    make_rows(5)
    page = curator.get(edit_address(Case.objects.first())).content.decode()
    assert "Problem 4" not in page


def test_hostile_titles_are_text(curator: Client) -> None:
    problem = make_problem(title=SECRET, subset=SECRET, statement="</textarea>" + SECRET)
    for address in (list_address("problem"), edit_address(problem)):
        assert SECRET not in curator.get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "apps_2"},
        {"q": "Problem 2"},
        {"difficulty__exact": "hard"},
        {"subset": "Taco"},
        {"state__exact": "hidden"},
    ],
)
def test_problems_are_found(curator: Client, query: dict[str, str]) -> None:
    make_problem(1)
    wanted = make_problem(2, difficulty="hard", subset="Taco", state=State.HIDDEN)
    assert list(curator.get(list_address("problem", **query)).context["cl"].result_list) == [wanted]


def test_an_edited_title_is_searched(curator: Client) -> None:
    problem = make_problem()
    save(curator, problem, title="Fibonacci")
    assert list(search.look_up("fibonacci", search.Among(shown=True)).kinds) == [problem.pk]


def test_tests_are_reached_from_their_problem(curator: Client) -> None:
    make_problem(1)
    problem = make_problem(2)
    address = list_address("testcase", problem__id__exact=problem.pk)
    assert address in curator.get(edit_address(problem)).content.decode()
    assert [test.problem_id for test in curator.get(address).context["cl"].result_list] == [problem.pk]


def test_saving_without_an_edit_changes_nothing(curator: Client) -> None:
    problem = make_problem(statement=" \nA\r\nB\n\n", verified=True, statement_html="<p>")
    save(curator, problem)
    assert (problem.curated_fields, problem.solution) == ([], "print()\n")
    assert (problem.verified, problem.statement_html) == (True, "<p>")


def test_an_edited_field_is_noted(curator: Client) -> None:
    problem = make_problem()
    save(curator, problem, title="Mine", state_reason="too easy")
    assert (problem.title, problem.curated_fields) == ("Mine", ["state", "title"])


def test_an_edited_statement_is_rendered_anew(curator: Client) -> None:
    problem = make_problem(statement_html="<p>old</p>")
    save(curator, problem, statement="New.")
    assert problem.statement_html == ""


def test_an_edited_solution_ends_the_verification(curator: Client) -> None:
    problem = make_problem(verified=True)
    save(curator, problem, solution="print(1)")
    assert not problem.verified


def test_an_edited_test_is_exact_and_raises_the_version(curator: Client) -> None:
    problem = make_problem(verified=True)
    test = problem.tests.get()
    save(curator, test, stdin=" 7 \r\n\r\n")
    problem.refresh_from_db()
    assert (test.stdin, test.stdout) == (" 7 \n\n", " 1 \n\n")
    assert (problem.tests_version, problem.verified, problem.curated_fields) == (2, False, ["tests"])


def test_a_test_saved_without_an_edit_leaves_its_problem_alone(curator: Client) -> None:
    problem = make_problem(verified=True)
    save(curator, problem.tests.get())
    problem.refresh_from_db()
    assert (problem.tests_version, problem.verified, problem.curated_fields) == (1, True, [])


@pytest.mark.parametrize("by_action", [True, False])
def test_a_deleted_test_raises_the_version(curator: Client, by_action: bool) -> None:
    problem = make_problem()
    test = problem.tests.get()
    if by_action:
        chosen = {"action": "delete_selected", "_selected_action": [test.pk], "post": "yes"}
        curator.post(list_address("testcase"), chosen)
    else:
        curator.post(reverse("admin:problems_testcase_delete", args=[test.pk]), {"post": "yes"})
    problem.refresh_from_db()
    assert (problem.tests.count(), problem.tests_version, problem.curated_fields) == (0, 2, ["tests"])


CHECKER = "import sys\nsys.exit(0)\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"checker": "floats:1e-1000"},
        {"checker": "nonsense"},
        {"checker_language": "perl", "checker_source": CHECKER},
        {"checker_language": "python3"},
        {"checker_language": "python3", "checker_source": " \r\n"},
        {"checker_source": CHECKER},
    ],
)
def test_a_checker_that_is_none_is_refused(curator: Client, changes: dict[str, str]) -> None:
    problem = make_problem()
    response = curator.post(edit_address(problem), form_of(curator, problem) | changes)
    assert response.context["adminform"].form.errors.keys() & {*changes, "checker_source"}
    problem.refresh_from_db()
    assert (response.status_code, problem.checker, problem.checker_source) == (200, "lines", "")


def test_an_unknown_checker_is_shown_and_has_to_be_replaced(curator: Client) -> None:
    problem = make_problem(checker="gone")
    assert form_of(curator, problem)["checker"] == "gone"
    response = curator.post(edit_address(problem), form_of(curator, problem) | {"title": "Mine"})
    assert "unknown checker" in str(response.context["adminform"].form.errors["checker"])


@pytest.mark.parametrize(
    "changes",
    [{"checker": "floats:1e-6"}, {"checker_language": "python3", "checker_source": CHECKER.replace("\n", "\r\n")}],
)
def test_another_checker_belongs_to_the_curator_and_unproves_the_problem(
    curator: Client, changes: dict[str, str]
) -> None:
    problem = make_problem(verified=True)
    save(curator, problem, **changes)
    assert (problem.verified, problem.curated_fields) == (False, sorted(changes))
    assert problem.checker_source in ("", CHECKER)


def test_who_may_only_look_sees_the_checker(client: Client) -> None:
    problem = make_problem(checker_language="python3", checker_source="sys.exit(42)")
    user = User.objects.create_user("visitor", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_problem"))
    client.force_login(user)
    assert "sys.exit(42)" in client.get(edit_address(problem)).content.decode()


@pytest.mark.parametrize(("action", "state"), [("publish", State.PUBLISHED), ("hide", State.HIDDEN)])
def test_chosen_problems_change_their_state(curator: Client, action: str, state: State) -> None:
    chosen, other = make_problem(1, state=State.QUARANTINED), make_problem(2, state=State.QUARANTINED)
    curator.post(list_address("problem"), {"action": action, "_selected_action": [chosen.pk]})
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert (chosen.state, chosen.curated_fields, other.state) == (state, ["state"], State.QUARANTINED)


def test_what_was_edited_here_outlives_an_import(curator: Client, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    row = kodcode.EXAMPLES[0][0]
    source.write_text(json.dumps(row) + "\n")
    importing.run(importing.queue(str(source), Options()))
    problem = Problem.objects.get()
    save(curator, problem, title="Mine", time_limit_ms=5_000)
    source.write_text(json.dumps(row | {"question": "# Theirs\n\nNew words."}) + "\n")
    importing.run(importing.queue(str(source), Options()))
    problem.refresh_from_db()
    assert (problem.title, problem.time_limit_ms, problem.statement) == ("Mine", 5_000, "# Theirs\n\nNew words.")


def test_a_problem_added_by_hand_belongs_to_its_curator(curator: Client, tmp_path: Path) -> None:
    form = {
        "question_id": "Taco_1_OJ",
        "slug": "taco-1-oj",
        "title": "Mine",
        "statement": "By hand.",
        "subset": "Taco",
        "style": "online_judge",
        "split": "train",
        "state": "published",
        "time_limit_ms": 2_000,
        "memory_limit_kb": 262_144,
        "checker": "lines",
        "judgeable": "on",
    }
    assert curator.post(reverse("admin:problems_problem_add"), form).status_code == 302
    (tmp_path / "rows.jsonl").write_text(json.dumps(kodcode.EXAMPLES[0][0]) + "\n")
    importing.run(importing.queue(str(tmp_path / "rows.jsonl"), Options()))
    problem = Problem.objects.get()
    assert (problem.title, problem.statement, problem.tests.count()) == ("Mine", "By hand.", 0)
