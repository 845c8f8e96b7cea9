"""What proxies say of a request: taken from those that are named, from nobody else. Knows addresses, no route.

A request that comes from a trusted proxy gets the scheme, the host and the client that the proxy tells. Under the
public name it has the scheme of the public address, whatever a proxy tells or leaves out.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from coach.settings import Settings
from coach.web.middleware import Layer

_STALE_S = 60.0
"""So long an address found for a name counts; containers come back under another one."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Trusted:
    """The proxies of the settings: networks as given, names as they are found."""

    def __init__(self, given: Sequence[str]) -> None:
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        self._names: list[str] = []
        self._found: set[Address] = set()
        self._at = float("-inf")
        for each in given:
            try:
                self._networks.append(ipaddress.ip_network(each, strict=False))
            except ValueError:
                self._names.append(each)

    async def has(self, client: str) -> bool:
        """Whether an address is that of a trusted proxy."""
        address = _address(client)
        if address is None:
            return False
        if any(address in network for network in self._networks):
            return True
        if self._names and time.monotonic() - self._at > _STALE_S:
            self._at = time.monotonic()
            self._found = {each for name in self._names for each in await _looked_up(name)}
        return address in self._found


class Proxies(Layer):
    """The layer that puts a request right before the guards look at it."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._trusted: tuple[Sequence[str], Trusted] | None = None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with what a trusted proxy told."""
        settings: Settings = scope["app"].state.parts.settings
        if settings.proxies:
            await self._told(scope, self._of(settings))
        if under_public_name(scope, settings):
            scope["scheme"] = settings.public_url.partition(":")[0]
        await self.app(scope, receive, send)

    def _of(self, settings: Settings) -> Trusted:
        if self._trusted is None or self._trusted[0] != settings.proxies:
            self._trusted = (settings.proxies, Trusted(settings.proxies))
        return self._trusted[1]

    @staticmethod
    async def _told(scope: Scope, trusted: Trusted) -> None:
        if not await trusted.has((scope.get("client") or ("",))[0]):
            return
        headers = MutableHeaders(scope=scope)
        if (scheme := _last(headers, "x-forwarded-proto")) in {"http", "https"}:
            scope["scheme"] = scheme
        if host := _last(headers, "x-forwarded-host"):
            headers["host"] = host  # the guard of hosts looks at it like at any other
        passed = [each.strip() for each in headers.get("x-forwarded-for", "").split(",")]
        while passed:
            client = passed.pop()
            if _address(client) is None:
                return
            scope["client"] = (client, 0)
            if not await trusted.has(client):
                return


def under_public_name(scope: Scope, settings: Settings) -> bool:
    """Whether a request was sent to the name of the public address."""
    return bool(settings.public_host) and host_name(scope) == settings.public_host


def host_name(scope: Scope) -> str:
    """Return the name a request was sent to, in small letters and without its port; empty when it says none."""
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
    except ValueError:
        return ""


def own_address(scope: Scope, settings: Settings) -> str:
    """Return the address that a link to the coach begins with, without a slash at its end."""
    host = Headers(scope=scope).get("host", "")
    return settings.public_url.rstrip("/") or f"{scope['scheme']}://{host}"


def _last(headers: Headers, name: str) -> str:
    return headers.get(name, "").rpartition(",")[2].strip()


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found


async def _looked_up(name: str) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [address for each in found if (address := _address(str(each[4][0]))) is not None]
