"""C# by Mono's compiler and runtime (C# 7).

Time is stretched by half: a virtual machine that starts and compiles while it runs costs CPU time that says nothing
about the program.
"""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

TEMPLATE = """\
using System;
using System.Linq;

class Solution {
    static void Main() {
        string[] words = Console.In.ReadToEnd().Split((char[]) null, StringSplitOptions.RemoveEmptyEntries);

        Console.WriteLine(words.FirstOrDefault());
    }
}
"""

LANGUAGE = Language(
    label="C# (Mono)",
    filename="solution.cs",
    compile=Command(argv=("/usr/bin/mcs", "-optimize+", "-nologo", "-out:solution.exe", "solution.cs")),
    artifacts=("solution.exe",),
    run=Command(argv=("/usr/bin/mono", "solution.exe")),
    packages=("mono-mcs", "mono-runtime", "libmono-system-core4.0-cil", "libmono-system-numerics4.0-cil"),
    version=("/usr/bin/mono", "--version"),
    image_mb=51,
    example=Example(
        "using System;\nusing System.Linq;\n\nclass Solution {\n    static void Main() {\n"
        "        Console.WriteLine(Console.ReadLine().Split(' ').Select(long.Parse).Sum());\n    }\n}\n",
        "1 2\n",
        "3\n",
    ),
    time_factor=1.5,
    editor="csharp",
    template=TEMPLATE,
)
