"""Messages for a port that cannot be had."""

import os
import socket

import pytest

from judge.stack import ports
from judge.stack.say import Stop


def test_a_taken_port_is_refused_with_its_holder_and_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(Stop) as stop:
            ports.check_free("127.0.0.1", port)
    assert f"(pid {os.getpid()})" in str(stop.value)
    assert f"make up PORT={port + 1}" in str(stop.value)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Stop, match="Set HOST"):
        ports.check_free("192.0.2.1", 8000)


def test_a_free_port_is_accepted():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    ports.check_free("127.0.0.1", port)
