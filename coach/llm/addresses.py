"""Where a request goes: the host, the proxy on the way to it, and whether that is this machine. Knows URLs.

A loopback address is never asked through a proxy: what people wrote would leave this machine.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from coach.errors import BadInput
from coach.settings import is_loopback


def parts(url: str) -> SplitResult:
    """Return the parts of a server's address. Raises BadInput when it is none."""
    try:
        found = urlsplit(url)
        found.port  # noqa: B018  a wrong port shows itself only when it is looked at
    except ValueError:
        found = None
    if found is None or found.scheme not in {"http", "https"} or not found.hostname:
        raise BadInput("COACH_LLM_BASE_URL must look like http://127.0.0.1:11434/v1.")
    return found


def proxy_to(url: str) -> str | None:
    """Return the proxy that the environment wants for an address, None for a direct way."""
    found = parts(url)
    host = found.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(found.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def destination(url: str) -> tuple[str, bool]:
    """Return where a request to an address goes, as "host:port" or "host:port via proxy:port", and if it stays here."""
    proxy = proxy_to(url)
    via = f" via {_host(urlsplit(proxy))}" if proxy else ""
    return _host(parts(url)) + via, is_loopback(parts(url).hostname or "")


def _host(found: SplitResult) -> str:
    return found.netloc.rpartition("@")[2]
