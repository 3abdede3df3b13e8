"""A site with something on every page: what people have done, in every state that has a look of its own.

In charge of: the rows, and the arguments of the addresses that show them (`World.at`). Not in charge of: which pages
are looked at (`route.py`).
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from judge.accounts.models import CURATORS, User
from judge.api.models import Token
from judge.community import keeping, tickets
from judge.community.solutions_models import GivenUp, Solution
from judge.community.talk_models import Comment, CommentReport
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Draft, Run, Status, Submission, Verdict
from judge.submissions.run_models import RunStage
from problems.models import ImportRun, Problem, RefusedRow, RunStatus

PASSWORD = "quite-a-long-one"
SOLVER, OTHER, CURATOR, NEWCOMER, GUARDED = "solver", "someone.with-a_long.name", "curators-name", "newcomer", "guarded"
TRACEBACK = (
    b'Traceback (most recent call last):\n  File "/work/solution.py", line 1, in <module>\nValueError: ' + b"x" * 300
)
PROGRAM = "def main():\n    a, b = map(int, input().split())\n    print(a + b)\n\n\nmain()  # " + "long " * 40 + "\n"
COMMENT = "Mind $a = 0$, and `x` in [here](https://example.org/" + "y" * 90 + ").\n\n```python\nprint(0)\n```\n"


class World:
    """The people, and under a word of `at` the arguments of an address."""

    def __init__(self, problems: list[Problem]) -> None:
        self.tried, self.problem, self.third = problems[:3]
        self.solver, self.other, self.curator = (self._person(name) for name in (SOLVER, OTHER, CURATOR))
        self.newcomer, self.guarded = self._person(NEWCOMER), self._person(GUARDED)
        self.curator.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
        Problem.objects.filter(pk=self.problem.pk).update(
            solution=PROGRAM, verified=True, pass_percentage=0.5, benchmark_similarity=0.4, extra={"style": "x"}
        )
        self.at: dict[str, tuple[Any, ...]] = {
            "problem": (self.problem.slug,),
            "untouched": (self.third.slug,),
            "tried": (self.tried.slug,),
            "solver": (SOLVER,),
            "newcomer": (NEWCOMER,),
        }
        self._submissions()
        self._lists()
        self._talk()
        self._dataset()

    @staticmethod
    def _person(name: str) -> User:
        found = User.objects.filter(username=name).first()
        return found or User.objects.create_user(name, email=f"{name}@example.org", password=PASSWORD)

    def _submissions(self) -> None:
        """One of the solver's in each state, and the runs, drafts and tokens beside them."""
        given = {"user": self.solver, "problem": self.problem, "language": "python3", "source": PROGRAM}
        done = {
            "status": Status.DONE,
            "attempt": 1,
            "total": 3,
            "tests_version": 1,
            "image_digest": "sha256:" + "0" * 64,
        }
        facts = {"time_limit_ms": 2_000, "memory_limit_kb": 262_144, "checker": "lines", "flags": "python3 solution.py"}
        now = timezone.now()
        for ago, verdict in enumerate(reversed(Verdict.values)):
            used = {"time_ms": 12 + ago, "memory_kb": 9_000} if verdict not in {"CE", "IE"} else {}
            made = Submission.objects.create(
                **given, **done, **facts, **used, verdict=verdict, passed=3 * (verdict == "AC")
            )
            self.at[verdict] = (made.pk,)
            Submission.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=3 * ago))
            if verdict == Verdict.CE:
                made.compile_output = "solution.cpp:3:5: error: expected ';' before '}' token\n" + "    return 0\n" * 9
                made.save()
            elif verdict != Verdict.IE:
                self._results(made, verdict)
        wrong = Submission.objects.get(pk=self.at["WA"][0])
        found = {"status": CaseStatus.FOUND, "stdin": "1 2\n", "answer": b"3\n", "answer_size": 2, "verdict": "WA"}
        FailingCase.objects.create(submission=wrong, **found, stdout=b" 4\n", stdout_size=3, tried=9)
        working = Submission.objects.create(
            **given | {"problem": self.tried}, status=Status.JUDGING, attempt=1, total=3
        )
        waiting = Submission.objects.create(**given | {"problem": self.tried})
        dropped = Submission.objects.create(**given | {"problem": self.tried}, status=Status.CANCELLED)
        accepted = Submission.objects.create(
            **given | {"source": "print(sum(map(int, input().split())))\n"}, **done, verdict=Verdict.AC, time_ms=3
        )
        self.at |= {"judging": (working.pk,), "queued": (waiting.pk,), "cancelled": (dropped.pk,)}
        self.at |= {"second": (accepted.pk,), "token": (self._token().pk,)}
        self.two = f"of={self.at['AC'][0]}&of={accepted.pk}"
        Submission.objects.create(**given | {"user": self.other, "language": "cpp17"}, **done, verdict="AC", time_ms=9)
        Draft.objects.create(user=self.solver, problem=self.third, language="python3", text="print('draft')")
        self.at["run"] = (self._run().pk,)

    def _results(self, made: Submission, verdict: str) -> None:
        """Three tests; what the first printed differs from the sample in the middle of a line."""
        for position, got in enumerate((verdict, "AC", verdict), 1):
            stderr = TRACEBACK if got == "RE" else b""
            made.results.create(
                attempt=1,
                position=position,
                verdict=got,
                time_ms=9 * position,
                memory_kb=9_000 + position,
                stdout=b"30\nmore\n",
                stdout_size=8,
                stderr=stderr,
                exit_code=1 if got == "RE" else 0,
                note="line 1 differs" if got == "WA" else "",
            )

    def _run(self) -> Run:
        text = {"text": "1 2\n"}
        case = {"sample": True, "number": 1, "stdin": text, "ran": True, "verdict": "WA", "note": "", "stdout": text}
        case |= {"stderr": text, "expected": text, "limit": 2_000, "exit_code": 1, "signal": 0, "time_ms": 12}
        case |= {"wall_ms": 13, "memory_kb": 9_000, "difference": None}
        results = [case, case | {"verdict": "AC"}, case | {"sample": False, "verdict": "RE"}]
        given = {"user": self.solver, "problem": self.problem, "language": "python3", "source": PROGRAM}
        done = {"samples": True, "stage": RunStage.DONE, "compiled": True, "total": 3, "results": results}
        return Run.objects.create(**given, **done)

    def _token(self) -> Token:
        token = Token(user=self.solver, name="a machine with a rather long name " + "n" * 20, scopes=["read", "submit"])
        token.give_secret()
        token.save()
        return token

    def _lists(self) -> None:
        full = keeping.new_list(self.solver, "x" * 80, "https://example.org/" + "y" * 300, "public")
        short = keeping.new_list(self.solver, "Nothing yet")
        theirs = keeping.new_list(self.other, "Warming up", "What I solve first.", "public")
        for problem in (self.tried, self.problem, self.third):
            keeping.add(full, problem)
            keeping.add(theirs, problem)
        keeping.add(keeping.favourites(self.solver), self.problem)
        self.at |= {"list": (full.key,), "empty list": (short.key,), "another's list": (theirs.key,)}

    def _talk(self) -> None:
        """Comments with answers and a report; a solution shown; tickets that wait, are answered and declined."""
        comments = [self._comment(self.other, COMMENT), self._comment(self.solver, "Just add them.", spoiler=True)]
        comments.append(self._comment(self.curator, "Thanks!", parent=comments[0]))
        CommentReport.objects.create(
            comment=comments[0], reporter=self.solver, reason="spam", note="It sells something."
        )
        own = Submission.objects.get(pk=self.at["AC"][0])
        solution = Solution(submission=own, author=self.solver, problem=self.problem, language="python3")
        solution.write("In $O(1)$: " + COMMENT)
        solution.save()
        GivenUp.objects.create(problem=self.third, user=self.other)
        answered = tickets.report(self.solver, self.problem, "tests", "Test 2 forgets $a = 0$.", own)
        tickets.answer(answered, self.curator, "Mended, **thank you**.", "resolved")
        waits = tickets.report(self.other, self.problem, "statement", "What is $b$? " + "Long. " * 60)
        self.at |= {"comment": (comments[0].pk,), "own comment": (comments[1].pk,), "ticket": (answered.pk,)}
        self.at |= {"waiting ticket": (waits.pk,), "solution": (self.problem.slug, solution.pk)}

    def _comment(self, author: User, text: str, **fields: Any) -> Comment:
        comment = Comment(problem=self.problem, author=author, **fields)
        comment.write(text)
        comment.save()
        return comment

    def _dataset(self) -> None:
        """Runs that wait, work, failed and ended; refused rows of all fates; a problem in quarantine."""
        bad = Problem.objects.create(
            question_id="Taco_99_OJ",
            slug="taco-99-oj",
            title="In quarantine",
            statement="No solution.",
            style="online_judge",
            subset="Taco",
            state="quarantined",
            state_reason="no reference solution",
            content_hash=b"",
            tests_hash=b"",
        )
        counts = {"rows_read": 5, "imported": 1, "updated": 1, "unchanged": 1, "quarantined": 1, "rejected": 1}
        given = {"source": "a/long/path/to/" + "rows-" * 12 + ".jsonl", "started_by": self.curator, "rows_total": 10}
        for status in (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.FAILED, RunStatus.FINISHED):
            error = "no such file" if status == RunStatus.FAILED else ""
            run = ImportRun.objects.create(
                status=status, error=error, heard_at=timezone.now(), left_out=2, **given, **counts
            )
            self.at[f"{status} run"] = (run.pk,)
        row = {"run": run, "row_number": 1, "reason": "NUL character in question"}
        for name, raw in (("rejected row", b'{"question": "a\\u0000b"}'), ("large row", b"\0\xff" * 200_000)):
            self.at[name] = (RefusedRow.objects.create(fate="rejected", raw=raw, **row).pk,)
        kept = row | {"row_number": 3, "question_id": bad.question_id}
        self.at["quarantined row"] = (RefusedRow.objects.create(fate="quarantined", raw=b"{}", **kept).pk,)
        self.at["quarantined problem"] = (bad.slug,)
