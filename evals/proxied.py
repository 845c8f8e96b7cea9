"""A proxy in front of the coach, on this machine under a name of the net: nginx, certificates, clients.

Knows processes and TLS, and the example in deploy/.
"""

from __future__ import annotations

import os
import re
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

NAME = "coach.example.org"
EXAMPLE = Path(__file__).parent.parent / "deploy" / "nginx.conf"


@contextmanager
def nginx(folder: Path, port: int, workers: Sequence[int]) -> Iterator[None]:
    """Run nginx as deploy/nginx.conf has it, before the ports of two workers; what it says is in ``said-nginx``."""
    public, private = certificate(folder)
    site = EXAMPLE.read_text(encoding="utf-8").replace("listen 443", f"listen 127.0.0.1:{port}")
    for shown, there in zip((8001, 8002), workers, strict=True):
        site = site.replace(f"127.0.0.1:{shown} ", f"127.0.0.1:{there} ")
    site = re.sub(r"(ssl_certificate) .*?;", rf"\1 {public};", site, count=1)
    site = re.sub(r"(ssl_certificate_key) .*?;", rf"\1 {private};", site)
    own = f"daemon off; pid {folder}/pid; error_log {folder}/said-nginx info; events {{}} http {{ {site} }}"
    (folder / "nginx.conf").write_text(own, encoding="utf-8")
    with started(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder):
        yield


class Named(httpx.HTTPTransport):
    """Reaches this machine under a name that no directory knows."""

    def __init__(self, name: str) -> None:
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
        super().__init__(verify=unchecked)
        self._name = name

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Greet with the name."""
        request.extensions = {**request.extensions, "sni_hostname": self._name}
        return super().handle_request(request)


def client_of(port: int, name: str = NAME) -> httpx.Client:
    """Return a client that reaches a proxy on this machine under a name; its certificate is not looked at."""
    headers = {"Host": f"{name}:{port}"}
    return httpx.Client(base_url=f"https://127.0.0.1:{port}", headers=headers, transport=Named(name), timeout=30)


@contextmanager
def started(command: list[str], folder: Path) -> Iterator[None]:
    """Run a program while the block runs."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, "HOME": str(folder)}, stdout=quiet, stderr=quiet
    ) as it:
        try:
            yield
        finally:
            it.terminate()


def certificate(folder: Path) -> tuple[str, str]:
    """Return the files of a certificate and its key, made once."""
    public, key = folder / "coach.pem", folder / "coach.key"
    if not key.exists():
        made = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-subj", f"/CN={NAME}"]
        subprocess.run([*made, "-keyout", str(key), "-out", str(public)], check=True, capture_output=True)
    return str(public), str(key)
