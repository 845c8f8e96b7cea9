"""The headers with which every response restricts the browser. Knows no route.

Scripts, styles, pictures and requests come from this server alone and nothing inline runs. The referrer stays within
the coach rather than being cut: without one, browsers send ``Origin: null`` with our own forms, and the guard could
not tell them from a foreign page's.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from coach.web.middleware import Layer
from coach.web.statics import kept

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_FOR_GOOD = "max-age=31536000, immutable"


class SecurityHeaders(Layer):
    """Adds ``HEADERS`` to every response. Browsers keep static files for good and store nothing else."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the response."""
        for_good = kept(scope["path"])

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Cache-Control"] = _FOR_GOOD if for_good and message["status"] == 200 else "no-store"
            await send(message)

        await self.app(scope, receive, dressed)
