"""later-services §4: stock, field by field, and every way a request can be wrong."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from lib import tokens
from lib.http import Reply
from lib.parallel import at_once
from lib.server import INTERNAL_TOKEN_SECRET, Server
from lib.shapes import STOCK, check_error, check_members, check_stock, check_times, is_id
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until

ABSENT = ...
MOST = 4_294_967_295
THRESHOLDS = ("lowStockThreshold", "effectiveLowStockThreshold")  # Its own; what holds.
NOT_A_NUMBER = "totalQuantity must be a non-negative integer"
BAD_TOTALS = [
    ("no total", ABSENT, NOT_A_NUMBER),
    ("null", None, NOT_A_NUMBER),
    ("less than nothing", -1, NOT_A_NUMBER),
    ("half a unit", 1.5, NOT_A_NUMBER),
    ("true", True, NOT_A_NUMBER),
    ("a word", "many", NOT_A_NUMBER),
    ("a list", [5], NOT_A_NUMBER),
    ("one too many", MOST + 1, f"totalQuantity must be at most {MOST}"),
]
BAD_ADJUSTMENTS = [
    ("nothing at all", {"delta": ABSENT, "reason": ABSENT}),
    ("no delta", {"delta": ABSENT}),
    ("a delta of nothing", {"delta": 0}),
    ("half a unit", {"delta": 0.5}),
    ("digits in quotes", {"delta": "1"}),
    ("more than there can ever be", {"delta": MOST + 1}),
    ("no reason", {"reason": ABSENT}),
    ("a reason of one's own", {"reason": "stolen"}),
    ("a reason in capitals", {"reason": "FOUND"}),
    ("an empty note", {"note": ""}),
    ("a note of 501 letters", {"note": "n" * 501}),
    ("a note with a NUL", {"note": "a\u0000b"}),
    ("a member nobody knows", {"warehouse": 1}),
]
RESERVATION = (
    "id",
    "orderId",
    "productId",
    "quantity",
    "status",
    "expiresAt",
    "releaseReason",
    "createdAt",
    "updatedAt",
)


@pytest.fixture(scope="module")
def maker(shop: Shop) -> Person:
    return shop.supplier("Maker")


@pytest.fixture
def kettle(shop: Shop, maker: Person) -> dict[str, Any]:
    """A product of the maker's with ten units."""
    return shop.stocked(shop.product(by=maker, stockQuantity=10))


def stock_of(shop: Shop, product: dict[str, Any]) -> dict[str, Any]:
    return shop.anonymous.get(f"/inventory/{product['id']}").expect(200)


def test_everybody_sees_the_stock_of_a_new_product(shop: Shop, kettle: dict) -> None:
    reply = shop.anonymous.get(f"/inventory/{kettle['id']}")
    stock = reply.expect(200)
    check_stock(stock)
    assert list(stock) == list(STOCK)
    assert stock["productId"] == kettle["id"] and stock["totalQuantity"] == 10
    assert reply.headers["ETag"] == f'"v{stock["version"]}"'
    same = shop.anonymous.get(
        f"/inventory/{kettle['id']}", headers={"If-None-Match": reply.headers["ETag"]}
    )
    assert same.status == 304 and same.body == b""


@pytest.mark.parametrize("bad", ["0", "-1", "01", "1.0", "x", "9223372036854775808"])
def test_what_is_no_product_number_is_refused(shop: Shop, bad: str) -> None:
    check_error(shop.anonymous.get(f"/inventory/{bad}"), 400, "Invalid productId")


def test_an_unknown_product_has_no_stock(shop: Shop, admin: Person) -> None:
    check_error(shop.anonymous.get("/inventory/999999999"), 404, "Inventory item not found")
    wanted = {"totalQuantity": 1}
    check_error(admin.put("/inventory/999999999/stock", wanted), 404, "Product not found")


def test_a_supplier_sets_the_stock_of_her_own_product(
    shop: Shop, maker: Person, kettle: dict
) -> None:
    before = stock_of(shop, kettle)
    reply = maker.put(f"/inventory/{kettle['id']}/stock", {"totalQuantity": 25, "note": "ignored"})
    stock = reply.expect(200)
    check_stock(stock)
    assert stock["totalQuantity"] == 25 and stock["version"] == before["version"] + 1
    assert reply.headers["ETag"] == f'"v{stock["version"]}"'
    assert stock_of(shop, kettle) == stock
    assert maker.put(f"/inventory/{kettle['id']}/stock", {"totalQuantity": "25"}).json == stock


