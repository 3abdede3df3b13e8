"""The servers that KodJudge stands on: those that the environment does not name are embedded."""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from judge.stack import broker, postgres
from judge.stack.place import Place
from judge.stack.say import Stop, say

EMBEDDED = {"postgres": (postgres, "DATABASE_URL"), "broker": (broker, "BROKER_URL")}


def missing(place: Place) -> set[str]:
    """The names of the embedded servers that `start` would have to start."""
    return {
        name
        for name, (server, variable) in EMBEDDED.items()
        if variable not in os.environ and server.running(place) is None
    }


def start(place: Place) -> None:
    """Start what is missing. Raises Stop."""
    place.make()
    _keep_secret_key(place)
    with locked(place, "servers"):
        for server, variable in EMBEDDED.values():
            if variable not in os.environ:
                server.start(place)


def halt(place: Place, names: Iterable[str] = EMBEDDED) -> None:
    """Stop the named servers of this place, where they run."""
    for name in names:
        if EMBEDDED[name][0].halt(place):
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
