"""One job through the engine and a real container: every verdict, and what comes with it."""

from collections.abc import Callable

import pytest

from judge.engine.errors import UnknownChecker, UnknownLanguage
from judge.engine.verdicts import Ended, Verdict

pytestmark = pytest.mark.docker

Judged = Callable[..., tuple]
SUM = "print(sum(map(int, input().split())))\n"


def test_an_unknown_language_is_our_fault_and_no_verdict(judged: Judged) -> None:
    with pytest.raises(UnknownLanguage):
        judged("x", language="cobol")


def test_an_unknown_checker_is_our_fault_and_no_verdict(judged: Judged) -> None:
    with pytest.raises(UnknownChecker):
        judged("x", checker="fuzzy")


def test_each_test_has_its_own_verdict(judged: Judged) -> None:
    _, outcomes = judged(SUM, (b"1 2", b"3"), (b"1 2", b"4"), (b"5 5", b"10"))
    assert [o.verdict for o in outcomes] == [Verdict.AC, Verdict.WA, Verdict.AC]


def test_after_two_limit_kills_the_rest_is_not_run(judged: Judged) -> None:
    _, outcomes = judged("while True: pass", *[(b"", b"")] * 4, limits={"cpu_ms": 200})
    assert [o.verdict for o in outcomes] == [Verdict.TLE, Verdict.TLE, None, None]


def test_an_endless_loop_ends_near_its_cpu_limit(judged: Judged) -> None:
    _, (outcome,) = judged("while True: pass", limits={"cpu_ms": 500})
    assert outcome.verdict is Verdict.TLE
    assert outcome.result.ended is Ended.CPU_LIMIT
    assert 500 <= outcome.result.cpu_ms < 1000


def test_sleeping_ends_at_the_wall_limit(judged: Judged) -> None:
    _, (outcome,) = judged("import time\ntime.sleep(60)", limits={"cpu_ms": 100})
    assert (outcome.verdict, outcome.result.ended) == (Verdict.TLE, Ended.WALL_LIMIT)
    assert outcome.result.cpu_ms < 100


def test_a_gibibyte_is_too_much_memory(judged: Judged) -> None:
    _, (outcome,) = judged("x = bytearray(1 << 30)\nprint(len(x))")
    assert outcome.verdict is Verdict.MLE


def test_memory_is_that_of_the_whole_tree(judged: Judged) -> None:
    source = """
import os
children = []
for _ in range(4):
    r, w = os.pipe()
    if os.fork() == 0:
        block = b"x" * (100 << 20)
        os.write(w, b"1")
        import time; time.sleep(5); os._exit(0)
    children.append(r)
for r in children:
    os.read(r, 1)
"""
    _, (outcome,) = judged(source)
    assert outcome.verdict is Verdict.MLE


def test_a_memory_limit_of_a_problem_holds(judged: Judged) -> None:
    source = "x = b'x' * (100 << 20)\nprint(len(x) >> 20)"
    _, (small,) = judged(source, (b"", b"100"), limits={"memory_kb": 64 << 10})
    _, (large,) = judged(source, (b"", b"100"), limits={"memory_kb": 512 << 10})
    assert (small.verdict, large.verdict) == (Verdict.MLE, Verdict.AC)
    assert 100 << 10 <= large.result.memory_kb < 130 << 10


def test_endless_output_is_cut_and_told(judged: Judged) -> None:
    _, (outcome,) = judged("while True: print('x' * 1000)")
    assert outcome.verdict is Verdict.OLE
    assert len(outcome.result.stdout) == 16 << 20


def test_a_crash_tells_its_signal(judged: Judged) -> None:
    _, (outcome,) = judged("int main() { volatile int *p = 0; *p = 1; }", language="cpp17")
    assert (outcome.verdict, outcome.result.signal) == (Verdict.RE, 11)


def test_an_exit_code_is_told(judged: Judged) -> None:
    _, (outcome,) = judged("raise SystemExit(7)")
    assert (outcome.verdict, outcome.result.exit_code) == (Verdict.RE, 7)


