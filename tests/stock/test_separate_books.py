"""reliability.md, I3, where it is hardest: many buyers at once at two copies of order and inventory
each, on MariaDB and Kafka, and every look at the books adds up. One look is one read of inventory's
tables, of one moment.
"""

from collections.abc import Callable, Iterator

import pytest

from lib.balanced import Balanced
from lib.bank import check_afterwards, watch
from lib.market import PRODUCTS, Market
from lib.stage_apart import Troupe

#: So many ask at the same time that writes wait for one another, and are done together.
BUYERS = 24
#: Of each product: enough for most, and all of it is gone in the end.
STOCK = 150
#: MariaDB stands still for a moment after every so many looks: whatever comes then has to wait.
STANDS_STILL_EVERY = 5
STANDS_STILL_SECONDS = 0.2


@pytest.fixture(scope="module")
def troupe(separate: Balanced) -> Iterator[Troupe]:
    with Troupe(separate, BUYERS, ORDER_PAYMENT_TTL_SECONDS="1") as opened:
        yield opened


@pytest.mark.slow
def test_every_look_at_the_books_adds_up_while_many_buy_at_both_copies(
    troupe: Troupe, size: Callable[[int, int], int], seed: int
) -> None:
    layout = troupe.layout
    shop, (inside, secret) = layout.shop, troupe.inventory()
    products = [shop.stocked(shop.product(stockQuantity=STOCK))["id"] for _ in range(PRODUCTS)]
    market = Market(
        shop.anonymous, shop.as_admin(), troupe.people, products, seed, secret, inside, STOCK
    )

    def stand_still(number: int) -> None:
        if number % STANDS_STILL_EVERY == 0:
            layout.database.freeze()
            market.over.wait(STANDS_STILL_SECONDS)
            layout.database.thaw()

    watch(layout, market, size(2_500, 20_000), stand_still)
    check_afterwards(layout, market)
