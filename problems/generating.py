"""Made-up rows in the KodCode-V1 v1.1 schema, any number of them, for tests of scale.

In charge of: rows whose sizes, shares and order are like the dataset's. Not in charge of: the files that hold them
(`row_files.py`) or problems worth solving (`samples/`). A row is a pure function of (index, count, seed), so any
process can make any part of the rows. References are right: they pass the tests of their rows.
"""
# ruff: noqa: S311 - made-up rows need repeatable numbers, not secret ones
# ruff: noqa: SIM905 - word lists stay readable as text

import inspect
import math
import random
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from typing import Any

# Thousands of rows on the dataset's card, in the order in which the shards are grouped.
SUBSETS = {
    "Prefill": 43, "Leetcode": 27, "Codeforces": 33, "Apps": 21, "Taco": 81, "Code_Contests": 36,
    "Algorithm": 31, "Data_Structure": 34, "Docs": 43, "Filter": 77, "Package": 7, "Evol": 13,
}  # fmt: skip
STYLES = {"instruct": 57, "complete": 35, "online_judge": 8}  # per cent
SUFFIXES = {"instruct": "I", "complete": "C", "online_judge": "OJ"}
TRIAL_SIZE = 3_000  # characters
HUGE_INPUT = 1_000_000  # characters
HUGE_INPUT_CHANCE = 1 / 20_000  # per test of an online_judge row: about twenty in a whole dataset

# Words: the common ones of problem statements, then made-up ones, used as often as Zipf's law says.

_COMMON = """
the of a to and in is that for it with as number on be each are by an from array given integer string function return
list value find input output all two one can at most this not if or sum elements first time same integers which last
between than length where order index print following minimum maximum you your have has there any least exactly line
contains possible answer every only sequence characters node tree graph path edge weight matrix row column cell grid
move step count pair distinct positive negative zero largest smallest equal greater less query queries operation
operations player game wins city road cost price day hour minute student teacher box ball card coin color letter word
words sentence text file parse data structure stack queue heap search sort sorted binary prefix suffix substring
subsequence subarray interval range point line distance area circle triangle square digit prime factor divisor multiple
modulo power bit mask result implement method class object key dictionary map set empty valid invalid example note
constraint guaranteed consider suppose determine calculate compute write program read test case second third next
previous left right top bottom start end begin remove insert delete replace swap reverse rotate merge split choose
select different unique duplicate frequency average median total remaining required optimal strategy greedy dynamic
recursive iterate loop condition true false error handle raise empty large small fast slow simple complex
""".split()
_STARTS = (
    "ba be bo ca ce co da de do fa fe fi ga go ha he la le li lo ma me mi mo na ne no pa pe po ra re ro sa se".split()
)
_MIDDLES = "bel ber cal cen cor dal den dor fen gar gen lan len lor mal men mor nal nen rar ren rin sal sen ter".split()
_ENDS = "ance ate ed ence er est ical ing ion ism ist ity ive ize less ly ment ness or ous ship tion ure ward".split()
_RARE = [a + b + c for a in _STARTS for b in _MIDDLES for c in _ENDS]
random.Random("rare words").shuffle(_RARE)
VOCABULARY = list(dict.fromkeys(_COMMON)) + _RARE
_WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(len(VOCABULARY))))
_WORD = 1 + sum(len(w) / (rank + 2.7) for rank, w in enumerate(VOCABULARY)) / _WEIGHTS[-1]  # mean length with its blank


def prose(rng: random.Random, size: int) -> str:
    """Sentences of about ``size`` characters, a paragraph of several sentences each."""
    words = rng.choices(VOCABULARY, cum_weights=_WEIGHTS, k=max(3, round(size / _WORD)))
    sentences = [" ".join(words[at : at + 14]).capitalize() + "." for at in range(0, len(words), 14)]
    return "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5))


@cache
def _filling() -> str:
    """A block of prose on one line from which trials, which nobody searches, take their filling."""
    return prose(random.Random("filling"), 1_000_000).replace("\n\n", " ")


# The programs that the rows ask for: `inspect.getsource` makes them the rows' references, so tests made by calling
# them are right.


def grand_total(numbers: list[int]) -> list[int]:
    """The sum of all the numbers."""
    return [sum(numbers)]


