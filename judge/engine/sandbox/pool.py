"""Which container serves which submission: warm ones kept ahead, an owner's kept for that owner, no more than a bound.

A container that has seen one owner's program is never given to another owner. It goes on for the same owner only after
its agent proved that nothing is left, and never after a run that hit a limit or left something behind.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from judge.engine.errors import EngineUnavailable, SandboxError

log = logging.getLogger(__name__)

_RETRY_START_S = 1.0
_REFILL_GIVES_WAY_S = 0.25


class Pooled(Protocol):
    """What the pool asks of a container."""

    def alive(self) -> bool:
        """False where it ended while nobody used it (the daemon restarted, somebody removed it)."""

    def reusable(self) -> bool:
        """End the last submission's session; True where the same owner may go on in here."""

    def close(self) -> None:
        """Destroy it; returns at once."""


C = TypeVar("C", bound=Pooled)


class Pool(Generic[C]):
    """At most ``capacity`` containers: ``size`` kept warm, the others in use or idle for their owners.

    ``start`` makes one (slow; SandboxError where it fails). ``idle_s`` bounds how long an owner's container waits for
    its owner's next submission. Thread-safe.
    """

    def __init__(
        self,
        start: Callable[[], C],
        *,
        size: int,
        capacity: int,
        reuse: bool,
        idle_s: float = 15.0,
        wait_s: float = 120.0,
    ) -> None:
        self._start = start
        self._size = size
        self._capacity = max(capacity, size, 1)
        self._reuse = reuse
        self._idle_s = idle_s
        self._wait_s = wait_s
        self._changed = threading.Condition()
        self._warm: list[C] = []
        # Oldest first: (owner, container, time it fell idle).
        self._idle: list[tuple[str, C, float]] = []
        self._live = 0
        self._starting = 0  # by a keeper, to be warm
        self._short_since = 0.0
        self._closed = False
        self._keepers = [
            threading.Thread(target=self._keep_warm, name=f"sandbox-pool-{number}", daemon=True)
            for number in range(max(1, min(size, os.cpu_count() or 1)))
        ]
        for keeper in self._keepers:
            keeper.start()

    @contextmanager
    def take(self, owner: str) -> Iterator[C]:
        """A container for one submission of ``owner``. Waits for room; EngineUnavailable where none comes."""
        container = self._acquire(owner)
        while not container.alive():
            self._discard(container)
            container = self._acquire(owner)
        kept = False
        try:
            yield container
            kept = self._kept_for(owner, container)
        finally:
            if not kept:
                self._discard(container)

    def wait_until_warm(self, timeout_s: float) -> int:
        """Wait until as many are warm as there should be; how many containers live then. Raises EngineUnavailable."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._warm) >= self._size, timeout_s):
                raise EngineUnavailable(f"the sandbox pool did not fill in {timeout_s:.0f} s")
            return self._live

    def close(self) -> None:
        """Destroy the warm and idle containers; those in use go when their submissions end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for keeper in self._keepers:  # one may be starting a container, which must not be left behind
            keeper.join()
        with self._changed:
            containers = [*self._warm, *(c for _, c, _ in self._idle)]
            self._warm, self._idle = [], []
            self._live -= len(containers)
        for container in containers:
            container.close()

    def _acquire(self, owner: str) -> C:
        deadline = time.monotonic() + self._wait_s
        evicted: C | None = None
        with self._changed:
            while True:
                if self._closed:
                    raise EngineUnavailable("the sandbox pool is closed")
                for position, (whose, container, _) in enumerate(self._idle):
                    if whose == owner:
                        del self._idle[position]
                        return container
                if self._warm:
                    if len(self._warm) == self._size:
                        self._short_since = time.monotonic()
                    container = self._warm.pop(0)
                    self._changed.notify_all()
                    return container
                if self._live < self._capacity:
                    self._live += 1
                    break
                if self._idle:
                    evicted = self._idle.pop(0)[1]
                    break  # its place is taken over
                if not self._changed.wait(deadline - time.monotonic()):
                    raise EngineUnavailable(f"no sandbox came free in {self._wait_s:.0f} s")
        if evicted is not None:
            evicted.close()
        return self._started()

    def _started(self) -> C:
        """Start one whose place is counted already."""
        try:
            return self._start()
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        with self._changed:
            self._live -= 1
            self._changed.notify_all()

    def _discard(self, container: C) -> None:
        container.close()
        self._forget()

    def _kept_for(self, owner: str, container: C) -> bool:
        """Keep it for the owner's next submission; False where it may not be kept."""
        if not self._reuse or not container.reusable():
            return False
        with self._changed:
            if self._closed:
                return False
            self._idle.append((owner, container, time.monotonic()))
            self._changed.notify_all()
            return True

    def _keep_warm(self) -> None:
        while True:
            expired: list[C] = []
            with self._changed:
                if self._closed:
                    return
                now = time.monotonic()
                while self._idle and now - self._idle[0][2] > self._idle_s:
                    expired.append(self._idle.pop(0)[1])
                self._live -= len(expired)
                wait_s = self._until_refill(now)
                if wait_s > 0 and not expired:
                    self._changed.wait(wait_s)
                if wait_s <= 0 and self._live >= self._capacity:
                    # A stranger's next submission matters more than an owner's; its place is taken over.
                    expired.append(self._idle.pop(0)[1])
                elif wait_s <= 0:
                    self._live += 1
                if wait_s <= 0:
                    self._starting += 1
            for container in expired:
                container.close()
            if wait_s <= 0:
                self._warm_up()

    def _until_refill(self, now: float) -> float:
        """How long to wait before another one is started; 0 where it is time.

        Starting one costs as much CPU as judging several submissions, so it gives way, for a moment, to those that run.
        """
        room = self._live < self._capacity or bool(self._idle)
        if len(self._warm) + self._starting >= self._size or not room:
            return 1.0 if self._idle else self._idle_s
        in_use = self._live - len(self._warm) - self._starting - len(self._idle)
        return max(0.0, self._short_since + _REFILL_GIVES_WAY_S - now) if in_use else 0.0

    def _warm_up(self) -> None:
        try:
            container = self._started()
        except SandboxError as error:
            log.warning("no warm sandbox: %s", error)
            time.sleep(_RETRY_START_S)
            with self._changed:
                self._starting -= 1
            return
        with self._changed:
            self._starting -= 1
            if not self._closed:
                self._warm.append(container)
                self._changed.notify_all()
                return
        self._discard(container)
