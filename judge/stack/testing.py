"""`make test`, `make check`, `make bench` and `make lock`.

Tests have servers of their own, under var/test, so that they never touch the product's data or queue.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from judge.stack import apt, docker_engine, docs, environment, frontend, image, servers, words
from judge.stack.place import ROOT, VAR, Place, place
from judge.stack.say import Stop, complain, ready, say

TEST = "test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What the person at the terminal has set for the product is not what the tests assume.
PRODUCT_ONLY = (
    *("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "BEHIND_PROXY", "CACHE_URL", "EMAIL_URL"),
    *("ACCOUNT_EMAIL_VERIFICATION", "LEASE_SECONDS", "TIME_ZONE"),
    *("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    *("OIDC_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "KODJUDGE_URL", "KODJUDGE_TOKEN"),
)


def test(arguments: Sequence[str]) -> int:
    """Provide all that the tests need, then run pytest. Its exit code is returned, its summary is the last output."""
    where = place(TEST)
    where.make()
    with servers.locked(where, "tests", taken="Tests are running already: wait for them, or stop them."):
        say("Setting up the tests:")
        python = environment.ensure(environment.DEVELOPMENT)
        _ensure_browser()
        docker_engine.ensure()
        image.ensure()
        with _servers(where) as variables:
            frontend.ensure(python, variables)
            words.ensure(python)
            say("")
            done = subprocess.run([str(python), "-m", "pytest", *arguments], cwd=ROOT, env=variables, check=False)
    return done.returncode


def check() -> int:
    """Style, types, contracts, migrations and documentation. Returns 1 where one of them fails."""
    # Not the tests' servers: either may end while the other goes on.
    where = place("check")
    python = environment.ensure(environment.DEVELOPMENT)
    tools = python.parent
    failed = []
    with _servers(where) as variables:
        for name, argv in {
            "ruff check": [tools / "ruff", "check", "."],
            "ruff format": [tools / "ruff", "format", "--check", "."],
            "mypy": [python, "-m", "mypy"],
            "import contracts": [tools / "lint-imports", "--no-cache"],
            "words": [python, *words.COMMAND, "check"],
            "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        }.items():
            say(f"--- {name}")
            if subprocess.run([str(word) for word in argv], cwd=ROOT, env=variables, check=False).returncode:
                failed.append(name)
    say("--- documentation")
    for wrong in docs.wrong():
        complain(wrong)
        failed.append("documentation")
    say(f"make check: {', '.join(dict.fromkeys(failed))} failed" if failed else "make check: all good")
    return 1 if failed else 0


def bench(part: str) -> int:
    """Run the benchmarks, or one part of them."""
    python = environment.ensure(environment.DEVELOPMENT)
    _ensure_floor()
    docker_engine.ensure()
    image.ensure()
    ours = servers.missing(place())
    servers.start(place())
    try:
        frontend.ensure(python)
        words.ensure(python)
        argv = [str(python), "tests/benchmarks/run.py"]
        return subprocess.run(argv, cwd=ROOT, env=os.environ | {"PART": part}, check=False).returncode
    finally:
        servers.halt(place(), ours)


def lock() -> int:
    """Compile the locks: versions and hashes, no addresses, so that they work behind any mirror."""
    tools = VAR / "lock"
    if not (tools / "bin" / "uv").exists():
        environment.create(tools)
        frontend.run_or_stop([str(tools / "bin" / "python"), "-m", "pip", "install", "-q", "uv"], "pip install uv")
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url"]
    options += ["--no-annotate", "--no-header"]
    uv = [str(tools / "bin" / "uv"), "pip", "compile", "-q", *options]
    for path, sources in {
        environment.RUNTIME: ["pyproject.toml"],
        environment.DEVELOPMENT: ["pyproject.toml", "--group", "dev"],
        frontend.NODE_LOCK: ["--group", "pyproject.toml:node"],
        # With the runtime's own versions, so that it can be installed beside them.
        environment.MODELSCOPE: ["--group", "pyproject.toml:modelscope", "-c", str(environment.RUNTIME)],
    }.items():
        frontend.run_or_stop([*uv, *sources, "-o", str(path)], f"uv pip compile for {path.name}")
        ready(path.name)
    return 0


def browser() -> str:
    """The path of a Chromium on this machine, empty where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), "")


def _ensure_browser() -> None:
    if not browser():
        apt.install(("chromium",), "The browser tests need Chromium and this machine has none")
    if not browser():
        raise Stop(f"The browser tests need one of {', '.join(BROWSERS)}. Install one and run make test again.")
    ready(f"browser {browser()}")


def _ensure_floor() -> None:
    """The floors run on the machine itself what the sandbox image has: Debian's Python with numpy, and g++."""
    python = shutil.which("/usr/bin/python3")
    numpy = python and not subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False).returncode
    if not numpy or shutil.which("g++") is None:
        apt.install(("python3-numpy", "g++"), "The benchmarks' floors need numpy and g++")


@contextmanager
def _servers(where: Place) -> Iterator[dict[str, str]]:
    """Servers for tests, and the environment that names them; those that were not running before are stopped again."""
    ours = servers.missing(where, {})
    servers.start(where, {})
    kept = {name: value for name, value in os.environ.items() if name not in PRODUCT_ONLY}
    try:
        yield kept | servers.environment(where, {}) | {"SECRET_KEY": servers.secret_key(where)}
    finally:
        # Without a word: the tests' own summary is to be the last line.
        servers.halt(where, ours)
