"""Heat maps and streaks, for days of all kinds."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from judge.community import days
from judge.community.days import Streak, Work

TODAY = date(2026, 11, 26)  # a Thursday


def back(*numbers: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("solved", "expected"),
    [
        ([], Streak(0, 0)),
        (back(0), Streak(1, 1)),
        (back(1), Streak(1, 1)),
        (back(2), Streak(0, 1)),
        (back(0, 1, 2, 4, 5), Streak(3, 3)),
        (back(1, 2, 4, 5, 6, 7), Streak(2, 4)),
        (back(0, 0, 1), Streak(2, 2)),
        (back(30, 31, 32), Streak(0, 3)),
        ([date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)], Streak(0, 3)),
    ],
)
def test_streaks(solved, expected):
    assert days.streak(solved, TODAY) == expected
    assert days.streak(solved[::-1], TODAY) == expected


def test_an_empty_map_has_all_days_up_to_today():
    heat = days.heat_map({}, TODAY)
    assert (heat.submissions, heat.days, heat.squares) == (0, 0, [])
    assert len(re.findall("M", heat.rest)) == 52 * 7 + 4


def test_each_day_has_one_square_and_all_lie_inside():
    work = {day: Work(1, 1) for day in back(*range(500))}
    heat = days.heat_map(work, TODAY)
    assert heat.rest == ""
    assert len({(s.x, s.y) for s in heat.squares}) == len(heat.squares) == 52 * 7 + 4
    assert max(s.x for s in heat.squares) + days.SQUARE <= heat.width
    assert max(s.y for s in heat.squares) + days.SQUARE <= heat.height


@pytest.mark.parametrize(("number", "level"), [(1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (9, 3), (10, 4), (900, 4)])
def test_more_work_is_a_stronger_colour(number, level):
    assert days.heat_map({TODAY: Work(number, 0)}, TODAY).squares[0].level == level


def test_a_day_says_what_was_done():
    words = days.heat_map({TODAY: Work(3, 2)}, TODAY).squares[0].words
    assert words == "Nov. 26, 2026: 3 submissions, 2 accepted"


def test_months_add_up_to_the_map_and_their_names_do_not_meet():
    work = {day: Work(2, 1) for day in back(*range(0, 500, 3))}
    for shift in range(40):
        heat = days.heat_map(work, TODAY + timedelta(days=shift))
        assert sum(month.submissions for month in heat.months) == heat.submissions
        assert sum(month.days for month in heat.months) == heat.days
        shown = [month.x for month in heat.months if month.label]
        assert len(shown) >= 11
        assert all(after - before >= 3 * days.STEP for before, after in pairwise(shown))
        assert shown[-1] + 20 <= heat.width


def test_work_before_the_map_is_not_on_it():
    heat = days.heat_map({days.first_day(TODAY) - timedelta(days=1): Work(1, 1)}, TODAY)
    assert (heat.submissions, heat.squares) == (0, [])
