"""known-defects.md, R1-R11, U1-U3, U5: what the Node.js system gets wrong about stock. One test a
row; R12 and U6 stand beside the other rows.
"""

import time
from typing import Any

from conftest import NewServer
from lib.neighbour import SESSION, Neighbour, json_answer
from lib.parallel import at_once
from lib.server import INTERNAL_TOKEN_SECRET
from lib.shapes import check_error
from lib.shop import Actor, Person, Shop, buy_and_pay
from lib.tokens import sign
from lib.waiting import wait_until


def stock_of(shop: Shop, product: dict[str, Any]) -> tuple[int, int]:
    """How many there are, and how many of them are reserved."""
    item = shop.anonymous.get(f"/inventory/{product['id']}").expect(200)
    assert item["availableQuantity"] == item["totalQuantity"] - item["reservedQuantity"] >= 0
    return item["totalQuantity"], item["reservedQuantity"]


def wait_for_stock(shop: Shop, product: dict[str, Any], total: int, reserved: int) -> None:
    wait_until(
        lambda: stock_of(shop, product) == (total, reserved),
        f"{total} of the product, {reserved} reserved",
    )


def test_r1_u1_no_order_could_be_placed_since_inventory_asked_back_for_its_uncommitted_row(
    shop: Shop,
) -> None:
    product = shop.product(stockQuantity=5)
    order = shop.user().buy(product, 2)
    assert order["status"] == "pending"
    assert stock_of(shop, product) == (5, 2)


def test_r2_no_product_could_be_made_since_inventory_asked_back_for_its_uncommitted_row(
    shop: Shop,
) -> None:
    product = shop.product(stockQuantity=7)
    wait_until(
        lambda: shop.anonymous.get(f"/inventory/{product['id']}").status == 200,
        "inventory has the product",
    )
    assert stock_of(shop, product) == (7, 0)


def test_r3_orders_at_one_moment_held_every_database_connection_across_calls(shop: Shop) -> None:
    product = shop.product(stockQuantity=1_000)
    buyers = [shop.user(f"Buyer {n}") for n in range(24)]
    for buyer in buyers:
        buyer.add(product)
    began = time.monotonic()
    replies = at_once(
        len(buyers), lambda n: buyers[n].post("/orders/me", {"productId": product["id"]})
    )
    assert [reply.status for reply in replies] == [201] * len(buyers)
    assert time.monotonic() - began < 20, "nobody waits until somebody else's time is over"
    assert stock_of(shop, product) == (1_000, 24)


def test_r4_stock_of_an_order_that_was_refused_further_on_stayed_reserved(shop: Shop) -> None:
    plenty, scarce = shop.product(stockQuantity=9), shop.product(stockQuantity=1)
    first, second = shop.user("First"), shop.user("Second")
    for person in (first, second):
        person.add(plenty, 4)
        person.add(scarce)
    first.order(scarce)
    check_error(second.post("/orders/me/checkout"), 409)
    assert stock_of(shop, plenty) == (9, 0)
    assert stock_of(shop, scarce) == (1, 1)


CART = json_answer(
    200,
    {
        "id": 1,
        "userId": 7,
        "status": "active",
        "currency": "USD",
        "itemsCount": 1,
        "totalAmount": 5,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "items": [
            {
                "id": 11,
                "productId": 3,
                "productName": "Mug",
                "productImageUrl": "https://img.example.com/mug.png",
                "quantity": 1,
                "unitPrice": "5.00",
                "createdAt": "2026-01-01T00:00:00.000Z",
                "updatedAt": "2026-01-01T00:00:00.000Z",
            }
        ],
    },
)
HELD = json_answer(
    200,
    {
        "placementId": "00000000-0000-4000-8000-000000000000",
        "state": "held",
        "heldUntil": "2026-01-01T00:15:00.000Z",
    },
)


def test_r5_a_time_out_of_inventory_was_taken_for_a_no_and_the_stock_stayed_reserved(
    new_server: NewServer,
) -> None:
    user, basket, stock = Neighbour(SESSION), Neighbour(CART), Neighbour(None)
    order = new_server(
        services=["order"],
        env={
            "AUTH_MODE": "remote",
            "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET,
            "USER_SERVICE_URL": user.url,
            "CART_SERVICE_URL": basket.url,
            "INVENTORY_SERVICE_URL": stock.url,
            "INVENTORY_TIMEOUT_MS": "1000",
        },
    ).start("/health")
    now = int(time.time())
    claims = {"id": 7, "role": "user", "pwdv": "1.x", "iat": now, "exp": now + 900, "jti": "1"}
    buyer = Actor(order, sign({**claims, "iss": "microcommerce", "aud": "microcommerce"}))
    try:
        # Silent for good: nobody knows, so nothing is written and nothing is given back.
        unknown = buyer.post("/orders/me", {"productId": 3})
        check_error(unknown, 503, "Service temporarily unavailable")
        assert buyer.get("/orders/me").expect(200)["count"] == 0
        asked = [data for data in stock.seen if b"/internal/holds/" in data]
        places = {data.split(b" ")[1] for data in asked}
        assert len(asked) >= 2 and len(places) == 1, "the same placement is asked for again"
        assert not any(data.startswith(b"DELETE") for data in asked)

        # It answers again: the next attempt is an order.
        stock.answer = HELD
        wait_until(
            lambda: buyer.post("/orders/me", {"productId": 3}).status == 201, "it is placed"
        )
        assert buyer.get("/orders/me").expect(200)["count"] == 1
    finally:
        for neighbour in (user, basket, stock):
            neighbour.close()