def test_nobody_else_sets_it(shop: Shop, alice: Person, supplier: Person, kettle: dict) -> None:
    before = stock_of(shop, kettle)
    for method, path, body in (
        ("PUT", "stock", {"totalQuantity": 1}),
        ("POST", "adjustments", {"delta": 1, "reason": "found"}),
        ("PUT", "settings", {"lowStockThreshold": 1}),
    ):
        target = f"/inventory/{kettle['id']}/{path}"
        check_error(supplier.send(method, target, body), 403, "Forbidden")
        check_error(alice.send(method, target, body), 403, "Forbidden")
        check_error(shop.anonymous.send(method, target, body), 401, "Unauthorized")
    assert stock_of(shop, kettle) == before


@pytest.mark.parametrize(
    ("total", "message"), [row[1:] for row in BAD_TOTALS], ids=[row[0] for row in BAD_TOTALS]
)
def test_a_bad_total_is_refused_and_changes_nothing(
    shop: Shop, maker: Person, kettle: dict, total: Any, message: str
) -> None:
    body = {} if total is ABSENT else {"totalQuantity": total}
    check_error(maker.put(f"/inventory/{kettle['id']}/stock", body), 400, message)
    assert stock_of(shop, kettle)["totalQuantity"] == 10


def test_not_fewer_than_are_reserved(shop: Shop, maker: Person, kettle: dict) -> None:
    shop.user("Buyer").buy(kettle, 4)
    wait_until(lambda: stock_of(shop, kettle)["reservedQuantity"] == 4, "four are reserved")
    sentence = "totalQuantity cannot be less than reservedQuantity (4)"
    target = f"/inventory/{kettle['id']}"
    check_error(maker.put(f"{target}/stock", {"totalQuantity": 3}), 400, sentence)
    check_error(maker.post(f"{target}/adjustments", {"delta": -7, "reason": "lost"}), 409)
    assert maker.put(f"{target}/stock", {"totalQuantity": 4}).expect(200)["availableQuantity"] == 0


def test_if_match_keeps_two_people_from_overwriting_each_other(
    maker: Person, kettle: dict
) -> None:
    target = f"/inventory/{kettle['id']}/stock"
    seen = maker.get(f"/inventory/{kettle['id']}").headers["ETag"]
    first = maker.put(target, {"totalQuantity": 11}, headers={"If-Match": seen})
    first.expect(200)
    check_error(maker.put(target, {"totalQuantity": 12}, headers={"If-Match": seen}), 412)
    newer = {"If-Match": first.headers["ETag"]}
    maker.put(target, {"totalQuantity": 12}, headers=newer).expect(200)
    maker.put(target, {"totalQuantity": 13}, headers={"If-Match": "*"}).expect(200)


def test_an_adjustment_adds_or_takes_away_and_is_kept(
    shop: Shop, maker: Person, kettle: dict
) -> None:
    wanted = {"delta": -2, "reason": "damaged", "note": "  Fell off the lift.  "}
    made = maker.post(f"/inventory/{kettle['id']}/adjustments", wanted).expect(201)
    assert list(made) == ["item", "movement"]
    check_stock(made["item"])
    assert made["item"] == stock_of(shop, kettle) and made["item"]["totalQuantity"] == 8
    movement = made["movement"]
    assert is_id(movement.pop("id"))
    movement.pop("createdAt")
    assert movement == {
        "productId": kettle["id"],
        "delta": -2,
        "totalAfter": 8,
        "cause": "adjusted",
        "reason": "damaged",
        "orderId": None,
        "actor": {"userId": maker.id, "role": "supplier"},
        "note": "Fell off the lift.",
    }
    kept = maker.get(f"/inventory/{kettle['id']}/movements").expect(200)
    assert kept["count"] == 2
    assert [row["delta"] for row in kept["movements"]] == [-2, 10]
    assert kept["movements"][0] == made["movement"] | {
        key: kept["movements"][0][key] for key in ("id", "createdAt")
    }


@pytest.mark.parametrize(
    "fields", [row[1] for row in BAD_ADJUSTMENTS], ids=[row[0] for row in BAD_ADJUSTMENTS]
)
def test_a_bad_adjustment_is_refused_and_moves_nothing(
    shop: Shop, maker: Person, kettle: dict, fields: dict
) -> None:
    wanted = {"delta": 1, "reason": "found", **fields}
    body = {key: value for key, value in wanted.items() if value is not ABSENT}
    check_error(maker.post(f"/inventory/{kettle['id']}/adjustments", body), 400)
    assert stock_of(shop, kettle)["totalQuantity"] == 10
    assert maker.get(f"/inventory/{kettle['id']}/movements").expect(200)["count"] == 1


