"""wire-contract §7 and later-services §9: what is published, byte by byte where the contract fixes
it.
"""

import re
import uuid
from typing import Any

import pytest

from lib import events
from lib.shop import PASSWORD, Person, Shop, fresh_email, unique
from lib.waiting import wait_until

ENVELOPE = ["eventId", "eventType", "eventVersion", "occurredAt", "producer", "data"]


def check_envelope(
    event: events.Event, event_type: str, producer: str, topic: str
) -> dict[str, Any]:
    body = event.body
    assert list(body) == ENVELOPE
    assert uuid.UUID(body["eventId"]).version == 4
    assert (body["eventType"], body["eventVersion"], body["producer"]) == (event_type, 1, producer)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["occurredAt"])
    assert event.topic == topic
    headers = event.headers
    assert (headers["eventType"], headers["eventVersion"], headers["producer"]) == (
        event_type,
        "1",
        producer,
    )
    assert int(headers["aggregateVersion"]) >= 1
    return body["data"]


def test_a_sign_up_publishes_exactly_the_contracts_bytes(shop: Shop) -> None:
    person = shop.sign_up("Zoë 张")
    event = events.wait_for(shop.server, "USER_CREATED", person.id)
    check_envelope(event, "USER_CREATED", "user-service", "user-events")
    body = event.body
    assert event.key == str(person.id)
    assert event.value == (
        f'{{"eventId":"{body["eventId"]}","eventType":"USER_CREATED","eventVersion":1,'
        f'"occurredAt":"{body["occurredAt"]}","producer":"user-service",'
        f'"data":{{"id":{person.id},"name":"Zoë 张","email":"{person.email}","role":"user",'
        f'"accountStatus":"active"}}}}'
    )


def test_an_account_made_by_an_admin_is_published_once_with_its_role(
    shop: Shop, admin: Person
) -> None:
    body = {"name": "Sue", "email": fresh_email("sue"), "password": PASSWORD, "role": "supplier"}
    account = admin.post("/users", body).expect(201)
    assert events.wait_for(shop.server, "USER_CREATED", account["id"]).data == account
    assert len(events.of_type(shop.server, "USER_CREATED", account["id"])) == 1


def test_a_refused_sign_up_publishes_nothing(shop: Shop) -> None:
    taken = shop.sign_up()
    before = len(events.listed(shop.server))
    shop.anonymous.post(
        "/auth/signup", {"name": "X", "email": taken.email, "password": PASSWORD}
    ).expect(409)
    witness = shop.sign_up()
    events.wait_for(shop.server, "USER_CREATED", witness.id)
    mine = [
        event
        for event in events.listed(shop.server)[before:]
        if event.body["data"].get("email") == taken.email
    ]
    assert all(event.data["id"] == taken.id for event in mine)


def test_changes_of_an_account_are_published_in_order(shop: Shop, admin: Person) -> None:
    person = shop.user("Before")
    person.put(f"/users/{person.id}", {"name": "After"}).expect(200)
    admin.put(f"/users/{person.id}", {"role": "supplier"}).expect(200)
    admin.put(f"/users/{person.id}", {"accountStatus": "blocked"}).expect(200)
    admin.delete(f"/users/{person.id}").expect(200)
    events.wait_for(shop.server, "USER_DELETED", person.id)
    mine = sorted(
        (
            e
            for e in events.listed(shop.server)
            if e.topic == "user-events" and e.key == str(person.id)
        ),
        key=lambda e: e.offset,
    )
    assert len({event.partition for event in mine}) == 1
    assert [e.type for e in mine if e.type in ("USER_CREATED", "USER_UPDATED", "USER_DELETED")][
        :1
    ] == ["USER_CREATED"]
    versions = [
        int(event.headers["aggregateVersion"])
        for event in mine
        if event.type != "USER_SESSIONS_REVOKED"
    ]
    assert versions == sorted(versions)
    updated = [event for event in mine if event.type == "USER_UPDATED"]
    assert updated[0].data["name"] == "After" and updated[0].data["changed"] == ["name"]
    assert {key for event in updated for key in event.data["changed"]} >= {
        "name",
        "role",
        "accountStatus",
    }
    for event in updated:
        data = check_envelope(event, "USER_UPDATED", "user-service", "user-events")
        assert list(data)[:5] == ["id", "name", "email", "role", "accountStatus"]
        assert data["version"] == int(event.headers["aggregateVersion"])
    deleted = mine[-1]
    data = check_envelope(deleted, "USER_DELETED", "user-service", "user-events")
    assert {"id", "version", "sessionEpoch", "deletedAt"} <= set(data)
    assert "After" not in deleted.value and person.email not in deleted.value


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        (
            "password",
            lambda shop, who: who.post(
                "/auth/reset-password", {"oldPassword": PASSWORD, "newPassword": PASSWORD + "2"}
            ),
        ),
        (
            "email",
            lambda shop, who: who.put(
                f"/users/{who.id}", {"email": fresh_email("n"), "oldPassword": PASSWORD}
            ),
        ),
        ("logout", lambda shop, who: who.post("/auth/logout")),
        (
            "blocked",
            lambda shop, who: shop.as_admin().put(f"/users/{who.id}", {"accountStatus": "blocked"}),
        ),
    ],
)
def test_the_end_of_sessions_is_published_with_its_reason(
    shop: Shop, reason: str, act: Any
) -> None:
    person = shop.user()
    assert act(shop, person).status in (200, 204)
    event = events.wait_for(shop.server, "USER_SESSIONS_REVOKED", person.id)
    data = check_envelope(event, "USER_SESSIONS_REVOKED", "user-service", "user-events")
    assert data["id"] == person.id and data["reason"] == reason
    assert isinstance(data["sessionEpoch"], int) and data["sessionEpoch"] >= 1


