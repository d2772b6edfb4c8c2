"""Ours: checkout may say where the parcel goes; the order keeps its own copy of that."""

import pytest

from lib import events
from lib.shapes import check_error, check_members, check_order
from lib.shop import Person, Shop
from lib.waiting import wait_until

SHIPPING_ADDRESS = (
    "id",
    "name",
    "line1",
    "line2",
    "city",
    "region",
    "postalCode",
    "country",
    "phone",
)
HOME = {
    "label": "Home",
    "name": "Alice Doe",
    "line1": "1 Main St",
    "line2": "Floor 3",
    "city": "Berlin",
    "region": "BE",
    "postalCode": "10115",
    "country": "DE",
    "phone": "+49 30 1234",
}


def address_of(person: Person, **more: object) -> dict:
    return person.post(f"/users/{person.id}/addresses", {**HOME, **more}).expect(201)


def copy_of(address: dict) -> dict:
    return {name: address[name] for name in SHIPPING_ADDRESS}


def check_out(person: Person, mug: dict, address: dict) -> dict:
    person.add(mug)
    return person.post("/orders/me/checkout", {"addressId": address["id"]}).expect(201)


def check_nothing_happened(shop: Shop, person: Person, product: dict, stock: int) -> None:
    assert person.get("/orders/me").expect(200)["count"] == 0
    assert len(person.cart()["items"]) == 1
    path, admin = f"/inventory/{product['id']}", shop.as_admin()
    wait_until(lambda: admin.get(path).status == 200, "inventory knows the product")
    item = admin.get(path).expect(200)
    assert (item["availableQuantity"], item["reservedQuantity"]) == (stock, 0)


def test_the_order_shows_the_address_after_everything_else(shop: Shop, mug: dict) -> None:
    person = shop.user()
    home = address_of(person)
    order = check_out(person, mug, home)
    check_order(order)
    check_members(order["shippingAddress"], SHIPPING_ADDRESS)
    assert order["shippingAddress"] == copy_of(home)
    assert list(order)[-3:] == ["expiresAt", "cancelReason", "shippingAddress"]
    assert person.get(f"/orders/{order['id']}").expect(200) == order
    assert person.get("/orders/me").expect(200)["orders"] == [order]
    admin = shop.as_admin()
    assert admin.get(f"/orders/user/{person.id}").expect(200)["orders"] == [order]
    moved = admin.patch(f"/orders/{order['id']}/status", {"status": "paid"}).expect(200)
    assert moved["shippingAddress"] == order["shippingAddress"]


def test_the_order_stays_as_it_was_whatever_becomes_of_the_address(shop: Shop, mug: dict) -> None:
    person = shop.user()
    home = address_of(person, name="أليس", city="القاهرة", country="EG")
    order = check_out(person, mug, home)
    path = f"/users/{person.id}/addresses/{home['id']}"
    person.put(path, {**HOME, "city": "Hamburg"}).expect(200)
    assert person.get(f"/orders/{order['id']}").expect(200) == order
    assert person.delete(path).status == 204
    assert person.get(f"/orders/{order['id']}").expect(200) == order


def test_only_checkout_takes_an_address_and_none_is_fine(shop: Shop, mug: dict) -> None:
    person = shop.user()
    home = address_of(person)
    person.add(mug)
    # The contract's route ignores members it does not know.
    one = person.post("/orders/me", {"productId": mug["id"], "addressId": home["id"]}).expect(201)
    assert one["shippingAddress"] is None
    for body in ({}, {"addressId": None}):
        person.add(mug)
        assert person.post("/orders/me/checkout", body).expect(201)["shippingAddress"] is None


@pytest.mark.parametrize("typed", ["x", "", 0, -1, 1.5, True, [1], {}, 2**63], ids=repr)
def test_an_address_number_that_is_none_is_refused_by_name(shop: Shop, typed: object) -> None:
    person = shop.user()
    product = shop.product(stockQuantity=5)
    person.add(product)
    reply = person.post("/orders/me/checkout", {"addressId": typed})
    error = check_error(reply, 400)
    (violation,) = error["errors"]
    assert violation["field"] == "addressId" and violation["rule"] != "unknown_field"
    check_nothing_happened(shop, person, product, 5)


def test_anothers_and_unknown_addresses_are_not_found_and_nothing_is_held(shop: Shop) -> None:
    person, other = shop.user(), shop.user("Bob")
    product = shop.product(stockQuantity=5)
    person.add(product)
    gone = address_of(person)
    assert person.delete(f"/users/{person.id}/addresses/{gone['id']}").status == 204
    for number in (address_of(other)["id"], gone["id"], 2**62):
        reply = person.post("/orders/me/checkout", {"addressId": number})
        check_error(reply, 404, "Address not found")
        assert reply.json["code"] == "order.address_not_found"
        check_nothing_happened(shop, person, product, 5)


def test_the_address_is_part_of_what_a_key_stands_for(shop: Shop, mug: dict) -> None:
    person = shop.user()
    home, work = address_of(person), address_of(person, city="Bonn")
    key = {"Idempotency-Key": "where-to"}
    person.add(mug)
    path = "/orders/me/checkout"
    first = person.post(path, {"addressId": home["id"]}, headers=key)
    first.expect(201)
    person.delete(f"/users/{person.id}/addresses/{home['id']}")
    again = person.post(path, {"addressId": home["id"]}, headers=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    for other in ({"addressId": work["id"]}, {}):
        assert person.post(path, other, headers=key).status == 422
    assert person.get("/orders/me").expect(200)["count"] == 1


def test_a_deleted_account_leaves_its_orders_and_no_address(shop: Shop, mug: dict) -> None:
    person, other = shop.user(), shop.user("Bob")
    order = check_out(person, mug, address_of(person))
    kept = check_out(other, mug, address_of(other))
    person.delete(f"/users/{person.id}").expect(200)
    admin = shop.as_admin()
    path = f"/orders/{order['id']}"
    wait_until(
        lambda: admin.get(path).expect(200)["shippingAddress"] is None, "the address is erased"
    )
    left = admin.get(path).expect(200)
    assert {**left, "shippingAddress": order["shippingAddress"]} == order
    assert admin.get(f"/orders/{kept['id']}").expect(200) == kept


def test_no_event_says_where_a_parcel_goes(shop: Shop, mug: dict) -> None:
    person = shop.user()
    street = "77 Nowhere Lane"
    order = check_out(person, mug, address_of(person, line1=street))
    told = events.wait_for(shop.server, "ORDER_CREATED", order["id"])
    assert "shippingAddress" not in told.data
    assert street not in str(told.body)
