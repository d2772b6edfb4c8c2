"""design.md §4: HTTP serves while Kafka is away, the outbox waits, nothing is lost or doubled."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka.admin import AdminClient
from lib import store
from lib.faults import figure
from lib.kafka import PASSWORD, Kafka
from lib.kafka_clients import NewKafkaServer, Reader, topic_of
from lib.server import STOP_SECONDS_MAX, Server
from lib.shop import Shop
from lib.stats import quantile
from lib.timing import check_in_time, tried_again
from lib.waiting import wait_until


def check_of_log(server: Server, service: str = "user") -> str:
    reply = Shop(server).anonymous.get("/ready", service=service).expect(200)
    return reply["checks"]["log"]


def accounts_in(server: Server, service: str) -> set[int]:
    rows = store.query(store.file_of(server, service), "SELECT user_id FROM accounts")
    return {number for (number,) in rows}


def heard_once(server: Server, people: set[int]) -> None:
    for service in ("product", "cart", "order"):
        wait_until(
            lambda s=service: accounts_in(server, s) >= people,
            f"every account in {service}",
            every=0.05,
        )
    for service in ("cart", "order"):
        inbox = store.query(store.file_of(server, service), "SELECT count(*) FROM inbox")
        assert inbox == [(len(people),)]


def test_nobody_is_turned_away_while_the_brokers_start_late(
    own_kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    server = on_kafka(own_kafka).start("/health")
    shop = Shop(server)
    people = {shop.sign_up().id for _ in range(5)}
    wait_until(lambda: check_of_log(server).startswith("away"), "/ready tells that Kafka is away")
    assert store.waiting_in_outboxes(server) == len(people)
    backlog = 'mc_outbox_backlog{service="user-service"}'
    wait_until(lambda: figure(server, "user", backlog) == len(people), "the backlog is shown")
    own_kafka.start()
    heard_once(server, people)
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "the outbox is empty")
    wait_until(lambda: check_of_log(server) == "ok", "/ready tells that Kafka is back")


def test_a_broker_killed_under_load_loses_and_doubles_nothing(
    own_kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    own_kafka.start()
    server = on_kafka(own_kafka).start()
    shop = Shop(server)

    def sign_up(_: int) -> tuple[int, float]:
        begun = time.monotonic()
        return shop.sign_up().id, time.monotonic() - begun

    with ThreadPoolExecutor(4) as crowd:
        told = list(crowd.map(sign_up, range(20)))
        under_way = [crowd.submit(sign_up, number) for number in range(60)]
        own_kafka.kill()
        told += [each.result() for each in under_way]
    during = shop.sign_up().id
    wait_until(lambda: store.waiting_in_outboxes(server) > 0, "events wait while Kafka is away")
    own_kafka.start()
    people = {number for number, _ in told} | {during}
    assert len(people) == 81
    # Whoever waited for Kafka would wait for five seconds at least, and so would most.
    assert quantile([seconds for _, seconds in told], 0.5) < 5
    heard_once(server, people)
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "the outbox is empty")


def test_a_broker_that_is_frozen_for_a_while_changes_nothing(
    own_kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    own_kafka.start()
    server = on_kafka(own_kafka).start()
    shop = Shop(server)
    people = {shop.sign_up().id}
    heard_once(server, people)
    own_kafka.freeze()
    people |= {shop.sign_up().id for _ in range(10)}
    assert store.waiting_in_outboxes(server) == 10
    own_kafka.thaw()
    heard_once(server, people)


def test_the_process_ends_in_time_though_kafka_is_away(
    own_kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    server = on_kafka(own_kafka)

    def stop_while_kafka_is_away() -> None:
        own_kafka.start()
        server.start()
        wait_until(lambda: store.waiting_in_outboxes(server) == 0, "all that waited is sent")
        own_kafka.kill()
        Shop(server).sign_up()
        begun = time.monotonic()
        assert server.stop() == 0
        check_in_time(time.monotonic() - begun, STOP_SECONDS_MAX, "the stop")

    tried_again(stop_while_kafka_is_away)
    own_kafka.start()
    server.start()
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "what waited is sent")


def test_the_process_killed_at_once_sends_what_it_answered(
    kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    server = on_kafka(kafka).start()
    people = set()
    for _ in range(4):
        people.add(Shop(server).sign_up().id)
        server.kill()
        server.restart()
    heard_once(server, people)


def test_a_topic_that_somebody_deleted_is_made_anew(kafka: Kafka, on_kafka: NewKafkaServer) -> None:
    server = on_kafka(kafka, env={"KAFKA_TOPIC_PARTITIONS": "5"}).start()
    Shop(server).sign_up()
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "the outbox is empty")
    admin, topic = AdminClient({"bootstrap.servers": kafka.address}), topic_of(server, "user")
    assert len(admin.list_topics(timeout=60).topics[topic].partitions) == 5
    admin.delete_topics([topic])[topic].result()
    person = Shop(server).sign_up()
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "the outbox is empty", 120)
    assert Reader(kafka, topic).next().key() == str(person.id).encode()


def test_a_guarded_broker_wants_the_certificate_checked_and_the_right_password(
    kafka: Kafka, on_kafka: NewKafkaServer
) -> None:
    guarded = {
        "KAFKA_BROKER": kafka.guarded,
        "KAFKA_TLS": "verified",
        "KAFKA_TLS_CA": str(kafka.authority),
        "KAFKA_SASL_MECHANISM": "PLAIN",
        "KAFKA_SASL_USERNAME": "shop",
        "KAFKA_SASL_PASSWORD": PASSWORD,
    }
    server = on_kafka(kafka, env=guarded).start()
    person = Shop(server).sign_up()
    assert Reader(kafka, topic_of(server, "user")).next().key() == str(person.id).encode()
    for name, wrong, why in (
        ("KAFKA_SASL_PASSWORD", "guess", "authentication"),
        ("KAFKA_TLS_CA", "", "certificate verify failed"),
    ):
        other = on_kafka(kafka, f"wrong-{name}", env={**guarded, name: wrong}).start("/health")
        Shop(other).sign_up()
        wait_until(lambda o=other: check_of_log(o).startswith("away"), f"{name} is wrong")
        said = re.compile(rf"_paused .*why=\"Kafka at .* is away: .*{why}", re.IGNORECASE)
        wait_until(lambda o=other, s=said: s.search(o.log), f"the log says {why}")
        assert PASSWORD not in other.log
        assert "guess" not in other.log
