"""People of the shop and what they do: `shop.user("alice").post("/carts/me/items", {...})`."""

import itertools
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from lib.http import JSON_TYPE, Reply, encode
from lib.server import Server
from lib.shapes import check_stock
from lib.waiting import wait_until

#: Which service answers which path. The gateway, later, will know the same.
OWNERS = {
    "auth": "user",
    "users": "user",
    "carts": "cart",
    "orders": "order",
    "products": "product",
    "categories": "product",
    "inventory": "inventory",
    "internal": "product",
}
PASSWORD = "Correct-Horse-7f3a"
_numbers = itertools.count(1)
_run = secrets.token_hex(3)


def unique(word: str) -> str:
    """A name nobody else in this run has."""
    return f"{word} {_run} {next(_numbers)}"


def fresh_email(name: str = "someone") -> str:
    local = (
        "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
        or "person"
    )
    return f"{local}.{_run}.{next(_numbers)}@example.com"


def owner_of(target: str) -> str:
    first = target.lstrip("/").split("/", 1)[0].split("?", 1)[0].lower()
    return OWNERS[first]


class Actor:
    """Somebody with or without a token. `service=` is only needed for paths every service has
    (/health …).
    """

    def __init__(
        self, server: Server, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.server = server
        self.token = token
        self.headers = dict(headers or {})

    def send(
        self,
        method: str,
        target: str,
        json: Any = ...,
        *,
        body: bytes | None = None,
        content_type: str | None = JSON_TYPE,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        service: str | None = None,
    ) -> Reply:
        """`json` is encoded; `body` is sent as it is. Without either there is no body and no
        Content-Type.
        """
        pairs = list(self.headers.items())
        if self.token is not None:
            pairs.append(("Authorization", f"Bearer {self.token}"))
        if json is not ...:
            assert body is None
            body = encode(json)
        if body is not None and content_type is not None:
            pairs.append(("Content-Type", content_type))
        pairs += headers.items() if isinstance(headers, Mapping) else headers
        return self.server.transport.send(service or owner_of(target), method, target, pairs, body)

    def get(self, target: str, **more: Any) -> Reply:
        return self.send("GET", target, **more)

    def post(self, target: str, json: Any = ..., **more: Any) -> Reply:
        return self.send("POST", target, json, **more)

    def put(self, target: str, json: Any = ..., **more: Any) -> Reply:
        return self.send("PUT", target, json, **more)

    def patch(self, target: str, json: Any = ..., **more: Any) -> Reply:
        return self.send("PATCH", target, json, **more)

    def delete(self, target: str, json: Any = ..., **more: Any) -> Reply:
        return self.send("DELETE", target, json, **more)

    def with_headers(self, **headers: str) -> "Actor":
        """The same person, sending these headers too (underscores become hyphens)."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return Actor(self.server, self.token, {**self.headers, **named})

    def with_token(self, token: str | None) -> "Actor":
        return Actor(self.server, token, self.headers)


class Person(Actor):
    """Somebody with an account."""

    def __init__(
        self, server: Server, account: Mapping[str, Any], password: str, token: str | None
    ) -> None:
        super().__init__(server, token)
        self.account = dict(account)
        self.id = int(account["id"])
        self.email = str(account["email"])
        self.password = password

    def log_in(self) -> "Person":
        self.token = login(self.server, self.email, self.password).expect(200)["token"]
        return self

    def cart(self) -> dict[str, Any]:
        return self.get("/carts/me").expect(200)

    def add(self, product: Mapping[str, Any] | int, quantity: int = 1) -> dict[str, Any]:
        """Puts a product into the cart and returns the cart."""
        return self.post(
            "/carts/me/items", {"productId": _id(product), "quantity": quantity}
        ).expect(201)

    def order(
        self, product: Mapping[str, Any] | int, quantity: int | None = None
    ) -> dict[str, Any]:
        """Orders a product that lies in the cart."""
        wanted: dict[str, Any] = {"productId": _id(product)}
        if quantity is not None:
            wanted["quantity"] = quantity
        return self.post("/orders/me", wanted).expect(201)

    def buy(self, product: Mapping[str, Any] | int, quantity: int = 1) -> dict[str, Any]:
        """Cart, then order: a pending order of one line."""
        self.add(product, quantity)
        return self.order(product, quantity)


def buy_and_pay(
    admin: Actor, buyer: Person, product: Mapping[str, Any] | int, quantity: int = 1
) -> dict[str, Any]:
    """An order that was paid, where orders wait for the money for some seconds only: what a machine
    that stands still lets expire is bought again.
    """

    def paid() -> dict[str, Any] | None:
        order = buyer.buy(product, quantity)
        reply = admin.patch(f"/orders/{order['id']}/status", {"status": "paid"})
        return reply.expect(200, 400) if reply.status == 200 else None

    return wait_until(paid, "an order that is paid in time")


def _id(product: Mapping[str, Any] | int) -> int:
    return product if isinstance(product, int) else int(product["id"])


def login(server: Server, email: str, password: str) -> Reply:
    return Actor(server).post("/auth/login", {"email": email, "password": password})


class Shop:
    """One running server and its people. Tests make their own users; only the admin is shared."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.anonymous = Actor(server)
        self._admin: Person | None = None
        self._category: dict[str, Any] | None = None

    def sign_up(
        self, name: str = "Alice", password: str = PASSWORD, email: str | None = None
    ) -> Person:
        """A new account that has not logged in yet."""
        wanted = {"name": name, "email": email or fresh_email(name), "password": password}
        account = self.anonymous.post("/auth/signup", wanted).expect(201)
        return Person(self.server, account, password, None)

    def user(
        self, name: str = "Alice", password: str = PASSWORD, email: str | None = None
    ) -> Person:
        return self.sign_up(name, password, email).log_in()

    def member(self, role: str, name: str = "Sam") -> Person:
        """Somebody with a role, made by the admin."""
        wanted = {"name": name, "email": fresh_email(name), "password": PASSWORD, "role": role}
        account = self.as_admin().post("/users", wanted).expect(201)
        return Person(self.server, account, PASSWORD, None).log_in()

    def supplier(self, name: str = "Sam") -> Person:
        return self.member("supplier", name)

    def as_admin(self) -> Person:
        """The first admin, made by `create-admin` against the running process."""
        if self._admin is None:
            email = fresh_email("admin")
            self.server.run(
                "create-admin", "--email", email, "--password", PASSWORD, "--name", "Ada"
            )
            token = login(self.server, email, PASSWORD).expect(200)["token"]
            user_id = Actor(self.server, token).get("/auth/session").expect(200)["user"]["id"]
            account = {"id": user_id, "email": email, "name": "Ada"}
            self._admin = Person(self.server, account, PASSWORD, token)
        return self._admin

    def category(self, name: str | None = None) -> dict[str, Any]:
        return self.as_admin().post("/categories", {"name": name or unique("Category")}).expect(201)

    def product_fields(self, **fields: Any) -> dict[str, Any]:
        """A body that POST /products accepts, with what the test says instead."""
        if self._category is None:
            self._category = self.category()
        wanted = {
            "categoryId": self._category["id"],
            "name": unique("Mug"),
            "price": 19.99,
            "stockQuantity": 100,
            "images": ["https://img.example.com/mug.png"],
            **fields,
        }
        return {key: value for key, value in wanted.items() if value is not ...}

    def product(self, by: Actor | None = None, **fields: Any) -> dict[str, Any]:
        return (by or self.as_admin()).post("/products", self.product_fields(**fields)).expect(201)

    def stocked(self, product: dict[str, Any]) -> dict[str, Any]:
        """The product, once inventory has heard of it."""
        target = f"/inventory/{product['id']}"
        wait_until(lambda: self.anonymous.get(target).status == 200, "inventory knows the product")
        return product

    def stock(self, product: int) -> dict[str, Any]:
        """What inventory says of it to everybody; it adds up."""
        item = self.anonymous.get(f"/inventory/{product}").expect(200)
        check_stock(item)
        return item
