"""One file a language. A file defines `LANGUAGE`; its key is the file's name. See CONTRIBUTING.md for the recipe."""

import sys
from dataclasses import dataclass
from functools import cache

from judge.engine import plugins
from judge.engine.errors import UnknownLanguage
from judge.engine.types import Command, Limits

# Names that others use for the same thing; never shown, never stored.
ALIASES = {"cpp": "cpp17", "python": "python3"}

COMPILE_LIMITS = Limits(cpu_ms=30_000, memory_kb=1024 * 1024, output_kb=64)


@dataclass(frozen=True, slots=True)
class Example:
    """A program with one test: the language's own proof that it works in the image."""

    source: str
    stdin: str
    stdout: str


@dataclass(frozen=True, slots=True)
class Language:
    """How programs of one language are named, compiled and run inside the sandbox.

    ``packages`` are Debian packages that the sandbox image installs; ``time_factor`` multiplies a problem's CPU limit;
    ``version`` is the command whose first line of output is shown on the Languages page; ``setup`` holds shell-free
    argv lists that the image build runs once (a precompiled header, say); ``editor`` is the editor's mode,
    a file in judge/frontend/src/modes. ``template`` is the program that the editor begins with: it compiles, reads
    standard input and stops without an error, whatever the input is.
    ``leave_out`` are patterns of files in the packages that no submission needs; ``image_mb`` is about what the
    language adds to the image: the largest are its lowest layers.
    ``artifacts`` names what the compile step leaves to be run: files, or directories of files, at most 64 MiB; the
    compile step itself runs under ``compile_limits``.

    ``{memory_mb}`` in the words of ``run`` and in its environment stands for the run's memory limit in MiB: runtimes
    with a heap of their own are told how large it may grow.
    """

    label: str
    filename: str
    run: Command
    packages: tuple[str, ...]
    version: tuple[str, ...]
    example: Example
    compile: Command | None = None
    compile_limits: Limits = COMPILE_LIMITS
    artifacts: tuple[str, ...] = ()
    setup: tuple[tuple[str, ...], ...] = ()
    leave_out: tuple[str, ...] = ()
    image_mb: int = 50
    time_factor: float = 1.0
    editor: str = "text"
    template: str = ""


@cache
def all_languages() -> dict[str, Language]:
    """Every language by key, in the order of their keys."""
    return {key: module.LANGUAGE for key, module in plugins.modules_of(sys.modules[__name__]).items()}


def get(key: str) -> Language:
    """The language called ``key``, or that `ALIASES` means by it. Raises UnknownLanguage."""
    try:
        return all_languages()[ALIASES.get(key, key)]
    except KeyError:
        raise UnknownLanguage(f"unknown language {key!r}; there are: {', '.join(all_languages())}") from None