def test_an_adjustment_under_one_key_happens_once(
    shop: Shop, maker: Person, kettle: dict
) -> None:
    def receive(_: int) -> Reply:
        return maker.post(
            f"/inventory/{kettle['id']}/adjustments",
            {"delta": 5, "reason": "received"},
            headers={"Idempotency-Key": "delivery-17"},
        )

    replies = at_once(5, receive)
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body for reply in replies}) == 1
    assert stock_of(shop, kettle)["totalQuantity"] == 15
    other = maker.post(
        f"/inventory/{kettle['id']}/adjustments",
        {"delta": 6, "reason": "received"},
        headers={"Idempotency-Key": "delivery-17"},
    )
    check_error(other, 422)


def test_settings_hold_a_threshold_of_its_own(maker: Person, kettle: dict) -> None:
    target = f"/inventory/{kettle['id']}/settings"
    set_ = maker.put(target, {"lowStockThreshold": 10}).expect(200)
    check_members(set_, STOCK)
    assert set_["lowStockThreshold"] == 10 and set_["isLow"] is True
    assert set_["effectiveLowStockThreshold"] == 10
    back = maker.put(target, {"lowStockThreshold": None}).expect(200)
    assert back["lowStockThreshold"] is None and back["isLow"] is False
    assert back["effectiveLowStockThreshold"] == 5  # The installation's.
    for bad in (-1, 1.5, "5", MOST + 1):
        check_error(maker.put(target, {"lowStockThreshold": bad}), 400)
    check_error(maker.put(target, {"backorder": True}), 400)


def test_a_supplier_lists_her_own_products_and_an_admin_all(
    shop: Shop, admin: Person, kettle: dict
) -> None:
    sam = shop.supplier("Sam")
    pan = shop.stocked(shop.product(by=sam, stockQuantity=3))
    pot = shop.stocked(shop.product(by=sam, stockQuantity=30))
    own = sam.get("/inventory").expect(200)
    assert own["count"] == 2
    assert [row["productId"] for row in own["items"]] == [pan["id"], pot["id"]]
    for row in own["items"]:
        check_members(row, (*STOCK, "name", "ownerUserId", *THRESHOLDS, "isLow"))
        assert row["ownerUserId"] == sam.id
        assert row["isLow"] == (row["availableQuantity"] <= row["effectiveLowStockThreshold"])
    low = sam.get("/inventory?lowStock=true").expect(200)
    assert [row["productId"] for row in low["items"]] == [pan["id"]]
    named = sam.get(f"/inventory?q={pot['name'].upper().replace(' ', '+')}").expect(200)
    assert [row["productId"] for row in named["items"]] == [pot["id"]]
    reply = sam.get("/inventory?page=2&pageSize=1")
    page = reply.expect(200)
    assert (page["page"], page["pageSize"], page["total"], page["totalPages"]) == (2, 1, 2, 2)
    assert reply.headers["X-Total-Count"] == "2" and 'rel="first"' in reply.headers["Link"]
    found = admin.get(f"/inventory?q={kettle['id']}").expect(200)["items"]
    assert kettle["id"] in [row["productId"] for row in found]


@pytest.mark.parametrize(
    "query", ["lowStock=yes", "page=0", "pageSize=101", "colour=red", "q=" + "x" * 181]
)
def test_a_list_refuses_what_it_does_not_know(maker: Person, query: str) -> None:
    check_error(maker.get(f"/inventory?{query}"), 400)


def test_an_order_s_life_shows_in_its_reservations(
    shop: Shop, admin: Person, maker: Person, kettle: dict
) -> None:
    order = shop.user("Buyer").buy(kettle, 3)

    def reserved() -> list[dict[str, Any]]:
        listed = maker.get(f"/inventory/reservations?orderId={order['id']}").expect(200)
        return [row for row in listed["reservations"] if row["productId"] == kettle["id"]]

    wait_until(lambda: [row["status"] for row in reserved()] == ["active"], "it is reserved")
    (row,) = reserved()
    check_members(row, RESERVATION)
    check_times(row)
    assert row["orderId"] == order["id"] and row["quantity"] == 3
    assert stock_of(shop, kettle)["reservedQuantity"] == 3
    for status in ("paid", "shipped"):
        admin.patch(f"/orders/{order['id']}/status", {"status": status}).expect(200)
    wait_until(lambda: [row["status"] for row in reserved()] == ["confirmed"], "it has left")
    stock = stock_of(shop, kettle)
    assert (stock["totalQuantity"], stock["reservedQuantity"]) == (7, 0)
    moved = maker.get(f"/inventory/{kettle['id']}/movements").expect(200)["movements"][0]
    assert (moved["cause"], moved["delta"], moved["orderId"]) == ("shipped", -3, order["id"])
    check_error(maker.get("/inventory/reservations?status=gone"), 400)


