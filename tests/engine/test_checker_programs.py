"""A curator's own checker in its own container: what it sees, what it says, and whose fault its failures are."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest

from judge.engine import checking, languages
from judge.engine.errors import CheckerFailed, ReservedOwner, UnknownLanguage
from judge.engine.judge import judge
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Case, Job, Limits, Outcome, Program
from judge.engine.verdicts import Verdict

pytestmark = pytest.mark.docker

# Any two numbers whose sum is the input's; testlib's order of arguments and exit codes.
ANY_SUM = """
import sys
given, output, answer = (open(name).read() for name in sys.argv[1:])
numbers = output.split()
if len(numbers) != 2 or not all(n.lstrip("-").isdigit() for n in numbers):
    print("two numbers are due", file=sys.stderr)
    sys.exit(2)
if sum(map(int, numbers)) != int(given):
    sys.exit("they add up to something else")
"""
ANY_SUM_CPP = """
#include <fstream>
#include <iostream>
int main(int, char **names) {
    std::ifstream given(names[1]), output(names[2]), answer(names[3]);
    long long sum, a, b;
    if (!(given >> sum) || !answer.good()) return 3;
    if (!(output >> a >> b)) { std::cerr << "two numbers are due\\n"; return 2; }
    if (a + b != sum) { std::cerr << "they add up to something else\\n"; return 1; }
}
"""

Checked = Callable[..., list[Outcome]]


class Watched:
    """The real sandbox, with a record of which owner's containers were asked for."""

    def __init__(self, sandbox: DockerSandbox) -> None:
        self.owners: list[str] = []
        self._sandbox = sandbox

    @contextmanager
    def open(self, owner: str):
        """A box of the real sandbox."""
        self.owners.append(owner)
        with self._sandbox.open(owner) as box:
            yield box

    def close(self) -> None:
        """The real one goes on."""


@pytest.fixture
def watched(sandbox: DockerSandbox) -> Watched:
    return Watched(sandbox)


@pytest.fixture
def checked(watched: Watched) -> Checked:
    """The outcomes of a program under a checker program."""

    def run(source: str, checker: str, *cases: tuple[bytes, bytes], language: str = "python3") -> list[Outcome]:
        program = Program(language, checker.encode())
        given = [Case(*case) for case in cases or [(b"10", b"4 6")]]
        _, *outcomes = judge(Job("python3", source.encode(), given, "solver", checker_program=program), watched)
        return outcomes  # type: ignore[return-value]

    return run


@pytest.mark.parametrize(
    ("checker", "language", "says"),
    [
        ("raise ValueError('of the checker')", "python3", "ended with exit code 1\n.*of the checker"),
        ("import sys\nprint('x' * 100_000, file=sys.stderr)\n1 / 0", "python3", "ended with exit code 1"),
        ("import sys\nsys.exit(3)", "python3", "exit code 3"),
        ("import os\nos.abort()", "python3", "signal 6"),
        ("def", "python3", "does not compile:\n.*SyntaxError"),
        ("int main() { return 3; }", "cpp17", "exit code 3"),
        ("int main() { throw 1; }", "cpp17", "signal 6"),
        ("int main() { return nothing; }", "cpp17", "does not compile"),
        ("x = bytearray(1 << 30)", "python3", "512 MiB"),
        ("while True: print('x' * 1000)", "python3", "wrote more than"),
    ],
)
def test_a_checker_that_fails_is_our_fault(checked: Checked, checker: str, language: str, says: str) -> None:
    with pytest.raises(CheckerFailed, match=f"(?s)test 1: .*{says}"):
        checked("print(4, 6)", checker, language=language)