def test_r6_u2_a_paid_order_lost_its_stock_after_a_while_and_shipped_without_deducting(
    new_server: NewServer,
) -> None:
    shop = Shop(new_server(env={"ORDER_PAYMENT_TTL_SECONDS": "3"}).start())
    admin, buyer, product = shop.as_admin(), shop.user(), shop.product(stockQuantity=10)
    paid, unpaid = buy_and_pay(admin, buyer, product, 2), buyer.buy(product, 3)
    wait_until(
        lambda: buyer.get(f"/orders/{unpaid['id']}").expect(200)["cancelReason"] == "expired",
        "the time to pay is over",
    )
    wait_for_stock(shop, product, 10, 2)
    admin.patch(f"/orders/{paid['id']}/status", {"status": "shipped"}).expect(200)
    wait_for_stock(shop, product, 8, 0)


def test_r7_u3_a_second_release_of_one_order_and_product_blocked_all_later_ones(
    shop: Shop,
) -> None:
    product, buyer = shop.product(stockQuantity=10), shop.user()
    for _ in range(3):
        order = buyer.buy(product, 2)
        for _ in range(2):
            buyer.patch(f"/orders/{order['id']}/cancel").expect(200)
        wait_for_stock(shop, product, 10, 0)


def test_r8_orders_and_cancellations_of_the_same_products_deadlocked(shop: Shop) -> None:
    one, other = shop.product(stockQuantity=1_000), shop.product(stockQuantity=1_000)
    buyers = [shop.user(f"Buyer {n}") for n in range(12)]

    def trade(number: int) -> list[int]:
        buyer, statuses = buyers[number], []
        for _ in range(3):
            for product in (one, other) if number % 2 else (other, one):
                statuses.append(
                    buyer.post("/carts/me/items", {"productId": product["id"]}).status
                )
            placed = buyer.post("/orders/me/checkout")
            cancelled = buyer.patch(f"/orders/{placed.expect(201)['id']}/cancel")
            statuses += [placed.status, cancelled.status]
        return statuses

    for statuses in at_once(len(buyers), trade):
        assert set(statuses) <= {200, 201}
    for product in (one, other):
        wait_for_stock(shop, product, 1_000, 0)


def test_r9_wrong_books_were_papered_over_instead_of_found(shop: Shop) -> None:
    product, buyer = shop.product(stockQuantity=6), shop.user()
    order = buyer.buy(product, 2)
    shop.server.run("inventory", "verify")
    buyer.patch(f"/orders/{order['id']}/cancel").expect(200)
    wait_for_stock(shop, product, 6, 0)
    shop.server.run("inventory", "verify")


def test_r10_setting_the_stock_overwrote_what_was_sold_meanwhile(
    shop: Shop, admin: Person
) -> None:
    product = shop.product(stockQuantity=10)
    wait_until(
        lambda: shop.anonymous.get(f"/inventory/{product['id']}").status == 200,
        "inventory has the product",
    )
    seen = shop.anonymous.get(f"/inventory/{product['id']}")
    shop.user().buy(product, 4)
    target = f"/inventory/{product['id']}"
    late = admin.put(
        f"{target}/stock", {"totalQuantity": 11}, headers={"If-Match": seen.headers["ETag"]}
    )
    check_error(late, 412)
    admin.post(f"{target}/adjustments", {"delta": 1, "reason": "received"}).expect(201)
    assert stock_of(shop, product) == (11, 4)
    check_error(
        admin.put(f"{target}/stock", {"totalQuantity": 3}),
        400,
        "totalQuantity cannot be less than reservedQuantity (4)",
    )


def test_r11_the_cart_went_by_a_number_that_never_changed(shop: Shop) -> None:
    product = shop.product(stockQuantity=5)
    shop.user("First").buy(product, 3)
    second = shop.user("Second")
    target = f"/internal/products/{product['id']}"
    wait_until(
        lambda: shop.anonymous.get(target).expect(200)["stockQuantity"] == 2,
        "the catalogue knows what is left",
    )
    refused = second.post("/carts/me/items", {"productId": product["id"], "quantity": 3})
    check_error(refused, 400, "Available stock is 2, requested 3")
    second.add(product, 2)


def test_u5_there_were_three_numbers_of_one_stock(shop: Shop, admin: Person) -> None:
    product, buyer = shop.product(stockQuantity=8), shop.user()

    def numbers_agree(available: int) -> bool:
        shown = shop.anonymous.get(f"/products/{product['id']}").expect(200)["stockQuantity"]
        total, reserved = stock_of(shop, product)
        return shown == total - reserved == available

    order = buyer.buy(product, 3)
    wait_until(lambda: numbers_agree(5), "everybody says 5")
    for step in ("paid", "shipped"):
        admin.patch(f"/orders/{order['id']}/status", {"status": step}).expect(200)
    wait_until(lambda: stock_of(shop, product) == (5, 0), "three have left the house")
    wait_until(lambda: numbers_agree(5), "everybody still says 5")
    gone = buyer.buy(product, 1)
    wait_until(lambda: numbers_agree(4), "everybody says 4")
    buyer.patch(f"/orders/{gone['id']}/cancel").expect(200)
    wait_until(lambda: numbers_agree(5), "everybody says 5 again")