def ascending(numbers: list[int]) -> list[int]:
    """The numbers from the smallest to the largest."""
    return sorted(numbers)


def backwards(numbers: list[int]) -> list[int]:
    """The numbers from the last to the first."""
    return numbers[::-1]


def without_repeats(numbers: list[int]) -> list[int]:
    """Each number once, where it comes first."""
    return list(dict.fromkeys(numbers))


def running_totals(numbers: list[int]) -> list[int]:
    """The sums of the first one, two, three ... numbers."""
    totals: list[int] = []
    for number in numbers:
        totals.append(number + (totals[-1] if totals else 0))
    return totals


def widest_gap(numbers: list[int]) -> list[int]:
    """The largest difference between neighbours in sorted order, 0 where there is none."""
    ordered = sorted(numbers)
    return [max((ordered[at] - ordered[at - 1] for at in range(1, len(ordered))), default=0)]


def longest_rise(numbers: list[int]) -> list[int]:
    """The length of the longest stretch in which each number is larger than the one before."""
    longest = length = 0
    for at, number in enumerate(numbers):
        length = length + 1 if at and number > numbers[at - 1] else 1
        longest = max(longest, length)
    return [longest]


Program = Callable[[list[int]], list[int]]
_PROGRAMS: list[Program] = [
    grand_total, ascending, backwards, without_repeats, running_totals, widest_gap, longest_rise,
]  # fmt: skip
_source = cache(inspect.getsource)


def _lognormal(rng: random.Random, median: float, p99: float) -> int:
    """A size from the lognormal distribution with this median and this 99th percentile."""
    return round(median * math.exp(rng.gauss(0, 1) * math.log(p99 / median) / 2.326))


def _numbers(rng: random.Random, size: int) -> list[int]:
    """Integers that take about ``size`` characters with the blanks between them; at least one."""
    widest = 10 ** rng.randint(1, 7)
    mean = len(str(widest)) + 0.5
    return [int(rng.uniform(-widest, widest)) for _ in range(max(1, round(size / mean)))]


def _inputs(rng: random.Random, style: str) -> list[list[int]]:
    """The inputs of one row's tests; the first one, the sample, is short."""
    sizes = [_lognormal(rng, 30, 2_000) for _ in range(min(60, max(1, _lognormal(rng, 8, 20))))]
    if style == "online_judge":
        sizes = [HUGE_INPUT if rng.random() < HUGE_INPUT_CHANCE else size for size in sizes]
    else:
        sizes = [min(size, 200) for size in sizes]
    sizes[0] = min(sizes[0], 60)
    return [_numbers(rng, size) for size in sizes]


def _text(numbers: list[int]) -> str:
    return " ".join(map(str, numbers)) + "\n"


def _question(rng: random.Random, program: Program, inputs: list[list[int]], style: str) -> str:
    """A statement about ``program`` in Markdown, with math and code as the style has them."""
    task = inspect.getdoc(program)
    sample, answer = inputs[0], program(inputs[0])
    words = [word for word in rng.choices(VOCABULARY, cum_weights=_WEIGHTS, k=6) if len(word) > 3]
    title = " ".join([*words, program.__name__.replace("_", " ")]).title()
    limits = f"There are at most $10^{{{rng.randint(4, 6)}}}$ numbers $x_i$ with $|x_i| \\le 10^7$."
    if style == "online_judge":
        end = (
            f"## Input\n\nIntegers separated by blanks. {limits}\n\n## Output\n\n{task}\n\n"
            f"## Sample Input\n\n```text\n{_text(sample)}```\n\n## Sample Output\n\n```text\n{_text(answer)}```"
        )
    else:
        end = f"{limits}\n\n**Example**\n\n```python\n{program.__name__}({sample}) == {answer}\n```"
    start = f"# {title}\n\n{task}"
    story = prose(rng, max(0, _lognormal(rng, 700, 4_000) - len(start) - len(end)))
    question = f"{start}\n\n{story}\n\n{end}"
    if style == "complete":
        return f"Complete the function.\n\n```python\n{_source(program).splitlines()[0]}\n```\n\n{question}"
    return question


