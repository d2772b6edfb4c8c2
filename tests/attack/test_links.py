"""The Link header of a list is made of what the asker wrote: it must not lead anywhere else."""

import re

import pytest

from lib.raw import send_raw
from lib.server import Server
from lib.shop import Shop


@pytest.fixture(scope="module", autouse=True)
def two_products(shop: Shop) -> None:
    for _ in range(2):
        shop.product()


def links(server: Server, target: str) -> dict[str, str]:
    """By RFC 8288: what a client takes the header for. Empty when the request is refused."""
    request = f"GET {target} HTTP/1.1\r\nHost: shop\r\n\r\n".encode()
    answer = send_raw(server.ports["product"], request).only
    assert answer.status in (200, 400), answer
    found = re.findall(r'<([^>]*)>\s*;\s*rel="([^"]*)"', answer.headers.get("Link") or "")
    assert len({relation for _, relation in found}) == len(found), answer.headers["Link"]
    return {relation: uri for uri, relation in found}


@pytest.mark.parametrize(
    "written",
    [
        'x>;rel="next",<http://evil.example/>;rel="prev"',
        'x>; rel="next", <//evil.example/products>; rel="first"',
        'x>;rel="stylesheet"',
        "a<b",
        'a"b',
    ],
)
def test_what_is_searched_for_leads_nowhere_else(server: Server, written: str) -> None:
    found = links(server, f"/products?page=1&pageSize=1&q={written.replace(' ', '%20')}")
    assert set(found) <= {"first", "prev", "next", "last"}
    for uri in found.values():
        assert uri.startswith("/products?"), found
        assert not re.search(r'[<>"]', uri), found


def test_a_target_with_a_host_leads_to_no_other_host(server: Server) -> None:
    found = links(server, "http://evil.example/products?page=1&pageSize=1")
    assert set(found) == {"first", "next", "last"}
    for uri in found.values():
        assert uri.startswith("/products?"), found


def test_what_browsers_send_unescaped_is_escaped_in_the_links(server: Server) -> None:
    """They leave these as they are in a query, RFC 3986 does not."""
    found = links(server, "/products?page=1&pageSize=1&ids[]=1&a=b|c&d={}^`\\")
    kept = "/products?ids%5B%5D=1&a=b%7Cc&d=%7B%7D%5E%60%5C"
    assert found["next"] == f"{kept}&page=2&pageSize=1"


@pytest.mark.parametrize("query", ["page=1&pageSize=1", "%70age=1&page%53ize=1"])
def test_the_next_page_can_be_asked_for_as_it_is_named(server: Server, query: str) -> None:
    following = links(server, f"/products?{query}")["next"]
    assert links(server, following)["prev"]
