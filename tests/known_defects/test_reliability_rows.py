"""known-defects.md, R12-R39: what the Node.js system gets wrong about money, carts, events and
limits. One test a row.
"""

import time

import pytest

from conftest import NewServer
from lib import events, mail, raw, store
from lib.parallel import at_once
from lib.server import SERVICES
from lib.shapes import check_error
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, unique
from lib.timing import again_when_late, felt
from lib.waiting import wait_until


def test_r12_one_cart_line_could_be_ordered_any_number_of_times(shop: Shop, mug: dict) -> None:
    person = shop.user()
    person.add(mug, 2)
    person.order(mug)
    for _ in range(5):
        check_error(person.post("/orders/me", {"productId": mug["id"]}), 400)
    assert person.get("/orders/me").expect(200)["count"] == 1


def test_r13_a_retried_add_doubled_the_quantity_and_a_retried_order_made_a_second(
    shop: Shop, mug: dict
) -> None:
    person = shop.user()
    for path in ("/carts/me/items", "/orders/me"):
        replies = [
            person.post(
                path, {"productId": mug["id"], "quantity": 1}, headers={"Idempotency-Key": "retry"}
            )
            for _ in range(3)
        ]
        assert [reply.status for reply in replies] == [201] * 3 and len(
            {reply.body for reply in replies}
        ) == 1
    assert person.get("/orders/me").expect(200)["count"] == 1


def test_r14_a_user_was_committed_and_the_event_lost_with_the_process(
    new_server: NewServer,
) -> None:
    server = new_server().start()
    person = Shop(server).sign_up()
    server.kill()
    server.restart()
    event = events.wait_for(server, "USER_CREATED", person.id)
    for service in ("cart", "order"):
        wait_until(
            lambda s=service: store.places_of(store.file_of(server, s), event.id),
            f"{service} has heard",
        )


def test_r15_a_consumer_that_started_late_missed_what_was_before_it(new_server: NewServer) -> None:
    server = new_server(services=["user"]).start()
    early = Shop(server).sign_up()
    event = events.wait_for(server, "USER_CREATED", early.id)
    server.stop()
    server.services = ()
    server.start()
    wait_until(
        lambda: store.places_of(store.file_of(server, "order"), event.id),
        "order has heard of the early user",
    )


def test_r16_signing_up_again_with_an_address_given_up_blocked_every_later_user(shop: Shop) -> None:
    address = fresh_email("contested")
    first = shop.user("First", email=address)
    first.put(
        f"/users/{first.id}", {"email": fresh_email("moved"), "oldPassword": PASSWORD}
    ).expect(200)
    second = shop.user("Second", email=address)
    second.delete(f"/users/{second.id}").expect(200)
    third = shop.user("Third", email=address)
    behind = [shop.user("Behind") for _ in range(6)]
    for person in (third, *behind):
        event = events.wait_for(shop.server, "USER_CREATED", person.id)
        for service in ("cart", "order"):
            wait_until(
                lambda s=service, e=event.id: store.places_of(store.file_of(shop.server, s), e),
                f"{service} hears",
            )
        assert person.cart()["userId"] == person.id
    assert events.dead(shop.server) == []


def test_r17_a_new_user_overwrote_the_projection_of_the_one_before_with_that_address(
    shop: Shop, admin: Person
) -> None:
    address = fresh_email("heir")
    first = shop.user("First", email=address)
    admin.put(f"/users/{first.id}", {"role": "supplier"}).expect(200)
    admin.put(f"/users/{first.id}", {"email": fresh_email("elsewhere")}).expect(200)
    second = shop.user("Second", email=address)
    event = events.wait_for(shop.server, "USER_CREATED", second.id)
    wait_until(
        lambda: store.places_of(store.file_of(shop.server, "cart"), event.id),
        "cart has heard of the second",
    )
    wait_until(
        lambda: first.post("/carts/me/items", {}).status == 403,
        "the first is still a supplier",
    )
    check_error(second.post("/carts/me/items", {}), 400, "Invalid productId")


