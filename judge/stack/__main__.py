"""The command line: `python3 -m judge.stack COMMAND`. `make` is its usual caller."""

import argparse
import sys

from judge.stack import servers
from judge.stack.place import place
from judge.stack.say import Stop, complain, say


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m judge.stack")
    commands = parser.add_subparsers(dest="command", required=True)
    services = commands.add_parser("services", help="start the embedded servers, print how to reach them, and return")
    services.add_argument("--name", default="", help="a separate set of servers under var/NAME")
    services.add_argument("--stop", action="store_true", help="stop them instead")
    given = parser.parse_args(argv)
    try:
        if given.command == "services":
            _services(given.name, given.stop)
    except Stop as stop:
        complain(f"\nmake {given.command}: {stop}")
        return 1
    return 0


def _services(name: str, halt: bool) -> None:
    where = place(name)
    if halt:
        servers.halt(where)
        return
    servers.start(where)
    for variable, value in servers.environment(where).items():
        say(f"{variable}={value}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
