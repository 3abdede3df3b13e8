"""The embedded servers, started and stopped for real in a folder of their own."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from judge.stack import broker, postgres, servers
from judge.stack.place import Place
from judge.stack.processes import wait_gone
from judge.stack.say import Stop


@pytest.fixture
def place() -> Iterator[Place]:
    """A short path, since sockets lie in it; others may pass through it, as the fallback for root needs."""
    base = Path(tempfile.mkdtemp(prefix="kj-"))
    base.chmod(0o711)
    place = Place(base / "var", durable=False)
    yield place
    servers.halt(place)
    shutil.rmtree(base)


def ask(place: Place, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def tell_broker(place: Place, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(place.broker_socket))
        client.sendall(command + b"\r\n")
        return client.recv(100)


def test_a_path_too_long_for_a_socket_is_refused_with_a_way_out(tmp_path):
    with pytest.raises(Stop, match="set DATABASE_URL and BROKER_URL"):
        servers.start(Place(tmp_path / ("x" * 100)))


def test_servers_named_by_the_environment_are_not_started(place):
    given = {"DATABASE_URL": "postgresql://elsewhere/judge", "BROKER_URL": "redis://elsewhere"}
    servers.start(place, given)
    assert postgres.running(place) is None
    assert broker.running(place) is None
    assert servers.environment(place, given) == given


def test_both_answer_and_a_second_start_changes_nothing(place):
    servers.start(place, {})
    first = postgres.running(place), broker.running(place)
    servers.start(place, {})
    assert (postgres.running(place), broker.running(place)) == first
    assert ask(place, "SELECT current_database(), current_setting('listen_addresses')") == [("judge", "")]
    assert tell_broker(place, b"PING") == b"+PONG\r\n"


def test_data_outlives_a_stop_of_both(place):
    servers.start(place, {})
    ask(place, "CREATE TABLE kept AS SELECT 42 AS number")
    tell_broker(place, b"SET kept 42")
    assert sorted(servers.halt(place)) == ["broker", "postgres"]
    assert servers.missing(place, {}) == {"broker", "postgres"}
    servers.start(place, {})
    assert ask(place, "SELECT number FROM kept") == [(42,)]
    assert tell_broker(place, b"GET kept") == b"$2\r\n42\r\n"


def test_servers_killed_with_9_start_again(place):
    servers.start(place, {})
    for server in (postgres.running(place), broker.running(place)):
        assert server is not None
        server.send(signal.SIGKILL)
        assert wait_gone([server], 10) == []
    servers.start(place, {})
    assert ask(place, "SELECT 1") == [(1,)]


def test_a_pid_file_that_names_another_program_does_not_hinder(place):
    servers.start(place, {})
    servers.halt(place)
    (place.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n{place.postgres_data}\n")
    (place.run / "broker.pid").write_text(f"{os.getpid()}\n")
    servers.start(place, {})
    assert ask(place, "SELECT 1") == [(1,)]


def test_nobody_else_may_look_in(place):
    servers.start(place, {})
    assert place.run.stat().st_mode & 0o077 == 0
    assert (place.base / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
def test_where_namespaces_are_refused_root_starts_postgres_as_nobody(place, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    place.make()
    postgres.start(place)
    server = postgres.running(place)
    assert server is not None
    assert Path(f"/proc/{server.pid}").stat().st_uid == postgres.NOBODY
    assert ask(place, "SELECT current_database()") == [("judge",)]