def test_a_cancelled_order_gives_its_units_back(shop: Shop, kettle: dict) -> None:
    buyer = shop.user("Buyer")
    order = buyer.buy(kettle, 10)
    wait_until(lambda: stock_of(shop, kettle)["availableQuantity"] == 0, "all are reserved")
    buyer.patch(f"/orders/{order['id']}/cancel").expect(200)
    wait_until(lambda: stock_of(shop, kettle)["availableQuantity"] == 10, "all are back")


def test_a_deleted_product_has_no_stock_to_show_or_set(
    shop: Shop, maker: Person, kettle: dict
) -> None:
    maker.delete(f"/products/{kettle['id']}").expect(200)
    target = f"/inventory/{kettle['id']}"
    wait_until(lambda: shop.anonymous.get(target).status == 404, "inventory has heard of it")
    check_error(maker.put(f"{target}/stock", {"totalQuantity": 1}), 404, "Product not found")
    assert maker.get(f"{target}/movements").expect(200)["count"] == 1


def test_the_books_of_the_whole_shop_add_up(shop: Shop) -> None:
    assert "adds up" in shop.server.run("inventory", "verify").stdout


# --- between services -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def inner(new_module_server: Callable[..., Server]) -> Shop:
    """A shop whose key between services is known."""
    env = {"INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET}
    return Shop(new_module_server(env=env).start())


def hold(
    shop: Shop, lines: list[tuple[dict, int]], placement: str | None = None, seconds: int = 900
) -> Reply:
    caller = Actor(
        shop.server, headers={"X-Internal-Token": tokens.between_services("inventory")}
    )
    body = {
        "lines": [{"productId": product["id"], "quantity": units} for product, units in lines],
        "holdSeconds": seconds,
    }
    target = f"/internal/holds/{placement or uuid.uuid4()}"
    return caller.put(target, body, service="inventory")


def test_a_hold_is_for_services_and_for_the_right_one(inner: Shop) -> None:
    product = inner.stocked(inner.product(stockQuantity=5))
    for token in (
        None,
        tokens.between_services("order"),
        tokens.between_services("inventory", "another-secret-between-services-0123456789"),
    ):
        headers = {"X-Internal-Token": token} if token else {}
        body = {"lines": [{"productId": product["id"], "quantity": 1}], "holdSeconds": 60}
        reply = Actor(inner.server, headers=headers).put(
            f"/internal/holds/{uuid.uuid4()}", body, service="inventory"
        )
        check_error(reply, 401, "Unauthorized")
    assert stock_of(inner, product)["reservedQuantity"] == 0


def test_a_hold_is_all_or_nothing_and_the_same_twice(inner: Shop) -> None:
    mug = inner.stocked(inner.product(stockQuantity=5))
    pan = inner.stocked(inner.product(stockQuantity=1))
    placement = str(uuid.uuid4())
    refused = hold(inner, [(mug, 2), (pan, 2)], placement)
    assert refused.status == 409
    assert refused.json == {
        "state": "refused",
        "shortages": [{"productId": pan["id"], "requested": 2, "available": 1}],
    }
    assert stock_of(inner, mug)["reservedQuantity"] == 0
    held = hold(inner, [(mug, 2), (pan, 1)], placement)
    assert held.status == 201
    assert list(held.json) == ["placementId", "state", "heldUntil"]
    assert held.json["placementId"] == placement and held.json["state"] == "held"
    assert hold(inner, [(mug, 2), (pan, 1)], placement).status == 200
    check_error(hold(inner, [(mug, 1)], placement), 422)
    assert stock_of(inner, mug)["reservedQuantity"] == 2


def test_of_a_hundred_holds_on_the_last_unit_one_wins(inner: Shop) -> None:
    last = inner.stocked(inner.product(stockQuantity=1))
    replies = at_once(100, lambda _: hold(inner, [(last, 1)]))
    assert sorted(reply.status for reply in replies) == [201] + [409] * 99
    assert stock_of(inner, last)["availableQuantity"] == 0


def test_a_hold_survives_kill_9_and_lapses_on_time(inner: Shop) -> None:
    mug = inner.stocked(inner.product(stockQuantity=5))
    assert hold(inner, [(mug, 5)], seconds=3).status == 201
    inner.server.kill()
    inner.server.restart()
    inner.stocked(mug)
    wait_until(lambda: stock_of(inner, mug)["reservedQuantity"] == 0, "the hold lapsed")
    assert "adds up" in inner.server.run("inventory", "verify").stdout
