"""Tokens as an attacker or a rotated key would make them. The fixture's JWT_SECRET is known."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import jwt

from lib.server import INTERNAL_TOKEN_SECRET, JWT_SECRET


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def header_of(token: str) -> dict[str, Any]:
    return jwt.get_unverified_header(token)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(
    claims: Mapping[str, Any] | str,
    header: Mapping[str, Any] | str | None = None,
    secret: str = JWT_SECRET,
    digest: str = "sha256",
) -> str:
    """A token of exactly this header and payload; text is taken as the JSON itself (duplicate
    members …).
    """
    head = {"alg": "HS256", "typ": "JWT"} if header is None else header
    parts = [
        value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for value in (head, claims)
    ]
    signed = ".".join(b64(part.encode()) for part in parts)
    signature = hmac.new(secret.encode(), signed.encode(), getattr(hashlib, digest)).digest()
    return f"{signed}.{b64(signature)}"


def changed(token: str, **claims: Any) -> str:
    """The same token with other claims (`...` removes one), signed with the right secret."""
    merged = {**claims_of(token), **claims}
    return sign({key: value for key, value in merged.items() if value is not ...})


def between_services(audience: str, secret: str = INTERNAL_TOKEN_SECRET) -> str:
    """What one service shows another (X-Internal-Token)."""
    now = int(time.time())
    claims = {"iss": "microcommerce", "aud": audience, "iat": now, "exp": now + 60}
    return sign(claims, {"alg": "HS256", "typ": "internal+jwt"}, secret)
