"""Attacks on the live site: real submissions of people made for it, to problems made for it, judged by the workers.

In charge of: what it makes and removes in the database, and of waiting. Not in charge of: the catalogue
(`attacking.py`) or how results are shown.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import Group

from judge.accounts.models import CURATORS, User
from judge.submissions.attacking import Attack
from judge.submissions.models import Lane, Status, Submission
from judge.submissions.submitting import SubmitRefused, submit
from problems.models import Problem, State, Style, TestCase

# Nobody can sign up under a name with a blank in it.
PREFIX = "attack run "
# So many wait at a time: an interrupted run leaves little behind in the queue.
IN_FLIGHT = 4
LOOK_SECONDS = 0.1
# Longer than the slowest compile bomb with all its attempts.
PATIENCE_SECONDS = 300.0


class NoAnswer(Exception):
    """No worker finished any submission for a long time."""


@dataclass(frozen=True, slots=True)
class Fought:
    """How an attack ended: its verdict, empty where the site did not take it, and the CPU time of the slowest test."""

    attack: Attack
    verdict: str
    time_ms: int | None
    error: str = ""

    @property
    def ok(self) -> bool:
        """True where the verdict is one of those allowed."""
        return self.verdict in self.attack.verdicts if self.verdict else self.attack.refused


class Siege:
    """Two attackers with their problems; leaving the context removes all of it."""

    def __enter__(self) -> Self:
        self._name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
        group, _ = Group.objects.get_or_create(name=CURATORS)
        self._users = [User(username=f"{self._name} {number}", is_active=False) for number in (1, 2)]
        for user in self._users:
            user.set_unusable_password()
            user.save()
            user.groups.add(group)  # the problems are hidden from everybody else
        return self

    def __exit__(self, *_: object) -> None:
        Submission.objects.filter(user__in=self._users).delete()
        Problem.objects.filter(question_id__startswith=self._name).delete()
        for user in self._users:
            user.delete()

    def fight(self, attacks: Sequence[Attack]) -> Iterator[Fought]:
        """Each attack's end, as they fall. Those that follow another start when it is done. Raises NoAnswer."""
        waiting = list(attacks)
        flying: dict[int, tuple[Attack, User]] = {}
        whose: dict[str, User] = {}
        news = time.monotonic()
        while waiting or flying:
            while waiting and len(flying) < IN_FLIGHT and self._may_start(waiting[0], flying):
                attack = waiting.pop(0)
                user = self._attacker(attack, whose)
                try:
                    flying[self._submit(attack, user).pk] = attack, user
                except SubmitRefused as refused:
                    yield Fought(attack, "", None, str(refused))
            done = Submission.objects.filter(pk__in=flying, status=Status.DONE)
            for submission in done.only("verdict", "time_ms", "error"):
                attack, user = flying.pop(submission.pk)
                whose[attack.name] = user
                news = time.monotonic()
                yield Fought(attack, submission.verdict, submission.time_ms, submission.error)
            if time.monotonic() - news > PATIENCE_SECONDS:
                raise NoAnswer(f"no submission was judged for {PATIENCE_SECONDS:.0f} s: is a worker running?")
            if flying:
                time.sleep(LOOK_SECONDS)

    def _may_start(self, attack: Attack, flying: dict[int, tuple[Attack, User]]) -> bool:
        return attack.follows not in {other.name for other, _ in flying.values()}

    def _attacker(self, attack: Attack, whose: dict[str, User]) -> User:
        """One of the two in turn, so that both are always under way; after another attack, its owner or not."""
        before = whose.get(attack.follows)
        if before is not None:
            return before if attack.same_owner else self._users[self._users.index(before) - 1]
        self._users.reverse()
        return self._users[0]

    def _submit(self, attack: Attack, user: User) -> Submission:
        problem = Problem.objects.create(
            question_id=f"{self._name} {attack.name}",
            slug=f"{self._name} {attack.name}".replace(" ", "-").replace("_", "-"),
            title=attack.name,
            statement=attack.what,
            style=Style.ONLINE_JUDGE,
            subset="Attacks",
            state=State.HIDDEN,
            state_reason="made by manage.py attack, which removes it",
            content_hash=b"",
            tests_hash=b"",
            time_limit_ms=attack.time_limit_ms,
            memory_limit_kb=attack.memory_limit_kb,
        )
        TestCase.objects.bulk_create(
            TestCase(problem=problem, position=position, stdin=stdin, stdout=answer)
            for position, (stdin, answer) in enumerate(attack.tests, 1)
        )
        return submit(user, problem, attack.language, attack.source, Lane.BATCH)
