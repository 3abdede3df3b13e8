"""The search: what it finds, in which order, for whom, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems import search
from problems.models import Problem, SearchRow, Word
from problems.search import Among

pytestmark = pytest.mark.django_db

Make = Callable[..., Problem]
ALL, SHOWN = Among(shown=False), Among(shown=True)


def found(text: str, among: Among = SHOWN) -> list[str]:
    """The titles that a search finds, best first."""
    titles = dict(Problem.objects.values_list("pk", "title"))
    return [titles[problem_id] for problem_id in search.look_up(text, among).kinds]


@pytest.fixture
def library(make_problem: Make) -> None:
    """A few problems whose titles and statements share words."""
    for title, statement in {
        "Two Sum": "Find two numbers with a given total.",
        "Sum of Two Squares": "Is it a sum of squares?",
        "Shortest Path in a Graph": "A graph has nodes. Find the shortest path by breadth first search.",
        "Binary Trees": "A tree is a graph without cycles.",
        "Fibonacci Numbers": "The sum of the two numbers before.",
        "Arrays": "Sort an array of integers.",
    }.items():
        make_problem(tests=(), title=title, statement=statement)
    search.finish()


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"state": "quarantined"}, {"judgeable": False}])
def test_solvers_find_only_what_they_see(make_problem: Make, fields: dict[str, Any]) -> None:
    problem = make_problem(title="Unseen", **fields)
    assert search.look_up("unseen", SHOWN).kinds == {}
    assert list(search.look_up("unseen", ALL).kinds) == [problem.pk]


@pytest.mark.parametrize(
    "text", ["", "   ", "-graph", "the", "the of", '"', "or", "!!!", "a & b | (", "<script>", "%", "\\"]
)
def test_what_asks_nothing_finds_nothing(library: None, text: str) -> None:
    assert found(text) == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text(alphabet="ab \"'-:*&|!()<>\\%", max_size=30))
def test_no_text_is_an_error(library: None, text: str) -> None:
    search.look_up(text, SHOWN)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("sum", ["Two Sum", "Sum of Two Squares", "Fibonacci Numbers"]),
        ("two sum", ["Two Sum", "Sum of Two Squares", "Fibonacci Numbers"]),
        ('"two squares"', ["Sum of Two Squares"]),
        ('"squares two"', []),
        ("graph", ["Shortest Path in a Graph", "Binary Trees"]),
        ("graph -tree", ["Shortest Path in a Graph"]),
        ("graphs", ["Shortest Path in a Graph", "Binary Trees"]),
        ("tree or array", ["Arrays", "Binary Trees"]),
        ("fibonacci cycles", []),
        ("breadth-first", ["Shortest Path in a Graph"]),
        ("FIBONACCI", ["Fibonacci Numbers"]),
    ],
)
def test_words_find_titles_before_statements(library: None, text: str, titles: list[str]) -> None:
    assert found(text) == titles


@pytest.mark.parametrize(
    ("text", "title"), [("fibo", "Fibonacci Numbers"), ("shortest pat", "Shortest Path in a Graph")]
)
def test_the_last_word_may_be_unfinished(library: None, text: str, title: str) -> None:
    assert found(text) == [title]


def test_what_completes_a_word_is_bounded(make_problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "COMPLETIONS", 2)
    for number, word in enumerate(["concert", "concert", "concave", "concave", "concur"]):
        make_problem(title=f"{word} {number}")
    search.finish()
    assert len(found("conc")) == 4


@pytest.mark.parametrize("typed", ["Apps_2_OJ", "apps_2_oj", "apps-2-oj", "Apps_2", " Apps_2_OJ "])
def test_a_whole_id_comes_first(make_problem: Make, typed: str) -> None:
    for title in ("Apps 2 OJ and more", "Sum", "Apps 2 OJ"):
        make_problem(title=title, family=f"Apps_{Problem.objects.count() + 1}")
    assert found(typed)[0] == "Sum"


def test_subset_and_tags_are_words_too(make_problem: Make) -> None:
    make_problem(title="One", subset="Code_Contests")
    make_problem(title="Two", tags=["dynamic programming"])
    assert found("contests") == ["One"]
    assert found("dynamic programming") == ["Two"]


def test_a_typo_is_mended_where_it_finds_nothing(library: None) -> None:
    answer = search.look_up("fibonaci", SHOWN)
    assert (len(answer.kinds), answer.instead) == (1, "fibonacci")
    assert search.look_up("fibonacci", SHOWN).instead == ""
    assert search.look_up("zebra", SHOWN).instead == ""


def test_a_later_part_of_a_long_statement_is_not_searched(make_problem: Make) -> None:
    make_problem(title="Long", statement="word " * 400 + "needle")
    assert (found("needle"), found("word")) == ([], ["Long"])


def test_marks_narrow_a_search(make_problem: Make) -> None:
    for number, difficulty in enumerate(["easy", "hard", ""]):
        make_problem(title=f"Sum {number}", difficulty=difficulty, pass_percentage=number / 2, tags=["dp"] * number)
    one_of = Among(shown=True, marks=(("difficulty=easy", "difficulty="),))
    assert sorted(found("sum", one_of)) == ["Sum 0", "Sum 2"]
    assert found("sum", Among(shown=True, marks=(("difficulty=easy",), ("pass=0", "pass=1")))) == ["Sum 0"]
    assert sorted(found("sum", Among(shown=True, marks=(("tag=dp",),)))) == ["Sum 1", "Sum 2"]


def test_given_ids_narrow_a_search(make_problem: Make) -> None:
    first, second = make_problem(), make_problem()
    assert list(search.look_up("sum", Among(shown=True, ids=(second.pk, 0))).kinds) == [second.pk]
    assert search.look_up("sum", Among(shown=True, ids=())).kinds == {}
    assert first.pk in search.look_up("sum", SHOWN).kinds


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        ({"state": "hidden"}, ("state=hidden",)),
        ({"verified": True}, ("verified=true",)),
        ({"tags": ["dp"]}, ("tag=dp",)),
        ({"pass_percentage": 0.25}, ("pass=25",)),
    ],
)
def test_marks_follow_the_problem_by_themselves(make_problem: Make, changes: dict[str, Any], marks: tuple[str]) -> None:
    problem = make_problem()
    Problem.objects.filter(pk=problem.pk).update(**changes)
    problem.refresh_from_db()
    row = SearchRow.objects.get(pk=problem.pk)
    assert (row.kind, row.shown) == (problem.kind, problem.state == "published")
    assert list(search.look_up("sum", Among(shown=False, marks=(marks,))).kinds) == [problem.pk]


def test_a_deleted_problem_leaves_nothing(make_problem: Make) -> None:
    make_problem().delete()
    assert not SearchRow.objects.exists()


def places() -> dict[int, str]:
    """Where each row lies: one that is written lies elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT problem_id, ctid::text FROM problems_searchrow")
        return dict(cursor.fetchall())


