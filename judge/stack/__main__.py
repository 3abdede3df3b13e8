"""The command line: `python3 -m judge.stack COMMAND`. `make` is its usual caller."""

import argparse
import sys

from judge.stack import docker_engine, image, servers, testing, up, words
from judge.stack.place import place
from judge.stack.say import Stop, complain, say


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m judge.stack")
    commands = parser.add_subparsers(dest="command", required=True)
    services = commands.add_parser("services", help="start the embedded servers, print how to reach them, and return")
    services.add_argument("--name", default="", help="a separate set of servers under var/NAME")
    services.add_argument("--stop", action="store_true", help="stop them instead")
    commands.add_parser("up", help="set up what is missing and run KodJudge until Ctrl-C")
    down_ = commands.add_parser("down", help="stop what up started and remove our containers")
    down_.add_argument("--all", action="store_true", help="also stop a Docker engine that up started")
    commands.add_parser("image", help="build the sandbox image where it is missing or old")
    test = commands.add_parser("test", help="provide all that the tests need and run them")
    test.add_argument("arguments", nargs="*", help="given to pytest; put -- before them")
    commands.add_parser("check", help="style, types, import contracts, migrations, documentation")
    bench = commands.add_parser("bench", help="benchmarks")
    bench.add_argument("part", nargs="?", default="", help="only this part")
    commands.add_parser("lock", help="compile the locks from pyproject.toml")
    commands.add_parser("words", help="bring the languages of the interface up to the code")
    given = parser.parse_args(argv)
    try:
        if given.command in {"test", "check", "bench", "lock", "words"}:
            return _develop(given)
        if given.command == "up":
            return up.up()
        if given.command == "down":
            up.down(given.all)
        if given.command == "image":
            docker_engine.ensure()
            image.ensure()
        if given.command == "services":
            _services(given.name, given.stop)
    except Stop as stop:
        complain(f"\nmake {given.command}: {stop}")
        return 1
    return 0


def _develop(given: argparse.Namespace) -> int:
    if given.command == "test":
        return testing.test(given.arguments)
    if given.command == "bench":
        return testing.bench(given.part)
    if given.command == "words":
        return words.update()
    return testing.check() if given.command == "check" else testing.lock()


def _services(name: str, halt: bool) -> None:
    where = place(name)
    if halt:
        for stopped in servers.halt(where):
            say(f"  stopped {stopped}")
        return
    servers.start(where)
    for variable, value in servers.environment(where).items():
        say(f"{variable}={value}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