def test_an_endless_checker_is_our_fault(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LIMITS", Limits(cpu_ms=300))
    with pytest.raises(CheckerFailed, match="more than 300 ms of CPU"):
        checked("print(4, 6)", "while True: pass")


def test_what_does_not_fit_a_checkers_container_is_said(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MAX_FILES", 8)
    with pytest.raises(CheckerFailed, match="together"):
        checked("print(4, 6)", ANY_SUM, (b"10", b"4    6"))


def test_a_checker_in_another_language_is_refused(checked: Checked) -> None:
    with pytest.raises(UnknownLanguage, match=r"'perl' but in one of: .*cpp17.*python3"):
        checked("print(4, 6)", "", language="perl")


@pytest.mark.parametrize("owner", ["checker:python3:0", "checker:", "kodjudge:versions"])
def test_no_submission_has_an_owner_of_the_engines(sandbox: DockerSandbox, owner: str) -> None:
    with pytest.raises(ReservedOwner):
        list(judge(Job("python3", b"", [Case(b"", b"")], owner), sandbox))


def test_expected_outputs_never_enter_the_submissions_container(checked: Checked, watched: Watched) -> None:
    spy = """
import os
places = [walk for place in ("/work", "/tmp", "/dev/shm") for walk in os.walk(place)]
names = [os.path.join(top, name) for top, _, files in places for name in files]
if any(b"4242" in open(name, "rb").read() for name in names if not name.endswith(".py")): print("found")
print(len(names), 4, 6)
"""
    tell = "import sys\nsys.exit(open(sys.argv[2]).read() != '1 4 6\\n' or open(sys.argv[3]).read() != '4242')"
    outcomes = checked(spy, tell, (b"1", b"4242"), (b"2", b"4242"))
    assert [o.verdict for o in outcomes] == [Verdict.AC, Verdict.AC]
    program = Program("python3", tell.encode())
    assert watched.owners == ["solver", f"checker:{checking.name_of(program)}"]


@pytest.mark.parametrize(("language", "checker"), [("python3", ANY_SUM), ("cpp17", ANY_SUM_CPP)])
def test_a_checker_decides(checked: Checked, language: str, checker: str) -> None:
    source = "import sys\nn = int(input())\nprint({10: '3 7', 11: '5 5', 12: 'six six'}[n])"
    cases = [(b"10", b"4 6"), (b"11", b"4 7"), (b"12", b"6 6")]
    outcomes = checked(source, checker, *cases, language=language)
    assert [(o.verdict, o.note) for o in outcomes] == [
        (Verdict.AC, ""),
        (Verdict.WA, "they add up to something else"),
        (Verdict.WA, "two numbers are due"),
    ]


def test_a_program_that_crashes_is_not_checked(checked: Checked, watched: Watched) -> None:
    (outcome,) = checked("raise SystemExit(7)", ANY_SUM)
    assert outcome.verdict is Verdict.RE
    assert watched.owners == ["solver"]


def test_a_remark_is_one_short_line(checked: Checked) -> None:
    (outcome,) = checked("print(1)", "import sys\nprint('\\n' + 'é' * 500 + '\\nmore', file=sys.stderr)")
    assert (outcome.verdict, outcome.note) == (Verdict.AC, "é" * 200)


def test_large_inputs_and_outputs_reach_the_checker(checked: Checked) -> None:
    source = "import sys\nfor _ in range(16): sys.stdout.write('o' * ((1 << 20) - 1) + '\\n')"
    checker = """
import sys
sizes = []
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        sizes.append(sum(len(block) for block in iter(lambda: file.read(1 << 20), b"")))
print(sizes, file=sys.stderr)
"""
    (outcome,) = checked(source, checker, (b"i" * (64 << 20), b"a" * (16 << 20)))
    assert (outcome.verdict, outcome.note) == (Verdict.AC, f"[{64 << 20}, {16 << 20}, {16 << 20}]")


def test_a_checker_is_compiled_once(sandbox: DockerSandbox) -> None:
    source = (ANY_SUM_CPP + "// compiled once").encode()
    job = Job("python3", b"print(4, 6)", [Case(b"10", b"")] * 3, "solver", checker_program=Program("cpp17", source))
    assert [o.verdict for o in list(judge(job, sandbox))[1:]] == [Verdict.AC] * 3  # type: ignore[union-attr]
    with sandbox.open("another") as box:
        assert box.load(languages.get("cpp17"), source).cached
