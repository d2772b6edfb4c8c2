"""One shop as several processes that know each other by Kafka and HTTP alone."""

from lib import store
from lib.http import Transport
from lib.kafka import Kafka
from lib.kafka_clients import NewKafkaServer
from lib.server import PATIENT, SERVICES, Server
from lib.shop import Shop
from lib.waiting import wait_until


def apart(kafka: Kafka, on_kafka: NewKafkaServer) -> tuple[Server, Server]:
    """user, product, cart and inventory in one process, order in another."""
    shared = {"INTERNAL_TOKEN_SECRET": "between-services-0123456789abcdef-0123", **PATIENT}
    front = on_kafka(kafka, "front", ("user", "product", "cart", "inventory"), "apart", shared)
    back = on_kafka(kafka, "back", ("order",), "apart", shared)
    for name in SERVICES:
        runs_at = back if name == "order" else front
        address = f"http://127.0.0.1:{runs_at.ports[name]}"
        front.env[f"{name.upper()}_SERVICE_URL"] = back.env[f"{name.upper()}_SERVICE_URL"] = address
    front.transport = Transport({**front.ports, "order": back.ports["order"]})
    return front.start(), back.start()


def test_an_order_in_another_process_takes_its_units_from_the_cart(
    kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    front, back = apart(kafka, on_kafka)
    shop = Shop(front)
    person, product = shop.user(), shop.product(stockQuantity=100)
    person.add(product, 5)
    order = person.order(product, 2)
    assert order["userId"] == person.id

    def left() -> list[int]:
        return [item["quantity"] for item in person.cart()["items"]]

    wait_until(lambda: left() == [3], "the cart has heard of the order")
    back.kill()
    shop.as_admin().put(f"/users/{person.id}", {"accountStatus": "blocked"}).expect(200)
    back.restart()
    front.transport.forget_connections()
    wait_until(
        lambda: person.get("/orders/me").status == 401,
        "the other process has heard that the account is blocked",
    )
    assert "events_stay_in_this_process" not in front.log + back.log
    for server in (front, back):
        wait_until(lambda s=server: store.waiting_in_outboxes(s) == 0, "the outboxes are empty")


def test_an_order_in_another_process_keeps_the_address_it_goes_to(
    kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    front, back = apart(kafka, on_kafka)
    shop = Shop(front)
    person, other, product = shop.user(), shop.user("Bob"), shop.product(stockQuantity=10)
    home = {"name": "Alice Doe", "line1": "1 Main St", "city": "Berlin", "country": "DE"}
    made = person.post(f"/users/{person.id}/addresses", home).expect(201)
    strange = other.post(f"/users/{other.id}/addresses", home).expect(201)
    person.add(product, 2)
    refused = person.post("/orders/me/checkout", {"addressId": strange["id"]})
    assert (refused.status, refused.json["message"]) == (404, "Address not found")
    order = person.post("/orders/me/checkout", {"addressId": made["id"]}).expect(201)
    assert order["shippingAddress"] == {
        **{key: made[key] for key in ("id", "name", "line1", "line2", "city", "region")},
        **{key: made[key] for key in ("postalCode", "country", "phone")},
    }
    person.delete(f"/users/{person.id}").expect(200)
    admin = shop.as_admin()
    wait_until(
        lambda: admin.get(f"/orders/{order['id']}").expect(200)["shippingAddress"] is None,
        "the other process has heard that the account is deleted",
    )
    for server in (front, back):
        server.stop()
