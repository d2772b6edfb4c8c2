"""The bank test: while a market is at work every look at the books adds up, in the tables, in the
answers and in `inventory verify` on the running shop.
"""

from collections.abc import Callable

from lib import books
from lib.books import Layout
from lib.market import Market
from lib.waiting import wait_until

#: How many looks must have seen something else, and what must have happened, or they prove nothing.
LOOKS_MIN = 30
KINDS = ("order", "order refused", "cancel", "ship", "left unpaid", "adjust", "set", "hold")
#: It takes as long as a look: every tenth is of the program itself.
VERIFY_EVERY = 10


def look(layout: Layout, products: list[int]) -> tuple[int, ...]:
    """Once at everything; how much is reserved of each product."""
    found = books.books_of(layout)
    for book in found.values():
        book.check()
    assert layout.rows("inventory", books.CONTRADICTIONS) == []
    for product in products:
        shown = layout.shop.anonymous.get(f"/inventory/{product}").expect(200)
        assert shown["availableQuantity"] >= 0 and shown["reservedQuantity"] >= 0
        both = shown["availableQuantity"] + shown["reservedQuantity"]
        assert both == shown["totalQuantity"], shown
    return tuple(found[product].reserved for product in products)


def watch(
    layout: Layout, market: Market, deeds: int, between: Callable[[int], None] = lambda _: None
) -> None:
    """Looks until that much has been done, of everything something. `between` is called after each
    look, with its number.
    """
    looks: list[tuple[int, ...]] = []
    with market:
        while not market.over.is_set() and (
            sum(market.done.values()) < deeds
            or len(set(looks)) < LOOKS_MIN
            or any(market.done[kind] == 0 for kind in KINDS)
        ):
            looks.append(look(layout, market.products))
            if len(looks) % VERIFY_EVERY == 0:
                assert layout.verify().endswith("adds up\n")
            between(len(looks))
    print(f"{len(looks)} looks, {len(set(looks))} of them different; {dict(market.done)}")


def check_afterwards(layout: Layout, market: Market) -> None:
    """Nobody has an order that was not answered, or another number of units than was moved."""
    products = ", ".join(map(str, market.products))
    of_these = f"SELECT order_id FROM order_items WHERE product_id IN ({products})"
    unpaid = f"SELECT id FROM orders WHERE status = 'pending' AND id IN ({of_these})"
    wait_until(lambda: layout.rows("order", unpaid) == [], "what nobody has paid is over")
    found = books.check_at_rest(layout, set(market.products))
    for product in market.products:
        book = found[product]
        assert book.total == market.stock + market.moved[product] and book.reserved == 0, book
    placed = {number for (number,) in layout.rows("order", of_these)}
    assert sorted(placed) == sorted(market.orders)
