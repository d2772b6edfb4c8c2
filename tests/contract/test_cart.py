"""wire-contract §5: carts, and our own routes that change them."""

import pytest

from lib.parallel import at_once
from lib.shapes import check_cart, check_error, check_members
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until

ABSENT = ...
PRODUCT = "Invalid productId"
QUANTITY = "Quantity must be a positive integer"

BAD_PRODUCT_IDS = [
    ABSENT,
    None,
    0,
    -1,
    1.5,
    True,
    [7],
    {},
    "",
    "abc",
    "0x7",
    "7e0",
    " 7 ",
    "-7",
    "7.0",
    2**63,
    "9" * 30,
]
BAD_QUANTITIES = [
    0,
    -1,
    1.5,
    True,
    False,
    [1],
    {},
    "",
    "abc",
    "0x1",
    "1e0",
    " 1 ",
    "-1",
    2**63,
    "9" * 30,
]


@pytest.fixture(scope="module")
def small(shop: Shop) -> dict:
    """A product with a stock of five."""
    return shop.product(stockQuantity=5)


# --- GET /carts/me, GET /carts/:userId ------------------------------------------------------------


def test_everybody_has_an_empty_cart(shop: Shop, supplier: Person, admin: Person) -> None:
    for person in (shop.user(), supplier, admin):
        reply = person.get("/carts/me")
        cart = reply.expect(200)
        check_cart(cart)
        assert cart["userId"] == person.id and cart["items"] == []
        assert (cart["currency"], cart["itemsCount"], cart["totalAmount"]) == ("USD", 0, 0)
        assert b'"itemsCount":0,"totalAmount":0,"items":[]' in reply.body


def test_owner_and_admin_see_the_same_cart(shop: Shop, admin: Actor, mug: dict) -> None:
    person = shop.user()
    cart = person.add(mug, 3)
    assert (
        person.get(f"/carts/{person.id}").expect(200)
        == cart
        == admin.get(f"/carts/{person.id}").expect(200)
    )


def test_nobody_else_sees_it(shop: Shop, alice: Person, mallory: Person, supplier: Person) -> None:
    for somebody in (mallory, supplier):
        check_error(somebody.get(f"/carts/{alice.id}"), 403, "Forbidden")
        check_error(somebody.get("/carts/999999999"), 403, "Forbidden")


@pytest.mark.parametrize(
    "user_id", ["abc", "0", "-1", "1.5", "01", "0x1", "1e0", "%201", "9223372036854775808"]
)
def test_a_bad_user_id(admin: Actor, alice: Person, user_id: str) -> None:
    check_error(admin.get(f"/carts/{user_id}"), 400, "Invalid userId")
    check_error(alice.get(f"/carts/{user_id}"), 400, "Invalid userId")


def test_an_admin_finds_no_cart_of_nobody(admin: Actor) -> None:
    check_error(admin.get("/carts/999999999"), 404, "Cart not found")


def test_an_admin_sees_the_cart_of_somebody_who_never_looked(shop: Shop, admin: Actor) -> None:
    person = shop.sign_up()
    check_cart(admin.get(f"/carts/{person.id}").expect(200))


# --- POST /carts/me/items -------------------------------------------------------------------------


def test_a_line_field_by_field(shop: Shop) -> None:
    person = shop.user()
    images = [
        "https://img.example.com/1.png",
        {"url": "https://img.example.com/2.png", "isPrimary": True},
    ]
    product = shop.product(price="19.99", images=images)
    reply = person.post("/carts/me/items", {"productId": product["id"], "quantity": 11})
    cart = reply.expect(201)
    check_cart(cart)
    item = cart["items"][0]
    assert item["productId"] == product["id"] and item["productName"] == product["name"]
    assert item["productImageUrl"] == "https://img.example.com/2.png"
    assert (item["quantity"], item["unitPrice"]) == (11, "19.99")
    assert cart["itemsCount"] == 1 and b'"totalAmount":219.89,' in reply.body
    assert person.cart() == cart


@pytest.mark.parametrize("quantity", [ABSENT, None, 1, "1"])
def test_one_is_the_usual_quantity(shop: Shop, mug: dict, quantity: object) -> None:
    person = shop.user()
    body = {"productId": str(mug["id"]), "quantity": quantity}
    cart = person.post(
        "/carts/me/items", {k: v for k, v in body.items() if v is not ABSENT}
    ).expect(201)
    assert cart["items"][0]["quantity"] == 1


@pytest.mark.parametrize("product_id", BAD_PRODUCT_IDS, ids=repr)
def test_a_bad_product_id(shop: Shop, alice: Person, product_id: object) -> None:
    body = {"quantity": 0} if product_id is ABSENT else {"productId": product_id, "quantity": 0}
    check_error(alice.post("/carts/me/items", body), 400, PRODUCT)


