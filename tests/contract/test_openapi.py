"""Each service describes itself in OpenAPI 3.1, and the description is true."""

import json

import jsonschema
import pytest
from openapi_spec_validator import validate

from lib import openapi
from lib.openapi import Operation
from lib.server import SERVICES
from lib.shapes import check_fixed_headers
from lib.shop import Actor, Person, Shop

each_service = pytest.mark.parametrize("service", SERVICES)

#: Every route of the README and of ours. The descriptions hold these and, beyond them, only what
#: runs the service.
ROUTES = {
    "user": {
        ("POST", "/auth/signup"),
        ("POST", "/auth/login"),
        ("POST", "/auth/logout"),
        ("GET", "/auth/session"),
        ("POST", "/auth/forgot-password"),
        ("POST", "/auth/reset-password/otp"),
        ("POST", "/auth/reset-password"),
        ("GET", "/auth/users"),
        ("POST", "/users"),
        ("GET", "/users/{}"),
        ("PUT", "/users/{}"),
        ("DELETE", "/users/{}"),
        ("GET", "/users/{}/addresses"),
        ("POST", "/users/{}/addresses"),
        ("GET", "/users/{}/addresses/{}"),
        ("PUT", "/users/{}/addresses/{}"),
        ("DELETE", "/users/{}/addresses/{}"),
    },
    "product": {
        ("GET", "/categories"),
        ("POST", "/categories"),
        ("PUT", "/categories/{}"),
        ("DELETE", "/categories/{}"),
        ("GET", "/products"),
        ("POST", "/products"),
        ("GET", "/products/{}"),
        ("PUT", "/products/{}"),
        ("DELETE", "/products/{}"),
        ("GET", "/internal/products/{}"),
        ("GET", "/demo/images/{}"),
    },
    "cart": {
        ("GET", "/carts/me"),
        ("GET", "/carts/{}"),
        ("POST", "/carts/me/items"),
        ("DELETE", "/carts/me/items"),
        ("PUT", "/carts/me/items/{}"),
        ("DELETE", "/carts/me/items/{}"),
    },
    "order": {
        ("POST", "/orders/me"),
        ("GET", "/orders/me"),
        ("POST", "/orders/me/checkout"),
        ("GET", "/orders"),
        ("GET", "/orders/{}"),
        ("GET", "/orders/user/{}"),
        ("GET", "/orders/{}/timeline"),
        ("PATCH", "/orders/{}/cancel"),
        ("PATCH", "/orders/{}/status"),
    },
    "inventory": {
        ("GET", "/inventory"),
        ("GET", "/inventory/reservations"),
        ("GET", "/inventory/{}"),
        ("PUT", "/inventory/{}/stock"),
        ("POST", "/inventory/{}/adjustments"),
        ("GET", "/inventory/{}/movements"),
        ("PUT", "/inventory/{}/settings"),
        ("PUT", "/internal/holds/{}"),
        ("DELETE", "/internal/holds/{}"),
        ("GET", "/internal/orders/{}/reservations"),
    },
}
#: Served by every service; a description may or may not list them.
COMMON = {
    ("GET", path)
    for path in ("/health", "/ready", "/metrics", "/openapi.json", "/livez", "/readyz")
}


@pytest.fixture(scope="module")
def described(shop: Shop) -> dict[str, dict]:
    return {service: openapi.document(shop, service) for service in SERVICES}


@each_service
def test_the_document_is_valid_openapi_31(described: dict[str, dict], service: str) -> None:
    assert described[service]["openapi"].startswith("3.1")
    validate(described[service])


@each_service
def test_the_document_holds_every_route_and_no_other(
    described: dict[str, dict], service: str
) -> None:
    listed = {operation.route for operation in openapi.operations_of(service, described[service])}
    assert listed - COMMON == ROUTES[service]


@each_service
def test_every_route_has_access_a_name_and_a_summary(
    described: dict[str, dict], service: str
) -> None:
    names = []
    for path, item in described[service]["paths"].items():
        for method, row in item.items():
            if method in openapi.METHODS:
                assert row.get("x-access"), f"{method} {path} names nobody who may call it"
                assert row.get("summary"), f"{method} {path} says nothing"
                names.append(row["operationId"])
    assert len(names) == len(set(names))


@each_service
def test_the_command_prints_what_the_service_serves(
    shop: Shop, described: dict[str, dict], service: str
) -> None:
    printed = json.loads(shop.server.run("openapi", service).stdout)
    assert printed["paths"] == described[service]["paths"]


@each_service
def test_the_document_is_open_to_all(shop: Shop, service: str) -> None:
    reply = shop.anonymous.get("/openapi.json", service=service)
    assert reply.status == 200
    check_fixed_headers(reply.headers)


def schema_of(document: dict, operation: Operation, status: str) -> dict | None:
    row = document["paths"][operation.path][operation.method.lower()]
    answer = row["responses"].get(status)
    if answer is None or "content" not in answer:
        return None
    return {
        **answer["content"]["application/json"]["schema"],
        "components": document.get("components", {}),
    }


@pytest.mark.parametrize(
    ("service", "route", "target", "who"),
    [
        ("user", ("GET", "/auth/session"), "/auth/session", "alice"),
        ("user", ("GET", "/auth/users"), "/auth/users", "admin"),
        ("user", ("GET", "/users/{}"), "/users/{alice}", "alice"),
        ("product", ("GET", "/categories"), "/categories", "alice"),
        ("product", ("GET", "/products"), "/products", "alice"),
        ("product", ("GET", "/products/{}"), "/products/{mug}", "alice"),
        ("product", ("GET", "/internal/products/{}"), "/internal/products/{mug}", "alice"),
        ("cart", ("GET", "/carts/me"), "/carts/me", "alice"),
        ("cart", ("GET", "/carts/{}"), "/carts/{alice}", "admin"),
        ("order", ("GET", "/orders/me"), "/orders/me", "alice"),
        ("order", ("GET", "/orders"), "/orders", "admin"),
        ("order", ("GET", "/orders/{}"), "/orders/{order}", "alice"),
    ],
    ids=str,
)
def test_answers_are_as_described(
    described: dict[str, dict],
    service: str,
    route: tuple[str, str],
    target: str,
    who: str,
    alice: Person,
    admin: Actor,
    mug: dict,
) -> None:
    order = alice.buy(mug)
    alice.add(mug)
    actor = alice if who == "alice" else admin
    body = actor.get(target.format(alice=alice.id, mug=mug["id"], order=order["id"])).expect(200)
    operation = next(
        row for row in openapi.operations_of(service, described[service]) if row.route == route
    )
    schema = schema_of(described[service], operation, "200")
    assert schema is not None, f"{operation} describes its answer"
    jsonschema.Draft202012Validator(schema).validate(body)
