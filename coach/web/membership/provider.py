"""A single sign-on by OpenID Connect: the code flow with PKCE and a nonce. It proves who somebody is, no more.

Knows Authlib and the provider's answers; keeps no state: what a sign-on under way needs is in a ``Dance``, which the
browser holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from coach.errors import Refused
from coach.settings import Settings
from coach.web.membership.begun import Begun

_SIGNED = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_LEEWAY_S = 60
_PATIENCE_S = 10.0
_FAILED = "The single sign-on did not work out. Begin again from the sign-in page."
_AWAY = "The single sign-on does not answer. Try again later, or ask whoever runs the coach."


@dataclass(frozen=True, slots=True)
class Dance(Begun):
    """A sign-on under way. ``to``: the page that was wanted; ``member``: who connects it to themselves, "" else."""

    state: str
    nonce: str
    verifier: str
    to: str


class Provider:
    """The provider of the settings."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.oidc_issuer
        self._settings = settings
        self._known: Mapping[str, Any] | None = None

    async def start(self, back: str, to: str, member: str, at: float) -> tuple[str, Dance]:
        """Return where to send the browser, and what it has to bring back. Raises Refused."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        dance = Dance(member, at, state, nonce, verifier, to)
        async with self._client(back) as client:
            address = (await self._metadata(client))["authorization_endpoint"]
            url, _ = client.create_authorization_url(
                address, state=dance.state, nonce=dance.nonce, code_verifier=dance.verifier
            )
        return url, dance

    async def finish(self, back: str, dance: Dance, state: str, code: str) -> str:
        """Return the subject that the provider vouches for. Raises Refused."""
        if not secrets.compare_digest(state.encode(), dance.state.encode()) or not code:
            raise Refused(_FAILED)
        async with self._client(back) as client:
            known = await self._metadata(client)
            try:
                token = await client.fetch_token(
                    known["token_endpoint"], code=code, code_verifier=dance.verifier, grant_type="authorization_code"
                )
                keys = jwk.KeySet.import_key_set(
                    (await client.request("GET", known["jwks_uri"], withhold_token=True)).json()
                )
                claims = self._claims(str(token["id_token"]), keys, dance.nonce)
                groups = await self._groups(client, claims, known) if self._settings.oidc_group else ()
            except (OAuthError, JoseError, KeyError, ValueError):
                raise Refused(_FAILED) from None
            except httpx2.HTTPError:
                raise Refused(_AWAY) from None
        if (wanted := self._settings.oidc_group) and wanted not in groups:
            raise Refused("The single sign-on knows you, and you are not in the group that may use this coach.")
        return str(claims["sub"])

    def _claims(self, id_token: str, keys: jwk.KeySet, nonce: str) -> Mapping[str, Any]:
        claims: dict[str, Any] = jwt.decode(id_token, keys, algorithms=_SIGNED).claims
        jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._settings.oidc_client},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(claims)
        return claims

    async def _groups(
        self, client: AsyncOAuth2Client, claims: Mapping[str, Any], known: Mapping[str, Any]
    ) -> Sequence[str]:
        """Return the groups somebody is in. Many providers tell them in their userinfo alone."""
        if "groups" not in claims and "userinfo_endpoint" in known:
            told = (await client.request("GET", known["userinfo_endpoint"])).json()
            claims = told if isinstance(told, dict) and told.get("sub") == claims["sub"] else {}
        groups = claims.get("groups", [])
        return groups if isinstance(groups, list) else [groups]

    async def _metadata(self, client: AsyncOAuth2Client) -> Mapping[str, Any]:
        if self._known is None:
            try:
                address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                found: Mapping[str, Any] = (await client.request("GET", address, withhold_token=True)).json()
            except (httpx2.HTTPError, ValueError):
                raise Refused(_AWAY) from None
            if found.get("issuer") != self.issuer:
                raise Refused("COACH_OIDC_ISSUER is not what the provider calls itself.")
            self._known = found
        return self._known

    def _client(self, back: str) -> AsyncOAuth2Client:
        file = self._settings.oidc_secret_file
        secret = Path(file).expanduser().read_text(encoding="utf-8").strip() if file else None
        return AsyncOAuth2Client(
            self._settings.oidc_client,
            secret,
            scope="openid groups" if self._settings.oidc_group else "openid",
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            timeout=_PATIENCE_S,
            trust_env=False,
        )
