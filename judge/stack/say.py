"""Words for the person at the terminal: steps as they happen, and the one error that ends a command."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stop(Exception):
    """Ends the command with a message that says exactly what to do. Not a bug of ours."""


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


def ready(what: str) -> None:
    """A step that had nothing left to do."""
    say(f"  ok    {what}")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announces a step and says how long it took."""
    say(f"  ...   {what}")
    began = time.monotonic()
    yield
    say(f"  done  {what} ({time.monotonic() - began:.1f} s)")


def complain(text: str) -> None:
    """An error, on stderr."""
    print(text, file=sys.stderr, flush=True)
