"""How people do at one problem: verdicts, times, the fastest and the shortest programs.

Read from numbers that `reckoning.py` keeps, and from the beginnings of indexes. Whose program it is, is said only of
those whose profile is public; a link leads only to one's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from judge.community.standing_models import ProblemTally, Progress, TallyKind
from judge.submissions.models import Verdict
from problems import charts
from problems.charts import Bar, Column
from problems.models import Problem

# So many programs a list has.
BEST = 10
# So many columns the histogram has at least and at most; the last may hold all that are slower.
FEWEST_COLUMNS, COLUMNS = 10, 20
# Beyond the time of all but so many in a hundred, columns would be nearly empty.
TAIL = 3

Times = Mapping[int, int]  # how many people's fastest program took so many ms, to two figures


@dataclass(frozen=True, slots=True)
class Best:
    """A line of a list: `value` is ms or bytes. ``name`` is "" for who keeps their profile private."""

    rank: int
    name: str
    own: bool
    value: int
    language: str
    submission_id: int


@dataclass(frozen=True, slots=True)
class Runtimes:
    """The histogram, whose column ``mine`` holds one's own fastest program (None: there is none), which is faster than
    ``beaten`` per cent of the others' (None: there are none).
    """

    columns: list[Column]
    mine: int | None
    own_ms: int | None
    beaten: int | None

    @property
    def ends(self) -> tuple[str | Promise, str | Promise]:
        """What stands below the first and the last column."""
        return self.columns[0].label, self.columns[-1].label


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that the page shows. ``acceptance`` is the accepted submissions' share in per cent, None without any."""

    problem: Problem
    submissions: int
    acceptance: int | None
    tried: int
    solved: int
    verdicts: Bar
    runtimes: Runtimes | None
    fastest: list[Best]
    shortest: list[Best]


def of(problem: Problem, viewer: Any) -> Statistics:
    """The statistics of ``problem`` for ``viewer``, who may see it."""
    counted: dict[str, dict[str, int]] = {kind: {} for kind in TallyKind.values}
    for kind, key, number in ProblemTally.objects.filter(problem_id=problem.pk).values_list("kind", "key", "number"):
        counted[kind][key] = number
    verdicts, people = counted[TallyKind.VERDICT], counted[TallyKind.PEOPLE]
    submissions = sum(verdicts.values())
    own = Progress.objects.filter(problem=problem, user_id=viewer.pk, fastest_ms__isnull=False).first()
    return Statistics(
        problem=problem,
        submissions=submissions,
        acceptance=round(100 * verdicts.get(Verdict.AC, 0) / submissions) if submissions else None,
        tried=people.get("tried", 0),
        solved=people.get("solved", 0),
        verdicts=charts.bar(_parts(verdicts)),
        runtimes=runtimes(
            {int(ms): number for ms, number in counted[TallyKind.TIME].items()}, own.fastest_ms if own else None
        ),
        fastest=_best(problem, viewer, "fastest", "fastest_ms"),
        shortest=_best(problem, viewer, "shortest", "shortest_bytes"),
    )


def runtimes(times: Times, own_ms: int | None) -> Runtimes | None:
    """The histogram of ``times``; None without any."""
    if not times:
        return None
    first, width, number = _scale(times)
    heights = [0] * number
    for ms, people in times.items():
        heights[min((ms - first) // width, number - 1)] += people
    open_end = max(times) >= first + number * width
    labels = [_label(first + place * width, width) for place in range(number)]
    if open_end:
        labels[-1] = _("%(ms)d ms or more") % {"ms": first + (number - 1) * width}
    mine = None if own_ms is None else two_figures(own_ms)
    return Runtimes(
        columns=charts.histogram(zip(labels, heights, strict=True)),
        mine=None if mine is None else max(0, min((mine - first) // width, number - 1)),
        own_ms=own_ms,
        beaten=None if mine is None else _beaten(times, mine),
    )


def two_figures(ms: int) -> int:
    """As times are counted: 1999 as 1900."""
    step: int = 10 ** max(len(str(ms)) - 2, 0)
    return ms - ms % step


def _scale(times: Times) -> tuple[int, int, int]:
    """Where the first column begins, how wide each is, and how many there are."""
    total, slower = sum(times.values()), 0
    last = max(times)
    for ms in sorted(times, reverse=True):
        last = ms
        slower += times[ms]
        if slower * 100 > total * TAIL:
            break
    span = last - min(times) + 1
    widths = (figure * 10**power for power in range(10) for figure in (1, 2, 5))
    width = next(width for width in widths if width * (COLUMNS - 1) >= span)
    first = min(times) - min(times) % width
    number = (last - first) // width + 1 + (max(times) > last)
    return first, width, max(FEWEST_COLUMNS, min(number, COLUMNS))


def _label(start: int, width: int) -> str:
    if width == 1:
        return _("%(ms)d ms") % {"ms": start}
    return _("%(start)d to %(end)d ms") % {"start": start, "end": start + width - 1}


def _beaten(times: Times, mine: int) -> int | None:
    others = sum(times.values()) - 1
    slower = sum(people for ms, people in times.items() if ms > mine)
    return round(100 * slower / others) if others > 0 else None


def _parts(verdicts: Mapping[str, int]) -> list[tuple[str, str | Promise, int]]:
    shown = [verdict for verdict in Verdict if verdict != Verdict.IE]
    return [(verdict.value.lower(), verdict.label, verdicts.get(verdict, 0)) for verdict in shown]


def _best(problem: Problem, viewer: Any, which: str, by: str) -> list[Best]:
    ranked = Progress.objects.filter(problem=problem, **{f"{by}__isnull": False}).select_related("user__standing")
    rows = list(ranked.order_by(by, f"{which}_id")[:BEST])
    return [
        Best(
            rank=rank,
            name=_name(row.user, row.user_id == viewer.pk),
            own=row.user_id == viewer.pk,
            value=getattr(row, by),
            language=getattr(row, f"{which}_language"),
            submission_id=getattr(row, f"{which}_id"),
        )
        for rank, row in enumerate(rows, 1)
    ]


def _name(user: Any, own: bool) -> str:
    standing = getattr(user, "standing", None)
    public = user.is_active and not (standing and standing.private)
    return user.get_username() if own or public else ""
