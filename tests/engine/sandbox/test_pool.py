"""Who gets which container, decided over containers that only count."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from judge.engine.errors import EngineUnavailable
from judge.engine.sandbox.pool import Pool


class Counted:
    """A container that knows who used it and whether it is closed."""

    def __init__(self) -> None:
        self.owners: list[str] = []
        self.clean = True
        self.running = True
        self.closed = False

    def alive(self) -> bool:
        return self.running

    def reusable(self) -> bool:
        return self.clean

    def close(self) -> None:
        self.closed = True


class Factory:
    """Makes them and remembers all."""

    def __init__(self) -> None:
        self.made: list[Counted] = []
        self.fails = False

    def __call__(self) -> Counted:
        if self.fails:
            raise EngineUnavailable("the daemon is away")
        self.made.append(Counted())
        return self.made[-1]

    def live(self) -> int:
        return sum(not c.closed for c in self.made)


@pytest.fixture
def factory() -> Factory:
    return Factory()


@pytest.fixture
def pools() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def make(pools: ExitStack, factory: Factory, **options: object) -> Pool[Counted]:
    settings: dict[str, object] = {"size": 1, "capacity": 3, "reuse": True, "wait_s": 0.2} | options
    pool = Pool(factory, **settings)  # type: ignore[arg-type]
    pools.callback(pool.close)
    return pool


def use(pool: Pool[Counted], owner: str) -> Counted:
    with pool.take(owner) as container:
        container.owners.append(owner)
    return container


def test_no_container_ever_serves_two_owners(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, capacity=4)
    threads = [
        threading.Thread(target=lambda who: [use(pool, who) for _ in range(20)], args=(f"owner {i % 5}",))
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(c.owners) for c in factory.made) == 160
    assert all(len(set(c.owners)) <= 1 for c in factory.made)


def test_an_owner_goes_on_in_its_container(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory)
    assert use(pool, "a") is use(pool, "a")


def test_reuse_can_be_forbidden(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, reuse=False)
    first = use(pool, "a")
    assert first.closed
    assert use(pool, "a") is not first


def test_a_container_that_is_not_clean_is_destroyed(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory)
    with pool.take("a") as container:
        container.clean = False
    assert container.closed
    assert use(pool, "a") is not container


def test_a_container_is_destroyed_after_an_error(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory)
    with pytest.raises(RuntimeError), pool.take("a") as container:
        raise RuntimeError
    assert container.closed


def test_a_container_whose_session_cannot_be_ended_gives_its_place_back(pools: ExitStack) -> None:
    class Interrupted(Counted):
        def reusable(self) -> bool:
            raise KeyboardInterrupt

    pool = Pool(Interrupted, size=0, capacity=1, reuse=True, wait_s=0.2)
    pools.callback(pool.close)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), pool.take("ann") as container:
            pass
        assert container.closed


def test_a_container_that_died_while_it_waited_is_not_given_out(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory)
    dead = use(pool, "a")
    dead.running = False
    assert use(pool, "a") is not dead
    assert dead.closed


def test_there_are_never_more_than_the_capacity(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, capacity=2, size=1)
    for number in range(10):
        use(pool, f"owner {number}")
        assert factory.live() <= 2


def test_waiting_for_room_ends_with_a_clear_error(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, capacity=1, size=1)
    with pool.take("a"), pytest.raises(EngineUnavailable, match=r"no sandbox came free in"), pool.take("b"):
        pass


def test_a_waiting_owner_is_served_when_room_comes(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, capacity=1, size=1, wait_s=10)
    served = []
    with pool.take("a"):
        waiting = threading.Thread(target=lambda: served.append(use(pool, "b")))
        waiting.start()
        time.sleep(0.05)
        assert served == []
    waiting.join(timeout=5)
    assert len(served) == 1


def test_the_pool_recovers_when_starting_works_again(pools: ExitStack, factory: Factory) -> None:
    factory.fails = True
    pool = make(pools, factory, wait_s=10)
    with pytest.raises(EngineUnavailable, match="away"):
        use(pool, "a")
    factory.fails = False
    assert use(pool, "a").owners == ["a"]


def test_idle_containers_make_room_for_warm_ones(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, capacity=3, size=2, wait_s=10)
    for number in range(6):
        use(pool, f"owner {number}")
    assert pool.wait_until_warm(5) <= 3


def test_keepers_start_no_more_than_are_missing(pools: ExitStack, factory: Factory) -> None:
    def slowly() -> Counted:
        time.sleep(0.02)
        return factory()

    pool = Pool(slowly, size=2, capacity=8, reuse=True)
    pools.callback(pool.close)
    pool.wait_until_warm(5)
    time.sleep(0.1)
    assert len(factory.made) == 2


def test_an_idle_container_goes_after_a_while(pools: ExitStack, factory: Factory) -> None:
    pool = make(pools, factory, idle_s=0.05)
    idle = use(pool, "a")
    for _ in range(300):
        if idle.closed:
            break
        time.sleep(0.01)
    assert idle.closed


def test_closing_leaves_none(factory: Factory) -> None:
    pool = Pool(factory, size=2, capacity=4, reuse=True)
    use(pool, "a")
    pool.close()
    assert factory.live() == 0
