"""Which of one's own submissions the list shows.

What may be asked for is bounded by one's own work: problems are searched only among those that one has tried.
"""

from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.http import QueryDict

from judge.accounts.models import User
from judge.engine.languages import all_languages
from judge.submissions.models import Status, Submission, SubmissionQuerySet, Verdict
from problems.models import Problem

MAX_WORDS = 200
# What `show` says for the list of verifications.
VERIFICATIONS = "verifications"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; the empty text stands for all. ``problem`` is an address or a part of a title.

    Verifications stand in a list of their own, where ``verifying``.
    """

    problem: str
    verdict: str
    language: str
    status: str
    verifying: bool

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        """The choice; what is none of those offered counts as not chosen."""
        return cls(
            problem=params.get("problem", "").replace("\0", "").strip()[:MAX_WORDS],
            verdict=_one_of(params.get("verdict"), Verdict.values),
            language=_one_of(params.get("language"), all_languages()),
            status=_one_of(params.get("status"), Status.values),
            verifying=params.get("show") == VERIFICATIONS,
        )

    @property
    def is_all(self) -> bool:
        """True where nothing is chosen."""
        return not (self.problem or self.verdict or self.language or self.status or self.verifying)

    def of(self, user: User) -> SubmissionQuerySet:
        """The submissions of ``user`` that fit."""
        own = Submission.objects.filter(user=user)
        mine = own.to_verify() if self.verifying else own.to_solve()
        exact = {name: getattr(self, name) for name in ("verdict", "language", "status") if getattr(self, name)}
        if self.problem:
            exact["problem_id__in"] = self._problems(mine)
        return mine.filter(**exact)

    def _problems(self, mine: SubmissionQuerySet) -> list[int]:
        # Two steps, so that the table of problems is never searched by a part of a title.
        tried = list(mine.order_by().values_list("problem_id", flat=True).distinct())
        named = Q(slug=self.problem.lower()) | Q(title__icontains=self.problem)
        return list(Problem.objects.filter(named, pk__in=tried).order_by().values_list("pk", flat=True))


def _one_of(value: str | None, offered: object) -> str:
    return value if value and value in offered else ""  # type: ignore[operator]
