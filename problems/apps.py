"""The problems app."""

import os

from django.apps import AppConfig

# Heard only before pyarrow is first imported: the system's allocator gives large blocks back at once, its own does not.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


class ProblemsConfig(AppConfig):
    """Problems: the dataset's rows, imported, shown and curated."""

    name = "problems"

    def ready(self) -> None:
        """Tell `accounts` what is kept of a curator."""
        from judge.accounts import exporting
        from problems.run_models import ImportRun

        names = ("id", "source", "options", "status", "started_at", "finished_at")
        exporting.register(
            "imports",
            lambda user: exporting.values(ImportRun.objects.filter(started_by=user), *names),
            "problems.ImportRun.started_by",
        )
