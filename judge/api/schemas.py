"""What the API takes in and gives out, with the words of its documentation. Shapes only; nothing of hidden tests."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

Difficulty = Literal["easy", "medium", "hard", "unrated"]
Style = Literal["online_judge", "instruct", "complete"]
YesNo = Literal["yes", "no"]
VerdictKey = Literal["AC", "WA", "TLE", "MLE", "OLE", "RE", "CE", "IE"]
StatusKey = Literal["queued", "judging", "done", "cancelled"]
Id = Annotated[int, Field(examples=[4711])]
Slug = Annotated[str, Field(examples=["apps-10003-oj"])]
Title = Annotated[str, Field(examples=["The sum"])]
Subset = Annotated[str, Field(examples=["Apps"])]
StyleKey = Annotated[str, Field(examples=["online_judge"])]
DifficultyKey = Annotated[str, Field(examples=["easy"], description="Empty where it isn't known.")]
Source = Annotated[str, Field(examples=["print(sum(map(int, input().split())))"])]
Count = Annotated[int, Field(examples=[10])]
Ms = Annotated[int | None, Field(examples=[12])]
Kib = Annotated[int | None, Field(examples=[9216])]
Position = Annotated[int, Field(examples=[1])]
Stdin = Annotated[str, Field(examples=["1 2\n"])]
Stdout = Annotated[str, Field(examples=["3\n"])]
Percent = Annotated[int, Field(ge=0, le=100)]
LONGEST_WORD = 200


class Me(Schema):
    """Whose token this is, and what it may be used for."""

    username: str = Field(examples=["ada"])
    curator: bool = Field(examples=[False])
    token: str = Field(examples=["laptop"], description="The token's name.")
    scopes: list[str] = Field(examples=[["read", "submit"]])
    expires_at: datetime | None
    requests_per_minute: int = Field(examples=[120], description="This token's quota.")
    submissions_per_minute: int = Field(examples=[20])
    submissions_in_flight: int = Field(examples=[3], description="So many may be unfinished at a time.")
    source_bytes: int = Field(examples=[262144], description="The longest program.")


class Language(Schema):
    """A language that programs may be sent in."""

    key: str = Field(examples=["python3"])
    aliases: list[str] = Field(examples=[["python"]], description="Other names that are taken for the key.")
    label: str = Field(examples=["Python 3"])
    version: str = Field(examples=["Python 3.11.2"], description="Empty where no worker has told it yet.")
    filename: str = Field(examples=["solution.py"], description="The program's file, as it is compiled and run.")
    time_factor: float = Field(examples=[1.0], description="A problem's time limit is multiplied by it.")


class ProblemFilters(Schema):
    """What the list is narrowed down to. A parameter given more than once means any of its values."""

    q: str = Field("", max_length=LONGEST_WORD, description="Words, or an id.")
    difficulty: list[Difficulty] = []
    subset: list[str] = []
    style: list[Style] = []
    split: list[Literal["train", "use_with_caution"]] = []
    verified: list[YesNo] = []
    tag: str = Field("", max_length=60)
    pass_from: Percent | None = Field(None, description="The lowest pass rate, in per cents.")
    pass_to: Percent | None = Field(None, description="The highest pass rate, in per cents.")
    mark: Literal["", "new", "tried", "solved"] = Field("", description="Your own progress.")
    sort: Literal["", "newest", "easiest", "hardest"] = Field("", description="Empty: the standard order.")
    state: list[Literal["published", "hidden", "quarantined"]] = Field([], description="For curators.")
    judgeable: list[YesNo] = Field([], description="For curators.")
    after: str = Field("", max_length=30, description="The `next` of the page before.")


class ProblemRow(Schema):
    """A problem in a list."""

    id: Id
    slug: Slug
    title: Title
    subset: Subset
    style: StyleKey
    difficulty: DifficultyKey
    verified: bool
    pass_percentage: float | None = Field(description="A fraction from 0 to 1.")
    progress: Literal["solved", "tried"] | None = Field(description="Yours.")


class ProblemPage(Schema):
    """A page of problems."""

    items: list[ProblemRow]
    count: int = Field(examples=[50])
    more: bool = Field(examples=[True], description="Whether there are more than `count`.")
    next: str | None = Field(
        examples=["4711"], description="Send it as `after` for the next page; null: there is none."
    )


class Sample(Schema):
    """A test that everybody may see."""

    position: Position
    stdin: Stdin
    stdout: Stdout


class Problem(Schema):
    """A problem with its statement and samples."""

    id: Id
    slug: Slug
    question_id: str = Field(examples=["Apps_10003_OJ"])
    title: Title
    url: str
    subset: Subset
    style: StyleKey
    difficulty: DifficultyKey
    verified: bool
    judgeable: bool
    statement: str = Field(
        examples=["Print $a + b$."], description="Markdown with LaTeX, not sanitised: clean what you make of it."
    )
    time_limit_ms: int = Field(examples=[2000])
    memory_limit_kb: int = Field(examples=[262144])
    samples: list[Sample]
    progress: Literal["solved", "tried"] | None
    licence: str | None = Field(examples=["CC BY-NC 4.0"], description="That of the dataset; null for KodJudge's own.")


class NewSubmission(Schema):
    """A program for a problem."""

    problem: str | int = Field(description="Its slug, its question_id or its number.", examples=["apps-10003-oj"])
    language: str = Field(description="A key or an alias.", examples=["python3"])
    source: Source


class ProblemRef(Schema):
    """Which problem a submission is for."""

    id: Id
    slug: Slug
    title: Title


class SubmissionRow(Schema):
    """A submission in a list."""

    id: Id
    problem: ProblemRef
    language: str = Field(examples=["python3"])
    status: StatusKey
    verdict: VerdictKey | None = Field(description="Null until it is done, and where it was cancelled.")
    passed: Count
    total: Count
    time_ms: Ms = Field(description="CPU time of the slowest test.")
    memory_kb: Kib = Field(description="Peak memory of the largest test.")
    created_at: datetime
    judged_at: datetime | None
    url: str


class Details(Schema):
    """A sample's data and what the program printed, each cut to a readable length."""

    stdin: Stdin
    expected: Stdout
    stdout: Stdout
    stderr: str