@again_when_late
def test_r18_changes_blocks_and_deletions_reached_no_other_service(
    shop: Shop, admin: Person
) -> None:
    blocked, deleted = shop.user(), shop.user()
    admin.put(f"/users/{blocked.id}", {"accountStatus": "blocked"}).expect(200)
    admin.delete(f"/users/{deleted.id}").expect(200)
    for person in (blocked, deleted):
        for path in ("/carts/me", "/orders/me"):
            felt(lambda p=person, at=path: p.get(at).status == 401, f"{path} knows")
    for event_type, person in (("USER_UPDATED", blocked), ("USER_DELETED", deleted)):
        assert events.wait_for(shop.server, event_type, person.id)


def test_r19_an_old_event_seen_again_regressed_the_role(new_server: NewServer) -> None:
    server = new_server().start()
    shop = Shop(server)
    person = shop.user()
    shop.as_admin().put(f"/users/{person.id}", {"role": "supplier"}).expect(200)
    wait_until(lambda: person.post("/carts/me/items", {}).status == 403, "cart knows the new role")
    for _ in range(2):
        server.kill()
        server.restart()
        assert person.post("/carts/me/items", {}).status == 403
    mine = [
        event
        for event in events.listed(server)
        if event.key == str(person.id) and event.topic == "user-events"
    ]
    versions = [
        int(event.headers["aggregateVersion"])
        for event in sorted(mine, key=lambda event: event.offset)
    ]
    assert versions == sorted(versions)


def test_r20_there_was_no_place_for_dead_letters(shop: Shop) -> None:
    for command in ("list", "replay", "drop"):
        assert shop.server.run("events", "dead", command, "--help").returncode == 0


