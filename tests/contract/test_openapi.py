"""Each service describes itself in OpenAPI 3.1, and the description is true."""

import json

import jsonschema
import pytest
from openapi_spec_validator import validate

from lib import documented, openapi
from lib.server import SERVICE_PORTS, SERVICES
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
        ("GET", "/categories/{}"),
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


def bodies_of(document: dict, row: dict) -> list[tuple[str, dict]]:
    """What a route is sent and answers, with a word for each."""
    answers = [
        (status, documented.resolved(document, answer))
        for status, answer in row["responses"].items()
    ]
    sent = [("body", row["requestBody"])] if "requestBody" in row else []
    return [(word, body) for word, body in sent + answers if "content" in body]


def rows_of(document: dict) -> list[tuple[str, str, dict]]:
    return [
        (method.upper(), path, row)
        for path, item in document["paths"].items()
        for method, row in item.items()
        if method in openapi.METHODS
    ]


def check_value(schema: dict, value: object) -> None:
    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(value)


@each_service
def test_every_example_is_as_described(described: dict[str, dict], service: str) -> None:
    """Down to the last member: one that is gone, or one that is new, is found here."""
    document = described[service]
    for method, path, row in rows_of(document):
        for word, body in bodies_of(document, row):
            content = body["content"]["application/json"]
            if "example" in content:
                print(f"{method} {path}: {word}")
                check_value(documented.schema_in(document, body), content["example"])


@each_service
def test_whoever_orders_looks_into_stock_or_keeps_addresses_is_shown_how(
    described: dict[str, dict], service: str
) -> None:
    document = described[service]
    for method, path, row in rows_of(document):
        is_shown = (
            path.startswith("/inventory")
            or path.startswith("/internal/")
            and service == "inventory"
            or "/addresses" in path
            or method == "POST"
            and service in ("cart", "order")
        )
        if not is_shown:
            continue
        for word, body in bodies_of(document, row):
            if word in ("body", "201") or word == "200" and "201" not in row["responses"]:
                content = body["content"]["application/json"]
                assert "example" in content, f"{method} {path} has no example: {word}"


@each_service
def test_every_refusal_names_its_codes(described: dict[str, dict], service: str) -> None:
    document = described[service]
    for method, path, row in rows_of(document):
        assert "default" in row["responses"], f"{method} {path}"
        for word, body in bodies_of(document, row):
            is_error = body["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Error"
            }
            assert not is_error or body["x-codes"], f"{method} {path}: {word}"


@each_service
def test_a_parameter_is_never_null(described: dict[str, dict], service: str) -> None:
    for method, path, row in rows_of(described[service]):
        for parameter in row.get("parameters", []):
            assert '"null"' not in json.dumps(parameter), f"{method} {path}: {parameter['name']}"


@each_service
def test_it_says_where_the_service_listens(
    shop: Shop, described: dict[str, dict], service: str
) -> None:
    (server,) = described[service]["servers"]
    assert server["variables"]["port"]["default"] == str(SERVICE_PORTS[service])


@each_service
def test_what_is_not_ready_says_so_in_the_words_of_what_is(
    described: dict[str, dict], service: str
) -> None:
    answers = described[service]["paths"]["/ready"]["get"]["responses"]
    assert answers["503"]["content"] == answers["200"]["content"]


def test_a_cart_and_an_order_are_answered_as_described(
    described: dict[str, dict], shop: Shop, mug: dict
) -> None:
    person = shop.user()
    scarce = shop.product(stockQuantity=1)
    first = shop.user()
    first.add(scarce)
    person.add(scarce)
    for path, who, body, status in (
        ("/carts/me/items", person, {"productId": mug["id"]}, 201),
        ("/orders/me", person, {"productId": mug["id"]}, 201),
        ("/orders/me/checkout", first, {}, 201),
        ("/orders/me", person, {"productId": scarce["id"]}, 409),
        ("/orders/me/checkout", person, {}, 409),
    ):
        document = described["cart" if path.startswith("/carts") else "order"]
        answer = document["paths"][path]["post"]["responses"][str(status)]
        schema = documented.schema_in(document, answer)
        if status == 409:  # The first: an order that is short says of each product what is missing.
            kinds = answer["content"]["application/json"]["schema"]["anyOf"]
            assert {"$ref": "#/components/schemas/InsufficientStockView"} in kinds
            schema = {**schema, "anyOf": kinds[:1]}
        check_value(schema, who.post(path, body).expect(status))


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
    row = described[service]["paths"][operation.path][operation.method.lower()]
    schema = documented.schema_in(described[service], row["responses"]["200"])
    assert schema is not None, f"{operation} describes its answer"
    check_value(schema, body)
