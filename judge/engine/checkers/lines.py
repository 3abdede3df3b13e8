"""The default: equal line by line. Forgiven: CRLF, blanks at line ends, blank lines at both ends. Nothing else."""

from judge.engine.types import Check


def _canonical(text: bytes) -> bytes:
    text = text.replace(b"\r\n", b"\n").strip()
    return b"\n".join(line.rstrip() for line in text.split(b"\n"))


def check(output: bytes, answer: bytes) -> Check:
    """Compare as KodCode's own graders do, which strip both ends (kodcode.md), made kinder to blanks at line ends."""
    if output == answer:
        return Check(right=True)
    got, want = _canonical(output), _canonical(answer)
    if got == want:
        return Check(right=True)
    got_lines, want_lines = got.split(b"\n"), want.split(b"\n")
    for number, (ours, theirs) in enumerate(zip(got_lines, want_lines, strict=False), 1):
        if ours != theirs:
            return Check(right=False, note=f"line {number} differs")
    return Check(right=False, note=f"{len(got_lines)} lines where {len(want_lines)} were expected")


# (output, answer, right)
EXAMPLES = (
    (b"3\n", b"3", True),
    (b"  3  \r\n\n", b"3\n", True),
    (b"1 \n2\t\n", b"1\n2", True),
    (b"", b"\n", True),
    (b"True", b"true", False),
    (b"1  2", b"1 2", False),
    (b"1\n\n2", b"1\n2", False),
    (b"3.0", b"3", False),
    (b"", b"0", False),
    (b"\xff", b"\xfe", False),
)
