"""Every language proves itself: its example and its failures are judged in the real image."""

from collections.abc import Callable

import pytest

from judge.engine import languages
from judge.engine.errors import UnknownLanguage
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.verdicts import Verdict

Judged = Callable[..., tuple]

FAILS = {
    "c": "#include <stdlib.h>\nint main(void) { exit(3); }\n",
    "cpp17": '#include <bits/stdc++.h>\nint main() { throw std::runtime_error("oh"); }\n',
    "cpp20": "#include <bits/stdc++.h>\nint main() { std::vector<int> none; return none.at(1); }\n",
    "csharp": 'class Solution { static void Main() { throw new System.Exception("oh"); } }\n',
    "go": 'package main\n\nfunc main() { panic("oh") }\n',
    "haskell": 'main :: IO ()\nmain = error "oh"\n',
    "java": "public class Main { public static void main(String[] args) { System.out.println(args[1]); } }\n",
    "javascript": 'throw new Error("oh");\n',
    "perl": 'die "oh";\n',
    "pypy3": "raise ValueError('oh')\n",
    "python3": "raise ValueError('oh')\n",
    "ruby": "raise 'oh'\n",
    "rust": "fn main() { let none: Vec<i32> = std::env::args().map(|_| 1).skip(9).collect(); drop(none[0]); }\n",
}
LOOPS = {
    "c": "int main(void) { for (volatile int i = 0;; i++); }\n",
    "cpp17": "int main() { for (volatile int i = 0;; i = i + 1); }\n",
    "cpp20": "int main() { for (volatile int i = 0;; i = i + 1); }\n",
    "csharp": "class Solution { static void Main() { while (true) { } } }\n",
    "go": "package main\n\nfunc main() {\n\tfor {\n\t}\n}\n",
    "haskell": "main :: IO ()\nmain = mapM_ (\\n -> if n < 0 then print n else return ()) [1 :: Integer ..]\n",
    "java": "public class Main { public static void main(String[] args) { while (true) { } } }\n",
    "javascript": "while (true) {}\n",
    "perl": "while (1) {}\n",
    "pypy3": "while True: pass\n",
    "python3": "while True: pass\n",
    "ruby": "loop {}\n",
    "rust": "fn main() { loop {} }\n",
}
COMPILED = [key for key, language in languages.all_languages().items() if language.compile]


def test_an_unknown_language_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownLanguage, match=r"'cobol'; there are: .*python3"):
        languages.get("cobol")


@pytest.mark.parametrize("alias", languages.ALIASES)
def test_an_alias_is_no_language_of_its_own(alias: str) -> None:
    assert alias not in languages.all_languages()
    assert languages.get(alias) is languages.all_languages()[languages.ALIASES[alias]]


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_template_runs_whatever_it_reads(key: str, judged: Judged) -> None:
    template = languages.get(key).template
    assert template
    compilation, outcomes = judged(template, (b"3\n1 2 3\n", b"3\n"), (b"", b""), language=key)
    assert compilation.output == ""
    assert [outcome.result.stderr for outcome in outcomes] == [b"", b""]
    assert {outcome.verdict for outcome in outcomes} <= {Verdict.AC, Verdict.WA}


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_example_is_accepted(key: str, judged: Judged) -> None:
    example = languages.get(key).example
    compilation, outcomes = judged(example.source, (example.stdin.encode(), example.stdout.encode()), language=key)
    assert compilation.ok, compilation.output
    assert [o.verdict for o in outcomes] == [Verdict.AC], outcomes


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_its_compiler_and_its_runtime_say_nothing_of_their_own(key: str, judged: Judged) -> None:
    example = languages.get(key).example
    compilation, (outcome,) = judged(example.source, (example.stdin.encode(), b""), language=key)
    assert compilation.output == ""
    assert outcome.result.stderr == b""


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_its_example_is_small(key: str, judged: Judged) -> None:
    example = languages.get(key).example
    _, (outcome,) = judged(example.source, (example.stdin.encode(), b""), language=key)
    assert 100 < outcome.result.memory_kb < 64 * 1024


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_a_wrong_answer_is_noticed(key: str, judged: Judged) -> None:
    example = languages.get(key).example
    _, outcomes = judged(example.source, (example.stdin.encode(), b"another answer"), language=key)
    assert [o.verdict for o in outcomes] == [Verdict.WA]


