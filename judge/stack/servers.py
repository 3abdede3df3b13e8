"""The servers that KodJudge stands on: those that the environment does not name are embedded."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from judge.stack import broker, postgres
from judge.stack.place import Place
from judge.stack.say import Stop, say


def start(place: Place) -> list[str]:
    """Start what is missing; returns the names of the servers that had to be started. Raises Stop."""
    place.make()
    _keep_secret_key(place)
    with locked(place, "servers"):
        started = []
        if "DATABASE_URL" not in os.environ and postgres.start(place):
            started.append("postgres")
        if "BROKER_URL" not in os.environ and broker.start(place):
            started.append("broker")
    return started


def halt(place: Place, names: tuple[str, ...] = ("broker", "postgres")) -> None:
    """Stop the named servers of this place, where they run."""
    for name in names:
        if {"broker": broker, "postgres": postgres}[name].halt(place):
            say(f"  stopped {name}")


def environment(place: Place) -> dict[str, str]:
    """The variables under which the product finds the servers of this place."""
    return {
        "DATABASE_URL": os.environ.get("DATABASE_URL", place.database_url),
        "BROKER_URL": os.environ.get("BROKER_URL", place.broker_url),
    }


@contextmanager
def locked(place: Place, name: str, taken: str = "") -> Iterator[None]:
    """Hold a lock of this place; wait for it, or raise Stop with the message ``taken`` where one is given."""
    with (place.run / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if taken else 0))
        except BlockingIOError:
            raise Stop(taken) from None
        yield


def _keep_secret_key(place: Place) -> None:
    path = place.base / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
