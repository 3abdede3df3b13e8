"""The servers that KodJudge stands on: those that the environment does not name are embedded."""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from judge.stack import broker, postgres
from judge.stack.place import Place
from judge.stack.say import Stop

EMBEDDED = {"postgres": (postgres, "DATABASE_URL"), "broker": (broker, "BROKER_URL")}


def missing(place: Place, given: Mapping[str, str] = os.environ) -> set[str]:
    """The names of the embedded servers that `start` would have to start."""
    return {
        name for name, (server, variable) in EMBEDDED.items() if variable not in given and server.running(place) is None
    }


def start(place: Place, given: Mapping[str, str] = os.environ) -> None:
    """Start what is missing and not ``given`` by an address in the environment. Raises Stop."""
    place.make()
    _keep_secret_key(place)
    with locked(place, "servers"):
        for server, variable in EMBEDDED.values():
            if variable not in given:
                server.start(place)


def halt(place: Place, names: Iterable[str] = EMBEDDED) -> list[str]:
    """Stop the named servers of this place; returns the names of those that ran."""
    return [name for name in names if EMBEDDED[name][0].halt(place)]


def environment(place: Place, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables under which the product finds the servers of this place."""
    return {
        "DATABASE_URL": given.get("DATABASE_URL", place.database_url),
        "BROKER_URL": given.get("BROKER_URL", place.broker_url),
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


def secret_key(place: Place) -> str:
    """The key that `start` wrote."""
    return (place.base / "secret_key").read_text().strip()


def _keep_secret_key(place: Place) -> None:
    path = place.base / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
