"""The counts of kinds: equal to counting, whatever is written, however, and by how many at once."""
# ruff: noqa: S608 - put together from names of columns

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from problems import counts
from problems.models import KIND_COLUMNS, KindCount, Problem, Tagging

pytestmark = pytest.mark.django_db

Numbers = dict[tuple[Any, ...], int]
COLUMNS = ("kind", "wide_kind", *KIND_COLUMNS, "pass_percent", "tag")


def kept() -> Numbers:
    """What the counts say."""
    sums = KindCount.objects.values_list(*COLUMNS).annotate(total=Sum("number")).order_by()
    return {tuple(columns): total for *columns, total in sums if total}


def there() -> Numbers:
    """What counting the problems says."""
    found: Counter[tuple[Any, ...]] = Counter()
    for *columns, fraction, tags in Problem.objects.values_list(*COLUMNS[:-2], "pass_percentage", "tags"):
        percent = None if fraction is None else round(min(max(fraction, 0), 1) * 100)
        for tag in {"", *tags}:
            found[*columns, percent, tag] += 1
    return dict(found)


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "subset": st.sampled_from(["Apps", "Taco", "a|b"]),
    "difficulty": st.sampled_from(["", "easy", "hard"]),
    "style": st.sampled_from(["online_judge", "instruct"]),
    "split": st.sampled_from(["train", "use_with_caution"]),
    "state": st.sampled_from(["published", "hidden"]),
    "judgeable": st.booleans(),
    "verified": st.booleans(),
    "pass_percentage": st.none() | st.floats(allow_nan=False),
    "tags": st.lists(st.sampled_from(["dp", "graphs"]), max_size=3),
    "statement_html": st.just("<p>"),
}
NUMBERS = itertools.count()
SOME = st.fixed_dictionaries({}, optional=FIELDS)
STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "save", "update", "delete", "upsert", "compact"]), SOME, st.integers(0, 5)),
    max_size=12,
)


def take(step: str, fields: dict[str, Any], which: int, make_problem: Callable[..., Problem]) -> None:
    """Change something in one of the ways that there are."""
    chosen = Problem.objects.order_by("id")[which : which + 2]
    if step == "insert":
        number = next(NUMBERS)
        make_problem(question_id=f"Q_{number}", slug=f"q-{number}", **fields)
    elif step == "save" and chosen:
        vars(chosen[0]).update(fields)
        chosen[0].save()
    elif step == "update" and fields:
        Problem.objects.filter(pk__in=[problem.pk for problem in chosen]).update(**fields)
    elif step == "delete":
        Problem.objects.filter(pk__in=[problem.pk for problem in chosen]).delete()
    elif step == "upsert" and chosen:
        copy_of(chosen[0].pk, "ON CONFLICT (question_id) DO UPDATE SET subset = 'Upserted', tags = excluded.tags")
    elif step == "compact":
        counts.compact()


def columns() -> str:
    """All columns that can be written."""
    return ", ".join(f.column for f in Problem._meta.concrete_fields if not f.primary_key and not f.generated)


def taggings() -> list[Any]:
    """What the triggers say of the tags."""
    return sorted(Tagging.objects.values_list("problem", "tag", "kind", "wide_kind"))


def tags_there() -> list[Any]:
    """The same, by looking."""
    problems = Problem.objects.values_list("pk", "tags", "kind", "wide_kind")
    return sorted((pk, tag, kind, wide) for pk, tags, kind, wide in problems for tag in set(tags))


def copy_of(problem_id: int, clause: str = "") -> None:
    """Insert a problem's row once more, as the clause says."""
    selected = f"SELECT {columns()} FROM problems_problem WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO problems_problem ({columns()}) {selected} {clause}", [problem_id])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_counts_are_what_counting_says(make_problem: Callable[..., Problem], steps: list[Any]) -> None:
    with transaction.atomic():
        for step in steps:
            take(*step, make_problem)
        assert kept() == there()
        assert taggings() == tags_there()
        transaction.set_rollback(True)


