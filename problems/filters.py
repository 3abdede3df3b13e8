"""The filters of the problem list."""

from typing import Any

import django_filters
from django import forms
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from problems.models import Difficulty, Problem, State
from problems.search import search
from problems.templatetags.dataset import subset_words

MARKS = [("solved", _("Solved")), ("tried", _("Tried, not solved")), ("new", _("Not tried"))]


def subsets() -> list[tuple[str, str]]:
    """The subsets that have published problems, as choices: one index look-up each, never a scan."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE found AS (
                SELECT min(subset) AS subset FROM problems_problem WHERE state = %(state)s AND judgeable
                UNION ALL
                SELECT (SELECT min(subset) FROM problems_problem
                        WHERE state = %(state)s AND judgeable AND subset > found.subset)
                FROM found WHERE found.subset IS NOT NULL
            )
            SELECT subset FROM found WHERE subset IS NOT NULL
            """,
            {"state": State.PUBLISHED},
        )
        return [(subset, subset_words(subset)) for (subset,) in cursor]


class ProblemFilter(django_filters.FilterSet):
    """Words, subset, difficulty, and for signed-in users what they have solved. Wants `progress.marked` problems."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Title or id"), "autocomplete": "off"}),
    )
    difficulty = django_filters.ChoiceFilter(
        label=_("Difficulty"), choices=Difficulty.choices, empty_label=_("Any difficulty")
    )
    subset = django_filters.ChoiceFilter(label=_("Subset"), choices=subsets, empty_label=_("All subsets"))
    mark = django_filters.ChoiceFilter(
        label=_("Progress"), choices=MARKS, method="by_mark", empty_label=_("Solved or not")
    )

    class Meta:
        model = Problem
        fields = ["q", "difficulty", "subset", "mark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_authenticated:
            del self.filters["mark"]

    def by_words(self, problems: QuerySet[Problem], name: str, value: str) -> QuerySet[Problem]:
        """Problems that the words name."""
        return search(problems, value)

    def by_mark(self, problems: QuerySet[Problem], name: str, value: str) -> QuerySet[Problem]:
        """Problems that the user has solved, tried, or not touched."""
        conditions = {"solved": {"solved": True}, "tried": {"tried": True, "solved": False}, "new": {"tried": False}}
        return problems.filter(**conditions[value])
