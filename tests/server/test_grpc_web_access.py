"""Who may ask over gRPC-Web: tokens, the Host check against DNS rebinding, pages of configured origins only."""

from __future__ import annotations

import pytest
from fake_core import FakeCore
from grpc_web import HEALTH, TEXT, ask, connect, events_of, frame, web_server
from harness import sky_message
from skyloom.errors import InvalidInput
from skyloom.server.config import ServerConfig, check_config, check_origin

EMPTY = frame(b"")
PAGE = "https://sky.example"
PREFLIGHT = {
    "method": "OPTIONS",
    "content_type": "",
    "origin": PAGE,
    "access_control_request_method": "POST",
    "access_control_request_headers": "authorization,content-type,grpc-timeout,x-grpc-web",
}


@pytest.fixture(scope="module")
def open_server():
    with web_server() as (_, server):
        yield server


@pytest.fixture(scope="module")
def page_server():
    with web_server(web_origins=(PAGE, "HTTP://LocalHost:3000")) as (_, server):
        yield server


@pytest.fixture(scope="module")
def token_server():
    with web_server(token="s3cret", web_origins=(PAGE,)) as (core, server):
        yield core, server


def _cors(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control")}


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer s3cre", "Bearer s3cretx", "s3cret", "Basic s3cret", "é"])
def test_only_callers_with_the_token_pass(token_server, given):
    core, server = token_server
    for path in ("GetServerInfo", "GenerateSky", "CancelJob", "NoSuch", HEALTH + "Watch"):
        body = frame(sky_message().SerializeToString())
        answer = ask(server, path, body, authorization=given.encode("utf-8").decode("latin-1"))
        assert (answer.code, answer.messages) == (16, [])
        assert "s3cret" not in str(answer.trailers)
    assert core.started == 0


def test_the_token_lets_in_and_health_needs_none(token_server):
    _, server = token_server
    assert ask(server, "GetServerInfo", EMPTY, authorization="Bearer s3cret").code == 0
    assert ask(server, HEALTH + "Check", EMPTY).code == 0


def test_no_byte_of_an_upload_is_wanted_without_the_token(token_server):
    _, server = token_server
    connection = connect(server, timeout=5)
    connection.putrequest("POST", "/skyloom.v1.SkyService/ConvertImage")
    for name, value in (("content-type", TEXT), ("content-length", "9"), ("expect", "100-continue")):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    # http.client would skip an interim answer; the final one came although the body never does.
    assert response.status == 200
    connection.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "localhost", "LOCALHOST:1", "[::1]", "[::1]:50", "127.9.9.9"]
)
def test_hosts_that_are_this_machine(open_server, host):
    assert ask(open_server, "GetServerInfo", EMPTY, host=host).code == 0


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "localhost:80:80",
        "0.0.0.0",
        "192.168.0.7",
        "[fe80::1]",
        "2130706433",
        "user@localhost",
        "[localhost",
        "127.0.0.1, evil.example",
    ],
)
def test_a_name_that_a_page_may_have_pointed_here_is_refused(open_server, host):
    for path, options in (("GetServerInfo", {}), (HEALTH + "Check", {}), ("GetServerInfo", PREFLIGHT)):
        answer = ask(open_server, path, EMPTY, host=host, **options)
        assert answer.status == 403
        assert "loopback" in answer.text
        assert _cors(answer) == {}


def test_a_request_without_a_host_is_refused(open_server):
    connection = connect(open_server)
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
    connection.putrequest("POST", "/skyloom.v1.SkyService/GetServerInfo", skip_host=True)
    connection.endheaders()
    assert connection.getresponse().status == 403
    connection.close()


def test_with_a_token_a_server_may_stand_behind_a_name(token_server):
    _, server = token_server
    assert ask(server, "GetServerInfo", EMPTY, host="sky.example", authorization="Bearer s3cret").code == 0


@pytest.mark.parametrize("origin", [PAGE, "http://127.0.0.1:1234", "null", "http://localhost"])
def test_no_page_may_ask_by_default(open_server, origin):
    for options in ({}, {"content_type": "text/plain"}, {**PREFLIGHT}):
        answer = ask(open_server, "GetServerInfo", EMPTY, **{**options, "origin": origin})
        assert answer.status == 403
        assert _cors(answer) == {}


