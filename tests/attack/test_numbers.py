"""Numbers that JSON allows and no machine word holds, and money that a float would lose."""

import pytest

from lib.http import Reply
from lib.shapes import check_error
from lib.shop import PASSWORD, Actor, Shop, fresh_email, unique

URL = "https://img.example.com/a.png"
HUGE = ["99999999999999999999999", "-9223372036854775809", "1e400", "-1e400", "9" * 400]


@pytest.mark.parametrize("number", [*HUGE, "0." + "1" * 5000, "1e-400", "-0"])
def test_a_member_that_nobody_reads_may_hold_any_number(shop: Shop, number: str) -> None:
    """wire-contract §10.12: contract routes ignore unknown members, whatever they hold."""
    address = fresh_email("huge")
    body = f'{{"name":"N","email":"{address}","password":"{PASSWORD}","x":{number}}}'
    shop.anonymous.post("/auth/signup", body=body.encode()).expect(201)


@pytest.mark.parametrize(
    "number", [*HUGE, "1" + "0" * 5000, "1e-400", "-0", "18446744073709551617"]
)
@pytest.mark.parametrize("member", ["productId", "quantity"])
def test_a_number_beyond_all_bounds_is_refused_where_it_counts(
    shop: Shop, mug: dict, member: str, number: str
) -> None:
    person = shop.user()
    members = {"productId": str(mug["id"]), "quantity": "1", member: number}
    body = "{" + ",".join(f'"{key}":{value}' for key, value in members.items()) + "}"
    for path in ("/carts/me/items", "/orders/me"):
        check_error(person.post(path, body=body.encode()), 400)
    assert person.cart()["items"] == []


def post_product(shop: Shop, admin: Actor, price: str = "5", extra: str = "") -> Reply:
    category = shop.product_fields()["categoryId"]
    body = (
        f'{{"categoryId":{category},"name":"{unique("P")}","price":{price},'
        f'"images":["{URL}"]{extra}}}'
    )
    return admin.post("/products", body=body.encode())


@pytest.mark.parametrize(
    "price",
    [
        "1e400",
        "1e10",
        "-1e308",
        "9999999999.999",
        "99999999999999999999999",
        '"5."',
        '".5"',
        '"-5"',
        '"1_000"',
        '"٥"',
        '"5.00 USD"',
        '"10000000000.00"',
        "0.009",
    ],
)
def test_a_price_that_is_none_is_refused(shop: Shop, admin: Actor, price: str) -> None:
    check_error(post_product(shop, admin, price), 400)


@pytest.mark.parametrize(
    ("price", "shown"),
    [("4.35", "4.35"), ("1.15", "1.15"), ("0.1", "0.10"), ("9007199254.74", "9007199254.74")],
)
def test_a_price_is_what_was_written(shop: Shop, admin: Actor, price: str, shown: str) -> None:
    made = post_product(shop, admin, price, ',"stockQuantity":1').expect(201)
    assert made["price"] == shown
    offered = shop.anonymous.get(f"/internal/products/{made['id']}")
    assert f'"price":{price},' in offered.text


@pytest.mark.parametrize("stock", ["1e308", "9007199254740993", "1e400", "-9223372036854775809"])
def test_a_stock_beyond_all_bounds_is_refused(shop: Shop, admin: Actor, stock: str) -> None:
    check_error(post_product(shop, admin, extra=f',"stockQuantity":{stock}'), 400)


def test_more_money_than_an_order_may_cost(shop: Shop) -> None:
    dear = shop.product(price="9999999999.99", stockQuantity=4_294_967_295)
    person = shop.user()
    person.add(dear)
    more = {"productId": dear["id"], "quantity": 4_294_967_290}
    check_error(person.post("/carts/me/items", more), 400)
    assert '"totalAmount":9999999999.99,' in person.get("/carts/me").text
    assert person.order(dear)["totalAmount"] == 9_999_999_999.99