@pytest.mark.parametrize("quantity", BAD_QUANTITIES, ids=repr)
def test_a_bad_quantity(shop: Shop, alice: Person, quantity: object) -> None:
    check_error(
        alice.post("/carts/me/items", {"productId": 999_999_999, "quantity": quantity}),
        400,
        QUANTITY,
    )


def test_a_product_that_cannot_be_had(shop: Shop, alice: Person, admin: Actor) -> None:
    sold_out, gone = shop.product(stockQuantity=0), shop.product()
    admin.delete(f"/products/{gone['id']}")
    for product_id in (999_999_999, sold_out["id"], gone["id"]):
        check_error(
            alice.post("/carts/me/items", {"productId": product_id}), 404, "Product unavailable"
        )


def test_never_more_than_the_stock(shop: Shop, small: dict) -> None:
    person = shop.user()
    item = {"productId": small["id"]}
    check_error(
        person.post("/carts/me/items", {**item, "quantity": 6}),
        400,
        "Available stock is 5, requested 6",
    )
    person.add(small, 3)
    check_error(
        person.post("/carts/me/items", {**item, "quantity": 3}),
        400,
        "Available stock is 5, requested 6",
    )
    assert person.add(small, 2)["items"][0]["quantity"] == 5
    reply = person.post("/carts/me/items", {**item, "quantity": 4_294_967_295})
    check_error(reply, 400)
    assert person.cart()["items"][0]["quantity"] == 5


def test_only_customers_buy(shop: Shop, supplier: Person, admin: Actor, mug: dict) -> None:
    for somebody in (supplier, admin):
        check_error(
            somebody.post("/carts/me/items", {"productId": mug["id"]}),
            403,
            "Only users can add to cart",
        )
        check_error(somebody.post("/carts/me/items", {}), 403, "Only users can add to cart")


def test_adding_again_merges_and_refreshes_the_line(shop: Shop, admin: Actor) -> None:
    person, product = shop.user(), shop.product(price=10)
    first = person.add(product, 2)["items"][0]
    changed = shop.product_fields(
        name=product["name"] + " II", price=12, images=["https://img.example.com/ii.png"]
    )
    admin.put(f"/products/{product['id']}", changed).expect(200)
    cart = person.add(product, 1)
    item = cart["items"][0]
    assert len(cart["items"]) == 1 and item["id"] == first["id"] and item["quantity"] == 3
    assert (
        item["productName"].endswith("II")
        and item["unitPrice"] == "12.00"
        and cart["totalAmount"] == 36
    )
    assert item["productImageUrl"] == "https://img.example.com/ii.png"


def test_lines_are_in_the_order_they_came(shop: Shop) -> None:
    person = shop.user()
    products = [shop.product() for _ in range(3)]
    for product in reversed(products):
        person.add(product)
    assert [item["productId"] for item in person.cart()["items"]] == [
        row["id"] for row in reversed(products)
    ]


def test_parallel_adds_sum_exactly(shop: Shop, mug: dict) -> None:
    person = shop.user()
    replies = at_once(
        10, lambda _: person.post("/carts/me/items", {"productId": mug["id"], "quantity": 1})
    )
    assert [reply.status for reply in replies] == [201] * 10
    assert person.cart()["items"][0]["quantity"] == 10


def test_parallel_adds_never_pass_the_stock(shop: Shop, small: dict) -> None:
    person = shop.user()
    replies = at_once(
        10, lambda _: person.post("/carts/me/items", {"productId": small["id"], "quantity": 1})
    )
    assert sorted(reply.status for reply in replies) == [201] * 5 + [400] * 5
    assert person.cart()["items"][0]["quantity"] == 5


def test_the_first_adds_of_many_users_at_one_moment_all_work(shop: Shop, mug: dict) -> None:
    people = [shop.user() for _ in range(8)]
    replies = at_once(8, lambda n: people[n].post("/carts/me/items", {"productId": mug["id"]}))
    assert [reply.status for reply in replies] == [201] * 8


def test_the_carts_currency_is_the_products(shop: Shop) -> None:
    person, product = shop.user(), shop.product(price=1000, currency="JPY")
    reply = person.post("/carts/me/items", {"productId": product["id"], "quantity": 3})
    cart = reply.expect(201)
    assert cart["currency"] == "JPY" and cart["items"][0]["unitPrice"] == "1000"
    assert b'"totalAmount":3000,' in reply.body


def test_two_currencies_do_not_share_a_cart(shop: Shop, mug: dict) -> None:
    person = shop.user()
    before = person.add(mug)
    check_error(
        person.post("/carts/me/items", {"productId": shop.product(currency="EUR")["id"]}),
        (400, 409),
    )
    assert person.cart() == before


