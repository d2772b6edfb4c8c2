"""A customer's life: from the first visit to the parcel."""

import pytest

from lib.shapes import check_error
from lib.shop import PASSWORD, Person, Shop, fresh_email, unique
from lib.waiting import wait_until


def test_sign_up_browse_fill_a_cart_order_pay_ship_deliver(shop: Shop, admin: Person) -> None:
    supplier = shop.supplier("Potter")
    category = shop.category(unique("Crockery"))
    cup = shop.product(
        by=supplier, categoryId=category["id"], name=unique("Cup"), price="4.50", stockQuantity=10
    )
    shop.product(
        by=supplier, categoryId=category["id"], name=unique("Plate"), price="9.00", stockQuantity=10
    )

    visitor = shop.anonymous
    email = fresh_email("Amélie")
    account = visitor.post(
        "/auth/signup", {"name": "Amélie", "email": email, "password": PASSWORD}
    ).expect(201)
    token = visitor.post("/auth/login", {"email": email, "password": PASSWORD}).expect(200)["token"]
    buyer = Person(shop.server, account, PASSWORD, token)
    assert buyer.get("/auth/session").expect(200)["user"]["id"] == account["id"]

    shelves = visitor.get("/categories?page=1&pageSize=100").expect(200)["categories"]
    assert category["id"] in [row["id"] for row in shelves] or len(shelves) == 100
    seen = visitor.get(f"/products?categoryId={category['id']}&sort=price_asc").expect(200)[
        "products"
    ]
    assert [row["id"] for row in seen][0] == cup["id"]

    cart = buyer.add(seen[0], 3)
    assert cart["totalAmount"] == 13.5
    order = buyer.order(cup, 2)
    assert (order["status"], order["totalAmount"]) == ("pending", 9)
    wait_until(lambda: buyer.cart()["totalAmount"] == 4.5, "one cup is left in the cart")

    for step in ("paid", "shipped", "delivered"):
        assert (
            admin.patch(f"/orders/{order['id']}/status", {"status": step}).expect(200)["status"]
            == step
        )
        assert buyer.get(f"/orders/{order['id']}").expect(200)["status"] == step
    check_error(
        buyer.patch(f"/orders/{order['id']}/cancel"), 400, "Only pending orders can be cancelled"
    )
    assert [row["status"] for row in buyer.get("/orders/me").expect(200)["orders"]] == ["delivered"]


def test_second_thoughts(shop: Shop) -> None:
    buyer, lamp = shop.user("Undecided"), shop.product(price=30, stockQuantity=3)
    buyer.add(lamp, 2)
    order = buyer.order(lamp, 2)
    cancelled = buyer.patch(f"/orders/{order['id']}/cancel").expect(200)
    assert cancelled["status"] == "cancelled" and cancelled["cancelledAt"]
    wait_until(lambda: buyer.cart()["items"] == [], "the cart is empty")
    buyer.add(lamp, 1)
    again = buyer.order(lamp)
    assert again["id"] != order["id"]
    assert [row["status"] for row in buyer.get("/orders/me").expect(200)["orders"]] == [
        "pending",
        "cancelled",
    ]


def test_the_last_one_is_sold_comes_back_and_is_sold_to_somebody_else(shop: Shop) -> None:
    vase = shop.product(price=80, stockQuantity=1)
    quick, slow = shop.user("Quick"), shop.user("Slow")
    for person in (quick, slow):
        person.add(vase)
    order = quick.order(vase)
    too_late = slow.post("/orders/me", {"productId": vase["id"]})
    body = check_error(too_late, 409, "Insufficient stock. Available quantity: 0")
    assert body["shortages"] == [{"productId": vase["id"], "requested": 1, "available": 0}]

    def shown() -> int:
        return shop.anonymous.get(f"/products/{vase['id']}").expect(200)["stockQuantity"]

    wait_until(lambda: shown() == 0, "the shop shows that it is sold out")
    check_error(
        shop.user("Third").post("/carts/me/items", {"productId": vase["id"]}),
        404,
        "Product unavailable",
    )
    assert quick.patch(f"/orders/{order['id']}/cancel").expect(200)["cancelReason"] == "customer"
    wait_until(lambda: shown() == 1, "the shop shows that there is one again")
    assert slow.order(vase)["status"] == "pending"
    wait_until(lambda: shown() == 0, "it is sold")


def test_a_whole_cart_at_once(shop: Shop) -> None:
    buyer = shop.user("Shopper")
    products = [shop.product(price=price) for price in ("1.10", "2.20", "3.30")]
    for product in products:
        buyer.add(product, 3)
    buyer.put(f"/carts/me/items/{products[1]['id']}", {"quantity": 1}).expect(200)
    buyer.delete(f"/carts/me/items/{products[2]['id']}")
    order = buyer.post("/orders/me/checkout", headers={"Idempotency-Key": "all-of-it"}).expect(201)
    assert order["totalAmount"] == 5.5 and len(order["items"]) == 2
    wait_until(lambda: buyer.cart()["items"] == [], "the cart is empty")


def test_the_cart_works_the_moment_sign_up_returns(shop: Shop, mug: dict) -> None:
    for _ in range(10):
        buyer = shop.user("Eager")
        assert buyer.get("/carts/me").status == 200
        assert buyer.post("/carts/me/items", {"productId": mug["id"]}).status == 201
        assert buyer.post("/orders/me", {"productId": mug["id"]}).status == 201
        assert buyer.get("/orders/me").expect(200)["count"] == 1


def test_what_was_written_can_be_read_at_once(shop: Shop, admin: Person) -> None:
    for _ in range(5):
        category = shop.category()
        product = shop.product(categoryId=category["id"])
        assert shop.anonymous.get(f"/products/{product['id']}").status == 200
        assert (
            shop.anonymous.get(f"/products?categoryId={category['id']}").expect(200)["count"] == 1
        )
        person = shop.sign_up()
        assert admin.get(f"/users/{person.id}").status == 200
        assert admin.get(f"/carts/{person.id}").status == 200


@pytest.mark.parametrize(
    ("person_name", "product_name"),
    [
        ("محمد الفاتح", "قهوة عربية فاخرة"),
        ("张伟", "龙井茶叶"),
        ("Zoë Ångström-Núñez", "Crème brûlée à l’ancienne"),
        ("Дмитрий", "Самовар"),
        ("أحمد 😀", "👕 T-shirt"),
        ("Nguyễn Thị Ánh", "Phở bò"),
    ],
)
def test_people_and_things_of_every_script_buy_and_are_bought(
    shop: Shop, admin: Person, person_name: str, product_name: str
) -> None:
    buyer = shop.user(person_name)
    product = shop.product(name=unique(product_name), description=product_name * 3)
    assert product["name"].startswith(product_name) and product["slug"].strip("-")
    buyer.add(product)
    order = buyer.order(product)
    assert order["items"][0]["productName"] == product["name"]
    assert (
        admin.get(f"/orders/{order['id']}").expect(200)["items"][0]["productName"]
        == product["name"]
    )
    assert admin.get(f"/users/{buyer.id}").expect(200)["name"] == person_name
    assert product["name"].encode() in buyer.get("/orders/me").body
