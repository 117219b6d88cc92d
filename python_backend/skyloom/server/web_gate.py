"""Who may ask over HTTP: the Host and Origin of a request, CORS for configured origins, the token."""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Mapping

from skyloom.server.config import check_origin

Headers = list[tuple[bytes, bytes]]

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::[0-9]{1,5})?")
# How long a browser may remember a preflight's answer, seconds.
_PREFLIGHT_MAX_AGE = 600


class Gate:
    """The checks before a call.

    Args:
        host: what the server is bound to.
        token: wanted from every caller. None (on loopback only) wants none, and then lets nobody in who reached this
            server by a name that is not loopback's: a web page can point a name of its own at 127.0.0.1 and would
            otherwise be of the same origin as this server.
        origins: whose pages may ask; any other page is refused.
    """

    def __init__(self, host: str, token: str | None, origins: tuple[str, ...]) -> None:
        self._own_name = host.lower()
        self._expected = None if token is None else f"Bearer {token}".encode()
        self._origins = frozenset(check_origin(origin) for origin in origins)

    def refusal(self, headers: Mapping[str, str]) -> str | None:
        """Why nobody answers this request, None where it may pass."""
        if self._expected is None and not self._is_loopback(headers.get("host", "")):
            return "a server without a token answers only to a loopback address as Host"
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return "pages of this origin may not ask here; see --web-origin"
        return None

    def cors(self, headers: Mapping[str, str]) -> Headers:
        """Headers for the answer to a request that may pass."""
        found: Headers = [(b"vary", b"Origin")] if self._origins else []
        origin = headers.get("origin")
        if origin in self._origins:
            found += [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-credentials", b"true"),
                (b"access-control-expose-headers", b"grpc-status, grpc-message, grpc-status-details-bin"),
            ]
        return found

    def preflight(self, headers: Mapping[str, str]) -> Headers:
        """Headers for the answer to a preflight that may pass: POST with whatever headers it wants to send."""
        found = [
            *self.cors(headers),
            (b"access-control-allow-methods", b"POST"),
            (b"access-control-max-age", b"%d" % _PREFLIGHT_MAX_AGE),
        ]
        wanted = headers.get("access-control-request-headers")
        if wanted is not None:
            found.append((b"access-control-allow-headers", wanted.encode("latin-1")))
        if headers.get("access-control-request-private-network") == "true":
            found.append((b"access-control-allow-private-network", b"true"))
        return found

    def has_token(self, headers: Mapping[str, str]) -> bool:
        """Whether the caller sent the token, where one is wanted."""
        given = headers.get("authorization", "").encode("latin-1")
        return self._expected is None or hmac.compare_digest(given, self._expected)

    def _is_loopback(self, host: str) -> bool:
        match = _HOST.fullmatch(host.lower())
        if match is None:
            return False
        name = match.group(1)
        try:
            return ipaddress.ip_address(name.strip("[]")).is_loopback
        except ValueError:
            return name in ("localhost", self._own_name)
