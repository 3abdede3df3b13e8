"""What the engine asks of a sandbox. The engine owns these Protocols; `docker.py` is one way to meet them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from judge.engine.languages import Language
from judge.engine.types import Compilation, Limits, RunResult


class Box(Protocol):
    """One submission's stay in a sandbox: load its program once, run it any number of times."""

    def load(self, language: Language, source: bytes) -> Compilation:
        """Bring the source in and compile it. Must be called once, before `run`.

        Raises SandboxError where the sandbox failed; a program that does not compile is a Compilation that is not ok.
        """

    def run(
        self, stdin: bytes, limits: Limits, *, args: Sequence[str] = (), files: Mapping[str, bytes] | None = None
    ) -> RunResult:
        """Run the loaded program once on ``stdin`` and wait for its end. Raises SandboxError.

        ``args`` follow the program on its command line; ``files`` (plain names) lie read-only in its working directory
        for this one run.
        """


class Sandbox(Protocol):
    """Hands out boxes. What one owner ran is never reachable by another owner."""

    def open(self, owner: str) -> AbstractContextManager[Box]:
        """A box for one submission of ``owner``; leaving the context gives it back or destroys it."""

    def close(self) -> None:
        """End every container this sandbox started."""