def test_not_even_a_page_of_the_server_s_own_address(open_server):
    assert ask(open_server, "GetServerInfo", EMPTY, origin=open_server.web_address).status == 403


def test_a_configured_page_may_ask(page_server):
    body = frame(sky_message(3).SerializeToString())
    answer = ask(page_server, "GenerateSky", body, origin=PAGE)
    assert events_of(answer)[-1].HasField("summary")
    assert answer.headers["vary"] == "Origin"
    assert _cors(answer) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "grpc-status, grpc-message, grpc-status-details-bin",
    }
    answer = ask(page_server, "GetServerInfo", EMPTY, origin="http://localhost:3000")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    # A page is to be able to read why it was refused.
    for options in ({"content_type": "text/plain"}, {"method": "GET"}):
        assert ask(page_server, "GetServerInfo", EMPTY, origin=PAGE, **options).headers["access-control-allow-origin"]


def test_the_preflight_of_a_configured_page(page_server):
    answer = ask(page_server, "GenerateSky", b"", **PREFLIGHT)
    assert (answer.status, answer.text) == (204, "")
    assert _cors(answer) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "grpc-status, grpc-message, grpc-status-details-bin",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": PREFLIGHT["access_control_request_headers"],
        "access-control-max-age": "600",
    }
    answer = ask(page_server, "GenerateSky", b"", **PREFLIGHT, access_control_request_private_network="true")
    assert answer.headers["access-control-allow-private-network"] == "true"


def test_a_preflight_needs_no_token_and_a_call_still_does(token_server):
    _, server = token_server
    assert ask(server, "GetServerInfo", b"", **PREFLIGHT).status == 204
    answer = ask(server, "GetServerInfo", EMPTY, origin=PAGE)
    assert answer.code == 16
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert ask(server, "GetServerInfo", EMPTY, origin=PAGE, authorization="Bearer s3cret").code == 0


@pytest.mark.parametrize(
    "origin",
    ["https://other.example", "http://sky.example", "https://sky.example:444", "https://sky.example.evil", "null", ""],
)
def test_every_other_page_may_not(page_server, origin):
    connection = connect(page_server)
    connection.putrequest("POST", "/skyloom.v1.SkyService/GetServerInfo")
    for name, value in (("content-type", TEXT), ("content-length", "0"), ("origin", origin)):
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 403
    assert response.getheader("access-control-allow-origin") is None
    assert response.getheader("vary") is None or response.getheader("vary") == "Origin"
    connection.close()


def test_two_origins_are_none(page_server):
    connection = connect(page_server)
    connection.putrequest("POST", "/skyloom.v1.SkyService/GetServerInfo")
    for name, value in (("content-type", TEXT), ("content-length", "0"), ("origin", PAGE), ("origin", PAGE)):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://Sky.Example", "https://sky.example"),
        ("https://sky.example:443", "https://sky.example"),
        ("http://sky.example:80", "http://sky.example"),
        ("https://sky.example:80", "https://sky.example:80"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://127.0.0.1:08080", "http://127.0.0.1:8080"),
    ],
)
def test_origins_as_browsers_send_them(given, sent):
    assert check_origin(given) == sent


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "sky.example", "https://", "https://a/", "https://a/b", "ftp://a", "null", "", "http://a:0",
     "http://a:65536", "http://u@a", "http://a:", "http://a b", "http://a\nb", "file://"],
)  # fmt: skip
def test_origins_that_are_none(origin):
    with pytest.raises(InvalidInput) as caught:
        check_config(ServerConfig(web_port=0, web_origins=(origin,)))
    assert caught.value.field == "web_origin"


def test_origins_without_a_listener_make_no_sense():
    with pytest.raises(InvalidInput, match="web_origin"):
        check_config(ServerConfig(web_origins=(PAGE,)))


@pytest.mark.parametrize("port", [-1, 65536, True])
def test_ports_that_are_none(port):
    with pytest.raises(InvalidInput, match="web_port"):
        check_config(ServerConfig(web_port=port))


def test_the_token_is_the_same_for_both_listeners_and_made_up_beyond_loopback():
    with web_server(FakeCore(), host="0.0.0.0") as (_, server):
        assert len(server.token) >= 32
        assert server.web_address.startswith("http://127.0.0.1:")
        assert ask(server, "GetServerInfo", EMPTY).code == 16
        assert ask(server, "GetServerInfo", EMPTY, authorization=f"Bearer {server.token}").code == 0
