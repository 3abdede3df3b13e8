"""One program on an input of somebody's own, in the real sandbox."""

import pytest

from judge.engine.errors import ReservedOwner, UnknownLanguage
from judge.engine.running import Ran, run
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Limits, Program
from judge.engine.verdicts import Verdict

pytestmark = pytest.mark.docker


def ran(sandbox: DockerSandbox, source: str, stdin: bytes = b"", language: str = "python3", **limits: int) -> Ran:
    return run(Program(language, source.encode()), stdin, Limits(**limits), "runner", sandbox)


def test_an_unknown_language_is_told(sandbox: DockerSandbox) -> None:
    with pytest.raises(UnknownLanguage):
        ran(sandbox, "", language="cobol")


def test_nobody_runs_in_a_checkers_container(sandbox: DockerSandbox) -> None:
    with pytest.raises(ReservedOwner):
        run(Program("python3", b""), b"", Limits(), "checker:python3:0", sandbox)


def test_what_does_not_compile_did_not_run(sandbox: DockerSandbox) -> None:
    done = ran(sandbox, "int main() { return nothing; }", language="cpp17")
    assert (done.verdict, done.result) == (Verdict.CE, None)
    assert "nothing" in done.compilation.output


@pytest.mark.parametrize(
    ("source", "verdict"),
    [("raise SystemExit(7)", Verdict.RE), ("while True: pass", Verdict.TLE), ("print('x' * (2 << 20))", Verdict.OLE)],
)
def test_a_run_that_went_wrong_says_how(sandbox: DockerSandbox, source: str, verdict: Verdict) -> None:
    assert ran(sandbox, source, cpu_ms=300, output_kb=1024).verdict is verdict


def test_output_time_and_memory_of_a_run(sandbox: DockerSandbox) -> None:
    done = ran(sandbox, "import sys\nprint(input()[::-1])\nprint('e', file=sys.stderr)", b"abc\n")
    assert done.verdict is None
    assert done.result is not None
    assert (done.result.stdout, done.result.stderr) == (b"cba\n", b"e\n")
    assert done.result.memory_kb > 0
