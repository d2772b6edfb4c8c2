"""Rows that cannot be as they are: skipped or mended for a stated reason, never the end of it."""

import json
from typing import Any

import pytest

from lib import store
from lib.old_node import OldSystem
from lib.old_node_rows import PASSWORDS, address, fill, image, item, line, mug, order, person
from lib.server import Server
from lib.shop import Actor, login

LONG = "x" * 400


def cart(number: int, owner: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "user_id": owner, **more}


#: What it is; the rows; then kind, number, outcome and reason of the first.
ROWS: list[tuple[str, list[tuple[str, str, dict]], str, int, str, str]] = [
    ("no e-mail", [("user", "users", person(50, "A", email=""))], "user", 50, "skipped",
     "no_email"),
    ("NULL e-mail", [("user", "users", person(51, "A", email=None))], "user", 51, "skipped",
     "no_email"),
    ("an e-mail that is another's but for case and blanks",
     [("user", "users", person(52, "A", email=" ADA@old.example "))], "user", 52, "skipped",
     "email_duplicate"),
    ("an e-mail longer than any",
     [("user", "users", person(53, "A", email=LONG[:300] + "@old.example"))], "user", 53, "skipped",
     "email_too_long"),
    ("an e-mail that is none", [("user", "users", person(54, "A", email="nobody"))], "user", 54,
     "brought", "email_unusable"),
    ("a role nobody knows", [("user", "users", person(55, "Root", role="superuser"))], "user", 55,
     "brought", "role_unknown"),
    ("a status nobody knows", [("user", "users", person(56, "Vip", account_status="vip"))], "user",
     56, "brought", "status_unknown"),
    ("a name that is too long", [("user", "users", person(57, "A", name=LONG))], "user", 57,
     "brought", "name_too_long"),
    ("a name of control characters", [("user", "users", person(58, "B", name="a\0b"))], "user", 58,
     "brought", "name_cleaned"),
    ("no name", [("user", "users", person(59, "C", name=" "))], "user", 59, "brought",
     "name_missing"),
    ("a password in plain text", [("user", "users", person(60, "D", password="secret"))], "user",
     60, "brought", "password_unusable"),
    ("no time", [("user", "users", person(61, "E", created_at=None))], "user", 61, "brought",
     "time_missing"),
    ("a number below one", [("user", "users", person(-4, "F"))], "user", -4, "skipped",
     "number_unusable"),
    ("an address of nobody", [("user", "user_addresses", address(350, 999))], "address", 350,
     "skipped", "owner_unknown"),
    ("an address of an account that could not come",
     [("user", "user_addresses", address(351, 50))], "address", 351, "skipped", "owner_unknown"),
    ("an address without a street",
     [("user", "user_addresses", address(352, 3, address_line1=" "))], "address", 352,
     "skipped", "street_missing"),
    ("an address without a city", [("user", "user_addresses", address(353, 3, city=None))],
     "address", 353, "skipped", "street_missing"),
    ("an address in no country", [("user", "user_addresses", address(354, 3, country="Mars"))],
     "address", 354, "skipped", "country_unknown"),
    ("a street longer than any",
     [("user", "user_addresses", address(355, 3, address_line1=LONG))], "address", 355, "brought",
     "address_text"),
    ("an address that says not for whom",
     [("user", "user_addresses", address(356, 3, receiver_name=""))], "address", 356, "brought",
     "receiver_missing"),
    ("an address nobody knows since when",
     [("user", "user_addresses", address(357, 3, created_at=None))], "address", 357, "brought",
     "time_missing"),
    ("an address below one", [("user", "user_addresses", address(-3, 3))], "address", -3,
     "skipped", "number_unusable"),
    ("one address more than an account may have",
     [("user", "user_addresses", address(400 + one, 2)) for one in range(51)], "address", 450,
     "skipped", "too_many_addresses"),
    ("a category without a name",
     [("product", "categories", {"id": 50, "name": "", "slug": "x", "created_by_user_id": 1})],
     "category", 50, "skipped", "name_missing"),
    ("a category's slug that is none",
     [("product", "categories", {"id": 51, "name": "Tea", "slug": "-T-", "created_by_user_id": 1})],
     "category", 51, "brought", "slug_unusable"),
    ("a category's slug that is another's",
     [("product", "categories",
       {"id": 52, "name": "Kitchen", "slug": "kitchen", "created_by_user_id": 1})],
     "category", 52, "skipped", "category_duplicate"),
    ("a price that is no number", [("product", "products", mug(50, "M50", price="NaN"))], "product",
     50, "skipped", "price_unreadable"),
    ("a price below zero", [("product", "products", mug(51, "M51", price="-1.00"))], "product", 51,
     "skipped", "price_not_positive"),
    ("a price of nothing", [("product", "products", mug(52, "M52", price="0.00"))], "product", 52,
     "skipped", "price_not_positive"),
    ("yen with decimals",
     [("product", "products", mug(53, "M53", price="19.99", currency="JPY"))], "product", 53,
     "skipped", "price_too_precise"),
    ("more decimals than cents", [("product", "products", mug(54, "M54", price="1.005"))],
     "product", 54, "skipped", "price_too_precise"),
    ("a currency that is none", [("product", "products", mug(55, "M55", currency="DOL"))],
     "product", 55, "skipped", "currency_unknown"),
    ("a price above the highest",
     [("product", "products", mug(56, "M56", price="10000000000.00"))], "product", 56, "skipped",
     "price_too_large"),
    ("a category that is not there", [("product", "products", mug(57, "M57", category_id=99))],
     "product", 57, "skipped", "category_unknown"),
    ("a category that is switched off", [("product", "products", mug(58, "M58", category_id=4))],
     "product", 58, "brought", "category_inactive"),
    ("stock below nothing", [("product", "products", mug(59, "M59", stock_quantity="-3"))],
     "product", 59, "brought", "stock_out_of_range"),
    ("a slug that is none", [("product", "products", mug(60, "M60", slug="M 60!"))], "product", 60,
     "brought", "slug_unusable"),
    ("a slug that is another's", [("product", "products", mug(61, "M61", slug="blue-mug"))],
     "product", 61, "brought", "slug_unusable"),
    ("a name that is another's but for case",
     [("product", "products", mug(62, "BLUE  mug", slug="m62"))], "product", 62, "skipped",
     "name_duplicate"),
    ("a name that is too long", [("product", "products", mug(63, "M63", name=LONG, slug="m63"))],
     "product", 63, "brought", "name_too_long"),
    ("made by nobody known", [("product", "products", mug(64, "M64", created_by_role="robot"))],
     "product", 64, "brought", "owner_role_unknown"),
    ("a picture that is none",
     [("product", "products", mug(65, "M65")),
      ("product", "product_images", image(165, 65, image_url="ftp://x"))],
     "product", 65, "brought", "image_unusable"),
    ("a cart of nobody", [("cart", "carts", cart(150, 999))], "cart", 150, "skipped",
     "owner_unknown"),
    ("a cart of an account that could not come", [("cart", "carts", cart(151, 50))], "cart", 151,
     "skipped", "owner_unknown"),
    ("a cart that is no more", [("cart", "carts", cart(152, 1, status="archived"))], "cart", 152,
     "skipped", "not_active"),
    ("a cart in no currency", [("cart", "carts", cart(153, 2, currency="XXL"))], "cart", 153,
     "skipped", "currency_unknown"),
    ("a line of nothing",
     [("cart", "carts", cart(154, 54)), ("cart", "cart_items", line(154, 154, 10, quantity=0))],
     "cart", 154, "brought", "line_quantity"),
    ("a line of more than there can be",
     [("cart", "carts", cart(155, 55)),
      ("cart", "cart_items", line(155, 155, 10, quantity=4_294_967_296))],
     "cart", 155, "brought", "line_quantity"),
    ("a line without a price",
     [("cart", "carts", cart(156, 56)),
      ("cart", "cart_items", line(156, 156, 10, unit_price="NaN"))],
     "cart", 156, "brought", "line_price"),
    ("a line of what is not sold",
     [("cart", "carts", cart(157, 57)), ("cart", "cart_items", line(157, 157, 12))], "cart", 157,
     "brought", "line_product"),
    ("dollars for yen",
     [("cart", "carts", cart(158, 58)), ("cart", "cart_items", line(158, 158, 15))], "cart", 158,
     "brought", "line_repriced"),
    ("an order in an unknown state",
     [("order", "orders", order(150, status="lost")), ("order", "order_items", item(350, 150))],
     "order", 150, "skipped", "status_unknown"),
    ("an order of nothing", [("order", "orders", order(151))], "order", 151, "skipped", "no_items"),
    ("a total that is no sum",
     [("order", "orders", order(152, total_amount="39.97")),
      ("order", "order_items", item(352, 152))],
     "order", 152, "skipped", "total_wrong"),
    ("a line that does not add up",
     [("order", "orders", order(153, total_amount="39.99")),
      ("order", "order_items", item(353, 153, line_total="39.99"))],
     "order", 153, "skipped", "line_total_wrong"),
    ("a quantity out of range",
     [("order", "orders", order(154)), ("order", "order_items", item(354, 154, quantity=0))],
     "order", 154, "skipped", "item_quantity"),
    ("an amount that is none",
     [("order", "orders", order(155)), ("order", "order_items", item(355, 155, unit_price="x"))],
     "order", 155, "skipped", "amount_unreadable"),
    ("an order in no currency",
     [("order", "orders", order(156, currency="BTC")), ("order", "order_items", item(356, 156))],
     "order", 156, "skipped", "currency_unknown"),
    ("cancelled nobody knows when",
     [("order", "orders", order(157, status="cancelled")),
      ("order", "order_items", item(357, 157))],
     "order", 157, "brought", "cancelled_when"),
    ("an item with a name that is too long",
     [("order", "orders", order(158)),
      ("order", "order_items", item(358, 158, product_name=LONG))],
     "order", 158, "brought", "item_text"),
]  # fmt: skip


