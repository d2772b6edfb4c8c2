"""security.md 27: a path is read once; whatever could be read twice is refused before anybody looks
at it.
"""

import pytest

from lib import raw
from lib.server import SERVICES, Server
from lib.shapes import check_error
from lib.shop import Person, Shop

REFUSED = [
    "/orders/..\\internal/products/1",
    "/orders\\me",
    "/\\internal\\products\\1",
    "/internal%2fproducts%2f1",
    "/internal%2Fproducts/1",
    "/internal%5cproducts%5c1",
    "/orders/..%5cinternal/products/1",
    "/products/%2e%2e/internal/products/1",
    "/products/%2E%2E%2finternal",
    "/products/%00",
    "/products/1%00.png",
    "/products/%c0%ae%c0%ae/internal",
    "/products/%c0%af",
    "/products/%e0%80%af",
    "/products/%ff",
    "/products/%ed%a0%80",
]
REFUSED_OR_UNKNOWN = [
    "/products/../internal/products/1",
    "/products/./1",
    "/./products",
    "/../products",
    "//products",
    "/products//1",
    "//evil.example/products",
    "/products/..",
    "/products/1/..",
    "/products/;/1",
    "/products;jsessionid=1",
    "/internal/../products",
    "/%2e/products",
]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("path", REFUSED)
def test_an_ambiguous_path_is_a_400(server: Server, alice: Person, service: str, path: str) -> None:
    message = raw.request("GET", path, f"Authorization: Bearer {alice.token}")
    check_error(raw.send_raw(server.ports[service], message).only, 400)


@pytest.mark.parametrize("path", REFUSED_OR_UNKNOWN)
def test_a_path_that_is_not_tidy_leads_nowhere(server: Server, alice: Person, path: str) -> None:
    message = raw.request("GET", path, f"Authorization: Bearer {alice.token}")
    check_error(raw.send_raw(server.ports["product"], message).only, (400, 404))


@pytest.mark.parametrize(
    "path",
    [
        "/internal",
        "/internal/",
        "/internal/orders/1/exists",
        "/internal/orders/1/mark-paid",
        "/internal/orders/1/release",
        "/internal/holds/1",
        "/internal/products/1/exists",
        "/internal/users/1",
        "/internal/audit-logs",
    ],
)
@pytest.mark.parametrize("service", SERVICES)
def test_no_internal_route_but_the_product_look_up_is_open(
    server: Server, admin: Person, service: str, path: str
) -> None:
    for method in ("GET", "POST", "PUT"):
        reply = admin.send(method, path, service=service)
        check_error(reply, (401, 404, 405))


def test_the_product_look_up_is_open_to_all(shop: Shop, mug: dict) -> None:
    shop.anonymous.get(f"/internal/products/{mug['id']}").expect(200)


def test_a_query_may_hold_anything(server: Server) -> None:
    query = "a=%2f%5c&b=..\\..&c=%00&d=%ff&e=//&=&&f"
    assert raw.send_raw(
        server.ports["product"], raw.request("GET", f"/categories?{query}")
    ).only.status in (200, 400)
    reply = raw.send_raw(server.ports["product"], raw.request("GET", "/categories?a=/../b//c")).only
    assert reply.status == 200
