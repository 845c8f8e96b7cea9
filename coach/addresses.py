"""Where a request goes: the host, the proxy on the way to it, and whether that is this machine. Knows URLs.

A loopback address is never asked through a proxy: what people wrote would leave this machine.
"""

from __future__ import annotations

import os
import ssl
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from coach.errors import BadInput
from coach.settings import is_loopback


def parts(url: str, setting: str = "COACH_LLM_BASE_URL") -> SplitResult:
    """Return the parts of a server's address. Raises BadInput, with the setting's name, when it is none."""
    try:
        found = urlsplit(url)
        found.port  # noqa: B018  a wrong port shows itself only when it is looked at
    except ValueError:
        found = None
    if found is None or found.scheme not in {"http", "https"} or not found.hostname:
        raise BadInput(f"{setting} must look like http://127.0.0.1:11434/v1.")
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


def keep_direct(host: str) -> None:
    """Let libraries that read the proxies of the environment by themselves reach this machine directly.

    It holds for the whole process; ``host`` is one more loopback address beside the usual ones.
    """
    told = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    direct = [each.strip() for each in told.split(",") if each.strip()]
    if "*" not in direct:
        own = [each for each in ("localhost", "127.0.0.1", "::1", host) if is_loopback(each) and each not in direct]
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join([*direct, *dict.fromkeys(own)])


def trusting(url: str) -> ssl.SSLContext | bool:
    """Return whom to trust: reading the machine's certificates takes long, and without TLS nobody need be trusted."""
    return True if urlsplit(url).scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def destination(url: str) -> tuple[str, bool]:
    """Return where a request to an address goes, as "host:port" or "host:port via proxy:port", and if it stays here."""
    proxy = proxy_to(url)
    via = f" via {_host(urlsplit(proxy))}" if proxy else ""
    return _host(parts(url)) + via, is_loopback(parts(url).hostname or "")


def _host(found: SplitResult) -> str:
    return found.netloc.rpartition("@")[2]
