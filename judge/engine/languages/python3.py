"""CPython, Debian's own. Judged by the fork server, so that a test does not pay for the interpreter's start-up."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
import sys


def main():
    words = sys.stdin.read().split()

    print(*words[:1])


main()
"""

LANGUAGE = Language(
    label="Python 3",
    filename="solution.py",
    run=Command(argv=("/usr/bin/python3", "solution.py"), fork_server=True),
    packages=(
        "python3",
        "python3-numpy",
        "python3-pandas",
        "python3-scipy",
        "python3-sklearn",
        "python3-sympy",
        "python3-networkx",
        "python3-statsmodels",
        "python3-requests",
        "python3-lxml",
        "python3-bs4",
        "python3-pil",
        "python3-matplotlib",
        "python3-rich",
        "python3-regex",
        "python3-sortedcontainers",
    ),
    version=("/usr/bin/python3", "--version"),
    image_mb=1200,
    example=Example("print(sum(map(int, input().split())))\n", "1 2\n", "3\n"),
    editor="python",
    template=TEMPLATE,
)