def _solution(rng: random.Random, program: Program, style: str) -> str:
    """The reference: valid Python whose size is padded with comments."""
    code = _source(program)
    if style == "online_judge":
        code = f"import sys\n\n\n{code}\n\nprint(*{program.__name__}(list(map(int, sys.stdin.read().split()))))\n"
    story = prose(rng, max(0, _lognormal(rng, 800, 3_000) - len(code)))
    return "".join(f"# {line}\n" for line in story.replace(". ", ".\n").splitlines() if line) + code


def _test(program: Program, inputs: list[list[int]], style: str) -> str:
    """The row's `test`: a Python literal for `online_judge`, else a pytest file."""
    if style == "online_judge":
        return str({"stdin": [_text(i) for i in inputs], "stdout": [_text(program(i)) for i in inputs]})
    tests = (
        f"def test_{program.__name__}_{n}():\n    assert {program.__name__}({i}) == {program(i)}\n"
        for n, i in enumerate(inputs)
    )
    return f"from solution import {program.__name__}\n\n\n" + "\n\n".join(tests)


def _trial(rng: random.Random, solution: str, passed: int) -> dict[str, Any]:
    """One attempt of a model at the row's question, of TRIAL_SIZE characters."""
    code = solution[: TRIAL_SIZE // 2]
    start = rng.randrange(len(_filling()) - TRIAL_SIZE)
    test_code = "# " + _filling()[start : start + TRIAL_SIZE - len(code) - 2]
    result = "Pass" if passed else "Fail"
    return {
        "file_source": "made-up",
        "solution_code": code,
        "test_code": test_code,
        "test_coverage": 100.0,
        "test_result": result,
    }


def _place(index: int, count: int) -> tuple[str, int]:
    """The subset that row ``index`` of ``count`` falls into, and the row's number in it."""
    shares = sum(SUBSETS.values())
    if index < 0:
        raise IndexError(index)
    first, seen = 0, 0
    for subset, share in SUBSETS.items():
        seen += share
        end = count * seen // shares
        if index < end:
            return subset, index - first
        first = end
    raise IndexError(index)


def _style(rng: random.Random) -> str:
    return rng.choices(list(STYLES), weights=list(STYLES.values()))[0]


def _rng(index: int, seed: int) -> random.Random:
    return random.Random(f"{seed}:{index}")


def row(index: int, count: int, seed: int = 0) -> dict[str, Any]:
    """Row ``index`` (from 0) of the ``count`` rows of ``seed``, its columns in the schema's order.

    A `complete` row behind an `instruct` row is its twin: the same problem and number in the other style.
    """
    subset, number = _place(index, count)
    rng = _rng(index, seed)
    style = _style(rng)
    if style == "complete" and number:
        twin = _rng(index - 1, seed)
        if _style(twin) == "instruct":
            rng, number = twin, number - 1
    program = rng.choice(_PROGRAMS)
    inputs = _inputs(rng, style)
    question = _question(rng, program, inputs, style)
    solution = _solution(rng, program, style)
    ease = rng.betavariate(2, 1)
    passes = [int(rng.random() < ease) for _ in range(rng.randint(1, 10))]
    fraction = sum(passes) / len(passes)
    signature = _source(program).splitlines()[0]
    return {
        "version": "v1.1",
        "style": style,
        "subset": subset,
        "question_id": f"{subset}_{number}_{SUFFIXES[style]}",
        "question": question,
        "solution": solution,
        "test": _test(program, inputs, style),
        "test_info": [
            {
                "docstring": inspect.getdoc(program),
                "function_declaration": signature,
                "function_name": program.__name__,
                "parameter_list": "(numbers: list[int])",
            }
        ],
        "gpt_pass_sequence": passes,
        "gpt_pass_trial_num": sum(passes),
        "gpt_difficulty": "easy" if fraction >= 2 / 3 else "hard" if fraction < 1 / 3 else "medium",
        "gpt_pass_percentage": fraction,
        "trials": {
            f"trial_gpt4o_{n}": _trial(rng, solution, passes[n]) if n < len(passes) else None for n in range(10)
        },
        "chosen_trial": f"trial_gpt4o_{passes.index(1)}" if any(passes) else None,
        "metadata": {"original_instruction": "", "prompt_id": str(number), "row_id": index, "seed_ids": "[]"},
        "benchmark_similarity": round(rng.betavariate(4, 12), 6),
        "benchmark_instruction": None,
        "benchmark_task_id": None,
        "filter_reason": None,
    }
