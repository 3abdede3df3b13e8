"""C++17 by g++, statically linked: a static binary starts faster and needs nothing of the image."""

from judge.engine.languages import Example, Language
from judge.engine.types import Command

FLAGS = ("-std=gnu++17", "-O2", "-static", "-pipe")

LANGUAGE = Language(
    label="C++17 (g++)",
    filename="solution.cpp",
    compile=Command(argv=("/usr/bin/g++", *FLAGS, "-o", "solution", "solution.cpp")),
    artifacts=("solution",),
    run=Command(argv=("/work/solution",)),
    packages=("g++", "libc6-dev"),
    version=("/usr/bin/g++", "--version"),
    example=Example(
        "#include <bits/stdc++.h>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b<<'\\n';}\n", "1 2\n", "3\n"
    ),
    editor="cpp",
)
