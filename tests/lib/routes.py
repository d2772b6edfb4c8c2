"""Every route that reads a body, with somebody who may call it: for tables that hold for all of
them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lib.http import Reply
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, unique


@dataclass(frozen=True)
class Cast:
    """The people and things the table's rows act on, made once."""

    shop: Shop
    alice: Person
    admin: Person
    product: dict[str, Any]
    category: dict[str, Any]
    order: dict[str, Any]


@dataclass(frozen=True)
class BodyRoute:
    """One route that reads a body. `empty_message` is the contract's answer to `{}` (None: it is
    not fixed).
    """

    method: str
    path: str
    who: str
    empty_message: str | None
    sample: Callable[[Cast], dict[str, Any]]
    empty_statuses: tuple[int, ...] = (400,)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def actor(self, cast: Cast) -> Actor:
        return {"anonymous": cast.shop.anonymous, "alice": cast.alice, "admin": cast.admin}[
            self.who
        ]

    def target(self, cast: Cast) -> str:
        return self.path.format(
            alice=cast.alice.id,
            product=cast.product["id"],
            category=cast.category["id"],
            order=cast.order["id"],
        )

    def send(self, cast: Cast, **how: Any) -> Reply:
        return self.actor(cast).send(self.method, self.target(cast), **how)


def _signup(_: Cast) -> dict[str, Any]:
    return {"name": "Row", "email": fresh_email("row"), "password": PASSWORD}


BODY_ROUTES = (
    BodyRoute("POST", "/auth/signup", "anonymous", "Name is required", _signup),
    BodyRoute(
        "POST",
        "/auth/login",
        "anonymous",
        "Email is required",
        lambda cast: {"email": cast.alice.email, "password": PASSWORD},
    ),
    BodyRoute(
        "POST",
        "/auth/forgot-password",
        "anonymous",
        "Email is required",
        lambda cast: {"email": fresh_email("nobody")},
    ),
    BodyRoute(
        "POST",
        "/auth/reset-password/otp",
        "anonymous",
        "Email is required",
        lambda cast: {
            "email": fresh_email("nobody"),
            "otp": "123456",
            "newPassword": PASSWORD + "x",
        },
    ),
    BodyRoute(
        "POST",
        "/auth/reset-password",
        "alice",
        "oldPassword and newPassword are required",
        lambda cast: {"oldPassword": "not-my-password", "newPassword": PASSWORD + "x"},
    ),
    BodyRoute("POST", "/users", "admin", "Name is required", _signup),
    BodyRoute(
        "PUT",
        "/users/{alice}",
        "alice",
        "No valid fields to update",
        lambda cast: {"name": "Alice"},
    ),
    BodyRoute(
        "POST",
        "/categories",
        "admin",
        "Category name is required",
        lambda cast: {"name": unique("Row")},
    ),
    BodyRoute(
        "PUT", "/categories/{category}", "admin", None, lambda cast: {"name": cast.category["name"]}
    ),
    BodyRoute(
        "POST",
        "/products",
        "admin",
        "Valid categoryId is required",
        lambda cast: cast.shop.product_fields(),
    ),
    BodyRoute(
        "PUT",
        "/products/{product}",
        "admin",
        "No valid fields to update",
        lambda cast: cast.shop.product_fields(name=cast.product["name"]),
    ),
    BodyRoute(
        "POST",
        "/carts/me/items",
        "alice",
        "Invalid productId",
        lambda cast: {"productId": cast.product["id"], "quantity": 1},
    ),
    BodyRoute("PUT", "/carts/me/items/{product}", "alice", None, lambda cast: {"quantity": 1}),
    BodyRoute(
        "POST",
        "/orders/me",
        "alice",
        "Invalid productId",
        lambda cast: {"productId": cast.product["id"]},
    ),
    BodyRoute(
        "PATCH",
        "/orders/{order}/status",
        "admin",
        "Status is required",
        lambda cast: {"status": "pending"},
    ),
)
