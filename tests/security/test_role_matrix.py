"""security.md 20-25: who may call what: every route × every role × own or another's thing.

The OpenAPI documents name the access of each route in `x-access`. RULES says what a rule means for
each role; POLICY says which rule the contract demands for each route, so that neither a route
without a rule nor a document that lies can pass.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from lib import openapi
from lib.http import Reply
from lib.openapi import Operation
from lib.server import SERVICES
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, unique
from lib.waiting import wait_until

#: Who calls, in relation to the thing in the path: `owner` is the customer it belongs to, `user`
#: another customer, `maker` the supplier who made the product, `supplier` another one.
ROLES = ("anonymous", "owner", "user", "supplier", "maker", "admin")
PASS, LOGIN, NO = "let in", "401", "403"

#: What a rule means for each role, in the order of ROLES.
RULES: dict[str, tuple[str, ...]] = {
    "open": (PASS, PASS, PASS, PASS, PASS, PASS),
    "any role": (LOGIN, PASS, PASS, PASS, PASS, PASS),
    "customer": (LOGIN, PASS, PASS, NO, NO, NO),
    "admin": (LOGIN, NO, NO, NO, NO, PASS),
    "owner or admin": (LOGIN, PASS, NO, NO, NO, PASS),
    "supplier or admin": (LOGIN, NO, NO, PASS, PASS, PASS),
    "maker or admin": (LOGIN, NO, NO, NO, PASS, PASS),
    "services": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
}

#: Which words of `x-access` may stand for a rule. A route whose ownership is decided by the thing
#: itself may be announced by the role that has to be there before the thing is looked at.
WORDS: dict[str, set[str]] = {
    "open": {"open"},
    "any role": {"user"},
    "customer": {"customer"},
    "admin": {"admin"},
    "owner or admin": {"owner", "owner_or_admin", "user"},
    "supplier or admin": {"supplier", "supplier_or_admin"},
    "maker or admin": {"supplier", "supplier_or_admin", "owner", "owner_or_admin"},
    "services": {"internal"},
}

#: The contract: route → rule.
POLICY: dict[tuple[str, str], str] = {
    ("POST", "/auth/signup"): "open",
    ("POST", "/auth/login"): "open",
    ("POST", "/auth/forgot-password"): "open",
    ("POST", "/auth/reset-password/otp"): "open",
    ("POST", "/auth/reset-password"): "any role",
    ("POST", "/auth/logout"): "any role",
    ("GET", "/auth/session"): "any role",
    ("GET", "/auth/users"): "admin",
    ("POST", "/users"): "admin",
    ("GET", "/users/{}"): "any role",
    ("PUT", "/users/{}"): "owner or admin",
    ("DELETE", "/users/{}"): "owner or admin",
    ("GET", "/users/{}/addresses"): "owner or admin",
    ("POST", "/users/{}/addresses"): "owner or admin",
    ("GET", "/users/{}/addresses/{}"): "owner or admin",
    ("PUT", "/users/{}/addresses/{}"): "owner or admin",
    ("DELETE", "/users/{}/addresses/{}"): "owner or admin",
    ("GET", "/categories"): "open",
    ("POST", "/categories"): "admin",
    ("GET", "/categories/{}"): "open",
    ("PUT", "/categories/{}"): "admin",
    ("DELETE", "/categories/{}"): "admin",
    ("GET", "/products"): "open",
    ("GET", "/products/{}"): "open",
    ("POST", "/products"): "supplier or admin",
    ("PUT", "/products/{}"): "maker or admin",
    ("DELETE", "/products/{}"): "maker or admin",
    ("GET", "/internal/products/{}"): "open",
    ("GET", "/demo/images/{}"): "open",
    ("GET", "/carts/me"): "any role",
    ("GET", "/carts/{}"): "owner or admin",
    ("POST", "/carts/me/items"): "customer",
    ("PUT", "/carts/me/items/{}"): "customer",
    ("DELETE", "/carts/me/items/{}"): "customer",
    ("DELETE", "/carts/me/items"): "customer",
    ("POST", "/orders/me"): "customer",
    ("POST", "/orders/me/checkout"): "customer",
    ("GET", "/orders/me"): "any role",
    ("GET", "/orders"): "admin",
    ("GET", "/orders/{}"): "owner or admin",
    ("GET", "/orders/{}/timeline"): "owner or admin",
    ("GET", "/orders/user/{}"): "owner or admin",
    ("PATCH", "/orders/{}/cancel"): "owner or admin",
    ("PATCH", "/orders/{}/status"): "admin",
    ("GET", "/inventory"): "supplier or admin",
    ("GET", "/inventory/reservations"): "supplier or admin",
    ("GET", "/inventory/{}"): "open",
    ("PUT", "/inventory/{}/stock"): "maker or admin",
    ("POST", "/inventory/{}/adjustments"): "maker or admin",
    ("GET", "/inventory/{}/movements"): "maker or admin",
    ("PUT", "/inventory/{}/settings"): "maker or admin",
    ("PUT", "/internal/holds/{}"): "services",
    ("DELETE", "/internal/holds/{}"): "services",
    ("GET", "/internal/orders/{}/reservations"): "services",
    ("GET", "/health"): "open",
    ("GET", "/livez"): "open",
    ("GET", "/ready"): "open",
    ("GET", "/readyz"): "open",
    ("GET", "/metrics"): "open",
    ("GET", "/openapi.json"): "open",
}

#: Routes whose good answer would end the caller's session or the thing itself: asked with a body
#: that is refused later.
HARMLESS: dict[tuple[str, str], Any] = {
    ("POST", "/auth/signup"): {},
    ("POST", "/auth/login"): {"email": "nobody@example.com", "password": ""},
    ("POST", "/auth/forgot-password"): {},
    ("POST", "/auth/reset-password/otp"): {},
    ("POST", "/auth/reset-password"): {},
    ("POST", "/users"): {},
    ("PUT", "/users/{}"): {"name": "Somebody"},
    ("POST", "/users/{}/addresses"): {},
    ("POST", "/categories"): {},
    ("POST", "/products"): {},
    ("PUT", "/products/{}"): lambda world: world.shop.product_fields(),
    ("POST", "/carts/me/items"): {},
    ("PUT", "/carts/me/items/{}"): {"quantity": -1},
    ("POST", "/orders/me"): {},
    ("PUT", "/inventory/{}/stock"): {"totalQuantity": 9},
    ("POST", "/inventory/{}/adjustments"): {"delta": 1, "reason": "found"},
    ("PUT", "/inventory/{}/settings"): {},
    ("PATCH", "/orders/{}/status"): {"status": "nonsense"},
}


@dataclass(frozen=True)
class World:
    """The people and things every cell of the matrix is about."""

    shop: Shop
    people: dict[str, Actor]
    things: dict[str, Callable[[], int]]


def thing_of(shape: str) -> str:
    if shape.startswith(("/users", "/carts/{}", "/orders/user")):
        return "user"
    if shape.startswith(("/products", "/internal/products", "/carts/me/items")):
        return "product"
    if shape.startswith("/inventory"):
        return "stock"
    return "category" if shape.startswith("/categories") else "order"


@pytest.fixture(scope="module")
def world(shop: Shop, mug: dict) -> World:
    owner, maker = shop.user("Owner"), shop.supplier("Maker")
    people: dict[str, Actor] = {
        "anonymous": shop.anonymous,
        "owner": owner,
        "user": shop.user("Other"),
        "supplier": shop.supplier("Other"),
        "maker": maker,
        "admin": shop.as_admin(),
    }
    order = owner.buy(mug)
    things = {
        "user": lambda: owner.id,
        "order": lambda: order["id"],
        "product": lambda: shop.product(by=maker)["id"],
        "stock": lambda: shop.stocked(shop.product(by=maker))["id"],
        "category": lambda: shop.category()["id"],
    }
    return World(shop, people, things)


def _disposable(world: World, operation: Operation, role: str) -> tuple[Actor, str] | None:
    """For the routes that destroy: a fresh caller or thing for each cell."""
    if operation.route == ("POST", "/auth/logout") and role != "anonymous":
        if role == "admin":
            return world.shop.member("admin"), operation.path
        return (
            world.shop.user() if role in ("owner", "user") else world.shop.supplier()
        ), operation.path
    if operation.route == ("DELETE", "/users/{}"):
        victim = world.shop.user("Victim")
        return (victim if role == "owner" else world.people[role]), f"/users/{victim.id}"
    return None


def filled(path: str, first: int) -> str:
    """The path with its first number; further ones name nothing that exists."""
    path = re.sub(r"\{\w+\}", str(first), path, count=1)
    return re.sub(r"\{\w+\}", "999999999", path)


def ask(world: World, operation: Operation, role: str) -> Reply:
    prepared = _disposable(world, operation, role)
    if prepared is None:
        actor, target = world.people[role], operation.path
        if "{" in target:
            target = filled(target, world.things[thing_of(operation.shape)]())
    else:
        actor, target = prepared
    if operation.route in HARMLESS:
        body = HARMLESS[operation.route]
        return actor.send(
            operation.method,
            target,
            body(world) if callable(body) else body,
            service=operation.service,
        )
    return actor.send(operation.method, target, service=operation.service)


def outcome(reply: Reply) -> str:
    return {401: LOGIN, 403: NO}.get(reply.status, PASS)


@pytest.fixture(scope="module")
def routes(shop: Shop) -> list[Operation]:
    return openapi.operations(shop)


def test_every_route_names_its_access_and_the_contract_agrees(routes: list[Operation]) -> None:
    wrong = []
    for operation in routes:
        rule = POLICY.get(operation.route)
        if rule is None:
            wrong.append(f"{operation} is not in the contract's table")
        elif operation.access not in WORDS[rule]:
            wrong.append(f"{operation}: x-access is {operation.access!r}, the contract says {rule}")
    assert not wrong, "\n".join(wrong)


def test_every_route_of_the_contract_is_described(routes: list[Operation]) -> None:
    described = {operation.route for operation in routes}
    common = {
        ("GET", path)
        for path in ("/health", "/livez", "/ready", "/readyz", "/metrics", "/openapi.json")
    }
    assert set(POLICY) - common <= described


@pytest.mark.parametrize(
    "route", sorted(set(POLICY) - {("GET", "/livez"), ("GET", "/readyz")}), ids=" ".join
)
def test_every_role_at_this_route(
    world: World, routes: list[Operation], route: tuple[str, str]
) -> None:
    described = [operation for operation in routes if operation.route == route]
    rows = described or [
        Operation(service, *route, None, None) for service in SERVICES if "{" not in route[1]
    ]
    assert rows
    wrong = []
    for operation in rows:
        for role, expected in zip(ROLES, RULES[POLICY[route]], strict=True):
            reply = ask(world, operation, role)
            if outcome(reply) != expected or reply.status >= 500:
                wrong.append(f"{role}: expected {expected}, got {reply}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "route", sorted(route for route, rule in POLICY.items() if rule != "open"), ids=" ".join
)
def test_a_dead_token_is_worth_nothing_anywhere(
    world: World, routes: list[Operation], leaver: Person, route: tuple[str, str]
) -> None:
    for operation in routes:
        if operation.route == route:
            target = filled(operation.path, leaver.id)
            reply = leaver.send(operation.method, target, {}, service=operation.service)
            assert reply.status == 401, f"a deleted user is not let in: {reply}"


@pytest.fixture(scope="module")
def leaver(shop: Shop) -> Person:
    """Somebody whose account was deleted; every service has heard of it."""
    person = shop.user("Leaver")
    person.delete(f"/users/{person.id}").expect(200)
    for path in ("/carts/me", "/orders/me", "/inventory"):
        wait_until(lambda at=path: person.get(at).status == 401, f"{path} knows")
    wait_until(lambda: person.post("/products", {}).status == 401, "product knows")
    return person


# --- mass assignment and answers ------------------------------------------------------------------


@pytest.mark.parametrize(
    "extra", [{"role": "admin"}, {"accountStatus": "active"}, {"id": 1}, {"pwdv": "x"}], ids=str
)
def test_privileged_members_do_nothing(shop: Shop, extra: dict) -> None:
    body = {"name": unique("Mass"), "email": fresh_email("mass"), "password": PASSWORD, **extra}
    account = shop.anonymous.post("/auth/signup", body).expect(201)
    assert account["role"] == "user" and account["id"] != 1
    person = Person(shop.server, account, PASSWORD, None).log_in()
    person.put(f"/users/{person.id}", {"name": "Mass II", **extra}).expect(200)
    assert person.get("/auth/session").expect(200) == {"user": {"id": person.id, "role": "user"}}


FORBIDDEN_WORDS = ("hash", "argon", "otp", "pwdv", "epoch", "version_id", "passw", "secret", "salt")


def members_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(members_of(inner) for inner in value.values()))
    return (
        set().union(*(members_of(inner) for inner in value)) if isinstance(value, list) else set()
    )


def test_no_answer_tells_secrets(shop: Shop, alice: Person, admin: Actor, mug: dict) -> None:
    order = alice.buy(mug)
    replies = [
        alice.get("/auth/session"),
        alice.get(f"/users/{alice.id}"),
        admin.get("/auth/users"),
        alice.get("/carts/me"),
        alice.get(f"/orders/{order['id']}"),
        shop.anonymous.get("/products"),
        shop.anonymous.get("/categories"),
        shop.anonymous.get("/metrics", service="user"),
        shop.anonymous.get("/ready", service="user"),
    ]
    for reply in replies:
        names = {name.lower() for name in members_of(reply.expect(200))}
        assert not [name for name in names if any(word in name for word in FORBIDDEN_WORDS)], reply
        assert b"$argon2" not in reply.body
