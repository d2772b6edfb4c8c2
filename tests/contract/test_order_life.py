"""wire-contract §6: the life of an order, every step and every refusal."""

import pytest

from lib.parallel import at_once
from lib.shapes import check_error, check_order
from lib.shop import Actor, Person, Shop

STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled")
ALLOWED = {
    ("pending", "paid"),
    ("pending", "cancelled"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("shipped", "delivered"),
}
#: How an admin brings a new order to each status.
WAY = {
    "pending": (),
    "paid": ("paid",),
    "shipped": ("paid", "shipped"),
    "delivered": ("paid", "shipped", "delivered"),
    "cancelled": ("cancelled",),
}
UNKNOWN_STATUS = "Status must be one of: paid, shipped, delivered, cancelled"


@pytest.fixture(scope="module")
def buyer(shop: Shop) -> Person:
    return shop.user("Buyer")


def order_in(status: str, buyer: Person, admin: Actor, mug: dict) -> dict:
    order = buyer.buy(mug)
    for step in WAY[status]:
        order = admin.patch(f"/orders/{order['id']}/status", {"status": step}).expect(200)
    assert order["status"] == status
    return order


@pytest.mark.parametrize("to", STATUSES[1:])
@pytest.mark.parametrize("origin", STATUSES)
def test_every_step_an_admin_can_ask_for(
    buyer: Person, admin: Actor, mug: dict, origin: str, to: str
) -> None:
    order = order_in(origin, buyer, admin, mug)
    target = f"/orders/{order['id']}"
    reply = admin.patch(f"{target}/status", {"status": to})
    if origin == to:
        assert reply.expect(200) == order, "the same status again changes nothing"
    elif (origin, to) in ALLOWED:
        changed = reply.expect(200)
        check_order(changed)
        assert changed["status"] == to and (changed["cancelledAt"] is not None) == (
            to == "cancelled"
        )
        assert changed == buyer.get(target).expect(200)
        assert changed["items"] == order["items"] and changed["totalAmount"] == order["totalAmount"]
    else:
        check_error(reply, 400, f"Cannot change status from {origin} to {to}")
        assert buyer.get(target).expect(200) == order


@pytest.mark.parametrize("status", STATUSES)
def test_cancelling(buyer: Person, admin: Actor, mug: dict, status: str) -> None:
    order = order_in(status, buyer, admin, mug)
    for somebody in (buyer, admin):
        reply = somebody.patch(f"/orders/{order['id']}/cancel")
        if status == "pending":
            order = reply.expect(200)
            check_order(order)
            assert order["status"] == "cancelled"
            status = "cancelled"
        elif status == "cancelled":
            assert reply.expect(200) == order, "cancelled stays as it was"
        else:
            check_error(reply, 400, "Only pending orders can be cancelled")
            assert buyer.get(f"/orders/{order['id']}").expect(200) == order


def test_an_admin_cancels_a_customers_pending_order(buyer: Person, admin: Actor, mug: dict) -> None:
    order = buyer.buy(mug)
    assert admin.patch(f"/orders/{order['id']}/cancel", {}).expect(200)["status"] == "cancelled"


@pytest.mark.parametrize("status", ["  PAID ", "Paid", "paid"])
def test_a_status_in_any_case_with_blanks(
    buyer: Person, admin: Actor, mug: dict, status: str
) -> None:
    order = buyer.buy(mug)
    assert (
        admin.patch(f"/orders/{order['id']}/status", {"status": status}).expect(200)["status"]
        == "paid"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Status is required"),
        ({"status": None}, "Status is required"),
        ({"status": ""}, "Status is required"),
        ({"status": "  "}, "Status is required"),
        ({"status": 1}, "Status is required"),
        ({"status": True}, "Status is required"),
        ({"status": ["paid"]}, "Status is required"),
        ({"status": {"$ne": ""}}, "Status is required"),
        ({"status": "pending"}, UNKNOWN_STATUS),
        ({"status": "lost"}, UNKNOWN_STATUS),
        ({"status": "paid, shipped"}, UNKNOWN_STATUS),
    ],
    ids=str,
)
def test_a_bad_status(buyer: Person, admin: Actor, mug: dict, body: dict, message: str) -> None:
    order = buyer.buy(mug)
    check_error(admin.patch(f"/orders/{order['id']}/status", body), 400, message)
    check_error(admin.patch("/orders/999999999/status", body), 400, message)
    assert buyer.get(f"/orders/{order['id']}").expect(200) == order


def test_an_unknown_order_has_no_life(buyer: Person, admin: Actor) -> None:
    check_error(admin.patch("/orders/999999999/status", {"status": "paid"}), 404, "Order not found")
    check_error(buyer.patch("/orders/999999999/cancel"), 404, "Order not found")


def test_only_admins_set_a_status(buyer: Person, supplier: Person, mug: dict) -> None:
    order = buyer.buy(mug)
    for somebody in (buyer, supplier):
        for body in ({"status": "paid"}, {}):
            reply = somebody.patch(f"/orders/{order['id']}/status", body)
            check_error(reply, 403, "Only admin can update order status")
    assert buyer.get(f"/orders/{order['id']}").expect(200)["status"] == "pending"


def test_nobody_cancels_anothers_order(
    buyer: Person, mallory: Person, supplier: Person, mug: dict
) -> None:
    order = buyer.buy(mug)
    for somebody in (mallory, supplier):
        check_error(somebody.patch(f"/orders/{order['id']}/cancel"), 403, "Forbidden")
    assert buyer.get(f"/orders/{order['id']}").expect(200) == order


@pytest.mark.parametrize("attempt", range(5))
def test_of_pay_and_cancel_at_once_one_wins(
    buyer: Person, admin: Actor, mug: dict, attempt: int
) -> None:
    order = buyer.buy(mug)
    target = f"/orders/{order['id']}"
    acts = [
        lambda: admin.patch(f"{target}/status", {"status": "paid"}),
        lambda: buyer.patch(f"{target}/cancel"),
    ]
    replies = at_once(2, lambda n: acts[(n + attempt) % 2]())
    assert sorted(reply.status for reply in replies) == [200, 400]
    won = next(reply.json for reply in replies if reply.status == 200)
    assert buyer.get(target).expect(200)["status"] == won["status"]


def test_of_twenty_racing_cancels_all_see_one_cancellation(buyer: Person, mug: dict) -> None:
    order = buyer.buy(mug)
    replies = at_once(20, lambda _: buyer.patch(f"/orders/{order['id']}/cancel"))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["cancelledAt"] for reply in replies}) == 1


def test_cancelling_puts_nothing_back_into_the_cart(shop: Shop, mug: dict) -> None:
    person = shop.user()
    order = person.buy(mug)
    person.patch(f"/orders/{order['id']}/cancel").expect(200)
    check_error(person.post("/orders/me", {"productId": mug["id"]}), 400)
