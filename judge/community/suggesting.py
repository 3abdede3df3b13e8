"""Which problem could be next, and why: by subset and difficulty, of what somebody has solved.

Looks at the beginnings of a few ranges of an index (`problems.finding`), whatever the number of problems. Where all of
such a beginning is tried already, the next rule has its turn.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judge.accounts.models import User
from judge.community.standing_models import Progress
from problems import counts, finding, progress
from problems.counts import Counts, Kind
from problems.finding import Order, Place, Row, Span
from problems.models import Difficulty, Problem
from problems.templatetags.dataset import subset_words

# After so many solved of a difficulty in a subset, a harder one is suggested.
STEP_UP = 5
LOOKED_AT = 40
HARDER = {"": Difficulty.MEDIUM, Difficulty.EASY: Difficulty.MEDIUM, Difficulty.MEDIUM: Difficulty.HARD}

# How many somebody has tried and solved, by subset and difficulty.
Reached = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A problem that solvers see, and why it is suggested, in words."""

    problem: Problem
    why: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A kind of problem to look for; "any" is None."""

    why: str
    difficulty: str | None = None
    subset: str | None = None


def after(problem: Problem, user: User) -> Suggestion | None:
    """What could come after ``problem``, which ``user`` has solved; None where nothing is left."""
    counted, mine = counts.current(), _reached(user)
    for rule in _rules(problem, mine):
        if (kinds := _kinds(counted, rule, mine)) and (found := _first_untried(counted, kinds, user, problem.pk)):
            return Suggestion(found, rule.why)
    return None


def for_profile(user: User) -> list[Suggestion]:
    """What could come next in all: something unfinished, something after the last that was solved; else a first one."""
    found = [suggestion for suggestion in (_unfinished(user), _after_last(user)) if suggestion]
    return found or [suggestion for suggestion in (_first(user),) if suggestion]


def _unfinished(user: User) -> Suggestion | None:
    """The problem that was begun last and is not solved."""
    mine = Progress.objects.filter(user=user, shown=True, solved_at__isnull=True).select_related("problem")
    begun = mine.only("tries", "user_id", *_SHOWN).order_by("-pk").first()
    if begun is None:
        return None
    why = ngettext("You have tried it once: have another go.", "You have tried it %(number)d times: have another go.",
                   begun.tries)  # fmt: skip
    return Suggestion(begun.problem, why % {"number": begun.tries})


def _after_last(user: User) -> Suggestion | None:
    mine = Progress.objects.filter(user=user, shown=True, solved_at__isnull=False).select_related("problem")
    last = mine.only("solved_at", "user_id", *_SHOWN).order_by("-solved_at").first()
    return after(last.problem, user) if last else None


def _first(user: User) -> Suggestion | None:
    """For who has not begun: an easy one that most solve."""
    counted = counts.current()
    rule = _Rule(_("A good one to begin with: easy, and most get it right."), Difficulty.EASY)
    kinds = _kinds(counted, rule, {})
    rows = finding.of_kinds(Span(Order("easiest"), None, False, LOOKED_AT), kinds, counted.numbers, by_rate=True)
    found = _untried(rows, user)
    return Suggestion(found, rule.why) if found else None


def _reached(user: User) -> Reached:
    mine = Progress.objects.filter(user=user, shown=True).values_list("subset", "difficulty").order_by()
    return {
        (subset, difficulty): (tried, solved)
        for subset, difficulty, tried, solved in mine.annotate(Count("pk"), Count("solved_at"))
    }


def _rules(problem: Problem, mine: Reached) -> Iterator[_Rule]:
    """Nearest first."""
    difficulty, subset = problem.difficulty, problem.subset
    words = {
        "difficulty": _word(difficulty),
        "harder": _word(HARDER.get(difficulty, "")),
        "subset": subset_words(subset),
    }
    _tried, solved = mine.get((subset, difficulty), (0, 0))
    if solved >= STEP_UP and difficulty in HARDER:
        words["number"] = str(solved)
        why = _("A step up: you have solved %(number)s of %(subset)s that are %(difficulty)s; this one is %(harder)s.")
        yield _Rule(why % words, HARDER[difficulty], subset)
    yield _Rule(_("Of %(subset)s and %(difficulty)s, like the last one you solved.") % words, difficulty, subset)
    if difficulty in HARDER:
        yield _Rule(_("A step up in %(subset)s: this one is %(harder)s.") % words, HARDER[difficulty], subset)
    yield _Rule(_("From another subset, and %(difficulty)s like the last one you solved.") % words, difficulty)
    if difficulty in HARDER:
        yield _Rule(_("A step up, from another subset: this one is %(harder)s.") % words, HARDER[difficulty])
    yield _Rule(_("Something different: you have been through what is like the last one you solved."))


def _word(difficulty: str) -> str:
    return str(Difficulty(difficulty).label).lower() if difficulty else _("unrated")


def _kinds(counted: Counts, rule: _Rule, mine: Reached) -> list[Kind]:
    """The kinds of problems that ``rule`` is about, of which not all are tried."""
    numbers: Counter[tuple[str, str]] = Counter()
    kinds = [
        kind
        for kind_id, kind in counted.kinds.items()
        if kind.shown
        and counted.numbers.get(kind_id, 0) > 0
        and rule.difficulty in {None, kind.difficulty}
        and rule.subset in {None, kind.subset}
    ]
    for kind in kinds:
        numbers[kind.subset, kind.difficulty] += counted.numbers[kind.id]
    left = {pair for pair, number in numbers.items() if number > mine.get(pair, (0, 0))[0]}
    return [kind for kind in kinds if (kind.subset, kind.difficulty) in left]


def _first_untried(counted: Counts, kinds: list[Kind], user: User, solved_id: int) -> Problem | None:
    """The next one behind the one that was solved, else from the beginning."""
    for edge in (Place(0, solved_id), None):
        rows = finding.of_kinds(Span(Order(""), edge, False, LOOKED_AT), kinds, counted.numbers, by_rate=False)
        if found := _untried(rows, user):
            return found
    return None


def _untried(rows: list[Row], user: Any) -> Problem | None:
    tried: Mapping[int, bool] = progress.tried(user, [row.id for row in rows])
    row = next((row for row in rows if row.id not in tried), None)
    return row and Problem(
        pk=row.id, slug=row.slug, title=row.title, subset=row.subset, difficulty=row.difficulty, state=row.state
    )


_SHOWN = tuple(f"problem__{name}" for name in ("slug", "title", "subset", "difficulty", "state"))
