"""wire-contract §6: placing orders and reading them."""

import pytest

from lib.parallel import at_once
from lib.shapes import check_error, check_order
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until

PRODUCT = "Invalid productId"
QUANTITY = "Invalid quantity"
ABSENT = ...
BAD_IDS = [
    "abc",
    "0",
    "-1",
    "1.5",
    "01",
    "0x1",
    "1e0",
    "%201",
    "+1",
    "9223372036854775808",
    "9" * 30,
]


@pytest.fixture(scope="module")
def buyer(shop: Shop, mug: dict) -> Person:
    """Somebody with three mugs in the cart, for orders that must be refused."""
    person = shop.user("Buyer")
    person.add(mug, 3)
    return person


# --- POST /orders/me ------------------------------------------------------------------------------


def test_an_order_field_by_field(shop: Shop) -> None:
    person, product = shop.user(), shop.product(price="19.99")
    line = person.add(product, 2)["items"][0]
    reply = person.post("/orders/me", {"productId": product["id"]})
    order = reply.expect(201)
    check_order(order)
    assert (order["userId"], order["status"], order["currency"]) == (person.id, "pending", "USD")
    assert (order["itemsCount"], order["totalAmount"], order["cancelledAt"]) == (1, 39.98, None)
    item = order["items"][0]
    for name in ("productId", "productName", "productImageUrl", "quantity"):
        assert item[name] == line[name]
    assert (item["unitPrice"], item["lineTotal"]) == (19.99, 39.98)
    assert b'"unitPrice":19.99,"lineTotal":39.98,' in reply.body
    assert person.get(f"/orders/{order['id']}").expect(200) == order


@pytest.mark.parametrize(
    ("quantity", "ordered"), [(ABSENT, 3), (None, 3), (1, 1), ("2", 2), (3, 3)], ids=str
)
def test_a_part_of_the_line_or_all_of_it(
    shop: Shop, mug: dict, quantity: object, ordered: int
) -> None:
    person = shop.user()
    person.add(mug, 3)
    body = {"productId": str(mug["id"]), "quantity": quantity}
    order = person.post("/orders/me", {k: v for k, v in body.items() if v is not ABSENT}).expect(
        201
    )
    assert order["items"][0]["quantity"] == ordered
    wait_until(
        lambda: sum(item["quantity"] for item in person.cart()["items"]) == 3 - ordered,
        "the ordered units leave the cart",
    )
    assert (person.cart()["items"] == []) == (ordered == 3)


@pytest.mark.parametrize(
    "product_id",
    [ABSENT, None, 0, -1, 1.5, True, [7], {}, "", "abc", "0x7", "7e0", " 7 ", 2**63],
    ids=repr,
)
def test_a_bad_product_id(buyer: Person, product_id: object) -> None:
    body = {} if product_id is ABSENT else {"productId": product_id, "quantity": 0}
    check_error(buyer.post("/orders/me", body), 400, PRODUCT)


@pytest.mark.parametrize(
    "quantity",
    [0, -1, 1.5, True, False, [1], [], {}, "", "abc", "0x1", "1e0", " 1 ", 2**63],
    ids=repr,
)
def test_a_bad_quantity_orders_nothing(buyer: Person, mug: dict, quantity: object) -> None:
    check_error(
        buyer.post("/orders/me", {"productId": mug["id"], "quantity": quantity}), 400, QUANTITY
    )
    assert buyer.get("/orders/me").expect(200)["count"] == 0


def test_more_than_lies_in_the_cart(buyer: Person, mug: dict) -> None:
    for quantity in (4, 4_294_967_295):
        reply = buyer.post("/orders/me", {"productId": mug["id"], "quantity": quantity})
        check_error(reply, 400, "Only 3 item(s) available in cart for this product")


def test_a_product_that_is_not_in_the_cart(shop: Shop, buyer: Person) -> None:
    message = "Product must exist in your cart before creating an order"
    for product_id in (shop.product()["id"], 999_999_999):
        check_error(buyer.post("/orders/me", {"productId": product_id}), 400, message)


