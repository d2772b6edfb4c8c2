"""reliability.md, I3: while everything that changes stock happens at once, every look at the books
adds up.
"""

from collections.abc import Callable

import pytest

from conftest import NewServer
from lib.bank import check_afterwards, watch
from lib.books import OneProcess
from lib.market import PRODUCTS, STOCK, Market
from lib.server import INTERNAL_TOKEN_SECRET

BUYERS = 5
SETTINGS = {
    "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET,
    "ORDER_PAYMENT_TTL_SECONDS": "1",
}


@pytest.mark.slow
def test_every_look_at_the_books_adds_up_while_everything_happens_at_once(
    new_server: NewServer, size: Callable[[int, int], int], seed: int
) -> None:
    layout = OneProcess(new_server(env=SETTINGS).start())
    shop = layout.shop
    products = [shop.stocked(shop.product(stockQuantity=STOCK))["id"] for _ in range(PRODUCTS)]
    people = [shop.user(f"Buyer {n}") for n in range(BUYERS)]
    market = Market(shop.anonymous, shop.as_admin(), people, products, seed)
    watch(layout, market, size(1_500, 20_000))
    assert layout.verify() == "the stock of 3 products adds up\n"
    check_afterwards(layout, market)
