"""Three Kafka brokers: one of them may die at any time, and the shop does not notice."""

import time

import pytest

from conftest import NewServer
from lib.fleet import Fleet
from lib.kafka_cluster import BROKERS, KafkaCluster
from lib.mariadb import MariaDb
from lib.promises import PROJECTIONS, Promises, describe
from lib.shoppers import Crowd
from lib.waiting import wait_until

#: How long a partition may be without a leader, in seconds: a dead broker is missed after
#: broker.session.timeout.ms (lib/kafka.py), and then another one is elected.
ELECTION_SECONDS_MAX = 120.0
#: The longest time in which no write of six busy customers is acknowledged, in seconds.
SILENCE_SECONDS_MAX = 30.0


def heard_everywhere(fleet: Fleet) -> float:
    """Signs somebody up; how long it takes until every service knows the account, in seconds."""
    begun = time.monotonic()
    number = str(fleet.shop.sign_up().id)
    for service in PROJECTIONS:
        wait_until(
            lambda s=service: (number,) in fleet.query(s, "SELECT user_id FROM accounts"),
            f"{service} has heard of a new account",
            ELECTION_SECONDS_MAX,
            0.05,
        )
    return time.monotonic() - begun


def lose_a_broker(brokers: KafkaCluster, fleet: Fleet, crowd: Crowd, spared: int) -> int:
    """Kills the leader of a partition that orders are told in, sees that everything goes on without
    it, and starts it again. Which one it was.
    """
    topic, record = fleet.topics["KAFKA_ORDER_EVENTS_TOPIC"], crowd.record
    wait_until(lambda: brokers.copies_in_sync(topic) == BROKERS, "three copies", every=0.1)
    begun = time.monotonic()
    wait_until(lambda: record.acknowledged_since(begun) > 30, "the load is under way")
    led = {part: leader for part, leader in brokers.leaders(topic).items() if leader != spared}
    part, number = next(iter(led.items()))
    victim = brokers.brokers[number]
    victim.kill()
    struck = time.monotonic()
    assert victim.process is not None and victim.process.poll() == -9
    wait_until(
        lambda: brokers.leaders(topic)[part] not in (number, -1),
        "another broker leads",
        ELECTION_SECONDS_MAX,
        0.1,
    )
    elected = time.monotonic() - struck
    wait_until(lambda: brokers.copies_in_sync(topic) == BROKERS - 1, "two copies", every=0.1)
    wait_until(lambda: record.acknowledged_since(struck) > 30, "customers are served meanwhile")
    assert victim.process.poll() == -9
    heard = heard_everywhere(fleet)
    print(f"broker {number}: another leads after {elected:.1f} s, then heard in {heard:.1f} s")
    victim.start()
    wait_until(
        lambda: brokers.copies_in_sync(topic) == BROKERS, "three copies", ELECTION_SECONDS_MAX, 0.1
    )
    return number


@pytest.mark.slow
def test_one_broker_of_three_dies_and_then_another(
    new_server: NewServer, database: MariaDb, kafka_cluster: KafkaCluster, seed: int
) -> None:
    fleet = Fleet(
        new_server,
        "brokers",
        database,
        [database.port],
        kafka_cluster.address,
        {"KAFKA_TOPIC_REPLICATION": str(BROKERS)},
    ).start()
    with Crowd(fleet, 6, seed) as crowd:
        first = lose_a_broker(kafka_cluster, fleet, crowd, spared=0)
        second = lose_a_broker(kafka_cluster, fleet, crowd, spared=first)
        assert first != second
        now = time.monotonic()
        wait_until(lambda: crowd.record.acknowledged_since(now) > 30, "the load goes on")
    print(describe(crowd.record))
    assert not crowd.record.troubles, "nobody was asked to come again"
    assert crowd.record.longest_silence() < SILENCE_SECONDS_MAX
    promises = Promises(fleet, crowd, kafka_cluster.address)
    promises.check()
    print(f"{len(promises.told)} records, {promises.told_twice} of them told twice")
    fleet.stop()
