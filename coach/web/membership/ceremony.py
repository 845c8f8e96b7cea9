"""Making and using a passkey by WebAuthn: what a browser is asked for, and whether what it brings is right.

Knows the ``webauthn`` package and what browsers send; keeps no state: what a ceremony under way needs is in a ``Rite``,
which the browser holds. What a passkey works out (its PRF output) comes beside the signature and is not kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException

from coach.domain.members import Passkey
from coach.errors import Refused
from coach.web.membership.begun import Begun

SALT = hashlib.sha256(b"coach passkey").digest()
"""What every passkey works its secret out from; each gets another one, for its own key is part of it."""

_ALGORITHMS = (-8, -7, -257)
_PATIENCE_MS = 120_000
_FAILED = "The passkey did not work out. Begin again, or use your password."


@dataclass(frozen=True, slots=True)
class Rite(Begun):
    """A ceremony under way. ``member``: who makes a passkey, "" where one is used."""

    challenge: str


def begun(member: str, at: float) -> Rite:
    """Return a new ceremony."""
    return Rite(member, at, bytes_to_base64url(secrets.token_bytes(32)))


def creation(rite: Rite, origin: str, login: str, known: list[str]) -> Mapping[str, Any]:
    """Return what a browser needs to make a passkey."""
    return {
        "challenge": rite.challenge, "rp": {"id": _host(origin), "name": "Coach"}, "timeout": _PATIENCE_MS,
        "user": {"id": bytes_to_base64url(rite.member.encode()), "name": login, "displayName": login},
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in _ALGORITHMS],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "excludeCredentials": known, "salt": bytes_to_base64url(SALT),
    }  # fmt: skip


def request(rite: Rite, origin: str) -> Mapping[str, Any]:
    """Return what a browser needs to use a passkey."""
    return {
        "challenge": rite.challenge,
        "rpId": _host(origin),
        "timeout": _PATIENCE_MS,
        "salt": bytes_to_base64url(SALT),
    }


def made(rite: Rite, origin: str, credential: Mapping[str, Any]) -> tuple[str, bytes, int]:
    """Return a new passkey's id, public key and count. Raises Refused."""
    try:
        found = verify_registration_response(
            credential=dict(credential), expected_challenge=base64url_to_bytes(rite.challenge),
            expected_rp_id=_host(origin),
            expected_origin=origin, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Refused(_FAILED) from None
    return bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count


def used(rite: Rite, origin: str, credential: Mapping[str, Any], passkey: Passkey) -> int:
    """Return how often a passkey was used by its own word, when its signature is right. Raises Refused."""
    try:
        found = verify_authentication_response(
            credential=dict(credential), expected_challenge=base64url_to_bytes(rite.challenge),
            expected_rp_id=_host(origin),
            expected_origin=origin, credential_public_key=passkey.public,
            credential_current_sign_count=passkey.count, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Refused(_FAILED) from None
    return found.new_sign_count


def output(text: str) -> bytes:
    """Return what a passkey worked out, as a browser sends it. Raises Refused."""
    try:
        return base64url_to_bytes(text)
    except ValueError:
        raise Refused(_FAILED) from None


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""
