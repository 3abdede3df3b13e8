"""Looks for a small input that a program answers otherwise than the reference does.

Inputs grow from samples only. One counts where the reference reads it without a fault and answers it twice alike.
Bounded by a number of runs and by the clock. The reference and the program are never in containers at the same time,
so that a thread needs no more room than for judging.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice

from judge.engine import checking, languages, verdicts
from judge.engine.growing.forms import Form
from judge.engine.growing.inferring import forms
from judge.engine.growing.writing import Tape, Unfit, write
from judge.engine.sandbox import Sandbox
from judge.engine.types import Case, Job, Limits, Program, RunResult
from judge.engine.verdicts import Ended, Verdict

SIZES = (1, 2, 2, 3, 3, 4, 5, 6, 8, 10)
A_ROUND = 40
MAX_INPUT = 2_000
MAX_RUNS = 1_200
# A reference that runs into limits again and again is not one to wait for.
MAX_STOPPED = 3
LONGEST_CPU_MS = 2_000
# The larger, the more tapes a round of making the input smaller looks at.
MAX_SIMPLER = 400


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A program that failed, and what it is held against. ``job.cases`` are the samples, and nothing else."""

    job: Job
    reference: Program


@dataclass(frozen=True, slots=True)
class Culprit:
    """An input with the reference's answer and what the program made of it; ``loose`` where it bends a likeness that
    the samples have among each other.
    """

    stdin: bytes
    answer: bytes
    result: RunResult
    verdict: Verdict
    note: str
    loose: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a search: the culprit or None, and how many inputs the reference read. ``trusted`` is False where
    the reference itself failed on the samples.
    """

    culprit: Culprit | None
    tried: int
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class _Input:
    """One to try, with the tape that it was written from."""

    form: Form
    size: int
    tape: tuple[int, ...]
    text: bytes
    loose: bool

    @property
    def key(self) -> tuple[int, bytes]:
        """The shorter the simpler."""
        return len(self.text), self.text


def search(suspicion: Suspicion, sandbox: Sandbox, go_on: Callable[[], bool], seed: int = 0) -> Report:
    """Look until something is found and made small, or ``go_on`` says no, or enough was tried.

    Raises ConfigurationError, CheckerFailed, SandboxError as `judge` does.
    """
    checking.refuse_reserved(suspicion.job.owner)
    return _Search(suspicion, sandbox, go_on, seed).run()


@dataclass(slots=True)
class _Search:
    suspicion: Suspicion
    sandbox: Sandbox
    go_on: Callable[[], bool]
    seed: int
    tried: int = 0
    _runs: int = 0
    _seen: set[bytes] = field(default_factory=set)

    def run(self) -> Report:
        job = self.suspicion.job
        samples = [case.stdin for case in job.cases]
        if not self._is_trusted():
            return Report(None, 0, trusted=False)
        self._seen.update(samples)
        for inputs in self._rounds(forms(samples)):
            if found := self._first_wrong(inputs):
                return Report(self._made_small(*found), self.tried)
            if not self._may_go_on():
                break
        return Report(None, self.tried)

    def _rounds(self, strict: Sequence[Form]) -> Iterator[list[_Input]]:
        """Inputs to try, small ones first; then those of a looser form."""
        source = random.Random(self.seed)  # noqa: S311
        loose = [form.loosened() for form in strict]
        for is_loose, of in ((False, strict), (True, [form for form in loose if form not in strict])):
            for size in SIZES if of else ():
                made = [self._new(of[at % len(of)], size, Tape((), source), is_loose) for at in range(3 * A_ROUND)]
                yield sorted((each for each in made if each), key=lambda each: each.key)[:A_ROUND]

    def _new(self, form: Form, size: int, tape: Tape, loose: bool) -> _Input | None:
        """An input that was not tried yet."""
        try:
            text = write(form, tape, size)
        except Unfit:
            return None
        if len(text) > MAX_INPUT or text in self._seen:
            return None
        self._seen.add(text)
        return _Input(form, size, tuple(tape.taken), text, loose)

    def _made_small(self, found: _Input, culprit: Culprit) -> Culprit:
        while self._may_go_on():
            simpler = (self._new(found.form, found.size, Tape(t), found.loose) for t in _simpler(found.tape))
            better = sorted((each for each in simpler if each and each.key < found.key), key=lambda each: each.key)
            for start in range(0, len(better), A_ROUND):
                if wrong := self._first_wrong(better[start : start + A_ROUND]):
                    found, culprit = wrong
                    break
                if not self._may_go_on():
                    return culprit
            else:
                return culprit
        return culprit

    def _may_go_on(self) -> bool:
        return self._runs < MAX_RUNS and self.go_on()

    def _limits(self) -> Limits:
        limits = self.suspicion.job.limits
        return replace(limits, cpu_ms=min(limits.cpu_ms, LONGEST_CPU_MS))

    def _is_trusted(self) -> bool:
        """True where the reference answers the samples as they say."""
        cases = self.suspicion.job.cases
        answers = self._answers([case.stdin for case in cases])
        with ExitStack() as stack:
            check = checking.for_job(self.suspicion.job, self.sandbox, stack)
            return all(
                answer is not None and check(case, answer).right for case, answer in zip(cases, answers, strict=True)
            )

    def _answers(self, inputs: Sequence[bytes], *, at_any_cost: bool = False) -> list[bytes | None]:
        """The reference's answer to each; None where it failed, or was not asked any more."""
        reference = self.suspicion.reference
        language = languages.get(reference.language)
        limits = self._limits().stretched(language.time_factor)
        answers: list[bytes | None] = []
        stopped = 0
        with self.sandbox.open(_owner_of(reference)) as box:
            if not box.load(language, reference.source).ok:
                return [None] * len(inputs)
            for text in inputs:
                if not at_any_cost and (stopped >= MAX_STOPPED or not self._may_go_on()):
                    answers.append(None)
                    continue
                self._runs += 1
                result = box.run(text, limits)
                stopped += result.ended.by_limit
                clean = result.ended is Ended.EXITED and result.exit_code == 0 and not result.stderr
                answers.append(result.stdout if clean else None)
        return answers

    def _first_wrong(self, inputs: Sequence[_Input]) -> tuple[_Input, Culprit] | None:
        """The first that the program answers wrongly, though the reference answers it and does so twice alike."""
        answers = self._answers([each.text for each in inputs])
        read = [(each, answer) for each, answer in zip(inputs, answers, strict=True) if answer is not None]
        self.tried += len(read)
        for each, culprit in self._wrong(read):
            if self._answers([each.text], at_any_cost=True) == [culprit.answer]:
                return each, culprit
        return None

    def _wrong(self, read: Sequence[tuple[_Input, bytes]]) -> list[tuple[_Input, Culprit]]:
        """The first few that the program answers wrongly."""
        job = self.suspicion.job
        language = languages.get(job.language)
        limits = self._limits().stretched(language.time_factor)
        wrong: list[tuple[_Input, Culprit]] = []
        with ExitStack() as stack:
            check = checking.for_job(job, self.sandbox, stack)
            box = stack.enter_context(self.sandbox.open(job.owner))
            if not box.load(language, job.source).ok:
                return []
            for each, answer in read:
                if len(wrong) >= MAX_STOPPED or not self._may_go_on():
                    break
                self._runs += 1
                result = box.run(each.text, limits)
                verdict, note = verdicts.of_run(result), ""
                if verdict is None:
                    checked = check(Case(each.text, answer), result.stdout)
                    if checked.right:
                        continue
                    verdict, note = Verdict.WA, checked.note
                wrong.append((each, Culprit(each.text, answer, result, verdict, note, each.loose)))
                if result.ended.by_limit:
                    break  # each costs seconds
        return wrong


