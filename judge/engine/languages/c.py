"""C (GNU 17) by gcc, statically linked: a static binary starts faster and needs nothing of the image."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

FLAGS = ("-std=gnu17", "-O2", "-static", "-fuse-ld=gold", "-pipe")

TEMPLATE = """\
#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 0;

    printf("%d\\n", n);
    return 0;
}
"""

LANGUAGE = Language(
    label="C17 (gcc)",
    filename="solution.c",
    # The mathematics library last: its functions are looked up where they were first missed.
    compile=Command(argv=("/usr/bin/gcc", *FLAGS, "-o", "solution", "solution.c", "-lm")),
    artifacts=("solution",),
    run=Command(argv=("/work/solution",)),
    packages=("gcc", "libc6-dev"),
    version=("/usr/bin/gcc", "--version"),
    image_mb=100,
    example=Example(
        '#include <stdio.h>\n\nint main(void) {\n    long long a, b;\n    scanf("%lld %lld", &a, &b);\n'
        '    printf("%lld\\n", a + b);\n}\n',
        "1 2\n",
        "3\n",
    ),
    editor="cpp",
    template=TEMPLATE,
)