@pytest.mark.docker
@pytest.mark.parametrize("key", COMPILED)
def test_what_was_compiled_once_runs_elsewhere_without_a_compiler(key: str, judged: Judged) -> None:
    example = languages.get(key).example
    case = (example.stdin.encode(), example.stdout.encode())
    judged(example.source, case, language=key, owner="first")
    compilation, outcomes = judged(example.source, case, case, language=key, owner="second")
    assert compilation.cached
    assert [o.verdict for o in outcomes] == [Verdict.AC, Verdict.AC], outcomes


@pytest.mark.docker
@pytest.mark.parametrize("key", COMPILED)
def test_a_program_that_does_not_compile_is_told_why(key: str, judged: Judged) -> None:
    compilation, outcomes = judged("this is not a program\n", language=key)
    assert not compilation.ok
    assert languages.get(key).filename in compilation.output
    assert outcomes == []


@pytest.mark.docker
@pytest.mark.parametrize("key", FAILS)
def test_a_program_that_fails_is_a_runtime_error(key: str, judged: Judged) -> None:
    compilation, outcomes = judged(FAILS[key], language=key)
    assert compilation.ok, compilation.output
    assert [o.verdict for o in outcomes] == [Verdict.RE], outcomes


@pytest.mark.docker
@pytest.mark.parametrize("key", LOOPS)
def test_an_endless_loop_runs_into_the_time_limit(key: str, judged: Judged) -> None:
    compilation, outcomes = judged(LOOPS[key], language=key, limits={"cpu_ms": 500})
    assert compilation.ok, compilation.output
    assert [o.verdict for o in outcomes] == [Verdict.TLE], outcomes


@pytest.mark.docker
@pytest.mark.parametrize("key", languages.all_languages())
def test_its_version_is_told(key: str, sandbox: DockerSandbox) -> None:
    assert any(character.isdigit() for character in sandbox.version_of(key))


@pytest.mark.docker
@pytest.mark.parametrize("key", ["cpp17", "cpp20"])
def test_the_precompiled_header_is_used(key: str, judged: Judged) -> None:
    def fastest(before: str) -> int:
        sources = (f"{before}#include <bits/stdc++.h>\nint main() {{}} // {before} {turn}\n" for turn in range(3))
        return min(judged(source, language=key)[0].time_ms for source in sources)

    # After a declaration the compiler has to read the header itself.
    assert fastest("") < 0.7 * fastest("int declared;\n")


GARBAGE = """
public class Main {
    static byte[] keep;
    public static void main(String[] args) {
        for (int i = 0; i < 2000; i++) keep = new byte[1 << 20];
        System.out.println(keep.length);
    }
}
"""


@pytest.mark.docker
def test_javas_garbage_is_collected_before_the_memory_limit(judged: Judged) -> None:
    _, (outcome,) = judged(GARBAGE, (b"", b"1048576"), language="java", limits={"memory_kb": 128 * 1024})
    assert outcome.verdict is Verdict.AC, outcome


DEEP = {
    "c": "int f(int n) { volatile char pad[64]; pad[0] = n; return n ? f(n - 1) + pad[0] * 0 + 1 : 0; }\n"
    '#include <stdio.h>\nint main(void) { printf("%d", f(500000)); }\n',
    "java": "public class Main { static int f(int n) { return n == 0 ? 0 : f(n - 1) + 1; }\n"
    "public static void main(String[] args) { System.out.println(f(500000)); } }\n",
    "javascript": "const f = (n) => (n ? f(n - 1) + 1 : 0);\nconsole.log(f(500000));\n",
    "ruby": "def f(n) = n == 0 ? 0 : f(n - 1) + 1\nputs f(500000)\n",
}


@pytest.mark.docker
@pytest.mark.parametrize("key", DEEP)
def test_deep_recursion_has_room(key: str, judged: Judged) -> None:
    compilation, (outcome,) = judged(DEEP[key], (b"", b"500000"), language=key)
    assert compilation.ok, compilation.output
    assert outcome.verdict is Verdict.AC, outcome