def test_the_compilers_text_is_given(judged: Judged) -> None:
    compilation, outcomes = judged("int main() { return nothing; }", language="cpp17")
    assert not compilation.ok
    assert "was not declared in this scope" in compilation.output
    assert outcomes == []


def test_a_syntax_error_is_a_compile_error(judged: Judged) -> None:
    compilation, _ = judged("print('a'\n")
    assert not compilation.ok
    assert "SyntaxError" in compilation.output


def test_the_same_source_is_compiled_once(judged: Judged) -> None:
    source = '#include <cstdio>\nint main() { std::puts("once"); }'
    first, _ = judged(source, (b"", b"once"), language="cpp17", owner="one")
    second, (outcome,) = judged(source, (b"", b"once"), language="cpp17", owner="another")
    assert (first.cached, second.cached, outcome.verdict) == (False, True, Verdict.AC)


def test_cpu_time_of_children_nobody_waits_for_counts(judged: Judged) -> None:
    source = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        end = time.process_time() + 0.5
        while time.process_time() < end: pass
    os._exit(0)
os.wait()
time.sleep(2.5)
"""
    _, (outcome,) = judged(source)
    assert outcome.result.cpu_ms >= 400


def test_64_mib_of_input_arrive_whole(judged: Judged, gvisor: bool) -> None:
    source = "import sys\nprint(sum(len(block) for block in iter(lambda: sys.stdin.buffer.read(1 << 20), b'')))"
    _, (outcome,) = judged(source, (b"x" * (64 << 20), str(64 << 20).encode()))
    assert outcome.verdict is Verdict.AC
    assert outcome.result.memory_kb < (192 if gvisor else 64) << 10  # gVisor holds the input itself


def test_unread_input_does_not_block(judged: Judged) -> None:
    _, (outcome,) = judged("print(3)", (b"1 2\n" * (5 << 20), b"3"))
    assert outcome.verdict is Verdict.AC


def test_a_flood_of_errors_does_not_block(judged: Judged) -> None:
    _, (outcome,) = judged("import sys\nsys.stderr.write('e' * (10 << 20))\nprint(3)", (b"", b"3"))
    assert outcome.verdict is Verdict.AC
    assert len(outcome.result.stderr) == 64 << 10


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python3", "open('/dev/stdout', 'w').write(open('/dev/stdin').read())"),
        ("javascript", "const fs = require('fs'); fs.writeFileSync('/dev/stdout', fs.readFileSync('/dev/stdin'))"),
        ("c", '#include <stdio.h>\nint main() { FILE *f = fopen("/dev/stdout", "w"); fputs("3\\n", f); fclose(f); }'),
    ],
)
def test_standard_streams_may_be_opened_by_name(judged: Judged, gvisor: bool, language: str, source: str) -> None:
    _, outcomes = judged(source, (b"3\n", b"3"), (b"3\n" + b" \n" * 5000, b"3"), language=language)
    expected = Verdict.RE if gvisor else Verdict.AC
    assert [o.verdict for o in outcomes] == [expected, expected], [o.result for o in outcomes]


def test_output_is_not_memory(judged: Judged, gvisor: bool) -> None:
    source = '#include <cstdio>\nint main() { for (int i = 0; i < 15 << 10; i++) std::printf("%01023d\\n", i); }'
    _, (outcome,) = judged(source, language="cpp17")
    assert len(outcome.result.stdout) == 15 << 20
    assert outcome.result.memory_kb < (16 if gvisor else 4) << 10  # there a program's resident set counts


def test_what_one_program_printed_does_not_weigh_on_the_next(judged: Judged) -> None:
    _, (before,) = judged("print(3)", owner="light")
    judged("print('x' * (15 << 20))", (b"", b""), (b"", b""), owner="light")
    _, (after,) = judged("print(3)", owner="light")
    assert after.result.memory_kb < before.result.memory_kb + 1024