def test_what_is_copied_in_is_counted(make_problem: Callable[..., Problem]) -> None:
    make_problem(tags=["dp"])
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY (SELECT {columns()} FROM problems_problem) TO STDOUT") as out:
            row = b"".join(bytes(block) for block in out)
        with cursor.copy(f"COPY problems_problem ({columns()}) FROM STDIN") as into:
            for number in range(2, 5):
                into.write(row.replace(b"Apps_1_OJ", b"Taco_%d_OJ" % number).replace(b"apps-1-oj", b"t-%d" % number))
    assert kept() == there()
    assert sum(kept().values()) == 8  # four problems, each counted once more for its tag


def test_what_is_truncated_is_gone_from_the_counts(make_problem: Callable[..., Problem]) -> None:
    make_problem(tests=(), tags=["dp"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE problems_problem CASCADE")
    assert (kept(), counts.current().numbers, taggings()) == ({}, {}, [])


def test_a_rendered_statement_leaves_no_trace(make_problem: Callable[..., Problem]) -> None:
    make_problem()
    before = KindCount.objects.count()
    Problem.objects.update(statement_html="<p>")
    assert KindCount.objects.count() == before


def test_folding_leaves_one_row_a_kind(make_problem: Callable[..., Problem]) -> None:
    for number in range(6):
        make_problem(subset=["Apps", "Taco"][number % 2])
    Problem.objects.filter(subset="Taco").delete()
    counts.compact()
    assert [row.number for row in KindCount.objects.all()] == [3]
    assert kept() == there()


def test_a_reader_folds_what_lies_about(make_problem: Callable[..., Problem], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "FOLDED_BEYOND", 3)
    for _ in range(5):
        make_problem()
    assert sum(counts.current().numbers.values()) == 5
    assert KindCount.objects.count() == 1
    assert sum(counts.current().numbers.values()) == 5


def test_counts_are_the_same_object_until_something_changes(make_problem: Callable[..., Problem]) -> None:
    problem = make_problem()
    before = counts.current()
    assert counts.current() is before
    Problem.objects.filter(pk=problem.pk).update(statement_html="<p>")
    assert counts.current() is before
    Problem.objects.filter(pk=problem.pk).update(verified=True)
    assert counts.current() is not before


def test_numbers_are_also_those_of_a_tag(make_problem: Callable[..., Problem]) -> None:
    make_problem(tags=["dp", "dp", "graphs"])
    make_problem(tags=["dp"], difficulty="hard")
    found = counts.current()
    assert {tag: sum(numbers.values()) for tag, numbers in found.by_tag.items()} == {"dp": 2, "graphs": 1}


@pytest.fixture
def at_once(transactional_db: None) -> Iterator[Callable[..., None]]:
    """Calls functions in threads of their own at the same time; raises what they raise."""

    def call(*functions: Callable[[], None]) -> None:
        start = Barrier(len(functions))

        def one(function: Callable[[], None]) -> None:
            start.wait()
            try:
                function()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(functions)) as threads:
            for future in [threads.submit(one, function) for function in functions]:
                future.result()

    yield call
    Problem.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_writers_and_two_who_fold_lose_nothing(
    at_once: Callable[..., None], make_problem: Callable[..., Problem]
) -> None:
    for _ in range(40):
        make_problem()
    ids = list(Problem.objects.values_list("pk", flat=True))

    def write(mine: list[int]) -> None:
        for number, problem_id in enumerate(mine):
            with transaction.atomic():
                Problem.objects.filter(pk=problem_id).update(difficulty=["easy", "hard"][number % 2], verified=True)
                if number % 3 == 0:
                    Problem.objects.filter(pk=problem_id).delete()

    def fold() -> None:
        for _ in range(20):
            counts.compact()

    at_once(lambda: write(ids[:20]), lambda: write(ids[20:]), fold, fold)
    assert kept() == there()
    counts.compact()
    assert kept() == there()


@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_kind_do_not_wait_for_each_other(
    at_once: Callable[..., None], make_problem: Callable[..., Problem]
) -> None:
    both_have_written = Barrier(2)

    def write(number: int) -> None:
        with transaction.atomic():
            make_problem(question_id=f"Apps_{number}_OJ", slug=f"apps-{number}", title=f"Sum {number}")
            # Neither has committed: one that waited for the other would never come here.
            both_have_written.wait(timeout=30)

    at_once(lambda: write(1), lambda: write(2))
    assert sum(counts.current().numbers.values()) == 2
