"""Somebody's days: a year of them as a heat map, and how many were solved on in a row. Pure: knows no tables.

Days are those of the site's time zone; who asks says which day is today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# So many columns of seven days; the last holds today.
WEEKS = 53
# The drawing's units: a day's square, and from one to the next.
SQUARE, STEP = 10, 12
LEFT, TOP = 32, 16
# From so many submissions on a day has the level that is its place here.
LEVELS = (0, 1, 3, 6, 10)


class Work(NamedTuple):
    """How much somebody sent in on a day."""

    submissions: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Square:
    """A day with work: its place in the drawing, its colour's level from 1, its words."""

    x: int
    y: int
    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month's name above the column that it begins in, and its sums for whoever reads the map as a table."""

    x: int
    label: str
    name: str
    submissions: int
    accepted: int
    days: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The map, in units of its drawing. ``rest`` is the path of all days without work; months are the oldest first."""

    width: int
    height: int
    rest: str
    squares: list[Square]
    months: list[Month]
    weekdays: list[tuple[int, str]]
    submissions: int
    days: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with an accepted program: now (a day that isn't over yet breaks nothing), and the most ever."""

    current: int
    longest: int


def first_day(today: date) -> date:
    """The Monday that a map begins with."""
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def heat_map(work: Mapping[date, Work], today: date) -> HeatMap:
    """The map of the weeks up to ``today``; ``work`` may tell of other days, too."""
    begin = first_day(today)
    days = [begin + timedelta(days=number) for number in range((today - begin).days + 1)]
    worked = {day: work[day] for day in days if day in work and work[day].submissions > 0}
    idle = (_place(day, begin) for day in days if day not in worked)
    return HeatMap(
        width=LEFT + WEEKS * STEP,
        height=TOP + 7 * STEP,
        rest="".join(f"M{x} {y}h{SQUARE}v{SQUARE}h-{SQUARE}z" for x, y in idle),
        squares=[Square(*_place(day, begin), _level(done), _words(day, done)) for day, done in worked.items()],
        months=_months(days, worked, begin),
        # Every second one, for want of room.
        weekdays=[(TOP + row * STEP + SQUARE - 2, date_format(begin + timedelta(days=row), "D")) for row in (0, 2, 4)],
        submissions=sum(done.submissions for done in worked.values()),
        days=len(worked),
    )


def streak(solved: Sequence[date], today: date) -> Streak:
    """``solved`` are the days with an accepted program, in any order."""
    longest = current = 0
    # Days in a row are equally far from their number.
    for _distance, run in groupby(enumerate(sorted(set(solved))), lambda item: item[1].toordinal() - item[0]):
        days = [day for _number, day in run]
        longest = max(longest, len(days))
        if days[-1] in {today, today - timedelta(days=1)}:
            current = len(days)
    return Streak(current, longest)


def _place(day: date, begin: date) -> tuple[int, int]:
    week, weekday = divmod((day - begin).days, 7)
    return LEFT + week * STEP, TOP + weekday * STEP


def _level(done: Work) -> int:
    return max(level for level, least in enumerate(LEVELS) if done.submissions >= least)


def _words(day: date, done: Work) -> str:
    sent = ngettext("%(number)d submission", "%(number)d submissions", done.submissions) % {"number": done.submissions}
    return _("%(day)s: %(sent)s, %(accepted)d accepted") % {
        "day": date_format(day, "DATE_FORMAT"),
        "sent": sent,
        "accepted": done.accepted,
    }


def _months(days: Sequence[date], worked: Mapping[date, Work], begin: date) -> list[Month]:
    return [
        _month(list(of_month), worked, begin) for _key, of_month in groupby(days, lambda day: (day.year, day.month))
    ]


def _month(of_month: Sequence[date], worked: Mapping[date, Work], begin: date) -> Month:
    first = of_month[0]
    done = [worked[day] for day in of_month if day in worked]
    # Its name stands over the first week that begins in it, where there is room before the next and the edge.
    x, _y = _place(first + timedelta(days=-first.weekday() % 7), begin)
    room = x <= LEFT + (WEEKS - 3) * STEP and (first.day == 1 or len(of_month) > 14)
    return Month(
        x=x,
        label=date_format(first, "M") if room else "",
        name=date_format(first, "YEAR_MONTH_FORMAT"),
        submissions=sum(work.submissions for work in done),
        accepted=sum(work.accepted for work in done),
        days=len(done),
    )