def test_r21_nothing_listened_until_a_broker_was_there(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    assert Actor(server).get("/health", service="cart").status == 200


def test_r22_health_was_always_ok_and_there_was_no_readiness(shop: Shop) -> None:
    for service in SERVICES:
        assert shop.anonymous.get("/health", service=service).status == 200
        assert len(str(shop.anonymous.get("/ready", service=service).expect(200))) > 20


def test_r23_an_open_connection_held_up_the_shutdown_for_ever(new_server: NewServer) -> None:
    server = new_server().start()
    with raw.connect(server.ports["order"]) as idle:
        idle.sendall(raw.request("GET", "/health"))
        raw.read_answers(idle, 1)
        began = time.monotonic()
        # An idle connection may stay for a minute.
        assert server.stop() == 0 and time.monotonic() - began < 30


def test_r24_session_checks_of_all_services_shared_one_limit(new_server: NewServer) -> None:
    server = new_server(env={"RATE_LIMIT_MAX": "30"}).start()
    person = Shop(server).user()
    replies = [person.get(path) for _ in range(25) for path in ("/carts/me", "/orders/me")]
    assert {reply.status for reply in replies} == {200}
    assert person.get("/auth/session").status == 200


def test_r25_a_user_service_that_refused_made_every_service_refuse(new_server: NewServer) -> None:
    server = new_server(env={"USER_RATE_LIMIT_MAX": "3"}).start()
    person = Shop(server).user()
    person.get("/auth/session")
    check_error(person.get("/auth/session"), 429)
    for path in ("/carts/me", "/orders/me"):
        person.get(path).expect(200)


def test_r29_lists_were_unbounded(shop: Shop, admin: Person) -> None:
    for actor, path, rows in (
        (admin, "/auth/users", None),
        (admin, "/orders", "orders"),
        (admin, "/products", "products"),
        (admin, "/categories", "categories"),
    ):
        reply = actor.get(path)
        body = reply.expect(200)
        assert len(body[rows] if rows else body) <= 100 and "X-Total-Count" in reply.headers


def test_r30_a_page_number_broke_the_statement(shop: Shop, admin: Person) -> None:
    for path in (
        "/auth/users",
        "/orders",
        "/products",
        "/categories",
        "/orders/me",
        f"/orders/user/{admin.id}",
    ):
        body = admin.get(f"{path}?page=1&pageSize=1").expect(200)
        assert body["count"] <= 1 and body["pageSize"] == 1, path
        assert admin.get(f"{path}?page=100000&pageSize=100").expect(200)["count"] == 0


@pytest.mark.parametrize("price", ["1.005", "8.575", "10.235", 1.005, 8.575, 10.235])
def test_r31_money_was_rounded_by_binary_floats(shop: Shop, admin: Person, price: object) -> None:
    check_error(admin.post("/products", shop.product_fields(price=price)), 400)


def test_r31_sums_of_tenths_were_not_exact(shop: Shop) -> None:
    person = shop.user()
    for price in ("0.10", "0.20", "0.30"):
        person.add(shop.product(price=price), 7)
    assert b'"totalAmount":4.2,' in person.get("/carts/me").body
    assert b'"totalAmount":4.2,' in person.post("/orders/me/checkout").body


def test_r32_a_price_in_yen_was_billed_in_dollars(shop: Shop) -> None:
    person = shop.user()
    order = person.buy(shop.product(price=980, currency="JPY"))
    assert (order["currency"], order["totalAmount"]) == ("JPY", 980)
    assert person.get("/orders/me").expect(200)["orders"][0]["currency"] == "JPY"


def test_r33_an_order_used_the_price_of_long_ago(shop: Shop, admin: Person) -> None:
    person, product = shop.user(), shop.product(price=10)
    person.add(product)
    admin.put(
        f"/products/{product['id']}", shop.product_fields(name=product["name"], price=11)
    ).expect(200)
    wait_until(
        lambda: person.cart()["items"][0]["unitPrice"] == "11.00", "the cart shows today's price"
    )
    assert person.order(product)["totalAmount"] == 11


@pytest.mark.parametrize("value", [True, [5], "0x10", "1e3", " 1 ", 1.5])
def test_r34_numbers_were_coerced_from_anything(
    shop: Shop, alice: Person, admin: Person, value: object
) -> None:
    check_error(alice.post("/carts/me/items", {"productId": value}), 400, "Invalid productId")
    check_error(alice.post("/orders/me", {"productId": value}), 400, "Invalid productId")
    check_error(
        admin.post("/products", shop.product_fields(categoryId=value)),
        400,
        "Valid categoryId is required",
    )


def test_r34_names_without_latin_letters_were_refused_and_collided(
    shop: Shop, admin: Person
) -> None:
    arabic, chinese = shop.product(name=unique("قهوة")), shop.product(name=unique("咖啡"))
    assert arabic["slug"] != chinese["slug"]
    assert admin.post("/categories", {"name": unique("书")}).status == 201


def test_r34_lengths_and_formats_reached_the_database(shop: Shop) -> None:
    for fields in (
        {"email": "nonsense"},
        {"name": "x" * 151},
        {"email": "a" * 300 + "@example.com"},
    ):
        body = {"name": "A", "email": fresh_email(), "password": PASSWORD, **fields}
        check_error(shop.anonymous.post("/auth/signup", body), 400)


def test_r36_the_time_zone_of_the_client_decided_when_a_code_lapsed(new_server: NewServer) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        server = new_server(zone.replace("/", "-"), env={"TZ": zone}).start()
        person = Shop(server).sign_up()
        code = mail.ask_for_code(server, person.email)
        mail.reset(server, person.email, code, PASSWORD + "-2").expect(200)


def test_r37_the_request_id_of_the_caller_was_thrown_away(
    shop: Shop, alice: Person, mug: dict
) -> None:
    reply = alice.post(
        "/carts/me/items", {"productId": mug["id"]}, headers={"X-Request-Id": "one-id-for-all-hops"}
    )
    assert reply.headers["X-Request-Id"] == "one-id-for-all-hops"


def test_r38_a_new_users_cart_was_not_there_yet(shop: Shop) -> None:
    for _ in range(5):
        assert shop.user().get("/carts/me").status == 200


def test_r39_there_were_no_migrations(new_server: NewServer) -> None:
    server = new_server()
    server.run("migrate")
    server.run("migrate")
    for path in store.files(server):
        assert any("migration" in table for table in store.tables(path)), path.name


def test_first_adds_by_different_users_at_one_moment_deadlocked(shop: Shop) -> None:
    product, people = shop.product(stockQuantity=50), [shop.user() for _ in range(8)]
    assert {
        reply.status
        for reply in at_once(
            8, lambda n: people[n].post("/carts/me/items", {"productId": product["id"]})
        )
    } == {201}