def test_an_empty_cart_orders_nothing(shop: Shop, mug: dict) -> None:
    person = shop.user()
    check_error(person.post("/orders/me", {"productId": mug["id"]}), 400, "Cart is empty")


def test_the_cart_is_looked_at_before_the_quantity(shop: Shop, mug: dict) -> None:
    person = shop.user()
    check_error(
        person.post("/orders/me", {"productId": mug["id"], "quantity": 0}), 400, "Cart is empty"
    )


def test_only_customers_order(supplier: Person, admin: Actor, mug: dict) -> None:
    for somebody in (supplier, admin):
        check_error(
            somebody.post("/orders/me", {"productId": mug["id"]}),
            403,
            "Only users can create orders",
        )
        check_error(somebody.post("/orders/me", {}), 403, "Only users can create orders")


def test_price_total_and_owner_are_not_the_callers_to_say(
    shop: Shop, mug: dict, alice: Person
) -> None:
    person = shop.user()
    person.add(mug, 2)
    body = {
        "productId": mug["id"],
        "unitPrice": 0.01,
        "totalAmount": 0.01,
        "userId": alice.id,
        "status": "paid",
    }
    order = person.post("/orders/me", body).expect(201)
    assert (order["totalAmount"], order["userId"], order["status"]) == (39.98, person.id, "pending")