class OutcomeRow(Schema):
    """One test's outcome. Hidden tests never show their data."""

    position: Position
    sample: bool
    judged: bool
    verdict: VerdictKey | None = Field(description="Null where it was not run, or is not judged yet.")
    time_ms: Ms
    memory_kb: Kib
    ending: str = Field(description="How a crashed program ended.")
    details: Details | None = Field(description="For samples, once all is judged.")


class Submission(SubmissionRow):
    """A submission with its tests."""

    source: Source
    compile_output: str
    ahead: int | None = Field(description="So many are before it, while it is in the queue.")
    language_version: str = Field(examples=["Python 3.11.2"])
    time_limit_ms: int = Field(examples=[2000], description="0 until it is judged.")
    memory_limit_kb: int = Field(examples=[262144])
    tests_changed: bool = Field(examples=[False], description="The verdict is about tests that the problem had.")
    tests: list[OutcomeRow]


class SubmissionPage(Schema):
    """A page of one's own submissions, newest first."""

    items: list[SubmissionRow]
    next: int | None = Field(examples=[4711], description="Send it as `after` for the next page; null: there is none.")


class Event(Schema):
    """A line of a submission's progress. What doesn't apply is left out."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"event": "state", "after": 0, "status": "queued", "attempt": 0, "ahead": 2},
                {"event": "state", "after": 0, "status": "judging", "attempt": 1, "total": 10},
                {"event": "test", "after": 91, "attempt": 1, "position": 1, "verdict": "AC", "time_ms": 12},
                {"event": "done", "after": 100, "status": "done", "verdict": "AC", "passed": 10, "total": 10},
            ]
        }
    }

    event: Literal["state", "test", "done", "again"] = Field(
        description="`state`: where it is. `test`: one test's outcome. `done`: the verdict, or that it was "
        "cancelled, and the last line. "
        "`again`: the stream ends here though judging goes on; ask again with `after`, in `wait_ms`."
    )
    after: int = Field(description="Ask again with it to hear only what comes later.")
    status: StatusKey | None = None
    attempt: int | None = Field(None, description="Goes up where judging began anew: forget the tests of the former.")
    ahead: int | None = None
    total: int | None = None
    position: int | None = None
    verdict: VerdictKey | None = None
    passed: int | None = None
    time_ms: int | None = None
    memory_kb: int | None = None
    wait_ms: int | None = None


MAX_PROGRAMS = 20


class Program(Schema):
    """A program to verify a problem with."""

    language: str = Field(description="A key or an alias.", examples=["python3"])
    source: Source


class NewVerification(Schema):
    """Programs that are all to be judged."""

    programs: list[Program] = Field(min_length=1, max_length=MAX_PROGRAMS)


class VerificationEvent(Schema):
    """A line of a verification. What doesn't apply is left out."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"event": "accepted", "key": "check-17", "submissions": [4711, 4712]},
                {"event": "verdict", "program": 0, "submission": 4711, "verdict": "AC", "passed": 2, "total": 2},
                {"event": "verdict", "program": 1, "submission": 4712, "verdict": "WA", "tests": ["AC", "WA"]},
                {"event": "done", "accepted": 1},
            ]
        }
    }

    event: Literal["accepted", "verdict", "done", "again"] = Field(
        description="`accepted`: what was sent in, the first line. `verdict`: one program's. `done`: the last line. "
        "`again`: the stream ends here though judging goes on; send the same with the same key, in `wait_ms`."
    )
    key: str | None = Field(None, description="The idempotency key: yours, or one that was made.")
    submissions: list[int] | None = Field(None, description="The programs' numbers as submissions, in their order.")
    program: int | None = Field(None, description="The program's place, from 0.")
    submission: int | None = None
    verdict: VerdictKey | None = None
    passed: int | None = None
    total: int | None = None
    time_ms: int | None = None
    memory_kb: int | None = None
    compile_output: str | None = None
    tests: list[VerdictKey | None] | None = Field(None, description="The tests' verdicts, in their order.")
    accepted: int | None = Field(None, description="So many of the programs were accepted.")
    wait_ms: int | None = None


class Wrong(Schema):
    """One thing that is wrong in a request."""

    where: list[str]
    message: str


class Error(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[Wrong] | None = None
