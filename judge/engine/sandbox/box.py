"""A submission's stay in containers: what the engine sees as a Box."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from judge.engine.languages import Language
from judge.engine.sandbox.artifacts import ArtifactCache
from judge.engine.types import Compilation, Limits, RunResult

if TYPE_CHECKING:
    from judge.engine.sandbox.docker import Container


class ContainerBox:
    """One container (the engine's Box), or the next one where a run used the first up. ``take`` hands them out."""

    def __init__(self, take: "Callable[[], AbstractContextManager[Container]]", cache: ArtifactCache) -> None:
        self._take = take
        self._cache = cache
        self._stay = ExitStack()

    def __enter__(self) -> Self:
        self._container = self._stay.enter_context(self._take())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stay.__exit__(kind, error, trace)

    def load(self, language: Language, source: bytes) -> Compilation:
        """See Box.load."""
        self._language, self._source = language, source
        key = self._cache.key(language, source)
        artifact = self._cache.get(key) if language.compile is not None else None
        compilation, compiled = self._container.load(language, source, artifact)
        if compilation.ok and compiled:
            self._cache.put(key, compiled)
        return compilation

    def run(
        self, stdin: bytes, limits: Limits, *, args: Sequence[str] = (), files: Mapping[str, bytes] | None = None
    ) -> RunResult:
        """See Box.run."""
        if self._container.spent:
            self._stay.close()
            self.__enter__()
            self.load(self._language, self._source)
        return self._container.run(stdin, limits, args, files or {}, forked=self._language.run.fork_server)
