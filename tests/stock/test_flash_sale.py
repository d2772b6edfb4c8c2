"""reliability.md suite 3: a hundred units, two thousand buyers, everybody insists. Exactly a
hundred orders, everybody else is told that none is left; also when everything is killed meanwhile.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from conftest import NewServer
from lib.books import OneProcess
from lib.buyers import Buyer, buyers, fill_carts, sign_up_in_file
from lib.sale import Sale, sell_and_take_back
from lib.server import Server
from lib.waiting import wait_until

STOCK = 100
BUYERS = 2_000
THREADS = 64


@pytest.fixture(scope="module")
def layout(new_module_server: NewServer) -> OneProcess:
    return OneProcess(new_module_server().start())


@pytest.fixture(scope="module")
def product(layout: OneProcess) -> dict[str, Any]:
    return layout.shop.stocked(layout.shop.product(stockQuantity=STOCK))


@pytest.fixture(scope="module")
def crowd(layout: OneProcess, product: dict[str, Any]) -> list[Buyer]:
    """All of them known, with one unit in the cart."""
    layout.server.stop()
    everybody = buyers(layout.server, BUYERS)
    sign_up_in_file(layout.server, everybody)
    layout.server.start()
    for service in ("cart", "order"):
        wait_until(
            lambda s=service: layout.rows(s, "SELECT COUNT(*) FROM accounts")[0][0] >= BUYERS,
            f"{service} knows all of them",
        )
    fill_carts(everybody, product)
    return everybody


@pytest.mark.slow
def test_of_two_thousand_buyers_of_a_hundred_units_a_hundred_get_one(
    layout: OneProcess,
    product: dict[str, Any],
    crowd: list[Buyer],
    size: Callable[[int, int], int],
) -> None:
    for number in range(size(2, 200)):
        sale = Sale(product, f"round-{number + 1}", THREADS)
        sell_and_take_back(layout, crowd, sale, STOCK)
        assert sale.troubles == []


@pytest.mark.slow
def test_a_sale_in_the_middle_of_which_everything_is_killed_sells_each_unit_once(
    layout: OneProcess,
    product: dict[str, Any],
    crowd: list[Buyer],
    size: Callable[[int, int], int],
) -> None:
    for number in range(size(1, 50)):
        sale = Sale(product, f"killed-{number + 1}", THREADS)
        for sold in (STOCK // 4, STOCK // 2):
            sale.at_sold[sold] = partial(kill, layout.server)
        sell_and_take_back(layout, crowd, sale, STOCK)
        assert len(sale.troubles) > THREADS, sale.troubles


def kill(server: Server) -> None:
    """It starts again at once."""
    server.kill()
    server.restart()
