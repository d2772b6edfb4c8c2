"""A flash sale: many want the same few units at the same moment, and each insists until the answer
is definite, always with the same key.
"""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib import books
from lib.buyers import Buyer, fill_carts
from lib.http import Reply
from lib.parallel import spread
from lib.waiting import wait_until

#: What a buyer does not take for an answer.
NOT_NOW = (502, 503, 504)
#: How long one insists, and what lies between two tries, in seconds.
PATIENCE_SECONDS = 180.0
BREATH_SECONDS = 0.03


@dataclass
class Sale:
    """One unit each, by so many threads; `name` begins the keys. `at_sold[n]` is called by the
    buyer who got the n-th unit.
    """

    product: dict[str, Any]
    name: str
    threads: int = 64
    at_sold: dict[int, Callable[[], None]] = field(default_factory=dict)
    replies: dict[int, Reply] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    #: When each unit was sold, in seconds since the sale began.
    sold_at: list[float] = field(default_factory=list)
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = 0.0

    def run(self, buyers: Sequence[Buyer]) -> "Sale":
        self._began = time.monotonic()
        spread(self.threads, buyers, self._buy)
        self.seconds = time.monotonic() - self._began
        return self

    def _buy(self, buyer: Buyer) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while (reply := self._try(buyer)) is None:
            assert time.monotonic() < until, f"buyer {buyer.id}: {self.troubles[-3:]}"
            time.sleep(BREATH_SECONDS)
        self.replies[buyer.id] = reply
        if reply.status == 201:
            self._count()

    def _count(self) -> None:
        with self._lock:  # Whoever gets the next one waits while something happens.
            self.sold_at.append(time.monotonic() - self._began)
            if (then := self.at_sold.get(len(self.sold_at))) is not None:
                then()

    def _try(self, buyer: Buyer) -> Reply | None:
        """The definite answer, or nothing."""
        wanted, key = {"productId": self.product["id"], "quantity": 1}, f"{self.name}-{buyer.id}"
        try:
            reply = buyer.post("/orders/me", wanted, headers={"Idempotency-Key": key})
        except (OSError, http.client.HTTPException) as cut:
            self.troubles.append(f"{type(cut).__name__}: {cut}")
            return None
        if reply.status not in NOT_NOW:
            return reply
        self.troubles.append(str(reply))
        return None

    @property
    def winners(self) -> list[int]:
        return [number for number, reply in self.replies.items() if reply.status == 201]

    def check(self, buyers: Sequence[Buyer], sold: int) -> None:
        """So many have an order each; everybody else was told how many are left."""
        assert set(self.replies) == {buyer.id for buyer in buyers}
        statuses = Counter(reply.status for reply in self.replies.values())
        assert statuses == Counter({201: sold, 409: len(buyers) - sold}), self._examples()
        orders = {self.replies[number].json["id"] for number in self.winners}
        assert len(orders) == sold
        for reply in self.replies.values():
            if reply.status == 409:
                assert reply.json["code"] == "order.insufficient_stock", reply

    def _examples(self) -> list[str]:
        """An answer of each status."""
        return [str(reply) for reply in {r.status: r for r in self.replies.values()}.values()]

    def __str__(self) -> str:
        per_second = len(self.replies) / self.seconds
        sold_out = self.sold_at[-1] if self.sold_at else 0.0
        return (
            f"{self.name}: {len(self.winners)} units to {len(self.replies)} buyers, sold out after "
            f"{sold_out * 1000:.0f} ms ({len(self.winners) / max(sold_out, 0.001):,.0f} orders/s), "
            f"all answered after {self.seconds:.2f} s ({per_second:,.0f}/s), "
            f"{len(self.troubles)} tries in vain"
        )


def sell_and_take_back(
    layout: books.Layout, crowd: Sequence[Buyer], sale: Sale, stock: int
) -> None:
    """One round and its proof; then who got one cancels, and wants it again, so that the next round
    is like this one.
    """
    print(sale.run(crowd))
    sale.check(crowd, stock)
    product = sale.product["id"]
    book = books.check_at_rest(layout)[product]
    assert (book.total, book.reserved, book.active) == (stock, stock, stock)
    assert books.ordered(layout)[product, "pending"] == stock
    winners = [buyer for buyer in crowd if buyer.id in set(sale.winners)]
    spread(sale.threads, winners, lambda buyer: _cancel(buyer, sale.replies[buyer.id]))
    assert books.check_at_rest(layout)[product].available == stock
    shown = f"/products/{product}"
    wait_until(
        lambda: layout.shop.anonymous.get(shown).expect(200)["stockQuantity"] == stock,
        "the catalogue shows all of them again",
    )
    wait_until(
        lambda: all(buyer.get("/carts/me").expect(200)["items"] == [] for buyer in winners),
        "what was ordered has left the carts",
    )
    fill_carts(winners, sale.product, sale.threads)


def _cancel(buyer: Buyer, placed: Reply) -> None:
    buyer.patch(f"/orders/{placed.json['id']}/cancel").expect(200)
