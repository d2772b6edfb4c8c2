"""reliability.md, I3: while everything that changes stock happens at once, every look at the books
adds up, in the tables, in the answers and in `inventory verify` on the running shop.
"""

from collections.abc import Callable

import pytest

from conftest import NewServer
from lib import books
from lib.books import Layout, OneProcess
from lib.market import PRODUCTS, STOCK, Market
from lib.server import INTERNAL_TOKEN_SECRET
from lib.waiting import wait_until

BUYERS = 5
#: How many looks must have seen something else, and what must have happened, or they prove nothing.
LOOKS_MIN = 20
KINDS = ("order", "order refused", "cancel", "ship", "left unpaid", "adjust", "set", "hold")
SETTINGS = {
    "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET,
    "ORDER_PAYMENT_TTL_SECONDS": "1",
}


def look(layout: Layout, products: list[int]) -> tuple[int, ...]:
    """Once at everything; how much is reserved of each product."""
    found = books.books_of(layout)
    for book in found.values():
        book.check()
    for product in products:
        shown = layout.shop.anonymous.get(f"/inventory/{product}").expect(200)
        assert shown["availableQuantity"] >= 0 and shown["reservedQuantity"] >= 0
        both = shown["availableQuantity"] + shown["reservedQuantity"]
        assert both == shown["totalQuantity"], shown
    return tuple(found[product].reserved for product in products)


@pytest.mark.slow
def test_every_look_at_the_books_adds_up_while_everything_happens_at_once(
    new_server: NewServer, size: Callable[[int, int], int], seed: int
) -> None:
    layout = OneProcess(new_server(env=SETTINGS).start())
    shop = layout.shop
    products = [
        shop.stocked(shop.product(stockQuantity=STOCK))["id"] for _ in range(PRODUCTS)
    ]
    people = [shop.user(f"Buyer {n}") for n in range(BUYERS)]
    looks, market = [], Market(shop.anonymous, shop.as_admin(), people, products, seed)
    with market:
        while not market.over.is_set() and (
            sum(market.done.values()) < size(1_500, 20_000)
            or len(set(looks)) < LOOKS_MIN
            or any(market.done[kind] == 0 for kind in KINDS)
        ):
            looks.append(look(layout, products))
            if len(looks) % 10 == 0:
                assert layout.verify() == "the stock of 3 products adds up\n"
    print(f"{len(looks)} looks, {len(set(looks))} of them different; {dict(market.done)}")
    wait_until(
        lambda: layout.rows("order", "SELECT 1 FROM orders WHERE status = 'pending'") == [],
        "what nobody has paid is over",
    )
    for number, book in books.check_at_rest(layout).items():
        assert book.total == STOCK + market.moved[number] and book.reserved == 0, book
