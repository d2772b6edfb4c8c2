"""security.md 33-35: headers on every kind of answer, CORS with a list, nothing cached that belongs
to somebody.
"""

import pytest

from conftest import NewServer
from lib.http import Reply
from lib.server import SERVICES, Server
from lib.shapes import check_fixed_headers
from lib.shop import PASSWORD, Actor, Person, Shop, login
from lib.waiting import wait_until

SHOP = "https://shop.example"


def unchanged(shop: Shop) -> Reply | None:
    """The answer that the catalogue is as it was; none when it has just changed."""
    seen = shop.anonymous.get("/products").headers["ETag"]
    reply = shop.anonymous.get("/products", headers={"If-None-Match": seen})
    return reply if reply.status == 304 else None


def answers(shop: Shop, alice: Person, mug: dict) -> dict[str, Reply]:
    """One answer of each kind."""
    return {
        "200": shop.anonymous.get("/categories"),
        "201": alice.post("/carts/me/items", {"productId": mug["id"]}),
        "204": shop.anonymous.send("OPTIONS", "/products"),
        "304": wait_until(lambda: unchanged(shop), "a catalogue that stays as it is"),
        "400 broken body": shop.anonymous.post("/auth/login", body=b"{"),
        "400 bad field": shop.anonymous.post("/auth/login", {}),
        "400 bad id": shop.anonymous.get("/products/abc"),
        "401 no token": shop.anonymous.get("/carts/me"),
        "401 bad token": Actor(shop.server, "a.b.c").get("/orders/me"),
        "401 bad login": login(shop.server, "nobody@example.com", "Wrong-Horse-1111"),
        "403": alice.get("/auth/users"),
        "404 route": shop.anonymous.get("/nowhere", service="cart"),
        "404 thing": shop.anonymous.get("/products/999999999"),
        "405": shop.anonymous.delete("/categories"),
        "409": shop.anonymous.post(
            "/auth/signup", {"name": "A", "email": alice.email, "password": PASSWORD}
        ),
        "413": shop.anonymous.post("/auth/login", body=b" " * 102_401),
        "415": shop.anonymous.post(
            "/auth/login", body=b"a=b", content_type="application/x-www-form-urlencoded"
        ),
    }


@pytest.fixture(scope="module")
def seen(shop: Shop, alice: Person, mug: dict) -> dict[str, Reply]:
    return answers(shop, alice, mug)


KINDS = (
    "200",
    "201",
    "204",
    "304",
    "400 broken body",
    "400 bad field",
    "400 bad id",
    "401 no token",
    "401 bad token",
    "401 bad login",
    "403",
    "404 route",
    "404 thing",
    "405",
    "409",
    "413",
    "415",
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_fixed_headers(seen: dict[str, Reply], kind: str) -> None:
    reply = seen[kind]
    assert reply.status == int(kind[:3])
    check_fixed_headers(reply.headers)
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_names_software_or_version(seen: dict[str, Reply], kind: str) -> None:
    text = " ".join(f"{name}: {value}" for name, value in seen[kind].headers.pairs).lower()
    for word in ("beast", "boost", "sqlite", "microcommerce", "express", "nginx"):
        assert word not in text


def test_what_belongs_to_somebody_is_not_stored(
    shop: Shop, alice: Person, admin: Actor, mug: dict
) -> None:
    order = alice.buy(mug)
    replies = [
        login(shop.server, alice.email, PASSWORD),
        alice.get("/auth/session"),
        alice.get(f"/users/{alice.id}"),
        admin.get("/auth/users"),
        alice.get("/carts/me"),
        alice.get("/orders/me"),
        alice.get(f"/orders/{order['id']}"),
        admin.get("/orders"),
        alice.get("/orders/999999999"),
        alice.post("/orders/me", {}),
    ]
    for reply in replies:
        assert "no-store" in (reply.headers.get("Cache-Control") or ""), reply


# --- CORS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(new_module_server: NewServer) -> Server:
    return new_module_server(env={"CORS_ALLOWED_ORIGINS": f"{SHOP},https://admin.example"}).start()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("origin", [SHOP, "https://admin.example"])
def test_a_listed_origin_is_named_exactly_with_credentials(
    strict: Server, service: str, origin: str
) -> None:
    visitor = Actor(strict)
    for reply in (
        visitor.get("/health", service=service, headers={"Origin": origin}),
        visitor.get("/nowhere", service=service, headers={"Origin": origin}),
        visitor.send(
            "OPTIONS",
            "/x",
            service=service,
            headers={"Origin": origin, "Access-Control-Request-Method": "PUT"},
        ),
    ):
        check_fixed_headers(reply.headers, cors_origin=origin)
        assert reply.headers["Access-Control-Allow-Credentials"] == "true"
        assert "origin" in ",".join(reply.headers.all("Vary")).lower()


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://SHOP.example.",
        "https://shop.example/",
        "*",
        "https://shop.example, https://x.example",
    ],
)
def test_any_other_origin_is_named_nowhere(strict: Server, origin: str) -> None:
    visitor = Actor(strict)
    for reply in (
        visitor.get("/health", service="user", headers={"Origin": origin}),
        visitor.send(
            "OPTIONS",
            "/auth/login",
            headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
        ),
    ):
        allowed = reply.headers.get("Access-Control-Allow-Origin")
        assert allowed not in ("*", origin), f"{origin} → {allowed}"
        assert not (allowed == "*" and "Access-Control-Allow-Credentials" in reply.headers)


def test_the_open_default_never_allows_credentials(shop: Shop) -> None:
    reply = shop.anonymous.get("/health", service="user", headers={"Origin": SHOP})
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in reply.headers