@pytest.mark.parametrize(
    ("price", "quantity", "total"),
    [
        ("0.10", 3, b"0.3"),
        ("1.10", 3, b"3.3"),
        ("33.33", 3, b"99.99"),
        ("19.99", 100, b"1999"),
        ("0.07", 100, b"7"),
        ("9999999999.99", 1, b"9999999999.99"),
        ("1.00", 201, b"201"),
    ],
)
def test_totals_are_right_to_the_cent(shop: Shop, price: str, quantity: int, total: bytes) -> None:
    person, product = shop.user(), shop.product(price=price, stockQuantity=1_000)
    reply = person.post("/carts/me/items", {"productId": product["id"], "quantity": quantity})
    reply.expect(201)
    assert b'"totalAmount":' + total + b"," in reply.body, reply


# --- PUT and DELETE of lines (ours) ---------------------------------------------------------------


def test_a_quantity_is_set(shop: Shop, small: dict) -> None:
    person = shop.user()
    person.add(small, 2)
    cart = person.put(f"/carts/me/items/{small['id']}", {"quantity": 5}).expect(200)
    check_cart(cart)
    assert cart["items"][0]["quantity"] == 5 and cart == person.cart()
    assert (
        person.put(f"/carts/me/items/{small['id']}", {"quantity": 1}).expect(200)["items"][0][
            "quantity"
        ]
        == 1
    )


def test_a_quantity_beyond_the_stock_is_not_set(shop: Shop, small: dict) -> None:
    person = shop.user()
    person.add(small, 2)
    reply = person.put(f"/carts/me/items/{small['id']}", {"quantity": 6})
    check_error(reply, 400, "Available stock is 5, requested 6")
    assert person.cart()["items"][0]["quantity"] == 2


def test_a_quantity_of_zero_removes_the_line(shop: Shop, small: dict) -> None:
    person = shop.user()
    person.add(small, 2)
    assert person.put(f"/carts/me/items/{small['id']}", {"quantity": 0}).expect(200)["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quantity": None},
        {"quantity": -1},
        {"quantity": 1.5},
        {"quantity": True},
        {"quantity": "2"},
        {"quantity": [1]},
        {"quantity": 2**63},
        {"quantity": 1, "unitPrice": 1},
    ],
    ids=str,
)
def test_a_bad_quantity_is_not_set(shop: Shop, alice: Person, mug: dict, body: dict) -> None:
    alice.put(f"/carts/me/items/{mug['id']}", {"quantity": 0})
    alice.add(mug, 2)
    check_error(alice.put(f"/carts/me/items/{mug['id']}", body), 400)
    assert alice.cart()["items"][0]["quantity"] == 2


def test_a_line_that_is_not_there_cannot_be_set(shop: Shop, small: dict) -> None:
    person = shop.user()
    check_error(person.put(f"/carts/me/items/{small['id']}", {"quantity": 1}), 404)


@pytest.mark.parametrize("product_id", ["abc", "0", "-1", "1.5", "01", "9" * 30])
def test_a_line_with_a_bad_id(alice: Person, product_id: str) -> None:
    check_error(alice.put(f"/carts/me/items/{product_id}", {"quantity": 1}), 400, PRODUCT)
    check_error(alice.delete(f"/carts/me/items/{product_id}"), 400, PRODUCT)


def test_a_line_is_removed_and_the_cart_emptied(shop: Shop) -> None:
    person = shop.user()
    products = [shop.product() for _ in range(3)]
    for product in products:
        person.add(product)
    assert person.delete(f"/carts/me/items/{products[0]['id']}").status in (200, 204)
    assert [item["productId"] for item in person.cart()["items"]] == [
        products[1]["id"],
        products[2]["id"],
    ]
    assert person.delete("/carts/me/items").status in (200, 204)
    assert person.cart()["items"] == [] and person.cart()["totalAmount"] == 0


def test_removing_twice_is_harmless(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.add(mug)
    person.delete(f"/carts/me/items/{mug['id']}")
    assert person.delete(f"/carts/me/items/{mug['id']}").status in (200, 204, 404)
    assert person.delete("/carts/me/items").status in (200, 204)


def test_a_new_price_reaches_the_carts_and_is_shown_as_changed(shop: Shop, admin: Actor) -> None:
    person, product = shop.user(), shop.product(price=10)
    person.add(product, 2)
    admin.put(
        f"/products/{product['id']}", shop.product_fields(name=product["name"], price=15)
    ).expect(200)
    cart = wait_until(
        lambda: (seen := person.cart())["items"][0]["unitPrice"] == "15.00" and seen,
        "the new price in the cart",
    )
    assert cart["totalAmount"] == 30
    check_members(
        cart["items"][0],
        ("id", "productId", "productName", "productImageUrl", "quantity", "unitPrice"),
    )
    assert cart["items"][0].get("priceChanged") is True
