"""Holds README.md against the code: its configuration table, and the commands that it names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from judge.stack.place import ROOT

# Other programs' variables, which we only pass on or respect.
FOREIGN = {
    *("CI", "DOCKER_HOST", "NO_PROXY", "PATH", "SSL_CERT_FILE", "USER", "no_proxy", "DJANGO_SETTINGS_MODULE"),
    *("ARROW_DEFAULT_MEMORY_POOL", "XDG_CONFIG_HOME"),
}
DJANGO_COMMANDS = {
    "changepassword",
    "check",
    "collectstatic",
    "createsuperuser",
    "makemigrations",
    "migrate",
    "runserver",
    "shell",
    "test",
}


def wrong() -> list[str]:
    """What README.md says that is not so, and what it keeps quiet; empty where all is true."""
    path = ROOT / "README.md"
    if not path.exists():
        return ["README.md is missing."]
    text = path.read_text()
    told, read = configured(text), settings_read(ROOT)
    return [
        *(f"README.md's configuration table lacks {name}, which the code reads." for name in sorted(read - told)),
        *(f"README.md's configuration table names {name}, which nothing reads." for name in sorted(told - read)),
        *(f"README.md names `make {name}`, which the Makefile lacks." for name in sorted(_missing_targets(text))),
        *(f"README.md names `manage.py {name}`, which is no command." for name in sorted(_missing_commands(text))),
    ]


def configured(readme: str) -> set[str]:
    """The variables in the first column of the tables under the heading that holds "Configuration"."""
    section = re.search(r"(?ms)^#+ [^\n]*Configuration[^\n]*\n(.*?)(?=^#|\Z)", readme)
    return set(re.findall(r"(?m)^\| *`([A-Z][A-Z0-9_]*)`", section[1])) if section else set()


def settings_read(root: Path) -> set[str]:
    """The environment variables that our own Python files read by a constant name."""
    files = [path for app in ("judge", "problems") for path in (root / app).rglob("*.py")]
    found = {
        name
        for path in files
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _names(node)
    }
    return found - FOREIGN


def _names(node: ast.AST) -> Iterator[str]:
    """The variable that this node reads: env.str("X"), os.environ.get("X"), os.environ["X"], or a pair (_, "X_URL")."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        holder = ast.unparse(node.func.value)
        if holder in {"env", "os.environ", "given"} or ast.unparse(node.func) == "os.getenv":
            yield from _constant(node.args[0])
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        yield from _constant(node.slice)


def _constant(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", node.value):
        yield node.value


def _missing_targets(text: str) -> set[str]:
    targets = set(re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text()))
    return set(re.findall(r"(?m)(?:^|[;&] *|\$ )make ([a-z][a-z-]*)", "\n".join(_code(text)))) - targets


def _missing_commands(text: str) -> set[str]:
    ours = {path.stem for app in ("judge", "problems") for path in (ROOT / app).rglob("management/commands/*.py")}
    return set(re.findall(r"\bmanage\.py ([a-z][a-z_]*)", "\n".join(_code(text)))) - ours - DJANGO_COMMANDS


def _code(text: str) -> list[str]:
    """The code in a Markdown text: fenced blocks and spans, one a string."""
    fenced = re.findall(r"(?ms)^```[^\n]*\n(.*?)^```", text)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```[^\n]*\n.*?^```", "", text))
    return fenced + spans
