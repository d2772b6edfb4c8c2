"""wire-contract §7: what other people's clients see of our records, and what we make of theirs."""

import json
import re
import uuid
from typing import Any

import confluent_kafka as confluent
import pytest
from confluent_kafka.admin import AdminClient

from lib import events, store
from lib.kafka import Kafka
from lib.kafka_clients import NewKafkaServer, Reader, run_kafkajs, topic_of, write
from lib.server import Server
from lib.shop import Shop
from lib.waiting import wait_until


@pytest.fixture
def shop(kafka: Kafka, on_kafka: NewKafkaServer) -> Shop:
    return Shop(on_kafka(kafka).start())


def value_of(account: dict[str, Any], event_id: str, at: str) -> bytes:
    return (
        f'{{"eventId":"{event_id}","eventType":"USER_CREATED","eventVersion":1,'
        f'"occurredAt":"{at}","producer":"user-service",'
        f'"data":{{"id":{account["id"]},"name":"{account["name"]}","email":"{account["email"]}",'
        f'"role":"user","accountStatus":"active"}}}}'
    ).encode()


def test_a_sign_up_is_one_record_with_the_contracts_key_headers_and_value(
    kafka: Kafka, shop: Shop
) -> None:
    account = shop.sign_up("Zoë 张").account
    record = Reader(kafka, topic_of(shop.server, "user")).next()
    body = json.loads(record.value())
    assert record.key() == str(account["id"]).encode()
    assert uuid.UUID(body["eventId"]).version == 4
    assert record.value() == value_of(account, body["eventId"], body["occurredAt"])
    headers = record.headers()
    assert headers[:4] == [
        ("eventType", b"USER_CREATED"),
        ("eventVersion", b"1"),
        ("producer", b"user-service"),
        ("aggregateVersion", b"1"),
    ]
    rest = dict(headers[4:])
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", rest.pop("traceparent"))
    assert rest == {"content-type": b"application/json"}


def test_kafkajs_reads_it_and_gives_a_key_the_same_partition(kafka: Kafka, shop: Shop) -> None:
    people = [shop.sign_up() for _ in range(6)]
    topic = topic_of(shop.server, "user")
    seen = run_kafkajs(
        """
        const producer = kafka.producer();
        await producer.connect();
        const sent = {};
        for (const id of given.ids) {
            const [told] = await producer.send({ topic: given.topic, acks: -1,
                messages: [{ key: id, value: 'from kafkajs' }] });
            sent[id] = told.partition;
        }
        await producer.disconnect();
        const consumer = kafka.consumer({ groupId: given.group });
        await consumer.connect();
        await consumer.subscribe({ topic: given.topic, fromBeginning: true });
        const read = {};
        await new Promise(done => consumer.run({ eachMessage: async ({ partition, message }) => {
            if (message.value.toString() === 'from kafkajs') return;
            read[message.key.toString()] = { partition, value: message.value.toString(),
                type: message.headers.eventType.toString() };
            if (Object.keys(read).length === given.ids.length) done();
        } }));
        await consumer.disconnect();
        console.log(JSON.stringify({ sent, read }));
        """,
        brokers=[kafka.address],
        topic=topic,
        group=f"node-{topic}",
        ids=[str(person.id) for person in people],
    )
    for person in people:
        record = seen["read"][str(person.id)]
        assert record["type"] == "USER_CREATED"
        assert json.loads(record["value"])["data"] == person.account
        assert record["partition"] == seen["sent"][str(person.id)]


def foreign_user(number: int, **more: Any) -> dict[str, Any]:
    return {
        "eventId": str(uuid.uuid4()),
        "eventType": "USER_CREATED",
        "eventVersion": 1,
        "occurredAt": "2026-11-22T19:27:40.021Z",
        "producer": "user-service",
        "data": {
            "id": number,
            "name": "Frank",
            "email": f"frank{number}@example.com",
            "role": "user",
            "accountStatus": "active",
        },
        **more,
    }


def heard_of(server: Server, number: int) -> None:
    """The cart service knows the account: its admin may look at the cart."""
    admin = Shop(server).as_admin()
    path = store.file_of(server, "cart")
    wait_until(
        lambda: (number,) in store.query(path, "SELECT user_id FROM accounts"),
        f"account {number} in the cart service",
    )
    assert admin.get(f"/carts/{number}").expect(200)["userId"] == number


def test_what_a_node_service_writes_is_applied(kafka: Kafka, shop: Shop) -> None:
    record = foreign_user(9001, event="USER_CREATED")
    headers = {"eventType": "USER_CREATED", "eventVersion": "1", "producer": "user-service"}
    run_kafkajs(
        """
        const producer = kafka.producer();
        await producer.connect();
        await producer.send({ topic: given.topic, messages: [given.message] });
        await producer.disconnect();
        console.log('{}');
        """,
        brokers=[kafka.address],
        topic=topic_of(shop.server, "user"),
        message={"key": "9001", "value": json.dumps(record), "headers": headers},
    )
    heard_of(shop.server, 9001)


def test_records_that_are_no_events_are_set_aside_and_stop_nothing(
    kafka: Kafka, shop: Shop
) -> None:
    strange = [
        {"value": None},
        {"value": b"null"},
        {"value": b"\xff\xfe", "headers": [("eventType", None), ("x", b"\x00\xff\r\n:%")]},
        {"value": b"{}", "key": b"\xff"},
        {"value": b"[" * 100_000},
    ]
    topic = topic_of(shop.server, "user")
    records = [{"key": b"1", **record} for record in strange]
    good = {"key": b"9002", "value": json.dumps(foreign_user(9002)).encode()}
    for partition in range(3):
        write(kafka, topic, *({**record, "partition": partition} for record in records))
    write(kafka, topic, good)
    heard_of(shop.server, 9002)

    def letters() -> list[dict[str, Any]]:
        return [row for row in events.dead(shop.server) if row["service"] == "cart"]

    expected = len(strange) * 3
    wait_until(lambda: len(letters()) == expected, "dead letters of the cart service", every=0.1)
    assert all(row["topic"] == topic for row in letters())


def test_lag_tools_see_how_far_a_group_is(kafka: Kafka, shop: Shop) -> None:
    count = 7
    for _ in range(count):
        shop.sign_up()
    admin = AdminClient({"bootstrap.servers": kafka.address})
    group = shop.server.env["CART_KAFKA_GROUP_ID"]
    topic = topic_of(shop.server, "user")

    def committed() -> int:
        asked = confluent.ConsumerGroupTopicPartitions(group)
        told = admin.list_consumer_group_offsets([asked])[group].result()
        found = [part.offset for part in told.topic_partitions if part.topic == topic]
        return sum(offset for offset in found if offset > 0)

    wait_until(lambda: committed() == count, "the brokers know the group's offsets")