@pytest.fixture(scope="module")
def told(
    database: Any, new_module_server: Any
) -> tuple[Server, dict[tuple[str, int], tuple[str, list[str]]], str]:
    """One import of all of them: the shop, what became of each row, and the summary."""
    old = fill(OldSystem(database, "bad", loose=True))
    for _, rows, *_ in ROWS:
        for service, table, row in rows:
            old.add(service, table, row)
    server: Server = new_module_server("bad")
    done = server.run("import", "node", *old.options(), "--report", "rows.json")
    rows_told = json.loads((server.folder / "rows.json").read_text())["rows"]
    became = {(one["kind"], one["id"]): (one["outcome"], one["why"]) for one in rows_told}
    return server, became, done.stdout


@pytest.mark.parametrize("row", ROWS, ids=[f"{one[2]}: {one[0]}" for one in ROWS])
def test_what_becomes_of_it(told: Any, row: Any) -> None:
    _, became, summary = told
    _, _, kind, number, outcome, reason = row
    assert became[kind, number][0] == outcome
    assert reason in became[kind, number][1]
    assert f"[{reason}]" in summary


def test_the_good_rows_beside_them_came(told: Any) -> None:
    _, became, _ = told
    for kind, numbers in {
        "user": (1, 2, 3, 5, 8),
        "address": (300, 301, 304, 400, 449),
        "category": (3, 4),
        "product": (10, 12, 15),
        "cart": (70, 90),
        "order": (100, 103, 104),
    }.items():
        for number in numbers:
            assert became[kind, number] == ("brought", []), (kind, number)


def test_the_shop_on_what_came_is_sound_and_gives_no_old_number_again(told: Any) -> None:
    server, _, _ = told
    store.check_sound(server)
    server.start()
    try:
        ada = login(server, "ada@old.example", PASSWORDS[1][0]).expect(200)["token"]
        listed = Actor(server, ada).get("/auth/users?pageSize=100").expect(200)["users"]
        roles = {one["id"]: (one["role"], one["accountStatus"]) for one in listed}
        assert roles[55] == ("user", "active") and roles[56] == ("user", "blocked")
        login(server, "nobody", PASSWORDS[3][0]).expect(200)
        # 999 has no account, but a cart there: nobody is to find it in theirs.
        wanted = {"name": "N", "email": "new@old.example", "password": "Quite-New-1"}
        assert Actor(server).post("/auth/signup", wanted).expect(201)["id"] == 1000
        token = login(server, "new@old.example", "Quite-New-1").expect(200)["token"]
        assert Actor(server, token).get("/orders/me").expect(200)["count"] == 0
    finally:
        server.stop()
