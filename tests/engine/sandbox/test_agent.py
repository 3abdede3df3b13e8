"""The worker's end of the conversation, with an agent that talks nonsense at the other."""

import socket
from collections.abc import Callable, Iterator

import pytest

from judge.engine import languages
from judge.engine.errors import SandboxLost
from judge.engine.sandbox import protocol
from judge.engine.sandbox.agent import Agent
from judge.engine.types import Limits


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def say(end: socket.socket, kind: int, payload: bytes) -> None:
    end.sendall(protocol.HEADER.pack(kind, len(payload)) + payload)


@pytest.mark.parametrize("greeting", [b"", b"\0", b"\0\1", b"\xff" * protocol.HELLO_BODY.size])
def test_an_agent_that_greets_wrongly_is_lost(ends: tuple[socket.socket, socket.socket], greeting: bytes) -> None:
    say(ends[1], protocol.HELLO, greeting)
    with pytest.raises(SandboxLost):
        Agent(ends[0])


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (protocol.LOADED, lambda agent: agent.load(languages.get("python3"), b"", None)),
        (protocol.RESULT, lambda agent: agent.run(b"", Limits(), (), {})),
        (protocol.CLEAN, lambda agent: agent.end()),
    ],
)
def test_an_answer_that_is_too_short_makes_no_sense(
    ends: tuple[socket.socket, socket.socket], kind: int, ask: Callable[[Agent], object]
) -> None:
    say(ends[1], protocol.HELLO, protocol.HELLO_BODY.pack(protocol.VERSION, True))
    agent = Agent(ends[0])
    say(ends[1], kind, b"")
    with pytest.raises(SandboxLost):
        ask(agent)
