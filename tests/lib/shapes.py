"""What an answer must look like: members in their order, their types, the error body, the headers
on everything.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lib.http import Headers, Reply

USER = ("id", "name", "email", "role", "accountStatus")
CATEGORY_LISTED = ("id", "name", "slug", "description", "isActive", "createdAt", "updatedAt")
CATEGORY_MADE = (
    "id",
    "name",
    "slug",
    "description",
    "isActive",
    "createdByUserId",
    "createdAt",
    "updatedAt",
)
PRODUCT = (
    "id",
    "categoryId",
    "categoryName",
    "name",
    "slug",
    "description",
    "price",
    "currency",
    "stockQuantity",
    "isActive",
    "createdByUserId",
    "createdByRole",
    "createdAt",
    "updatedAt",
    "images",
)
IMAGE = ("id", "imageUrl", "isPrimary", "sortOrder", "createdAt", "updatedAt")
STOCK = (
    "productId",
    "totalQuantity",
    "reservedQuantity",
    "availableQuantity",
    "createdAt",
    "updatedAt",
    "version",
)
PUBLIC_PRODUCT = ("id", "name", "price", "currency", "stockQuantity", "imageUrl")
CART = (
    "id",
    "userId",
    "status",
    "currency",
    "createdAt",
    "updatedAt",
    "itemsCount",
    "totalAmount",
    "items",
)
CART_ITEM = (
    "id",
    "productId",
    "productName",
    "productImageUrl",
    "quantity",
    "unitPrice",
    "createdAt",
    "updatedAt",
)
ORDER = (
    "id",
    "userId",
    "status",
    "currency",
    "itemsCount",
    "totalAmount",
    "cancelledAt",
    "createdAt",
    "updatedAt",
    "items",
)
ORDER_ITEM = (
    "id",
    "productId",
    "productName",
    "productImageUrl",
    "quantity",
    "unitPrice",
    "lineTotal",
    "createdAt",
    "updatedAt",
)

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
    "Cross-Origin-Resource-Policy": "same-site",
    "Access-Control-Allow-Origin": "*",
}
LIMIT_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
JSON_CONTENT_TYPE = "application/json; charset=utf-8"
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
HTTP_DATE = re.compile(r"^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$")
CODE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")


def check_members(value: Mapping[str, Any], names: Sequence[str], *, exactly: bool = False) -> None:
    """The contract's members come first and in order; ours may follow, unless `exactly`."""
    seen = list(value)
    assert seen[: len(names)] == list(names), f"members are {seen}, the contract says {list(names)}"
    if exactly:
        assert seen == list(names), f"nothing may be added: {seen[len(names) :]}"


def check_user(value: Mapping[str, Any]) -> None:
    check_members(value, USER, exactly=True)
    assert is_id(value["id"])
    assert value["role"] in ("user", "admin", "supplier")
    assert value["accountStatus"] in ("active", "blocked")


def check_product(value: Mapping[str, Any]) -> None:
    check_members(value, PRODUCT)
    assert is_id(value["id"]) and is_id(value["categoryId"]) and is_id(value["createdByUserId"])
    assert isinstance(value["price"], str)
    assert value["isActive"] == 1 and not isinstance(value["isActive"], bool)
    assert isinstance(value["stockQuantity"], int)
    check_times(value)
    assert value["images"]
    for image in value["images"]:
        check_members(image, IMAGE)
        assert image["isPrimary"] in (0, 1) and not isinstance(image["isPrimary"], bool)
        assert isinstance(image["sortOrder"], int)
        check_times(image)


def check_cart(value: Mapping[str, Any]) -> None:
    check_members(value, CART)
    assert is_id(value["id"]) and is_id(value["userId"])
    assert value["status"] == "active"
    assert is_number(value["totalAmount"])
    assert value["itemsCount"] == len(value["items"])
    assert [item["id"] for item in value["items"]] == sorted(item["id"] for item in value["items"])
    check_times(value)
    for item in value["items"]:
        check_members(item, CART_ITEM)
        assert isinstance(item["unitPrice"], str)
        assert isinstance(item["quantity"], int) and item["quantity"] >= 1
        check_times(item)