def test_indexing_again_writes_only_what_has_changed(make_problem: Make) -> None:
    problems = [make_problem(), make_problem()]
    Problem.objects.filter(pk=problems[0].pk).update(title="Changed")
    before = places()
    search.index([0, *before])
    assert places().keys() == before.keys()
    assert places().items() - before.items() == {(problems[0].pk, places()[problems[0].pk])}
    assert found("changed") == ["Changed"]


def test_what_is_indexed_goes_with_its_transaction(make_problem: Make) -> None:
    problem = make_problem(title="Old")
    with transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(title="New")
        search.index([problem.pk])
        assert found("new") == ["New"]
        transaction.set_rollback(True)
    assert (found("old"), found("new")) == (["Old"], [])


def test_finishing_keeps_the_titles_words_and_no_others(make_problem: Make) -> None:
    Word.objects.create(word="gone", problems=1)
    Word.objects.create(word="sum", problems=99)
    for title in ("The Sum", "A sum of 42"):
        make_problem(title=title)
    search.finish()
    search.finish()
    assert list(Word.objects.values_list("word", "problems")) == [("sum", 2)]


def test_few_problems_bring_their_words_at_once(make_problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make_problem(title="Alpha")
    monkeypatch.setattr(search, "FEW", 0)
    make_problem(title="Beta")
    assert set(Word.objects.values_list("word", flat=True)) == {"alpha"}


@pytest.fixture
def crowd(make_problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six hundred problems that share a word, where ten are all that a search may find."""
    monkeypatch.setattr(search, "CANDIDATES", 10)
    make_problem(tests=(), title="Common", statement="common")
    fields = ", ".join(f.column for f in Problem._meta.concrete_fields if not f.primary_key and not f.generated)
    values = (
        fields.replace("question_id", "'Q_' || n").replace("slug", "'q-' || n").replace("title", "'Common ' || n", 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO problems_problem ({fields}) SELECT {values} "  # noqa: S608 - names of columns
            "FROM problems_problem, generate_series(1, 599) n"
        )
    search.index(list(Problem.objects.values_list("pk", flat=True)))


def test_of_too_many_a_fair_part_is_found(crowd: None) -> None:
    answer = search.look_up("common", SHOWN)
    assert (len(answer.kinds), answer.complete) == (10, False)
    assert list(search.look_up("common", SHOWN).kinds) == list(answer.kinds)
    ids = sorted(Problem.objects.values_list("pk", flat=True))
    thirds = {min(2, 3 * ids.index(problem_id) // len(ids)) for problem_id in answer.kinds}
    assert thirds == {0, 1, 2}


@pytest.mark.parametrize(
    ("sampled", "sample", "shares"),
    [
        (0, 64, [1]),
        (5, 64, [1]),
        # 1024 are expected, and 640 nearly sure.
        (16, 64, [2, 1]),
        # No more than MAX_LOOKED_THROUGH of 6400.
        (100, 64, [16, 8, 4, 2]),
        (2_000, 256, [256, 128]),
    ],
)
def test_shares_hold_enough_and_little_more(sampled: int, sample: int, shares: list[int]) -> None:
    assert search._shares(sampled, sample, 200) == shares


def test_a_problem_is_in_all_larger_shares_of_one_that_it_is_in(make_problem: Make) -> None:
    for _ in range(40):
        make_problem(tests=())
    with connection.cursor() as cursor:
        cursor.execute("SELECT problem_id, problems_lot(problem_id) FROM problems_searchrow")
        lots = dict(cursor.fetchall())
    for row in SearchRow.objects.all():
        held = {mark for mark in row.marks if mark.startswith("of=")}
        lot = lots[row.problem_id]
        assert held == {f"of={share}" for share in search.SHARES if share > 1 and lot * share < 2**32}


def test_an_id_asks_for_its_problem_alone(make_problem: Make) -> None:
    make_problem(tests=(), question_id="Apps_7_OJ", slug="apps-7-oj", title="Seven", family="Apps_7")
    make_problem(tests=(), question_id="Apps_8_OJ", slug="apps-8-oj", title="Like Apps_7_OJ", statement="apps 7 oj")
    assert [found(text) for text in ("Apps_7_OJ", "apps-7-oj", "Apps_7")] == [["Seven"]] * 3
    assert set(found("apps 7 oj")) == {"Seven", "Like Apps_7_OJ"}


def test_of_too_many_only_a_part_is_looked_at(crowd: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE problems_searchrow")
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        search.look_up("common", SHOWN)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + queries[-1]["sql"])
        plan = cursor.fetchone()[0][0]["Plan"]

    def looked_at(node: dict[str, Any]) -> float:
        own = node["Actual Rows"] if "Bitmap Heap" in node["Node Type"] else 0
        return own + sum(looked_at(child) for child in node.get("Plans", []))

    assert 0 < looked_at(plan) <= 100


def test_an_unknown_word_costs_few_queries(crowd: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert found("zebra zebu") == []
    assert len(queries) <= 15
