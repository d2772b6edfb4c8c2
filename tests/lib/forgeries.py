"""Every way a token can be forged that the contract or RFC 8725 names.

Each row is: what is wrong, the token, the contract's sentence (None where it has none).
"""

import time

from lib.tokens import b64, changed, claims_of, sign

Forgery = tuple[str, str, str | None]


def forged(token: str) -> list[Forgery]:
    """All forgeries of one good token, always in the same order."""
    return [*_signatures(token), *_headers(token), *_bodies(token), *_claims(token)]


def names() -> list[str]:
    model = {"id": 1, "role": "user", "pwdv": "1.x", "iat": 1, "exp": 2, "iss": "i", "aud": "a"}
    return [name for name, _, _ in forged(sign(model))]


def _signatures(token: str) -> list[Forgery]:
    claims = claims_of(token)
    head, body, signature = token.split(".")
    flipped = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    other_body = sign({**claims, "role": "admin"}).split(".")[1]
    return [
        ("signed with another secret", sign(claims, secret="x" * 40), "invalid signature"),
        ("signed with an empty secret", sign(claims, secret=""), "invalid signature"),
        ("a flipped signature", f"{head}.{body}.{flipped}", "invalid signature"),
        ("another body, old signature", f"{head}.{other_body}.{signature}", "invalid signature"),
        ("padded base64", f"{head}.{body}.{signature}=", "invalid token"),
        ("an escape inside", f"{head}.{body[:10]}%0a{body[10:]}.{signature}", None),
        ("a non-canonical last letter", f"{head}.{body}.{noncanonical(signature)}", None),
    ]


def noncanonical(signature: str) -> str:
    """The same 32 bytes spelled otherwise: 43 letters carry 258 bits, the last two unused."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters.index(signature[-1])
    assert last % 4 == 0
    return signature[:-1] + letters[last + 1]


def _headers(token: str) -> list[Forgery]:
    claims = claims_of(token)
    body = token.split(".")[1]
    evil = "https://evil.example"

    def headed(**more: object) -> str:
        return sign(claims, {"alg": "HS256", "typ": "JWT", **more})

    return [
        ("alg none", b64(b'{"alg":"none","typ":"JWT"}') + f".{body}.", "jwt signature is required"),
        ("no alg", sign(claims, {"typ": "JWT"}), "invalid algorithm"),
        ("HS384", sign(claims, {"alg": "HS384", "typ": "JWT"}, digest="sha384"), None),
        ("HS512", sign(claims, {"alg": "HS512", "typ": "JWT"}, digest="sha512"), None),
        ("RS256 by name", sign(claims, {"alg": "RS256", "typ": "JWT"}), None),
        ("alg in lower case", sign(claims, {"alg": "hs256", "typ": "JWT"}), None),
        ("a kid", headed(kid="1"), None),
        ("a jku", headed(jku=f"{evil}/keys"), None),
        ("a jwk", headed(jwk={"kty": "oct", "k": "AA"}), None),
        ("an x5u", headed(x5u=evil), None),
        ("crit", headed(crit=["exp"]), None),
        ("another typ", sign(claims, {"alg": "HS256", "typ": "reset+jwt"}), None),
        ("no typ", sign(claims, {"alg": "HS256"}), None),
        ("alg twice", sign(claims, '{"alg":"none","alg":"HS256","typ":"JWT"}'), None),
        ("a header that is an array", sign(claims, "[]"), None),
    ]


def _bodies(token: str) -> list[Forgery]:
    claims = claims_of(token)
    rest = ",".join(f'"{name}":"{claims[name]}"' for name in ("pwdv", "iss", "aud"))
    now = int(time.time())
    doubled = f'{{"id":{claims["id"]},"role":"user","role":"admin",{rest},"iat":{now},'
    return [
        ("a claim twice", sign(f'{doubled}"exp":{now + 100},"jti":"x"}}'), None),
        ("a body that is not JSON", sign("hello"), None),
        ("a body that is an array", sign("[1]"), None),
        ("a body that is null", sign("null"), None),
    ]


def _claims(token: str) -> list[Forgery]:
    now = int(time.time())
    user_id = claims_of(token)["id"]
    again = "Session expired, please login again"
    return [
        ("expired", changed(token, iat=now - 90_000, exp=now - 3_600), "jwt expired"),
        ("expired beyond the skew", changed(token, iat=now - 90_000, exp=now - 40), "jwt expired"),
        ("no exp", changed(token, exp=...), None),
        ("exp as text", changed(token, exp="tomorrow"), "invalid exp value"),
        ("valid only later", changed(token, nbf=now + 3_600), None),
        ("issued in the future", changed(token, iat=now + 3_600, exp=now + 7_200), None),
        ("another issuer", changed(token, iss="somebody-else"), None),
        ("no issuer", changed(token, iss=...), None),
        ("another audience", changed(token, aud="another-audience"), None),
        ("no audience", changed(token, aud=...), None),
        ("no id", changed(token, id=...), None),
        ("id as text", changed(token, id=str(user_id)), None),
        ("id with letters behind", changed(token, id=f"{user_id}abc"), None),
        ("id as an object", changed(token, id={"$gt": 0}), None),
        ("id null", changed(token, id=None), "Unauthorized"),
        ("id zero", changed(token, id=0), None),
        ("id negative", changed(token, id=-1), None),
        ("id with a fraction", changed(token, id=user_id + 0.5), None),
        ("no pwdv", changed(token, pwdv=...), again),
        ("pwdv as a number", changed(token, pwdv=1), again),
    ]
