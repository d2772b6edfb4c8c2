"""Everything that changes stock, at once: orders, cancellations, shipments, orders nobody pays,
holds without orders, deliveries, losses and stocktaking. Whoever changes a total writes down by how
much.
"""

import random
import threading
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lib.http import Reply
from lib.server import INTERNAL_TOKEN_SECRET
from lib.shop import Actor, Person
from lib.tokens import between_services

#: In the house at first, of each product; few enough that orders are refused now and then.
STOCK = 40
PRODUCTS = 3
LINES_MAX = 2
UNITS_MAX = 3


class Market:
    """`with Market(…):` all are at work until the block ends. `anyone` is a shop's front door."""

    def __init__(
        self,
        anyone: Actor,
        admin: Person,
        buyers: Sequence[Actor],
        products: list[int],
        seed: int,
        secret: str = INTERNAL_TOKEN_SECRET,
        inventory: Actor | None = None,
        stock: int = STOCK,
    ) -> None:
        self.stock = stock
        self.anyone, self.admin, self.buyers, self.products = anyone, admin, buyers, products
        self.secret, self.inventory = secret, inventory or anyone
        self.done: Counter[str] = Counter()
        #: By how much the total of each product has changed.
        self.moved: Counter[int] = Counter()
        self.problems: list[str] = []
        #: What lies in the cart of each buyer, and every order that was answered.
        self._carts: dict[int, Counter[int]] = {id(buyer): Counter() for buyer in buyers}
        self.orders: list[int] = []
        self._lock = threading.Lock()
        self.over = threading.Event()
        works: list[tuple[Any, Actor]] = [(self._trade, buyer) for buyer in buyers]
        works.append((self._keep_store, admin))
        self.threads = [
            threading.Thread(target=self._work, args=(act, who, random.Random(seed + n)))
            for n, (act, who) in enumerate(works)
        ]

    def __enter__(self) -> "Market":
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for each in self.threads:
            each.join(180)
        assert self.problems == []

    def _work(self, act: Any, who: Actor, chance: random.Random) -> None:
        try:
            while not self.over.is_set():
                act(who, chance)
        except BaseException as problem:
            self.problems.append(f"{type(problem).__name__}: {problem}")
            self.over.set()

    def _count(self, what: str, reply: Reply, *statuses: int) -> bool:
        """Whether it was done; one of the other statuses is a refusal."""
        reply.expect(*statuses)
        self._note(what if reply.status == statuses[0] else f"{what} refused")
        return reply.status == statuses[0]

    def _note(self, what: str, product: int = 0, moved: int = 0) -> None:
        with self._lock:
            self.done[what] += 1
            self.moved[product] += moved

    def _trade(self, buyer: Actor, chance: random.Random) -> None:
        wanted = chance.sample(self.products, chance.randint(1, LINES_MAX))
        for product in wanted:
            line = {"productId": product, "quantity": chance.randint(1, UNITS_MAX)}
            # The catalogue knows, a moment later, what is left.
            if self._count("add", buyer.post("/carts/me/items", line), 201, 400, 404):
                self._carts[id(buyer)][product] += line["quantity"]
        order = self._place(buyer)
        if order is None:
            return
        target, fate = f"/orders/{order['id']}", chance.random()
        if fate < 0.4:
            self._count("cancel", buyer.patch(f"{target}/cancel"), 200, 400)
        elif fate < 0.8:
            self._ship(target, order)
        else:
            self._note("left unpaid")

    def _place(self, buyer: Actor) -> dict[str, Any] | None:
        """The whole cart, and of nobody else's."""
        keyed = buyer.with_headers(Idempotency_Key=str(uuid.uuid4()))
        placed, cart = keyed.post("/orders/me/checkout"), self._carts[id(buyer)]
        if not self._count("order", placed, 201, 409, 400):
            if placed.status == 409:
                buyer.delete("/carts/me/items").expect(200, 204)
                cart.clear()
            return None
        order: dict[str, Any] = placed.json
        bought = {item["productId"]: item["quantity"] for item in order["items"]}
        assert bought == dict(cart), f"{bought} was ordered, {dict(cart)} lay in the cart"
        cart.clear()
        with self._lock:
            self.orders.append(order["id"])
        return order

    def _ship(self, target: str, order: dict[str, Any]) -> None:
        if not self._count(
            "pay", self.admin.patch(f"{target}/status", {"status": "paid"}), 200, 400
        ):
            return
        self.admin.patch(f"{target}/status", {"status": "shipped"}).expect(200)
        for item in order["items"]:
            self._note("ship", item["productId"], -item["quantity"])

    def _keep_store(self, admin: Person, chance: random.Random) -> None:
        product, what = chance.choice(self.products), chance.random()
        target = f"/inventory/{product}"
        if what < 0.5:
            delta = chance.choice((-2, -1, 3, 5))
            said = {"delta": delta, "reason": "correction"}
            if self._count("adjust", admin.post(f"{target}/adjustments", said), 201, 409):
                self._note("change of total", product, delta)
        elif what < 0.8:
            self._take_stock(admin, target, product, chance)
        else:
            self._hold_for_nobody(product, chance)
        self.over.wait(0.01)

    def _take_stock(
        self, admin: Person, target: str, product: int, chance: random.Random
    ) -> None:
        seen = self.anyone.get(target)
        before = seen.expect(200)["totalQuantity"]
        total = max(0, before + chance.randint(-4, 6))
        put = admin.put(
            f"{target}/stock", {"totalQuantity": total}, headers={"If-Match": seen.headers["ETag"]}
        )
        if self._count("set", put, 200, 400, 412):
            self._note("change of total", product, total - before)

    def _hold_for_nobody(self, product: int, chance: random.Random) -> None:
        """It lapses after a second, or is given back."""
        target = f"/internal/holds/{uuid.uuid4()}"
        token = {"X-Internal-Token": between_services("inventory", self.secret)}
        wanted = {"lines": [{"productId": product, "quantity": 1}], "holdSeconds": 1}
        put = self.inventory.put(target, wanted, headers=token, service="inventory")
        if self._count("hold", put, 201, 409) and chance.random() < 0.5:
            self.inventory.delete(target, headers=token, service="inventory").expect(204)
            self._note("give back")
