# ruff: noqa: E501 - a program a line is easier to look through
r"""Programs about what is read and written. name -> source, or (source, stdin)."""

_LINES = b"first\nsecond line\n3 4\n"

PROGRAMS = {
    "input": ("print(repr(input()), repr(input('prompt ')), input())", _LINES),
    "input_at_the_end": ("while True: print(input())", _LINES),
    "input_without_newline": ("print(repr(input()))\ninput()", b"no newline"),
    "input_of_nothing": "input()",
    "stdin_read": (
        "import sys\nprint(repr(sys.stdin.read()), repr(sys.stdin.read()), repr(sys.stdin.readline()))",
        _LINES,
    ),
    "stdin_lines": ("import sys\nfor line in sys.stdin: print(repr(line))", _LINES),
    "stdin_mixed": ("import sys\nprint(input(), sys.stdin.readline(), next(sys.stdin), sys.stdin.read())", _LINES),
    "stdin_buffer": ("import sys\nprint(sys.stdin.buffer.readline(), sys.stdin.buffer.read())", _LINES),
    "stdin_buffer_after_input": (
        "import sys\nprint(input())\nprint(sys.stdin.buffer.read(), sys.stdin.read())",
        _LINES,
    ),
    "stdin_read1_and_peek": (
        "import sys\nprint(len(sys.stdin.buffer.peek()), len(sys.stdin.buffer.read1()))",
        b"x" * 20000,
    ),
    "os_read": ("import os\nprint(os.read(0, 7), os.read(0, 1000), os.read(0, 10))", _LINES),
    "os_read_after_input": ("import os\nprint(input())\nprint(len(os.read(0, 100000)))", b"line\n" * 20000),
    "os_read_after_readline": (
        "import os, sys\nprint(sys.stdin.buffer.readline())\nprint(len(os.read(0, 100000)))",
        b"line\n" * 20000,
    ),
    "open_0": ("print(open(0).read(), open(0).read())", _LINES),
    "open_0_after_input": ("print(input())\nprint(repr(open(0, closefd=False).read()))", _LINES),
    "open_0_lines": ("n, *rest = open(0)\nprint(n, rest)", _LINES),
    "fileinput": ("import fileinput\nfor line in fileinput.input(): print(fileinput.lineno(), line, end='')", _LINES),
    "stdin_iter_input": (
        "print(list(iter(lambda: sys.stdin.readline().strip(), ''))) if (sys := __import__('sys')) else 0",
        _LINES,
    ),
    "stdin_readlines": ("import sys\nprint(sys.stdin.readlines(), [*map(int, [])])", _LINES),
    "stdin_carriage_returns": (
        "import sys\nprint(repr(input()), repr(sys.stdin.readline()), repr(sys.stdin.read()))",
        b"a\r\nb\rc\nd\r\n",
    ),
    "stdin_carriage_return_lines": ("import sys\nprint([*sys.stdin], sys.stdin.newlines)", b"a\r\nb\rc\nd\r\n"),
    "stdin_invalid_bytes": (
        "import sys\ntext = sys.stdin.read()\nprint(ascii(text))\nprint(text)",
        b"ab\xff\xfe\xc3\n",
    ),
    "stdin_invalid_input": ("x = input()\nprint(ascii(x), x)", b"\xe9t\xe9\n"),
    "stdin_byte_order_mark": ("print(ascii(input()))", b"\xef\xbb\xbfx\n"),
    "stdin_nul_and_controls": ("print(ascii(input()))", b"a\x00b\x0c\x1ac\n"),
    "stdin_unicode": ("s = input()\nprint(s, len(s), s.upper())", "žluťoučký ✓ 🂡\n".encode()),
    "stdin_unicode_separators": ("import sys\nprint([*sys.stdin])", "a\x85b\u2028c\x0bd\n".encode()),
    "stdin_seek": ("import sys\nprint(input())\nsys.stdin.seek(0)\nprint(sys.stdin.read(), sys.stdin.tell())", _LINES),
    "stdin_tell": ("import sys\nsys.stdin.readline()\nprint(sys.stdin.tell(), sys.stdin.buffer.tell())", _LINES),
    "stdin_big": ("import sys\nd = sys.stdin.read().split()\nprint(len(d), sum(map(int, d)))", b"12 34\n" * 50000),
    "stdin_closed": ("import sys\nsys.stdin.close()\ninput()", _LINES),
    "stdin_none": ("import sys\nsys.stdin = None\ninput()", _LINES),
    "stdin_replaced": ("import sys, io\nsys.stdin = io.StringIO('mine')\nprint(input())", _LINES),
    "stdin_reopened": (
        "import sys\nsys.stdin = open('in.txt', 'w+')\nsys.stdin.write('x y')\nsys.stdin.seek(0)\nprint(input())",
        _LINES,
    ),
    "stdin_missing_file": "import sys\nsys.stdin = open('input.txt')",
    "stream_properties": """
import sys
for s in (sys.stdin, sys.stdout, sys.stderr):
    print(s.name, s.mode, s.encoding, s.errors, s.newlines, s.line_buffering, s.write_through, s.isatty(), s.fileno())
    print(s.seekable(), s.readable(), s.writable(), s.closed, s._CHUNK_SIZE, type(s.buffer), s.buffer.name, s.buffer.mode)
    print(s.buffer.raw.name, s.buffer.raw.mode, s.buffer.raw.closefd, s.buffer.raw._blksize, type(s.buffer.raw))
print(sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)
print(sys.stdin, sys.stdout, sys.stderr, sys.stdout.buffer, sys.stdin.buffer.raw)
""",
    "stream_reconfigure": (
        "import sys\nsys.stdout.reconfigure(line_buffering=True, encoding='latin-1')\nprint('é')\nsys.stdin.reconfigure(encoding='latin-1')\nprint(input())",
        "é\n".encode("latin-1"),
    ),
    "print_many": "print(*range(10), sep=', ', end='!\\n')\nprint('x' * 10, 'y', flush=True)\nprint()",
    "print_much": "for i in range(30000): print(i)",
    "print_huge_line": "print('x' * 3_000_000)",
    "write_mixed": "import sys, os\nsys.stdout.write('a\\n')\nsys.stdout.buffer.write(b'b\\n')\nos.write(1, b'c\\n')\nprint('d', file=sys.stderr)\nsys.stdout.flush()\nprint('e')",
    "write_across_the_buffer": "import os, sys\nsys.stdout.write('a' * 5000)\nos.write(1, b'<1>')\nsys.stdout.write('b' * 5000)\nos.write(1, b'<2>')\nsys.stdout.buffer.write(b'c' * 3000)\nos.write(1, b'<3>')\nsys.stdout.write('d' * 20000)\nos.write(1, b'<4>')",
    "write_bytes_only": "import sys\nsys.stdout.buffer.write(bytes(range(256)))",
    "write_surrogates": "print('\\udcff\\udc80 raw bytes')",
    "write_unicode": "print('žluť ✓ 🂡')\nimport sys\nprint('\\ud800', file=sys.stderr)",
    "write_returns": "import sys\nprint(sys.stdout.write('ab\\n'), sys.stdout.writelines(['x\\n', 'y\\n']), sys.stdout.tell() if sys.stdout.seekable() else 'no')",
    "write_to_stderr_only": "import sys\nprint('e', file=sys.stderr, end='')\nsys.stderr.write('f')",
    "write_to_stdin": "import sys\nsys.stdin.write('x')",
    "read_from_stdout": "import sys\nsys.stdout.read()",
    "stdout_seek": "import sys\nsys.stdout.seek(0)",
    "duplicated_descriptor": "import os\nd = os.dup(1)\nos.write(d, b'x')\nprint(d)",
    "mmap_input": ("import mmap\nm = mmap.mmap(0, 0, prot=mmap.PROT_READ)\nprint(m[:5], len(m))", _LINES),
    "stat_of_stdin": (
        "import os, stat\ns = os.fstat(0)\nprint(stat.S_ISREG(s.st_mode), s.st_size, stat.S_ISFIFO(os.fstat(1).st_mode))",
        _LINES,
    ),
    "files_written": "with open('a.txt', 'w') as f: f.write('x\\n')\nprint(open('a.txt').read(), open('/tmp/b', 'w').write('y'))\nimport os\nprint(sorted(os.listdir('.')))",
    "pprint_and_json": "import pprint, json\npprint.pprint({'b': [1] * 30, 'a': 'x' * 90})\nprint(json.loads('[1, 2.5, null]'))",
    "select_stdin": ("import select, sys\nprint(len(select.select([sys.stdin], [], [], 0)[0]), input())", _LINES),
    "getpass_and_tty": "import os, sys\ntry: print(os.get_terminal_size())\nexcept OSError as e: print(e)\ntry: open('/dev/tty')\nexcept OSError as e: print(e)",
}
