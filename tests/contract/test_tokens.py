"""wire-contract §2: what counts as a session, in every service alike."""

import time

import pytest

from lib import raw
from lib.forgeries import forged, names
from lib.http import Reply
from lib.server import SERVICES
from lib.shapes import check_error
from lib.shop import PASSWORD, Actor, Person, Shop, login
from lib.tokens import changed, claims_of, header_of

#: A path of each service that needs a session and nothing else. Product and inventory have none
#: that any role may use.
ANY_ROLE = {"user": "/auth/session", "cart": "/carts/me", "order": "/orders/me"}
#: One of each service that needs some session; without a good one the answer is always 401.
GUARDED = {**ANY_ROLE, "product": "/products", "inventory": "/inventory"}
each_service = pytest.mark.parametrize("service", SERVICES)


def ask(actor: Actor, service: str, **how: object) -> Reply:
    """A request that needs a session: a read, or for product a write that would be refused without
    one.
    """
    if service == "product":
        return actor.post("/products", {}, **how)
    return actor.get(GUARDED[service], **how)


def with_authorization(shop: Shop, service: str, value: str) -> Reply:
    return ask(Actor(shop.server, headers={"Authorization": value}), service)


# --- the token itself -----------------------------------------------------------------------------


def test_login_answers_a_token_and_nothing_else(shop: Shop, alice: Person) -> None:
    reply = login(shop.server, alice.email, PASSWORD)
    assert list(reply.expect(200)) == ["token"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in reply.headers


def test_the_token_is_hs256_with_the_contracts_claims_first(alice: Person) -> None:
    assert header_of(alice.token) == {"alg": "HS256", "typ": "JWT"}
    claims = claims_of(alice.token)
    assert list(claims)[:5] == ["id", "role", "pwdv", "iat", "exp"]
    assert claims["id"] == alice.id and claims["role"] == "user"
    assert claims["exp"] == claims["iat"] + 86_400
    assert isinstance(claims["pwdv"], str)
    assert {"iss", "aud", "jti"} <= set(claims)


def test_the_session_is_id_and_role_and_nothing_else(alice: Person) -> None:
    reply = alice.get("/auth/session")
    assert reply.text == f'{{"user":{{"id":{alice.id},"role":"user"}}}}'


# --- refused --------------------------------------------------------------------------------------


@each_service
def test_without_a_header_it_is_401_unauthorized(shop: Shop, service: str) -> None:
    check_error(ask(shop.anonymous, service), 401, "Unauthorized")


@each_service
@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "bearer"])
def test_a_scheme_without_a_token_is_401_unauthorized(shop: Shop, service: str, value: str) -> None:
    check_error(with_authorization(shop, service, value), 401, "Unauthorized")


