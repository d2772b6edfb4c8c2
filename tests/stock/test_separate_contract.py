"""The contract of stock, word for word as one process keeps it, asked of the shop that is taken
apart: the tests of contract/ and known_defects/ that need no server of their own, and holds, which
are asked of both copies.
"""

import inspect
import uuid
from types import ModuleType

import pytest

from contract import test_inventory, test_order_stock
from known_defects import test_stock_rows
from lib.balanced import COPIES, SHARED_SECRET, Balanced
from lib.books import books_of
from lib.http import Reply
from lib.parallel import at_once
from lib.shop import Person, Shop
from lib.tokens import between_services


@pytest.fixture(scope="module")
def shop(separate: Balanced) -> Shop:
    return separate.shop


@pytest.fixture(scope="module")
def admin(shop: Shop) -> Person:
    return shop.as_admin()


#: What a test asks for that is no part of the shared shop.
ALONE = {"server", "new_server", "inner"}
#: The first asks an internal route, which the balancer shows to nobody; the others sign dozens up
#: for what test_separate.py asks of hundreds.
LEFT_OUT = {
    "test_r11_the_cart_went_by_a_number_that_never_changed",
    "test_r3_orders_at_one_moment_held_every_database_connection_across_calls",
    "test_of_many_buyers_of_the_last_units_so_many_are_served_as_there_are_units",
}


def taken_over(module: ModuleType) -> dict[str, object]:
    """Its fixtures, and its tests of the shared shop."""
    found: dict[str, object] = {}
    for name, each in vars(module).items():
        is_test = name.startswith("test_") and inspect.isfunction(each) and name not in LEFT_OUT
        if is_test and not ALONE & set(inspect.signature(each).parameters):
            found[name] = each
        if type(each).__name__ == "FixtureFunctionDefinition":
            found[name] = each
    return found


for _module in (test_inventory, test_order_stock, test_stock_rows):
    globals().update(taken_over(_module))


class Holds:
    """A placement of one unit, asked of either copy of inventory."""

    def __init__(self, layout: Balanced, product: int) -> None:
        self.at = {copy: layout.direct(copy) for copy in COPIES}
        self.wanted = {"lines": [{"productId": product, "quantity": 1}], "holdSeconds": 60}
        self.token = {"X-Internal-Token": between_services("inventory", SHARED_SECRET)}
        self.target = f"/internal/holds/{uuid.uuid4()}"

    def put(self, copy: str) -> Reply:
        return self.at[copy].put(
            self.target, self.wanted, headers=self.token, service="inventory"
        )

    def delete(self, copy: str) -> Reply:
        return self.at[copy].delete(self.target, headers=self.token, service="inventory")


def test_of_a_placement_asked_of_both_copies_at_once_one_hold_comes(separate: Balanced) -> None:
    product = separate.shop.stocked(separate.shop.product(stockQuantity=20))
    holds = Holds(separate, product["id"])
    replies = at_once(20, lambda number: holds.put(COPIES[number % 2]))
    assert sorted(reply.status for reply in replies) == [200] * 19 + [201]
    assert books_of(separate)[product["id"]].held == 1


def test_what_one_copy_has_done_the_other_knows(separate: Balanced) -> None:
    product = separate.shop.stocked(separate.shop.product(stockQuantity=1))
    mine, other = Holds(separate, product["id"]), Holds(separate, product["id"])
    assert mine.put("one").status == 201
    assert mine.put("two").status == 200
    assert other.put("two").json["shortages"][0]["available"] == 0
    assert mine.delete("two").status == 204
    assert (mine.put("one").status, mine.put("one").json["state"]) == (409, "released")
    assert other.put("one").status == 201
    assert books_of(separate)[product["id"]].held == 1
    assert other.delete("one").status == 204
