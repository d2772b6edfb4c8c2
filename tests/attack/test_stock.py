"""What suppliers and their rivals try with the stock: to read or move another's, to say numbers
that are none, to set what somebody else has just set, and to use a key for something else.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from lib.http import Reply
from lib.parallel import at_once
from lib.shapes import check_error
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until

STOCK_MAX = 4_294_967_295


@pytest.fixture(scope="module")
def rival(shop: Shop) -> Person:
    return shop.supplier("Eve")


@pytest.fixture(scope="module")
def buyer(shop: Shop) -> Person:
    return shop.user("Buyer")


@pytest.mark.parametrize(
    "total", [-1, 1.5, 5.0, True, None, "", "five", [5], {}, STOCK_MAX + 1, 2**64], ids=repr
)
def test_what_is_no_stock_is_not_set(
    shop: Shop, supplier: Person, product: int, total: Any
) -> None:
    before = shop.stock(product)
    check_error(supplier.put(f"/inventory/{product}/stock", {"totalQuantity": total}), 400)
    assert shop.stock(product) == before


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "0x10", "05", "5,", "-"])
def test_a_stock_that_is_no_json_number_is_not_set(
    shop: Shop, supplier: Person, product: int, text: str
) -> None:
    body = f'{{"totalQuantity":{text}}}'.encode()
    check_error(supplier.put(f"/inventory/{product}/stock", body=body), 400)
    assert shop.stock(product)["totalQuantity"] == 10


@pytest.mark.parametrize("delta", [0, 1.5, True, "1", None, -STOCK_MAX - 1, 2**63, -(2**63)])
def test_what_is_no_change_changes_nothing(
    shop: Shop, supplier: Person, product: int, delta: Any
) -> None:
    wanted = {"delta": delta, "reason": "correction"}
    check_error(supplier.post(f"/inventory/{product}/adjustments", wanted), 400)
    assert shop.stock(product)["totalQuantity"] == 10


def test_a_change_beyond_either_end_is_refused_and_one_to_the_end_is_not(
    shop: Shop, supplier: Person, product: int
) -> None:
    def change(delta: int) -> Reply:
        body = {"delta": delta, "reason": "correction"}
        return supplier.post(f"/inventory/{product}/adjustments", body)

    check_error(change(STOCK_MAX - 9), 409)
    check_error(change(-11), 409)
    change(STOCK_MAX - 10).expect(201)
    assert shop.stock(product)["totalQuantity"] == STOCK_MAX
    change(-STOCK_MAX).expect(201)
    assert shop.stock(product)["totalQuantity"] == 0


def test_no_member_of_a_body_moves_what_it_is_not_asked_for(
    shop: Shop, supplier: Person, rival: Person, product: int
) -> None:
    """Reserved units, the version and the owner are not for suppliers to say."""
    at = f"/inventory/{product}"
    more = {"reservedQuantity": 9, "version": 99, "ownerUserId": rival.id, "productId": 1}
    supplier.put(f"{at}/stock", {"totalQuantity": 5, **more}).expect(200)
    check_error(
        supplier.post(f"{at}/adjustments", {"delta": 1, "reason": "found", **more}), 400
    )
    check_error(supplier.put(f"{at}/settings", {"lowStockThreshold": 1, **more}), 400)
    item = shop.stock(product)
    assert (item["totalQuantity"], item["reservedQuantity"]) == (5, 0)
    check_error(rival.put(f"{at}/stock", {"totalQuantity": 0}), 403, "Forbidden")


def test_a_rival_neither_sees_nor_moves_anothers_stock(
    shop: Shop, supplier: Person, rival: Person, buyer: Person, product: int
) -> None:
    theirs = shop.stocked(shop.product(by=rival, stockQuantity=10))["id"]
    buyer.add(product, 1)
    buyer.add(theirs, 2)
    order = buyer.post("/orders/me/checkout").expect(201)["id"]

    def reserved_for(person: Person) -> list[tuple[int, int]]:
        rows = person.get(f"/inventory/reservations?orderId={order}").expect(200)["reservations"]
        return [(row["productId"], row["quantity"]) for row in rows]

    wait_until(lambda: len(reserved_for(shop.as_admin())) == 2, "both lines are reserved")
    assert reserved_for(rival) == [(theirs, 2)]
    assert reserved_for(supplier) == [(product, 1)]
    listed = rival.get("/inventory?pageSize=100&page=1").expect(200)["items"]
    assert {item["ownerUserId"] for item in listed} == {rival.id}
    at = f"/inventory/{product}"
    before = shop.stock(product)
    for answer in (
        rival.get(f"{at}/movements"),
        rival.put(f"{at}/stock", {"totalQuantity": 0}),
        rival.put(f"{at}/settings", {"lowStockThreshold": 0}),
        rival.post(f"{at}/adjustments", {"delta": -1, "reason": "lost"}),
    ):
        check_error(answer, 403, "Forbidden")
    assert shop.stock(product) == before


def test_a_supplier_who_is_one_no_more_gets_no_old_answer_again(
    shop: Shop, product: int
) -> None:
    """A key replays to who may still do it, not to who once did."""
    former = shop.supplier("Former")
    his = shop.stocked(shop.product(by=former, stockQuantity=1))["id"]
    target, key = f"/inventory/{his}/adjustments", {"Idempotency-Key": "mine"}
    change = {"delta": 1, "reason": "found"}
    former.post(target, change, headers=key).expect(201)
    shop.as_admin().put(f"/users/{former.id}", {"role": "user"}).expect(200)
    wait_until(lambda: former.get("/inventory").status == 403, "he is a customer now")
    check_error(former.post(target, change, headers=key), 403, "Forbidden")
    assert shop.stock(his)["totalQuantity"] == 2


def test_a_key_of_an_adjustment_is_good_for_that_one_only(
    shop: Shop, supplier: Person, product: int
) -> None:
    other = shop.stocked(shop.product(by=supplier, stockQuantity=10))["id"]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    change = {"delta": 1, "reason": "received"}

    def send(to: int, body: Mapping[str, Any], by: Actor = supplier) -> Reply:
        return by.post(f"/inventory/{to}/adjustments", body, headers=key)

    answers = at_once(8, lambda _: send(product, change))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    check_error(send(product, {**change, "delta": 2}), 422)
    check_error(send(other, change), 422)
    assert send(product, change, shop.as_admin()).headers.get("Idempotency-Replayed") is None
    assert shop.stock(product)["totalQuantity"] == 12
    assert shop.stock(other)["totalQuantity"] == 10


def test_of_many_who_read_the_same_version_one_sets_the_stock(
    shop: Shop, supplier: Person, product: int
) -> None:
    seen = shop.anonymous.get(f"/inventory/{product}").headers["ETag"]
    answers = at_once(
        8,
        lambda n: supplier.put(
            f"/inventory/{product}/stock",
            {"totalQuantity": 20 + n},
            headers={"If-Match": seen},
        ),
    )
    winners = [answer for answer in answers if answer.status == 200]
    assert len(winners) == 1
    for answer in answers:
        if answer not in winners:
            check_error(answer, 412)
    assert shop.stock(product)["totalQuantity"] == winners[0].json["totalQuantity"]


@pytest.mark.parametrize(
    "condition",
    ['"v9"', 'W/"v9"', '""', "v1", "", '"v1', '*, "v9"', '"v9", *', '"' + "v" * 4000],
)
def test_a_condition_that_does_not_hold_sets_nothing(
    shop: Shop, supplier: Person, product: int, condition: str
) -> None:
    """An empty condition is what a client sends that has lost the version: it must not overwrite
    what somebody else wrote.
    """
    answer = supplier.put(
        f"/inventory/{product}/stock", {"totalQuantity": 1}, headers={"If-Match": condition}
    )
    check_error(answer, [400, 412])
    assert shop.stock(product)["totalQuantity"] == 10


def test_a_stock_that_the_catalogue_took_stays(shop: Shop, supplier: Person) -> None:
    """A product that was just made: who is told 200 must find what he wrote, else be refused."""
    made = shop.product(by=supplier, stockQuantity=10)["id"]
    answer = supplier.put(f"/products/{made}", {"stockQuantity": 77})
    if answer.status != 200:
        check_error(answer, 409)
        return
    shop.stocked({"id": made})

    def in_the_catalogue() -> int:
        return shop.anonymous.get(f"/products/{made}").expect(200)["stockQuantity"]

    wait_until(
        lambda: in_the_catalogue() == shop.stock(made)["totalQuantity"] == 77,
        "both have what he wrote",
    )