@each_service
@pytest.mark.parametrize(
    ("sentence", "token", "message"),
    [
        ("one word", "garbage", "jwt malformed"),
        ("two parts", "aaa.bbb", "jwt malformed"),
        ("four parts", "a.b.c.d", "jwt malformed"),
        ("three parts of nonsense", "aaa.bbb.ccc", "invalid token"),
        ("three parts with other letters", "!!!.@@@.###", "invalid token"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_garbage_is_401_in_the_contracts_words(
    shop: Shop, service: str, sentence: str, token: str, message: str
) -> None:
    check_error(with_authorization(shop, service, f"Bearer {token}"), 401, message)


FORGERIES = names()


@each_service
@pytest.mark.parametrize("row", range(len(FORGERIES)), ids=FORGERIES)
def test_a_forged_token_is_401_in_every_service(
    shop: Shop, service: str, row: int, alice: Person
) -> None:
    _, token, message = forged(alice.token)[row]
    check_error(with_authorization(shop, service, f"Bearer {token}"), 401, message)


def test_a_token_for_a_user_that_never_was_is_unauthorized(shop: Shop, alice: Person) -> None:
    token = changed(alice.token, id=9_000_000_000)
    check_error(Actor(shop.server, token).get("/auth/session"), 401, "Unauthorized")


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "user"])
def test_elsewhere_a_token_of_nobody_is_believed_while_its_account_may_be_on_its_way(
    shop: Shop, service: str, alice: Person
) -> None:
    """Only who holds the key makes one: for as long as an event may take it opens what is its own,
    and that is empty.
    """
    now = int(time.time())

    def reply_to(**claims: object) -> Reply:
        token = changed(alice.token, id=9_000_000_001, iat=now, exp=now + 3600, **claims)
        return with_authorization(shop, service, f"Bearer {token}")

    new = reply_to()
    if service == "cart":
        assert new.expect(200)["items"] == []
    elif service == "order":
        assert new.expect(200)["orders"] == []
    else:
        check_error(new, 403)  # Customers have no business there.
    check_error(reply_to(role="supplier"), 401, "Unauthorized")
    check_error(reply_to(role="admin"), 401, "Unauthorized")
    minute_ago = changed(alice.token, id=9_000_000_001, iat=now - 60, exp=now + 3600)
    check_error(with_authorization(shop, service, f"Bearer {minute_ago}"), 401, "Unauthorized")


def test_another_password_version_is_said_to_be_a_password_change(
    shop: Shop, alice: Person
) -> None:
    token = changed(alice.token, pwdv="0" * 64)
    reply = Actor(shop.server, token).get("/auth/session")
    check_error(reply, 401)
    assert reply.message in (
        "Token expired after password change",
        "Session expired, please login again",
    )


@each_service
def test_a_token_of_a_machine_whose_clock_is_a_little_ahead_is_good(
    shop: Shop, service: str, alice: Person
) -> None:
    now = int(time.time())
    token = changed(alice.token, iat=now + 10, exp=now + 1_000)
    assert with_authorization(shop, service, f"Bearer {token}").status != 401


# --- how it is sent -------------------------------------------------------------------------------


@each_service
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer   "])
def test_the_word_bearer_counts_in_any_case_with_any_blanks(
    shop: Shop, service: str, scheme: str, alice: Person
) -> None:
    expected = 403 if service in ("product", "inventory") else 200
    assert with_authorization(shop, service, f"{scheme} {alice.token}").status == expected


@each_service
@pytest.mark.parametrize(
    "form", ["Basic {}", "Token {}", "JWT {}", "{}", "Bearer {} extra", "Bearer {},{}", "Bearer{}"]
)
def test_any_other_form_is_401(shop: Shop, service: str, form: str, alice: Person) -> None:
    check_error(with_authorization(shop, service, form.replace("{}", alice.token)), 401)


@each_service
def test_a_token_in_the_query_is_no_token(shop: Shop, service: str, alice: Person) -> None:
    path = GUARDED[service]
    for name in ("access_token", "token", "authorization"):
        target = f"{path}?{name}={alice.token}"
        reply = (
            shop.anonymous.post(target, {}) if service == "product" else shop.anonymous.get(target)
        )
        check_error(reply, 401)


@each_service
def test_two_authorization_headers_are_a_400(shop: Shop, service: str, alice: Person) -> None:
    line = f"Authorization: Bearer {alice.token}"
    method = "POST" if service == "product" else "GET"
    message = raw.request(method, GUARDED[service], line, line, "Content-Length: 0")
    reply = raw.send_raw(shop.server.ports[service], message).only
    check_error(reply, 400)


def test_identity_headers_of_a_gateway_prove_nothing(shop: Shop, alice: Person) -> None:
    posing = shop.anonymous.with_headers(
        x_user_id="1", x_user_role="admin", x_user_email="admin@example.com"
    )
    for service in SERVICES:
        check_error(ask(posing, service), 401)
    also = alice.with_headers(x_user_id="1", x_user_role="admin")
    check_error(also.get("/auth/users"), 403, "Admins only")


@each_service
def test_the_role_inside_the_token_opens_nothing(shop: Shop, service: str, alice: Person) -> None:
    alice.cart()
    posing = alice.with_token(changed(alice.token, role="admin"))
    reply = {
        "user": lambda: posing.get("/auth/users"),
        "cart": lambda: posing.get("/carts/999999"),
        "order": lambda: posing.get("/orders"),
        "product": lambda: posing.post("/categories", {"name": "Mine"}),
        "inventory": lambda: posing.get("/inventory"),
    }[service]()
    check_error(reply, 403)


def test_a_bad_token_on_an_open_route_does_not_matter(shop: Shop) -> None:
    stale = Actor(shop.server, "garbage")
    assert stale.get("/products").status == 200
    assert stale.get("/categories").status == 200
