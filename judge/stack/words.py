"""The catalogues of the interface's languages: compiled at set-up, brought up to the code by `make words`."""

from pathlib import Path

from judge.stack import environment, frontend
from judge.stack.place import ROOT
from judge.stack.say import ready, step

COMMAND = ("-m", "judge.translating")


def ensure(python: Path) -> None:
    """Compile the catalogues where they changed. Raises Stop."""
    catalogues = sorted((ROOT / "judge" / "locale").glob("*/LC_MESSAGES/django.po"))
    wanted = frontend.digest(catalogues)
    if frontend.stamped("words", wanted) and all(path.with_suffix(".mo").is_file() for path in catalogues):
        ready("languages of the interface")
        return
    with step("languages of the interface"):
        frontend.run_or_stop([str(python), *COMMAND, "compile"], "compiling the catalogues")
    frontend.stamp("words", wanted)


def update() -> int:
    """Bring the catalogues up to the code and compile them; what is still to be translated is printed."""
    python = environment.ensure(environment.DEVELOPMENT)
    told = frontend.run_or_stop([str(python), *COMMAND, "update"], "updating the catalogues").stdout
    ensure(python)
    print(told or "Everything is translated.", end="" if told else "\n")
    return 0