def check_order(value: Mapping[str, Any]) -> None:
    check_members(value, ORDER)
    assert is_id(value["id"]) and is_id(value["userId"])
    assert value["status"] in ("pending", "paid", "shipped", "delivered", "cancelled")
    assert is_number(value["totalAmount"])
    assert (value["cancelledAt"] is not None) == (value["status"] == "cancelled")
    assert (value["cancelReason"] is not None) == (value["status"] == "cancelled")
    assert value["expiresAt"] is None or (
        value["status"] == "pending" and TIME.match(value["expiresAt"])
    )
    assert value["itemsCount"] == len(value["items"])
    check_times(value)
    for item in value["items"]:
        check_members(item, ORDER_ITEM)
        assert is_number(item["unitPrice"]) and is_number(item["lineTotal"])
        check_times(item)


def check_stock(value: Mapping[str, Any]) -> None:
    check_members(value, STOCK)
    assert is_id(value["productId"]) and is_id(value["version"])
    total, reserved = value["totalQuantity"], value["reservedQuantity"]
    assert isinstance(total, int) and isinstance(reserved, int) and 0 <= reserved <= total
    assert value["availableQuantity"] == total - reserved
    check_times(value)


def check_times(value: Mapping[str, Any]) -> None:
    for name in ("createdAt", "updatedAt"):
        assert TIME.match(value[name]), f"{name} is {value[name]!r}"


def is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_fixed_headers(headers: Headers, *, cors_origin: str = "*") -> None:
    """The headers that every single answer carries (wire-contract §1.3, §1.4)."""
    for name, value in FIXED_HEADERS.items():
        expected = cors_origin if name == "Access-Control-Allow-Origin" else value
        assert headers.all(name) == [expected], f"{name}: {headers.all(name)} in {headers.pairs}"
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", headers["X-Request-Id"])
    assert len(headers.all("Date")) == 1 and HTTP_DATE.match(headers["Date"]), headers.all("Date")
    for forbidden in ("Server", "X-Powered-By"):
        assert forbidden not in headers, f"{forbidden}: {headers.get(forbidden)}"


def check_limit_headers(headers: Headers) -> None:
    for name in LIMIT_HEADERS:
        assert re.fullmatch(r"\d+", headers[name]), f"{name}: {headers.all(name)}"


def check_error(
    reply: Reply, status: int | Sequence[int], message: str | None = None
) -> dict[str, Any]:
    """An error answer: status, headers and the body {message, …, requestId, code, errors?}. Returns
    the body.
    """
    statuses = [status] if isinstance(status, int) else list(status)
    assert reply.status in statuses, f"expected {statuses}, got {reply}"
    check_fixed_headers(reply.headers)
    assert reply.headers["Content-Type"] == JSON_CONTENT_TYPE, reply.headers.pairs
    body = reply.json
    assert isinstance(body, dict) and list(body)[0] == "message", f"{reply}: message comes first"
    assert isinstance(body["message"], str) and body["message"], f"{reply}: message says something"
    if message is not None:
        assert body["message"] == message, f"expected {message!r}, got {reply}"
    assert body.get("requestId") == reply.headers["X-Request-Id"], (
        f"{reply}: requestId is the header's"
    )
    assert isinstance(body.get("code"), str) and CODE.match(body["code"]), f"{reply}: a stable code"
    for row in body.get("errors", []):
        assert {"field", "rule", "message"} <= set(row), (
            f"{reply}: errors hold field, rule and message"
        )
    if reply.status == 401:
        assert reply.headers["WWW-Authenticate"].startswith("Bearer"), reply.headers.pairs
    return body
