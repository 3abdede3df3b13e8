"""Generated rows: sizes and shares like the dataset's, repeatable, and with references that are right."""

import ast
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from problems import generating
from problems.generating import HUGE_INPUT, STYLES, SUBSETS, TRIAL_SIZE, row

COUNT = 3_000
ROWS = [row(index, COUNT, seed=1) for index in range(COUNT)]
ONLINE_JUDGE = [row for row in ROWS if row["style"] == "online_judge"]


def cases(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The pairs of input and answer of an online_judge row."""
    test = ast.literal_eval(row["test"])
    return list(zip(test["stdin"], test["stdout"], strict=True))


def answer(solution: str, stdin: str) -> str:
    """What the program prints under the judge's floor interpreter."""
    argv = ["/usr/bin/python3", "-c", solution]
    return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=10, check=True).stdout


def percentile_99(sizes: list[int]) -> float:
    return quantiles(sizes, n=100)[98]


def test_another_seed_gives_other_rows() -> None:
    assert row(7, COUNT, seed=1) != row(7, COUNT, seed=2)


@pytest.mark.parametrize("index", [-1, COUNT])
def test_there_is_no_row_outside_the_count(index: int) -> None:
    with pytest.raises(IndexError):
        row(index, COUNT)


def test_the_same_seed_gives_the_same_rows_in_any_order() -> None:
    assert [row(index, COUNT, seed=1) for index in (2_999, 0, 1_234)] == [ROWS[2_999], ROWS[0], ROWS[1_234]]


def test_ids_are_unique() -> None:
    assert len({row["question_id"] for row in ROWS}) == COUNT


def test_subsets_have_the_cards_shares_and_stand_together() -> None:
    shares = Counter(row["subset"] for row in ROWS)
    for subset, share in SUBSETS.items():
        assert shares[subset] == pytest.approx(COUNT * share / sum(SUBSETS.values()), abs=1)
    assert [subset for subset, _ in groupby(row["subset"] for row in ROWS)] == list(SUBSETS)


def test_styles_have_their_shares() -> None:
    shares = Counter(row["style"] for row in ROWS)
    for style, per_cent in STYLES.items():
        assert 100 * shares[style] / COUNT == pytest.approx(per_cent, abs=3)


@pytest.mark.parametrize(
    ("sizes", "middle", "large"),
    [
        ([len(row["question"]) for row in ROWS], 700, 4_000),
        ([len(row["solution"]) for row in ROWS], 800, 3_000),
        ([len(cases(row)) for row in ONLINE_JUDGE], 8, 20),
        ([len(stdin) for row in ONLINE_JUDGE for stdin, _ in cases(row)[1:]], 30, 2_000),
    ],
    ids=["question", "solution", "tests", "stdin"],
)
def test_sizes_are_like_the_datasets(sizes: list[int], middle: int, large: int) -> None:
    assert median(sizes) == pytest.approx(middle, rel=0.15)
    assert percentile_99(sizes) == pytest.approx(large, rel=0.35)


def test_some_inputs_are_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "HUGE_INPUT_CHANCE", 0.5)
    number = ROWS.index(ONLINE_JUDGE[0])
    longest = max(len(stdin) for stdin, _ in cases(row(number, COUNT, seed=1)))
    assert longest == pytest.approx(HUGE_INPUT, rel=0.3)


def test_there_are_one_to_ten_trials_of_their_size() -> None:
    trials = [[trial for trial in row["trials"].values() if trial] for row in ROWS]
    assert {len(each) for each in trials} == set(range(1, 11))
    assert {len(t["solution_code"]) + len(t["test_code"]) for each in trials for t in each} == {TRIAL_SIZE}


@pytest.mark.parametrize("row", ROWS[::100], ids=[row["question_id"] for row in ROWS[::100]])
def test_the_gpt_columns_agree(row: dict[str, Any]) -> None:
    passed = row["gpt_pass_sequence"]
    assert row["gpt_pass_trial_num"] == sum(passed)
    assert row["gpt_pass_percentage"] == sum(passed) / len(passed)
    assert (row["chosen_trial"] is None) == (not any(passed))


def test_words_are_used_as_zipfs_law_says() -> None:
    words = Counter(word for row in ROWS for word in row["question"].lower().replace(".", "").split())
    ranks = [uses for _, uses in words.most_common()]
    assert len(words) > 5_000
    assert ranks[10] / ranks[100] == pytest.approx(10, rel=0.5)


def test_a_complete_row_behind_an_instruct_row_is_its_twin() -> None:
    number = next(n for n in range(1, COUNT) if (ROWS[n - 1]["style"], ROWS[n]["style"]) == ("instruct", "complete"))
    before, twin = ROWS[number - 1], ROWS[number]
    assert twin["question_id"].removesuffix("_C") == before["question_id"].removesuffix("_I")
    assert (twin["test"], twin["solution"]) == (before["test"], before["solution"])
    assert before["question"] in twin["question"]


@pytest.mark.parametrize("row", ONLINE_JUDGE[::16], ids=[row["question_id"] for row in ONLINE_JUDGE[::16]])
def test_an_online_judge_reference_passes_its_tests(row: dict[str, Any]) -> None:
    for stdin, stdout in cases(row):
        assert answer(row["solution"], stdin) == stdout


@pytest.mark.parametrize("style", ["instruct", "complete"])
def test_pytest_references_pass_their_tests(style: str, tmp_path: Path) -> None:
    rows = [row for row in ROWS if row["style"] == style][::150]
    for number, each in enumerate(rows):
        (tmp_path / f"solution{number}.py").write_text(each["solution"])
        test = each["test"].replace("from solution import", f"from solution{number} import")
        (tmp_path / f"test_{number}.py").write_text(test)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django", str(tmp_path)]
    run = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout
    assert f"{sum(each['test'].count('def test_') for each in rows)} passed" in run.stdout
