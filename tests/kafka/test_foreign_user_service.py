"""AUTH_MODE=remote, and mixed running: our product, cart and order services beside a user service
that is none of ours, which answers GET /auth/session and sends USER_CREATED as wire-contract.md has
them; and our user service before consumers that are none of ours.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lib import store
from lib.foreign_user_service import Account, ForeignUserService, user_created
from lib.kafka import Kafka
from lib.kafka_clients import NewKafkaServer, Reader, run_kafkajs, topic_of, write
from lib.server import Server
from lib.shapes import check_error
from lib.shop import Actor, Shop
from lib.waiting import wait_until

OURS = ("product", "cart", "order")
#: What each of ours answers to a customer with a token that is good.
ASKED = {
    "product": ("POST", "/categories", 403),
    "cart": ("GET", "/carts/me", 200),
    "order": ("GET", "/orders/me", 200),
}
#: What the contract lets a user service say against a token (wire-contract §2).
REFUSALS = (
    "Unauthorized",
    "jwt expired",
    "invalid signature",
    "Session expired, please login again",
    "Token expired after password change",
)


@pytest.fixture
def foreign() -> Iterator[ForeignUserService]:
    made = ForeignUserService()
    yield made
    made.close()


@pytest.fixture
def beside(kafka: Kafka, on_kafka: NewKafkaServer, foreign: ForeignUserService) -> Server:
    env = {
        "AUTH_MODE": "remote",
        "AUTH_TIMEOUT_MS": "20000",
        "USER_SERVICE_URL": foreign.url,
        "INTERNAL_TOKEN_SECRET": "ours-among-themselves-0123456789abcdef",
    }
    return on_kafka(kafka, "ours", OURS, env=env).start()


def ask(server: Server, service: str, token: str) -> Any:
    method, target, _ = ASKED[service]
    return Actor(server, token).send(method, target, {} if method == "POST" else ...)


def product_of(server: Server, admin: str) -> dict[str, Any]:
    shop = Shop(server)
    shop._admin = Actor(server, admin)  # type: ignore[assignment]
    return shop.product(price="4.50", stockQuantity=100)


def test_a_shop_beside_a_foreign_user_service_sells(
    beside: Server, foreign: ForeignUserService, kafka: Kafka
) -> None:
    admin, token = foreign.sign_up(1, "Ada", "admin"), foreign.sign_up(2, "Frida")
    mug = product_of(beside, admin)
    buyer = Actor(beside, token)
    # Not a word about the account has come by Kafka yet.
    buyer.post("/carts/me/items", {"productId": mug["id"], "quantity": 3}).expect(201)
    order = buyer.post("/orders/me", {"productId": mug["id"], "quantity": 2}).expect(201)
    assert (order["userId"], order["totalAmount"]) == (2, 9)
    wait_until(
        lambda: [item["quantity"] for item in buyer.get("/carts/me").expect(200)["items"]] == [1],
        "the cart has heard of the order",
    )
    chief = Actor(beside, admin)
    paid = chief.patch(f"/orders/{order['id']}/status", {"status": "paid"}).expect(200)
    assert paid["status"] == "paid"
    check_error(buyer.get("/carts/1"), 403, "Forbidden")

    # Somebody who never called is known by the event alone.
    write(kafka, topic_of(beside, "user"), user_created(Account(3, "Zoë 张", "zoe@example.com")))
    cart = wait_until(
        lambda: next((r.json for r in [chief.get("/carts/3")] if r.status == 200), None), "cart 3"
    )
    assert (cart["userId"], cart["items"]) == (3, [])


def test_what_the_foreign_service_refuses_is_refused_at_the_next_request_in_its_words(
    beside: Server, foreign: ForeignUserService
) -> None:
    for number, words in enumerate(REFUSALS, start=10):
        token = foreign.sign_up(number)
        for service in OURS:
            assert ask(beside, service, token).status == ASKED[service][2]
        foreign.end(token, words)  # A block, a new password, a logout: the same to us.
        for service in OURS:
            check_error(ask(beside, service, token), 401, words)


def test_a_change_of_role_counts_at_the_next_request(
    beside: Server, foreign: ForeignUserService
) -> None:
    token = foreign.sign_up(20)
    somebody = Actor(beside, token)
    check_error(somebody.post("/categories", {"name": "Kitchen"}), 403, "Forbidden")
    assert somebody.get("/orders/user/21").status == 403
    foreign.accounts[20].role = "admin"
    somebody.post("/categories", {"name": "Kitchen"}).expect(201)
    assert somebody.get("/orders/user/21").expect(200)["count"] == 0
    foreign.accounts[20].role = "user"
    check_error(somebody.post("/categories", {"name": "Garden"}), 403, "Forbidden")


def test_every_request_asks_and_no_answer_is_kept(
    beside: Server, foreign: ForeignUserService
) -> None:
    token = foreign.sign_up(30)
    for service in OURS:
        before = len(foreign.asked)
        for _ in range(4):
            assert ask(beside, service, token).status == ASKED[service][2]
        assert foreign.asked[before:] == [f"Bearer {token}"] * 4
    # Who shows nothing is not asked about.
    before = len(foreign.asked)
    assert Actor(beside).get("/orders/me").status == 401
    assert Actor(beside).get("/products").status == 200
    assert len(foreign.asked) == before


@pytest.mark.parametrize(
    ("status", "words", "answered"),
    [
        (429, "Too many requests, please try again later.", 429),
        (500, "Internal server error", 502),
        (200, "no user in it", 502),
    ],
    ids=["too many", "broken", "nonsense"],
)
def test_what_is_no_judgement_of_the_token_is_none_of_ours(
    beside: Server, foreign: ForeignUserService, status: int, words: str, answered: int
) -> None:
    token = foreign.sign_up(40)
    foreign.instead = (status, {"message": words})
    for service in OURS:
        reply = ask(beside, service, token)
        assert reply.status == answered
        if answered == 429:
            assert (reply.message, reply.headers["Retry-After"]) == (words, "7")
        else:
            check_error(reply, 502, "Auth service unavailable")


def test_while_the_foreign_service_is_away_it_is_the_contracts_502_and_browsing_goes_on(
    beside: Server, foreign: ForeignUserService
) -> None:
    mug = product_of(beside, foreign.sign_up(50, "Ada", "admin"))
    token = foreign.sign_up(51)
    foreign.close()
    for service in OURS:
        check_error(ask(beside, service, token), 502, "Auth service unavailable")
    assert Actor(beside).get(f"/products/{mug['id']}").expect(200)["id"] == mug["id"]
    assert Actor(beside).get("/ready", service="cart").status == 200
    foreign.back()
    for service in OURS:
        wait_until(
            lambda s=service: ask(beside, s, token).status == ASKED[s][2],
            f"{service} believes it again",
        )


# --- fed by a foreign producer --------------------------------------------------------------------


def accounts(server: Server, service: str) -> dict[int, tuple[Any, ...]]:
    rows = store.query(
        store.file_of(server, service), "SELECT user_id, name, role, status, version FROM accounts"
    )
    return {row[0]: row[1:] for row in rows}


def test_cart_and_order_follow_a_foreign_producer_whatever_it_repeats_and_in_any_order(
    beside: Server, foreign: ForeignUserService, kafka: Kafka
) -> None:
    topic = topic_of(beside, "user")
    early, middle, late = (f"2026-11-22T19:27:4{second}.021Z" for second in (0, 1, 2))
    first = Account(60, "Olga", "olga@example.com")
    later = Account(60, "Olga Late", "olga@example.com", "supplier", "blocked")
    between = Account(60, "Olga Middle", "olga@example.com", "admin")
    again = user_created(first, "6a0f7a42-6a2e-4a6f-9f4e-0c5f4f5d5a60", early)
    write(kafka, topic, again, again)  # The same message twice,
    write(kafka, topic, user_created(first, at=early))  # the same told by another message,
    write(kafka, topic, user_created(later, at=late), user_created(between, at=middle))
    write(kafka, topic, user_created(Account(61, "Last", "last@example.com"), at=early))
    for service in ("cart", "order"):
        wait_until(lambda s=service: 61 in accounts(beside, s), f"{service} heard the last one")
        # The latest by occurredAt, not by arrival; nothing came that has a version.
        wait_until(
            lambda s=service: (
                accounts(beside, s).get(60) == ("Olga Late", "supplier", "blocked", None)
            ),
            f"{service} knows what was last",
        )
        inbox = store.query(
            store.file_of(beside, service), "SELECT COUNT(*), COUNT(DISTINCT event_id) FROM inbox"
        )
        assert inbox == [(5, 5)]
        letters = store.query(store.file_of(beside, service), "SELECT COUNT(*) FROM dead_letters")
        assert letters == [(0,)]
    carts = store.query(store.file_of(beside, "cart"), "SELECT user_id FROM carts ORDER BY user_id")
    assert carts == [(60,), (61,)]


def test_an_address_given_up_and_taken_by_another_account_stops_nobody(
    beside: Server, foreign: ForeignUserService, kafka: Kafka
) -> None:
    topic = topic_of(beside, "user")
    same = "shared@example.com"
    records = [user_created(Account(number, "Sam", same)) for number in (70, 71, 72)]
    write(kafka, topic, *records)
    chief = Actor(beside, foreign.sign_up(73, "Ada", "admin"))
    for number in (70, 71, 72):
        wait_until(lambda n=number: chief.get(f"/carts/{n}").status == 200, f"cart of {number}")
        for service in ("cart", "order"):
            wait_until(
                lambda s=service, n=number: n in accounts(beside, s), f"{service} knows {number}"
            )


# --- our user service before foreign consumers ----------------------------------------------------


def test_consumers_by_the_contracts_rule_hear_of_each_account_once_and_stumble_over_nothing(
    kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    shop = Shop(on_kafka(kafka).start())
    people = [shop.sign_up("Zoë 张"), shop.member("supplier"), shop.user()]
    admin = shop.as_admin()
    # What else our user service tells on the topic is passed over by a consumer of the contract.
    admin.put(f"/users/{people[0].id}", {"name": "Zoe", "role": "supplier"}).expect(200)
    admin.put(f"/users/{people[1].id}", {"accountStatus": "blocked"}).expect(200)
    people[2].post("/auth/logout", {}).expect(200, 204)
    admin.delete(f"/users/{people[2].id}").expect(200)
    last = shop.sign_up("Last")
    topic = topic_of(shop.server, "user")
    expected = {account["id"]: account for account in (p.account for p in (*people, last))}
    told = run_kafkajs(
        """
        const consumer = kafka.consumer({ groupId: given.group });
        await consumer.connect();
        await consumer.subscribe({ topic: given.topic, fromBeginning: true });
        const seen = []; let passed = 0;
        await new Promise(done => consumer.run({ eachMessage: async ({ message }) => {
            // Of each at least so many; and what comes too often comes soon.
            const tell = () => {
                if (seen.length >= given.count && passed >= given.passed) setTimeout(done, 500);
            };
            // wire-contract §7: type or event, data or payload, userId or id; the rest is skipped.
            const event = JSON.parse(message.value.toString());
            const data = event.data || event.payload;
            if ((event.eventType || event.event) !== 'USER_CREATED') { passed++; tell(); return; }
            const id = Number(data.userId || data.id);
            const headers = Object.fromEntries(Object.entries(message.headers)
                .map(([name, value]) => [name, value.toString()]));
            seen.push({ id, key: message.key.toString(), headers,
                value: message.value.toString() });
            tell();
        } }));
        await consumer.disconnect();
        console.log(JSON.stringify({ seen, passed }));
        """,
        brokers=[kafka.address],
        topic=topic,
        group=f"node-{topic}",
        count=len(expected) + 1,  # And the administrator.
        passed=4,
    )
    assert told["passed"] >= 4
    assert sorted(one["id"] for one in told["seen"]) == sorted([*expected, admin.id])
    for one in told["seen"]:
        event = json.loads(one["value"])
        assert list(event) == [
            "eventId",
            "eventType",
            "eventVersion",
            "occurredAt",
            "producer",
            "data",
        ]
        assert list(event["data"]) == ["id", "name", "email", "role", "accountStatus"]
        assert one["key"] == str(one["id"])
        assert one["headers"]["eventType"] == "USER_CREATED"
        assert one["headers"]["eventVersion"] == "1"
        assert one["headers"]["producer"] == "user-service"
        if one["id"] in expected:
            assert event["data"] == expected[one["id"]]
    # The bytes are the same to another library.
    reader = Reader(kafka, topic)
    values = {one["value"] for one in told["seen"]}
    for _ in range(len(values) + told["passed"]):
        values.discard(reader.next().value().decode())
    assert values == set()
