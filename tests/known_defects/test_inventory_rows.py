"""known-defects.md, N13, N17 and S10: what goes wrong in the Node.js inventory service itself."""

import re

import pytest

from conftest import NewServer
from lib.shapes import check_error
from lib.shop import Person, Shop
from lib.waiting import wait_until


def test_n13_deleting_a_product_never_reached_inventory_and_erased_its_history(
    shop: Shop, admin: Person
) -> None:
    product = shop.stocked(shop.product(stockQuantity=3))
    order = shop.user().buy(product, 2)
    target = f"/inventory/{product['id']}"
    wait_until(lambda: shop.anonymous.get(target).json["reservedQuantity"] == 2, "it is reserved")
    admin.delete(f"/products/{product['id']}").expect(200)
    wait_until(lambda: shop.anonymous.get(target).status == 404, "inventory has heard of it")
    kept = admin.get(f"/inventory/reservations?orderId={order['id']}").expect(200)
    assert [(row["quantity"], row["status"]) for row in kept["reservations"]] == [(2, "active")]
    assert admin.get(f"{target}/movements").expect(200)["count"] == 1
    for status in ("paid", "shipped"):
        admin.patch(f"/orders/{order['id']}/status", {"status": status}).expect(200)
    wait_until(
        lambda: admin.get(f"{target}/movements").json["count"] == 2, "the shipment is entered"
    )


@pytest.mark.parametrize(
    ("setting", "works"),
    [
        ({"LOW_STOCK_THRESHOLD": "0"}, True),
        ({"LOW_STOCK_THRESHOLD": "7"}, True),
        ({"LOW_STOCK_THRESHOLD": "-1"}, False),
        ({"LOW_STOCK_THRESHOLD": "few"}, False),
        ({"RESERVATION_SWEEP_INTERVAL_MS": "0"}, True),
    ],
    ids=str,
)
def test_n17_an_explicit_0_could_not_be_set_and_nonsense_was_not_refused(
    new_server: NewServer, setting: dict[str, str], works: bool
) -> None:
    server = new_server(env=setting)
    shown = server.run("config", "inventory", check=False)
    assert (shown.returncode == 0) == works
    if works and "LOW_STOCK_THRESHOLD" in setting:
        shown_as = rf"^LOW_STOCK_THRESHOLD +{setting['LOW_STOCK_THRESHOLD']} +environment "
        assert re.search(shown_as, shown.stdout, re.MULTILINE)


def test_s10_any_supplier_could_set_the_stock_of_any_product(
    shop: Shop, supplier: Person
) -> None:
    product = shop.stocked(shop.product(by=shop.supplier(), stockQuantity=3))
    target = f"/inventory/{product['id']}"
    check_error(supplier.put(f"{target}/stock", {"totalQuantity": 0}), 403, "Forbidden")
    check_error(
        supplier.post(f"{target}/adjustments", {"delta": -3, "reason": "lost"}), 403, "Forbidden"
    )
    assert shop.anonymous.get(target).expect(200)["totalQuantity"] == 3
