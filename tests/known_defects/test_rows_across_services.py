"""known-defects.md, U4-U15: what goes wrong between the Node.js services. One test a row."""

import re

from conftest import NewServer
from lib import events, mail, store
from lib.server import SERVICES
from lib.shapes import check_error
from lib.shop import Actor, Person, Shop
from lib.waiting import wait_until


def test_u4_a_retried_event_was_a_new_event(new_server: NewServer) -> None:
    server = new_server().start()
    person = Shop(server).sign_up()
    first = events.wait_for(server, "USER_CREATED", person.id)
    for _ in range(2):
        server.kill()
        server.restart()
    assert {event.id for event in events.of_type(server, "USER_CREATED", person.id)} == {first.id}


def test_u6_ordering_did_not_touch_the_cart(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.buy(mug, 2)
    wait_until(lambda: person.cart()["items"] == [], "the ordered line leaves the cart")


def test_u9_internal_routes_were_only_hidden(shop: Shop) -> None:
    for service in SERVICES:
        for method, path in (
            ("GET", "/internal/orders/1/exists"),
            ("PUT", "/internal/products/1"),
            ("DELETE", "/internal/products/1"),
        ):
            assert shop.anonymous.send(method, path, service=service).status in (401, 404, 405)


def test_u10_every_request_asked_the_user_service(shop: Shop, alice: Person) -> None:
    def sessions() -> int:
        return shop.anonymous.get("/metrics", service="user").expect(200)["requestsTotal"]

    before = sessions()
    for _ in range(20):
        alice.get("/carts/me").expect(200)
        alice.get("/orders/me").expect(200)
    assert sessions() - before <= 2


def test_u11_each_service_logged_an_id_of_its_own(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.add(mug)
    person.post(
        "/orders/me", {"productId": mug["id"]}, headers={"X-Request-Id": "u11-one-order"}
    ).expect(201)
    wait_until(lambda: "u11-one-order" in shop.server.log, "the caller's id in the log")
    assert re.search(
        r"# TYPE",
        shop.anonymous.get("/metrics", service="order", headers={"Accept": "text/plain"}).text,
    )


def test_u12_users_behind_one_proxy_shared_a_limit_and_any_address_was_believed(
    new_server: NewServer,
) -> None:
    server = new_server(env={"RATE_LIMIT_MAX": "3", "TRUSTED_PROXIES": "127.0.0.1"}).start()
    for client in ("203.0.113.1", "203.0.113.2"):
        visitor = Actor(server, headers={"X-Forwarded-For": client})
        assert [visitor.get("/categories").status for _ in range(4)] == [200, 200, 200, 429]


def test_u13_money_went_through_floats(shop: Shop) -> None:
    person = shop.user()
    product = shop.product(price="1.15", stockQuantity=1000)
    person.add(product, 100)
    assert b'"totalAmount":115,' in person.get("/carts/me").body
    assert person.order(product)["totalAmount"] == 115
    (event,) = _orders_of(shop, person)
    assert event.data["totalMinor"] == 11_500


def _orders_of(shop: Shop, person: Person) -> list[events.Event]:
    def is_one(event: events.Event) -> bool:
        return event.type == "ORDER_CREATED" and event.data["userId"] == person.id

    return wait_until(
        lambda: list(filter(is_one, events.listed(shop.server))), "the person's order in the log"
    )


def test_u14_lists_without_an_end(shop: Shop, admin: Person) -> None:
    for path in ("/auth/users", "/products", "/orders", "/categories"):
        assert int(admin.get(path).headers["X-Total-Count"]) >= 0
        check_error(admin.get(f"{path}?pageSize=101"), 400)


def test_u15_there_was_no_count_of_wrong_codes(shop: Shop) -> None:
    person = shop.sign_up()
    code = mail.ask_for_code(shop.server, person.email)
    statuses = [
        mail.reset(shop.server, person.email, guess, "Another-Mule-9c1b").status
        for guess in ["999999"] * 5 + [code]
    ]
    assert statuses == [400] * 6 or code == "999999"


def test_every_database_is_sound_after_all_this(shop: Shop) -> None:
    store.check_sound(shop.server)
