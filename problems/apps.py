"""The problems app."""

import os

from django.apps import AppConfig

# Heard only before pyarrow is first imported: the system's allocator gives large blocks back at once, its own does not.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


class ProblemsConfig(AppConfig):
    """Problems: the dataset's rows, imported, shown and curated."""

    name = "problems"
