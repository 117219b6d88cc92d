"""Options out of range are named; loopback is told from the rest."""

from __future__ import annotations

import pytest
from skyloom.errors import InvalidInput
from skyloom.server.config import ServerConfig, check_config, is_loopback, reachable_address


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"port": -1}, "port"),
        ({"port": 65536}, "port"),
        ({"queue_capacity": 0}, "queue"),
        ({"workers": 0}, "workers"),
        ({"workers": True}, "workers"),
        ({"grace": -1.0}, "grace"),
        ({"grace": float("nan")}, "grace"),
        ({"token": ""}, "token"),
        ({"token": "späh"}, "token"),
        ({"token": "line\nbreak"}, "token"),
        ({"token": " padded"}, "token"),
        ({"host": ""}, "host"),
        ({"host": "no such host"}, "host"),
    ],
)
def test_options_out_of_range(options, field):
    with pytest.raises(InvalidInput) as caught:
        check_config(ServerConfig(**options))
    assert caught.value.field == field
    if field == "token" and options["token"]:
        assert options["token"].strip() not in str(caught.value), "a message must not repeat a secret"


def test_the_defaults_are_fine_and_private():
    config = check_config(ServerConfig())
    assert is_loopback(config.host)
    assert config.token is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_loopback(host, expected):
    assert is_loopback(host) is expected


def test_addresses_can_be_called():
    assert reachable_address("0.0.0.0", 5) == "127.0.0.1:5"
    assert reachable_address("::", 5) == "[::1]:5"
    assert reachable_address("192.168.0.7", 5) == "192.168.0.7:5"
