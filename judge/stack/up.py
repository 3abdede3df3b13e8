"""`make up` and `make down`: all of KodJudge on this machine, up and down again."""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from judge.stack import docker_engine, environment, frontend, image, ports, servers, supervisor, words
from judge.stack.place import ROOT, VAR, Place, place
from judge.stack.processes import find, tail, wait_gone
from judge.stack.say import Stop, complain, say, step
from judge.stack.supervisor import Child, Supervisor

SAMPLES = ROOT / "problems" / "samples" / "problems.jsonl"
DEFAULT_PORT = "8000"


def up() -> int:
    """Set up what is missing, then run the product until a signal comes. Returns the exit code. Raises Stop."""
    where = place()
    where.make()
    host, port = _address()
    with servers.locked(where, "up", taken=_taken(where)):
        left, kept = supervisor.read_state(_state(where))
        supervisor.stop_groups(list(left.values()))
        ports.check_free(host, port)
        environment.check_disk(VAR, 1)
        say("Setting up KodJudge:")
        # Servers that ran before us are somebody's; those that a crashed `make up` left are ours again.
        ours = servers.missing(where) | {str(name) for name in _list(kept.get("servers"))}
        extra = {"servers": sorted(ours), "address": [host, port]}
        supervisor.write_state(_state(where), {"supervisor": find(os.getpid())}, extra)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            python = environment.ensure(environment.RUNTIME)
            servers.start(where)
            docker_engine.ensure()
            image.ensure()
            frontend.ensure(python)
            words.ensure(python)
            _fill_database(where, python)
            keeper = Supervisor(_children(python, host, port), where.log, _state(where), ROOT, extra)
            return keeper.run(started=lambda: _answers(host, port, where))
        except KeyboardInterrupt:
            say("\nStopping ...")
            return 0
        finally:
            _clear(where, ours)


def down(everything: bool) -> None:
    """Stop what `make up` started; with ``everything`` also a Docker engine that we started."""
    where = place()
    where.make()
    running, kept = supervisor.read_state(_state(where))
    keeper = running.pop("supervisor", None)
    if keeper:
        say("Stopping KodJudge ...")
        keeper.send(signal.SIGTERM)
        for stuck in wait_gone([keeper], 60):
            stuck.send(signal.SIGKILL)
    supervisor.stop_groups(list(running.values()))
    # A supervisor that ended in good order has cleared up itself; this is for one that could not.
    _clear(where, {str(name) for name in _list(kept.get("servers"))})
    if everything:
        docker_engine.halt()
    say("KodJudge is down.")


def _clear(where: Place, ours: set[str]) -> None:
    docker_engine.remove_containers()
    for name in servers.halt(where, ours):
        say(f"  stopped {name}")
    _state(where).unlink(missing_ok=True)


def _state(where: Place) -> Path:
    return where.run / "up.json"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _address() -> tuple[str, int]:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", DEFAULT_PORT)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Stop(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    return host, int(port)


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def _taken(where: Place) -> str:
    """What to say where another `make up` holds the lock."""
    _, kept = supervisor.read_state(_state(where))
    address = _list(kept.get("address"))
    at = f" at {_url(str(address[0]), int(str(address[1])))}" if address else ""
    return f"KodJudge is already running{at}. Stop it first:\n    make down"


def _fill_database(where: Place, python: Path) -> None:
    """Tables, samples, the first curator, whose password is said at once: whatever happens later, it is seen."""

    def manage(*words: str) -> str:
        return frontend.run_or_stop([str(python), "manage.py", *words], f"manage.py {words[0]}").stdout

    with step("database tables"):
        manage("migrate", "--noinput", "-v", "0")
    # The same samples are not imported twice into the same database, so what a curator deleted stays deleted.
    cluster = where.postgres_data / "PG_VERSION"
    born = os.environ.get("DATABASE_URL") or (str(cluster.stat().st_mtime_ns) if cluster.exists() else "")
    inputs = f"{frontend.digest([SAMPLES])} {born}"
    if not frontend.stamped("samples", inputs):
        with step("sample problems"):
            manage("import_kodcode", str(SAMPLES))
        frontend.stamp("samples", inputs)
    if news := manage("first_curator").strip():
        say(f"\n{news}\n")


def _children(python: Path, host: str, port: int) -> list[Child]:
    cores = len(os.sched_getaffinity(0))
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    celery = (str(python), "-m", "celery", "-A", "judge.celery")
    return [
        Child("worker", (*celery, "worker", "--pool", "threads", "-c", str(cores), "-Q", "interactive,runs,batch")),
        # A worker of its own: an import takes minutes, and a judging thread must not be held for that long.
        Child("importer", (*celery, "worker", "--pool", "threads", "-c", "1", "-Q", "imports", "-n", "imports@%h")),
        Child("beat", (*celery, "beat")),
        Child(
            "web",
            (str(python), "-m", "gunicorn", "judge.wsgi", "-k", "gthread", "-w", "2", "--threads", "8", "-b", bind),
        ),
    ]


class _AsItIs(urllib.request.HTTPRedirectHandler):
    """A redirect, to https say, is an answer: what stands behind it is not ours to ask."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def _answers(host: str, port: int, where: Place, seconds: float = 60) -> bool:
    """Wait for the first page, then print the URL; False, with the reason on stderr, where none comes."""
    url = _url(host, port)
    # The machine's proxy is not asked for its own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _AsItIs)
    deadline = time.monotonic() + seconds
    error = ""
    while time.monotonic() < deadline:
        try:
            with opener.open(f"{url}problems/", timeout=10):
                break
        except urllib.error.HTTPError as refused:
            if refused.code == 400:
                say(f"\n{url} answers with 400: it is not in ALLOWED_HOSTS.")
            if refused.code < 500:
                break
            error = f"{url} answers with {refused.code}"
        except OSError as refused:
            error = str(refused)
        time.sleep(0.2)
    else:
        log = where.log / "web.log"
        complain(f"The site did not come up: {error}. {log} ends with:\n{tail(log, 10)}")
        return False
    say(f"\nKodJudge runs at {url}\nCtrl-C or `make down` stops it; logs are in {where.log}.")
    sys.stdout.flush()
    return True
