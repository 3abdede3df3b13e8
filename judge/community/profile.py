"""What a profile shows of somebody: read from the tables that `reckoning.py` keeps, never from all submissions.

In charge of: whose profile who may see, and that nothing about problems shows that solvers don't see. Not in charge of:
counting, drawing.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from judge.accounts.models import User
from judge.community import days, leaderboard, list_pages, suggesting
from judge.community.days import HeatMap, Streak, Work
from judge.community.list_pages import Overview
from judge.community.standing_models import Day, LanguageUse, Progress, Standing
from judge.community.suggesting import Suggestion
from judge.submissions.models import Status, Submission
from problems import charts, counts
from problems.charts import Bar
from problems.dataset_page import LABELS
from problems.filters import UNRATED
from problems.models import Difficulty, State

RECENT = 10
# So many of the last submissions are looked at for some that everybody may know of.
RECENT_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Share:
    """So many problems of a difficulty are solved, of all that there are."""

    difficulty: str
    label: Any
    solved: int
    total: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class Profile:
    """All that the page shows. ``rank`` is None for who has none, or one that nobody counts up to."""

    person: User
    own: bool
    standing: Standing
    rank: int | None
    heat: HeatMap
    streak: Streak
    shares: list[Share]
    subsets: list[tuple[str, Bar]]
    languages: list[tuple[LanguageUse, Bar]]
    recent: list[Submission]
    lists: list[Overview]
    suggestions: list[Suggestion]


def visible(name: str, viewer: Any) -> User | None:
    """The person of this name, where ``viewer`` may see their profile: a private one is its owner's and curators'."""
    # No name has a NUL, and no database can be asked for one.
    person = User.objects.select_related("standing").filter(username=name.replace("\0", "")).first()
    if person is None or person == viewer or getattr(viewer, "is_curator", False):
        return person
    return person if person.is_active and not standing_of(person).private else None


def standing_of(person: User) -> Standing:
    """Their standing; a fresh one, not stored, for who has none yet."""
    return getattr(person, "standing", None) or Standing(user=person)


def set_private(person: User, private: bool) -> None:
    """Keep their profile from others, or show it."""
    Standing.objects.update_or_create(user=person, defaults={"private": private})


def profile(person: User, viewer: Any) -> Profile:
    """The page of ``person``, for whom `visible` has let through."""
    today = timezone.localdate()
    standing = standing_of(person)
    work = {day.day: Work(day.submissions, day.accepted) for day in Day.objects.filter(user_id=person.pk)}
    return Profile(
        person=person,
        own=person == viewer,
        standing=standing,
        rank=leaderboard.rank(standing),
        heat=days.heat_map(work, today),
        streak=days.streak([day for day, done in work.items() if done.accepted > 0], today),
        shares=_shares(standing),
        subsets=_subsets(person),
        languages=_languages(person),
        recent=recent(person),
        lists=list_pages.public_lists(viewer, person),
        suggestions=suggesting.for_profile(person) if person == viewer else [],
    )


def recent(person: User) -> list[Submission]:
    """Their last judged submissions for problems that everybody sees: the problem and the verdict, no more."""
    latest = Submission.objects.filter(user=person).to_solve().order_by("-pk")
    last = latest.values_list("pk", flat=True)[:RECENT_LOOKED_AT]
    shown = Q(problem__state=State.PUBLISHED, problem__judgeable=True, status=Status.DONE) & ~Q(verdict="IE")
    rows = Submission.objects.filter(shown, pk__in=list(last)).select_related("problem").order_by("-pk")
    return list(rows.only("status", "verdict", "created_at", "language", "problem__slug", "problem__title")[:RECENT])


def _shares(standing: Standing) -> list[Share]:
    found = counts.current()
    there: Counter[str] = Counter()
    for kind_id, number in found.numbers.items():
        if found.kinds[kind_id].shown:
            there[found.kinds[kind_id].difficulty] += number
    solved = {Difficulty.EASY.value: standing.easy, "medium": standing.medium, "hard": standing.hard}
    solved[""] = standing.solved - sum(solved.values())
    return [
        Share(
            difficulty or UNRATED,
            label,
            solved[difficulty],
            there[difficulty],
            charts.bar(
                [(difficulty or UNRATED, label, solved[difficulty])], max(there[difficulty], solved[difficulty])
            ),
        )
        for difficulty, label in LABELS.items()
        if there[difficulty] or solved[difficulty]
    ]


def _subsets(person: User) -> list[tuple[str, Bar]]:
    """What they have solved by subset, most first, each by difficulty."""
    solved = Progress.objects.filter(user=person, solved_at__isnull=False, shown=True)
    sums: dict[str, Counter[str]] = {}
    for subset, difficulty, number in solved.values_list("subset", "difficulty").annotate(Count("pk")):
        sums.setdefault(subset, Counter())[difficulty] = number
    longest = max((of.total() for of in sums.values()), default=0)
    most_first = sorted(sums.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        (subset, charts.bar(((key or UNRATED, label, of[key]) for key, label in LABELS.items()), longest))
        for subset, of in most_first
    ]


def _languages(person: User) -> list[tuple[LanguageUse, Bar]]:
    used = list(LanguageUse.objects.filter(user_id=person.pk).order_by("-submissions", "language"))
    longest = max((use.submissions for use in used), default=0)
    return [
        (use, charts.bar([("ac", "", use.accepted), ("rest", "", use.submissions - use.accepted)], longest))
        for use in used
    ]