def test_the_life_of_a_product_is_published(shop: Shop, admin: Person) -> None:
    product = shop.product(price="19.99", stockQuantity=7)
    created = events.wait_for(shop.server, "PRODUCT_CREATED", product["id"])
    data = check_envelope(created, "PRODUCT_CREATED", "product-service", "product-events")
    for name in ("id", "categoryId", "categoryName", "name", "slug", "description", "currency"):
        assert data[name] == product[name], name
    assert (data["price"], data["priceMinor"], data["initialStock"]) == (19.99, 1999, 7)
    assert (data["ownerUserId"], data["ownerRole"]) == (admin.id, "admin")
    assert data["primaryImageUrl"] == product["images"][0]["imageUrl"] and data["isActive"] in (
        1,
        True,
    )
    changed = shop.product_fields(name=product["name"], price="25", stockQuantity=7)
    admin.put(f"/products/{product['id']}", changed).expect(200)
    updated = events.wait_for(shop.server, "PRODUCT_UPDATED", product["id"])
    data = check_envelope(updated, "PRODUCT_UPDATED", "product-service", "product-events")
    assert data["priceMinor"] == 2500 and "price" in data["changed"] and "initialStock" not in data
    admin.delete(f"/products/{product['id']}")
    deleted = events.wait_for(shop.server, "PRODUCT_DELETED", product["id"])
    data = check_envelope(deleted, "PRODUCT_DELETED", "product-service", "product-events")
    assert data["id"] == product["id"]
    versions = [int(event.headers["aggregateVersion"]) for event in (created, updated, deleted)]
    assert versions == sorted(set(versions))


def test_the_life_of_a_category_is_published(shop: Shop, admin: Person) -> None:
    category = shop.category()
    key = f"category:{category['id']}"
    data = check_envelope(
        events.wait_for(shop.server, "CATEGORY_CREATED", key),
        "CATEGORY_CREATED",
        "product-service",
        "product-events",
    )
    assert (data["id"], data["name"], data["slug"]) == (
        category["id"],
        category["name"],
        category["slug"],
    )
    admin.put(f"/categories/{category['id']}", {"name": unique("Renamed")}).expect(200)
    events.wait_for(shop.server, "CATEGORY_UPDATED", key)
    admin.delete(f"/categories/{category['id']}")
    events.wait_for(shop.server, "CATEGORY_DELETED", key)


def test_the_life_of_an_order_is_published(shop: Shop, admin: Person, mug: dict) -> None:
    person = shop.user()
    line = person.add(mug, 2)["items"][0]
    order = person.order(mug)
    created = events.wait_for(shop.server, "ORDER_CREATED", order["id"])
    data = check_envelope(created, "ORDER_CREATED", "order-service", "order-events")
    assert (data["orderId"], data["userId"], data["status"]) == (order["id"], person.id, "pending")
    assert (data["currency"], data["totalAmount"], data["totalMinor"]) == ("USD", 39.98, 3998)
    item = data["items"][0]
    assert (item["cartItemId"], item["productId"], item["quantity"]) == (line["id"], mug["id"], 2)
    assert (item["orderItemId"], item["unitPrice"], item["lineTotal"]) == (
        order["items"][0]["id"],
        19.99,
        39.98,
    )
    for status, event_type in (
        ("paid", "ORDER_PAID"),
        ("shipped", "ORDER_SHIPPED"),
        ("delivered", "ORDER_DELIVERED"),
    ):
        admin.patch(f"/orders/{order['id']}/status", {"status": status}).expect(200)
        data = check_envelope(
            events.wait_for(shop.server, event_type, order["id"]),
            event_type,
            "order-service",
            "order-events",
        )
        assert (data["orderId"], data["userId"]) == (order["id"], person.id)
    admin.patch(f"/orders/{order['id']}/status", {"status": "delivered"}).expect(200)
    assert len(events.of_type(shop.server, "ORDER_DELIVERED", order["id"])) == 1, (
        "the same status again is no event"
    )


@pytest.mark.parametrize(("who", "reason"), [("customer", "customer"), ("admin", "admin")])
def test_a_cancellation_says_who_and_from_where(
    shop: Shop, admin: Person, mug: dict, who: str, reason: str
) -> None:
    person = shop.user()
    order = person.buy(mug)
    actor = person if who == "customer" else admin
    for _ in range(2):
        actor.patch(f"/orders/{order['id']}/cancel").expect(200)
    event = events.wait_for(shop.server, "ORDER_CANCELLED", order["id"])
    data = check_envelope(event, "ORDER_CANCELLED", "order-service", "order-events")
    assert (data["previousStatus"], data["reason"]) == ("pending", reason)
    assert len(events.of_type(shop.server, "ORDER_CANCELLED", order["id"])) == 1


def test_event_ids_are_unique_and_offsets_without_gaps(shop: Shop) -> None:
    wait_until(lambda: len(events.listed(shop.server)) > 5, "some events")
    rows = events.listed(shop.server)
    assert len({event.id for event in rows}) == len(rows)
    places: dict[tuple[str, int], list[int]] = {}
    for event in rows:
        places.setdefault((event.topic, event.partition), []).append(event.offset)
    for place, offsets in places.items():
        assert sorted(offsets) == list(range(min(offsets), min(offsets) + len(offsets))), place
