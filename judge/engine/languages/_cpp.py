"""What the C++ standards have in common: g++, a precompiled `<bits/stdc++.h>` and one static binary.

The header costs over a second to read and a fraction of it precompiled; the compiler takes the precompiled one only
where the flags are the same, and else reads the header as ever. A static binary starts faster than one that has to
find its libraries; gold links it in half the time that ld needs.
"""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);

    int n;
    cin >> n;

    cout << n << '\\n';
}
"""


def gnu_cpp(standard: int) -> Language:
    """C++ of the year ``standard`` with GNU's extensions."""
    flags = (f"-std=gnu++{standard}", "-O2")
    link = ("-static", "-fuse-ld=gold", "-pipe")
    headers = f"/opt/kodjudge/pch/cpp{standard}"
    precompile = ("/usr/bin/g++", *flags, "-x", "c++-header", "-o", f"{headers}/bits/stdc++.h.gch")
    return Language(
        label=f"C++{standard} (g++)",
        filename="solution.cpp",
        compile=Command(("/usr/bin/g++", *flags, *link, "-I", headers, "-o", "solution", "solution.cpp")),
        artifacts=("solution",),
        run=Command(argv=("/work/solution",)),
        packages=("gcc", "g++", "libc6-dev"),
        setup=(
            ("mkdir", "-p", f"{headers}/bits"),
            # Its place depends on the machine's architecture.
            ("find", "/usr/include", "-path", "*/bits/stdc++.h", "-exec", *precompile, "{}", ";"),
        ),
        version=("/usr/bin/g++", "--version"),
        image_mb=190,
        example=Example(
            "#include <bits/stdc++.h>\n\nint main() {\n    long long a, b;\n    std::cin >> a >> b;\n"
            "    std::cout << a + b << '\\n';\n}\n",
            "1 2\n",
            "3\n",
        ),
        editor="cpp",
        template=TEMPLATE,
    )