def test_units_are_ordered_once_however_many_ask(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.add(mug, 4)
    replies = at_once(
        10, lambda _: person.post("/orders/me", {"productId": mug["id"], "quantity": 1})
    )
    made = [reply for reply in replies if reply.status == 201]
    assert len(made) == 4 and all(reply.status in (201, 400) for reply in replies)
    assert person.get("/orders/me").expect(200)["count"] == 4
    wait_until(lambda: person.cart()["items"] == [], "the whole line leaves the cart")


def test_an_ordered_line_cannot_be_ordered_again_even_at_once(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.buy(mug, 2)
    check_error(person.post("/orders/me", {"productId": mug["id"]}), 400)
    wait_until(lambda: person.cart()["items"] == [], "the line leaves the cart")
    check_error(person.post("/orders/me", {"productId": mug["id"]}), 400, "Cart is empty")


def test_a_new_line_after_an_order_can_be_ordered(shop: Shop, mug: dict) -> None:
    person = shop.user()
    for _ in range(3):
        person.buy(mug, 2)
        wait_until(lambda: person.cart()["items"] == [], "the line leaves the cart")
    assert person.get("/orders/me").expect(200)["count"] == 3


def test_adding_more_while_the_ordered_units_leave_loses_nothing(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.buy(mug, 2)
    person.add(mug, 3)
    wait_until(
        lambda: [item["quantity"] for item in person.cart()["items"]] == [3],
        "three remain of two plus three",
    )
    assert person.order(mug)["items"][0]["quantity"] == 3


def test_the_orders_currency_is_the_products(shop: Shop) -> None:
    person = shop.user()
    order = person.buy(shop.product(price=1500, currency="JPY"), 2)
    assert order["currency"] == "JPY" and order["totalAmount"] == 3000


def test_a_total_beyond_the_largest_amount_is_a_400_and_no_order(shop: Shop) -> None:
    person, product = shop.user(), shop.product(price="9999999999.99")
    reply = person.post("/carts/me/items", {"productId": product["id"], "quantity": 2})
    if reply.status == 201:
        reply = person.post("/orders/me", {"productId": product["id"]})
    check_error(reply, 400)
    assert person.get("/orders/me").expect(200)["count"] == 0


# --- reading --------------------------------------------------------------------------------------


def test_my_orders_newest_first(shop: Shop, mug: dict) -> None:
    person = shop.user()
    assert person.get("/orders/me").expect(200) == {"count": 0, "orders": []}
    person.add(mug, 3)
    made = [person.order(mug, 1) for _ in range(3)]
    reply = person.get("/orders/me")
    body = reply.expect(200)
    assert list(body)[:2] == ["count", "orders"] and body["count"] == 3
    assert body["orders"] == list(reversed(made))
    assert reply.headers["X-Total-Count"] == "3"
    page = person.get("/orders/me?page=2&pageSize=2").expect(200)
    assert [order["id"] for order in page["orders"]] == [made[0]["id"]]
    assert (page["count"], page["page"], page["pageSize"], page["total"], page["totalPages"]) == (
        1,
        2,
        2,
        3,
        2,
    )


def test_owner_and_admin_read_the_same(shop: Shop, admin: Actor, mug: dict) -> None:
    person = shop.user()
    order = person.buy(mug)
    assert admin.get(f"/orders/{order['id']}").expect(200) == order
    for reader in (person, admin):
        listed = reader.get(f"/orders/user/{person.id}").expect(200)
        assert list(listed)[:2] == ["count", "orders"] and listed["orders"] == [order]


def test_an_admin_finds_no_orders_of_nobody(admin: Actor) -> None:
    assert admin.get("/orders/user/999999999").expect(200) == {"count": 0, "orders": []}


def test_nobody_else_reads_orders(
    shop: Shop, alice: Person, mallory: Person, supplier: Person, mug: dict
) -> None:
    order = alice.buy(mug)
    for somebody in (mallory, supplier):
        check_error(somebody.get(f"/orders/{order['id']}"), 403, "Forbidden")
        check_error(somebody.get(f"/orders/user/{alice.id}"), 403, "Forbidden")
        check_error(somebody.get("/orders/999999999"), 404, "Order not found")


@pytest.mark.parametrize("order_id", BAD_IDS)
def test_a_bad_order_id(alice: Person, admin: Actor, order_id: str) -> None:
    check_error(alice.get(f"/orders/{order_id}"), 400, "Invalid orderId")
    check_error(alice.patch(f"/orders/{order_id}/cancel"), 400, "Invalid orderId")
    check_error(
        admin.patch(f"/orders/{order_id}/status", {"status": "paid"}), 400, "Invalid orderId"
    )
    check_error(alice.get(f"/orders/user/{order_id}"), 400, "Invalid userId")


def test_admins_find_orders_by_status_user_and_time(shop: Shop, admin: Actor, mug: dict) -> None:
    person = shop.user()
    person.add(mug, 2)
    first, second = person.order(mug, 1), person.order(mug, 1)
    admin.patch(f"/orders/{first['id']}/status", {"status": "paid"}).expect(200)

    def found(query: str) -> list[int]:
        body = admin.get(f"/orders?userId={person.id}&{query}").expect(200)
        assert list(body)[:2] == ["count", "orders"] and body["count"] == len(body["orders"])
        return [order["id"] for order in body["orders"]]

    assert found("") == [second["id"], first["id"]]
    assert found("status=paid") == [first["id"]] and found("status=pending") == [second["id"]]
    assert found("from=2000-01-01T00:00:00.000Z&to=2000-02-01T00:00:00.000Z") == []
    assert found(f"from={first['createdAt']}") == [second["id"], first["id"]]
    assert found("from=2999-01-01T00:00:00.000Z") == []
    page = admin.get(f"/orders?userId={person.id}&page=1&pageSize=1").expect(200)
    assert (page["total"], page["totalPages"], page["orders"][0]["id"]) == (2, 2, second["id"])


@pytest.mark.parametrize(
    "query",
    ["status=lost", "userId=abc", "userId=0", "from=yesterday", "to=13", "page=0", "pageSize=101"],
)
def test_bad_filters_are_refused(admin: Actor, query: str) -> None:
    check_error(admin.get(f"/orders?{query}"), 400)


def test_only_admins_list_all_orders(alice: Person, supplier: Person) -> None:
    for somebody in (alice, supplier):
        check_error(somebody.get("/orders"), 403)
