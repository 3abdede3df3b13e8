"""A hub on this machine, to which both hubs' clients are pointed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import close_session, constants
from modelscope_hub import config

from problems.sources import _downloads, _hubs
from tests.problems.sources.hub_server import FILES, Content, serving

Start = Callable[..., Content]
ADDRESS = "/{repo_id}/resolve/{revision}/{filename}"  # as the client has it


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    """Starts a hub with ``FILES`` or others, and points both clients to it."""
    running: list[object] = []

    def started(files: dict[str, bytes] = FILES, **faults: object) -> Content:
        server = serving(Content(dict(files), **faults))
        running.append(server)
        content = server.__enter__()
        point_to(content.url)
        return content

    def nowhere() -> None:
        with serving(Content({})) as gone:
            pass
        point_to(gone.url)

    def point_to(url: str) -> None:
        monkeypatch.setattr(constants, "ENDPOINT", url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + ADDRESS)
        monkeypatch.setenv("MODELSCOPE_ENDPOINT", url)
        # What it read from the environment before.
        monkeypatch.setattr(config, "_default_config", None)

    monkeypatch.setenv("MODELSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(_downloads, "PAUSE", 0.0)
    monkeypatch.setattr(_hubs, "CHUNK", 1_000)
    started.nowhere = nowhere
    yield started
    close_session()
    for server in running:
        server.__exit__(None, None, None)