def _owner_of(reference: Program) -> str:
    """An owner of the engine's own, another for each reference: no submission shares a container with one."""
    digest = hashlib.sha256(reference.language.encode() + b"\0" + reference.source).hexdigest()
    return f"kodjudge:reference:{digest[:32]}"


def _simpler(tape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Tapes that are shorter or smaller, the boldest first; some of them make no input, or a longer one."""
    return islice(_steps(tape), MAX_SIMPLER)


def _steps(tape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    length = len(tape)
    for width in (16, 8, 4, 3, 2, 1):
        for at in range(length - width + 1):
            yield (*tape[:at], *tape[at + width :])
            if any(tape[at : at + width]):
                yield (*tape[:at], *([0] * width), *tape[at + width :])
    for at in range(length):
        # By two, so that a number of either sign comes nearer to zero without changing it.
        for value in (1, tape[at] // 2, tape[at] - 2, tape[at] - 1):
            if 0 <= value < tape[at]:
                yield (*tape[:at], value, *tape[at + 1 :])
    # One less of something, and what it was.
    for at in range(length):
        if tape[at]:
            for width in (1, 2, 3):
                for gone in range(at + 1, length - width + 1):
                    yield (*tape[:at], tape[at] - 1, *tape[at + 1 : gone], *tape[gone + width :])
