"""Unit tests touch no network: whoever tries is told so at once."""

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_a_unit_test_gets_no_socket() -> None:
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9))
