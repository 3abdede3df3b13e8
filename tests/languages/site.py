"""One of everything that the site shows, whose own words are Chinese: what is left in English is ours."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from django.urls import get_resolver
from django.utils import timezone

from judge.accounts.models import User
from judge.api.models import Token
from judge.community.list_models import ProblemList
from judge.community.talk_models import CommentReport
from judge.community.tickets_models import Ticket, TicketMessage
from judge.submissions.case_models import CaseStatus, FailingCase
from judge.submissions.models import Status, Submission, Verdict
from problems import search
from problems.models import ImportRun, Problem, RefusedRow, RunStatus, TestCase
from tests.community.making import make_comment, make_curator, make_problem, make_solution, make_submission, make_user
from tests.community.test_solutions_views import routes

# All that an address may ask for has it; some of what is in other states follows with the numbers after it.
NUMBER = 77_777
KEY = "k" * 16
SLUG = "apps-1-oj"
FILLED = {
    **{name: str(NUMBER) for name in ("object_id", "number", "id", "content_type_id")},
    "slug": SLUG,
    "ref": SLUG,
    "key": KEY,
    "name": "u1",
    "language": "python3",
    "app_label": "problems",
}
# Names that are the same in every language, as far as pages show them outside of `code` and `pre`.
NAMES = frozenset((Path(__file__).parent / "names.txt").read_text().split())


def build() -> tuple[User, User]:
    """(a solver, a curator), and what they have made."""
    solver, curator = make_user(username="u1"), make_curator(username="u2")
    problem = make_problem(
        id=NUMBER, slug=SLUG, title="求和", statement="输出两数之和。", difficulty="easy", tags=["数学"]
    )
    problem.verified = True
    problem.solution = "print(1)"
    problem.pass_percentage = 0.5
    problem.benchmark_similarity = 0.4
    problem.save()
    TestCase.objects.create(problem=problem, position=1, stdin="1 2\n", stdout="3\n", is_sample=True)
    TestCase.objects.create(problem=problem, position=2, stdin="2 2\n", stdout="4\n")
    second = make_problem(title="求差", statement="输出两数之差。", difficulty="medium", subset="Taco")
    third = make_problem(title="求积", statement="输出两数之积。", difficulty="hard", state="quarantined",
                         state_reason="no reference solution", filter_reason="x", split="use_with_caution")  # fmt: skip
    search.index([problem.pk, second.pk, third.pk])
    _submissions(problem, second, solver)
    _community(problem, solver, curator)
    _imports(third, curator)
    return solver, curator


def _submissions(problem: Problem, second: Problem, solver: User) -> None:
    wrong = make_submission(problem, solver, id=NUMBER, verdict=Verdict.WA, passed=1, total=4, attempt=1,
                            image_digest="sha256:0", checker="lines", source="a = 1\nprint(a)\n")  # fmt: skip
    said = b'File "solution.py", line 1, in <module>\nValueError: x'
    for position, verdict in enumerate((Verdict.WA, Verdict.RE, Verdict.TLE, Verdict.AC), 1):
        wrong.results.create(attempt=1, position=position, verdict=verdict, time_ms=1, memory_kb=1, stderr=said,
                             stdout=b"4\n", note="line 1 differs")  # fmt: skip
    found = {"status": CaseStatus.FOUND, "stdin": "1 2\n", "answer": b"3\n", "answer_size": 2, "verdict": "WA"}
    FailingCase.objects.create(submission=wrong, **found, stdout=b" 4\n", stdout_size=3, tried=9)
    make_submission(problem, solver, id=NUMBER + 1, time_ms=10)
    make_submission(problem, solver, id=NUMBER + 2, verdict=Verdict.CE, compile_output="x")
    make_submission(problem, solver, id=NUMBER + 3, verdict=Verdict.IE, error="x")
    for number, status in enumerate((Status.QUEUED, Status.JUDGING, Status.CANCELLED), 4):
        Submission.objects.create(id=NUMBER + number, problem=problem, user=solver, language="cpp17", source="x",
                                  status=status)  # fmt: skip
    make_submission(second, solver, id=NUMBER + 7, source="b = 2\n")


def _community(problem: Problem, solver: User, curator: User) -> None:
    make_solution(Submission.objects.get(pk=NUMBER + 1), "说明", id=NUMBER)
    comment = make_comment(problem, "很好", author=solver, id=NUMBER)
    make_comment(text="剧透", author=curator, parent=comment, spoiler=True)
    make_comment(problem, "隐藏", author=curator, state="hidden")
    make_comment(problem, "删除", author=curator, state="deleted")
    CommentReport.objects.create(id=NUMBER, comment=comment, reporter=curator, reason="rude", note="说明")
    ticket = Ticket.objects.create(id=NUMBER, problem=problem, reporter=solver, category="statement")
    for author, by_curator, became in ((solver, False, ""), (curator, True, "resolved"), (solver, False, "open")):
        message = TicketMessage(ticket=ticket, author=author, by_curator=by_curator, became=became)
        message.write("说明")
        message.save()
    for owner, visibility, favourites in ((solver, "public", False), (solver, "private", True)):
        kept = ProblemList.objects.create(
            owner=owner,
            name="题单一",
            visibility=visibility,
            is_favourites=favourites,
            key=KEY if not favourites else "f",
        )
        kept.entries.create(problem=problem, position=1)
    token = Token(id=NUMBER, user=solver, name="令牌一", scopes=["read", "submit"], hint="x", digest=b"1" * 32)
    token.save()


def _imports(refused: Problem, curator: User) -> None:
    counts = {"rows_read": 5, "imported": 1, "updated": 1, "unchanged": 1, "quarantined": 1, "rejected": 1}
    given = {"source": "rows.jsonl", "started_by": curator, "rows_total": 10, "left_out": 2, "heard_at": timezone.now()}
    options = {"styles": ["instruct"], "limit": 9, "min_pass": 0.5, "with_trials": True, "dry_run": False}
    for number, status in enumerate(RunStatus.values):
        ImportRun.objects.create(id=NUMBER + number, status=status, options=options, **given, **counts)
    row = {"run_id": NUMBER + RunStatus.values.index("finished"), "reason": "NUL character in question"}
    RefusedRow.objects.create(
        id=NUMBER, fate="rejected", raw=json.dumps({"question": "\0"}).encode(), row_number=1, **row
    )
    large = row | {"run_id": NUMBER, "reason": "a test holds a set, not text"}
    RefusedRow.objects.create(id=NUMBER + 1, fate="rejected", raw=b"\0\xff" * 200_000, row_number=2, **large)
    quarantined = row | {"row_number": 3, "reason": "no reference solution", "question_id": refused.question_id}
    RefusedRow.objects.create(id=NUMBER + 2, fate="quarantined", raw=b"{}", **quarantined)


def addresses() -> list[str]:
    """Each address of the site; those of submissions, imports and rows once for each that there is."""
    found = []
    for route in routes(get_resolver()):
        many = route.startswith(("/submissions/", "/dataset/")) and "<int:pk>" in route
        for number in range(NUMBER, NUMBER + 9) if many else [NUMBER]:
            given = FILLED | {"pk": str(number)}
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda part, given=given: given.get(part[1], "<>"), route)
            if not re.search(r"[<>^$\\(]", address):
                found.append(address)
    return found


class Words(HTMLParser):
    """Collects what a reader sees or hears of a page, but for code and what is marked as another language."""

    SILENT = {"script", "style", "code", "pre", "textarea", "kbd"}
    EMPTY = {"input", "meta", "link", "br", "img", "hr", "source", "wbr"}
    SPOKEN = {"title", "aria-label", "placeholder", "alt"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        other = given.get("lang", "zh-Hans") not in {"zh-Hans", "zh-hans"}
        silent = tag in self.SILENT or other or bool(self._open and self._open[-1][1])
        if not silent:
            self.found += [
                value
                for name, value in attrs
                if value and (name in self.SPOKEN or (name.startswith("data-") and " " in value and value[:1] != "{"))
            ]
            if tag == "input" and given.get("type") in {"submit", "button"}:
                self.found.append(given.get("value") or "")
        if tag not in self.EMPTY:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self.found.append(data)


def english(html: str) -> list[str]:
    """The English words of a page that are no names, with what stands around them."""
    words = Words()
    words.feed(html)
    found = []
    for text in words.found:
        left = re.sub(r"`[^`]+`|https?://\S+|[\w.-]+@[\w.-]+|\S*[/_.\d]\S*", " ", text)
        if [word for word in re.findall(r"[A-Za-z]{3,}", left) if word not in NAMES]:
            found.append(" ".join(text.split()))
    return found
