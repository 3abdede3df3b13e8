"""Options of an import: what they choose, and that they are kept as they are."""

from dataclasses import replace

import pytest

from problems.options import Options
from problems.sources import Facets

ROW = Facets(style="instruct", subset="Taco", split="train", difficulty="easy", pass_percentage=0.5)


@pytest.mark.parametrize(
    "options",
    [
        Options(styles=("complete", "online_judge")),
        Options(subsets=("taco",)),
        Options(splits=("use_with_caution",)),
        Options(difficulties=("hard",)),
        Options(min_pass=0.51),
        Options(styles=("instruct",), subsets=("Apps",)),
    ],
)
def test_a_row_that_is_not_chosen(options: Options) -> None:
    assert not options.want(ROW)


def test_a_row_without_a_pass_rate_has_none_that_is_high_enough() -> None:
    assert not Options(min_pass=0.1).want(replace(ROW, pass_percentage=None))


@pytest.mark.parametrize(
    "options",
    [Options(), Options(styles=("complete", "instruct")), Options(min_pass=0.5), Options(min_pass=0.0, limit=3)],
)
def test_a_row_that_is_chosen(options: Options) -> None:
    assert options.want(ROW)


@pytest.mark.parametrize(("options", "choose"), [(Options(with_trials=True), False), (Options(limit=1), True)])
def test_whether_rows_may_be_left_out(options: Options, choose: bool) -> None:
    assert options.choose == choose


def test_they_are_kept_as_they_are() -> None:
    options = Options(styles=("complete",), limit=7, min_pass=0.25, with_trials=True)
    assert Options.from_json(options.as_json()) == options


def test_runs_from_before_there_were_options_had_none() -> None:
    assert Options.from_json({}) == Options()
