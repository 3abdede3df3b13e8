"""Builders for engine tests and the one real sandbox that they share."""

import os
from collections.abc import Callable, Iterator

import pytest

from judge.engine.judge import judge
from judge.engine.sandbox import Sandbox
from judge.engine.sandbox.docker import DockerSandbox
from judge.engine.types import Case, Compilation, Job, Limits, Outcome

Judged = tuple[Compilation, list[Outcome]]


RUNTIME = os.environ.get("SANDBOX_RUNTIME", "")


@pytest.fixture(scope="session")
def gvisor() -> bool:
    """True where these tests run over gVisor, which differs in what docker/sandbox/README.md lists."""
    return RUNTIME.startswith("runsc")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[DockerSandbox]:
    """The real thing, warm; SANDBOX_RUNTIME=runsc runs the same tests over gVisor."""
    sandbox = DockerSandbox(pool_size=1, runtime=RUNTIME)
    yield sandbox
    sandbox.close()


@pytest.fixture
def judged(sandbox: Sandbox) -> Callable[..., Judged]:
    """Judge one program of one owner; the compilation and the outcomes."""

    def run(source: str | bytes, *cases: tuple[bytes, bytes], language: str = "python3", **fields: object) -> Judged:
        source = source.encode() if isinstance(source, str) else source
        limits = Limits(**fields.pop("limits", {}))  # type: ignore[arg-type]
        fields.setdefault("owner", "tests")
        job = Job(language, source, [Case(*case) for case in cases or [(b"", b"")]], limits=limits, **fields)  # type: ignore[arg-type]
        compilation, *outcomes = judge(job, sandbox)
        return compilation, outcomes  # type: ignore[return-value]

    return run
