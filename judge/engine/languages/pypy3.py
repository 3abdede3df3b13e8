"""PyPy: Python with a just-in-time compiler, for loops that are too slow in CPython. Standard library only.

Never forked: PyPy's own start-up (some 30 ms) is part of every test's time.
"""

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
    label="PyPy 3",
    filename="solution.py",
    run=Command(argv=("/usr/bin/pypy3", "solution.py")),
    packages=("pypy3",),
    version=(
        "/usr/bin/pypy3",
        "-c",
        "import sys; print('PyPy %d.%d.%d' % sys.pypy_version_info[:3], '(Python %d.%d.%d)' % sys.version_info[:3])",
    ),
    # Its hooks would compile CPython's packages for PyPy: a minute and 130 MB.
    leave_out=("/usr/lib/pypy3/runtime.d/*",),
    image_mb=90,
    example=Example("print(sum(map(int, input().split())))\n", "1 2\n", "3\n"),
    editor="python",
    template=TEMPLATE,
)
