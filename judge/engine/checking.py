"""How an output is checked: by one of the built-in checkers, or by a curator's own program in a sandbox of its own.

A checker program is called as `checker INPUT OUTPUT ANSWER` (three readable files; INPUT is /dev/stdin, so that an
input of any size reaches it without a copy) and says by its exit code what the output is: 0 right, 1 wrong, 2 wrong in
form, as testlib's do. Its first line on stderr is the note. Anything else is the checker's fault, never the
submitter's.

Expected outputs are in the checker's container, so it is never one that a submission runs in: its owner is the
engine's own, and `refuse_reserved` keeps submissions from that name. A thread that judges holds both containers at
once, so a sandbox needs room for two a thread.
"""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack

from judge.engine import checkers, languages
from judge.engine.errors import CheckerFailed, ReservedOwner, UnknownLanguage
from judge.engine.languages import Language
from judge.engine.sandbox import Box, Sandbox, protocol
from judge.engine.types import Case, Check, Job, Limits, Program, RunResult
from judge.engine.verdicts import Ended

CheckOutput = Callable[[Case, bytes], Check]

LIMITS = Limits(cpu_ms=10_000, memory_kb=512 * 1024, output_kb=1024)
# Output and answer together: they lie in the container's memory file system, which holds 64 MiB.
MAX_FILES = 48 * 1024 * 1024
MAX_NOTE = 200
MAX_SHOWN = 1_000

RIGHT, WRONG, WRONG_FORM = 0, 1, 2

# Owners of the engine's own: "checker:" and a digest, "kodjudge:" and a purpose.
_RESERVED = ("checker:", "kodjudge:")


def refuse_reserved(owner: str) -> None:
    """Raises ReservedOwner where a submission would share a container with what must stay apart from all."""
    if owner.startswith(_RESERVED):
        raise ReservedOwner(f"the owner {owner!r} is named like one of the engine's own")


def checker_languages() -> dict[str, Language]:
    """The languages that a checker may be written in: Python and C++."""
    return {key: each for key, each in languages.all_languages().items() if key == "python3" or key.startswith("cpp")}


def name_of(program: Program) -> str:
    """A short name for exactly this program: its language and a digest."""
    digest = hashlib.sha256(program.language.encode() + b"\0" + program.source).hexdigest()
    return f"{program.language}:{digest[:32]}"


def for_job(job: Job, sandbox: Sandbox, stack: ExitStack) -> CheckOutput:
    """What checks the job's outputs. A checker program's sandbox is opened with the first of them, into ``stack``.

    Raises UnknownChecker, UnknownLanguage; the returned function raises CheckerFailed, SandboxError.
    """
    if job.checker_program is not None:
        return _ProgramChecker(job.checker_program, sandbox, stack).check
    check = checkers.get(job.checker)
    return lambda case, output: check(output, case.answer)


class _ProgramChecker:
    def __init__(self, program: Program, sandbox: Sandbox, stack: ExitStack) -> None:
        if program.language not in checker_languages():
            known = ", ".join(checker_languages())
            raise UnknownLanguage(f"checkers are not written in {program.language!r} but in one of: {known}")
        self._program = program
        self._language = languages.get(program.language)
        self._sandbox = sandbox
        self._stack = stack
        self._box: Box | None = None

    def check(self, case: Case, output: bytes) -> Check:
        """Right or wrong, as the program says. Raises CheckerFailed, SandboxError."""
        if len(output) + len(case.answer) > MAX_FILES:
            raise CheckerFailed(f"output and answer together have more than {MAX_FILES >> 20} MiB")
        if self._box is None:
            self._box = self._open()
        files = {"output": output, "answer": case.answer}
        result = self._box.run(case.stdin, LIMITS, args=("/dev/stdin", *files), files=files)
        if result.ended is not Ended.EXITED or result.exit_code > WRONG_FORM or self._raised(result):
            raise CheckerFailed(f"the checker {_ending(result)}\n{_text(result.stderr)[-MAX_SHOWN:]}".rstrip())
        lines = _text(result.stderr).strip().splitlines()
        return Check(result.exit_code == RIGHT, lines[0][:MAX_NOTE] if lines else "")

    def _open(self) -> Box:
        box = self._stack.enter_context(self._sandbox.open(f"checker:{name_of(self._program)}"))
        compilation = box.load(self._language, self._program.source)
        if not compilation.ok:
            raise CheckerFailed(f"the checker does not compile:\n{compilation.output[:MAX_SHOWN]}")
        return box

    def _raised(self, result: RunResult) -> bool:
        """True where a Python checker ended by an exception that it did not catch: its exit code is that of "wrong".

        A flood of messages may hide the traceback, so it counts as one.
        """
        if result.exit_code != WRONG or not self._language.run.fork_server:
            return False
        flooded = len(result.stderr) >= protocol.MAX_STDERR
        return flooded or b"\nTraceback (most recent call last):" in b"\n" + result.stderr


def _ending(result: RunResult) -> str:
    words = {
        Ended.EXITED: f"ended with exit code {result.exit_code}",
        Ended.SIGNALLED: f"ended by signal {result.signal}",
        Ended.CPU_LIMIT: f"used more than {LIMITS.cpu_ms} ms of CPU time",
        Ended.WALL_LIMIT: f"took more than {LIMITS.wall_ms} ms",
        Ended.MEMORY_LIMIT: f"used more than {LIMITS.memory_kb >> 10} MiB of memory",
        Ended.OUTPUT_LIMIT: f"wrote more than {LIMITS.output_kb} KiB",
    }
    return words[result.ended]


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")
