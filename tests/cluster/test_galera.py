"""Three Galera nodes: the one that is written to may die, and another one goes on with all it had
acknowledged. Kafka is one broker here.
"""

import time

import pytest

from conftest import NewServer
from lib.balancer import Balancer
from lib.fleet import Fleet
from lib.galera import NODES, Galera, Node
from lib.kafka import Kafka
from lib.parallel import at_once
from lib.promises import Promises, describe, only_grew, units_of, versions
from lib.server import SERVICES
from lib.shop import Person
from lib.shoppers import Crowd
from lib.waiting import wait_until

#: How long nothing may be written when the node that is written to dies, in seconds: the others
#: miss it after evs.suspect_timeout (5 s by default), and then agree who is left.
SILENCE_SECONDS_MAX = 60.0


def digests(node: Node, fleet: Fleet) -> dict[str, str]:
    """What each table of the fleet holds, as one number; leases change all the time."""
    found = {}
    for service in SERVICES:
        tables = [name for (name,) in fleet.query(service, "SHOW TABLES") if name != "leases"]
        rows = node.query(f"CHECKSUM TABLE {', '.join(tables)}", fleet.schema(service))
        found.update({table: number for table, number in rows})
    return found


def check_nodes_agree(galera: Galera, fleet: Fleet) -> None:
    galera.wait_until_whole()
    expected = digests(galera.nodes[0], fleet)
    for node in galera.nodes[1:]:
        wait_until(lambda n=node: digests(n, fleet) == expected, "the same data at every node")


def load_is_under_way(crowd: Crowd) -> None:
    now = time.monotonic()
    wait_until(lambda: crowd.record.acknowledged_since(now) > 30, "the load is under way")


@pytest.mark.slow
def test_the_node_that_is_written_to_dies_and_the_next_one_goes_on(
    new_server: NewServer, galera: Galera, balancer: Balancer, one_kafka: Kafka, seed: int
) -> None:
    first, second, third = galera.nodes
    fleet = Fleet(new_server, "galera", second, [balancer.port], one_kafka.address).start()
    samples = []
    with Crowd(fleet, 6, seed) as crowd:
        load_is_under_way(crowd)
        samples.append(versions(fleet))
        assert balancer.connections()[0] > 0 and balancer.connections()[1:] == [0, 0]
        struck = time.monotonic()
        first.kill()
        assert first.process is not None and first.process.poll() == -9
        wait_until(lambda: second.cluster_size == NODES - 1, "two are left", every=0.1)
        wait_until(
            lambda: crowd.record.acknowledged_since(struck + 1) > 30,
            "writes go on at another node",
            SILENCE_SECONDS_MAX,
        )
        assert crowd.record.troubles_since(struck) > 0
        assert balancer.states()[0] == "DOWN" and balancer.connections()[1] > 0
        samples.append(versions(fleet))
        with crowd.at_ease():
            first.start()
            galera.wait_until_whole()
        wait_until(lambda: balancer.states() == ["UP"] * NODES, "the balancer sees it again")
        load_is_under_way(crowd)
        assert balancer.connections()[0] == 0, "nobody goes back: one node is written to"
    print(describe(crowd.record))
    assert crowd.record.longest_silence() < SILENCE_SECONDS_MAX
    samples.append(versions(fleet))
    only_grew(samples)
    Promises(fleet, crowd, one_kafka.address).check()
    check_nodes_agree(galera, fleet)
    fleet.stop()


def ask_at_both(
    fleet: Fleet, buyers: list[Person], path: str, body: dict[str, int], key: str
) -> None:
    """The same key from every buyer at both nodes at the same moment: one key, one answer."""

    def ask(number: int) -> tuple[int, bytes]:
        buyer = buyers[number // 2]
        at = fleet.entries[number % 2]
        there = Person(at, buyer.account, buyer.password, buyer.token)
        reply = there.post(path, body, headers={"Idempotency-Key": key})
        return reply.status, reply.body

    told = at_once(2 * len(buyers), ask)
    assert {status for status, _ in told} == {201}, told
    assert told[::2] == told[1::2]


@pytest.mark.slow
def test_two_nodes_that_are_written_to_at_once_stay_one_shop(
    new_server: NewServer, galera: Galera, one_kafka: Kafka, seed: int
) -> None:
    """docs/mysql.md advises against it, for it costs retries; it must cost nothing else."""
    ports = [galera.nodes[0].port, galera.nodes[1].port]
    fleet = Fleet(new_server, "writers", galera.nodes[2], ports, one_kafka.address).start()
    before = sum(node.conflicts for node in galera.nodes)
    with Crowd(fleet, 6, seed) as crowd:
        wait_until(lambda: len(crowd.record.acknowledged) > 400, "a load at both nodes", 300)
    print(describe(crowd.record))
    assert not crowd.record.troubles, "nobody was asked to come again"
    Promises(fleet, crowd, one_kafka.address).check()

    cup, rounds = crowd.products[0], 12
    buyers = [fleet.shop.user(f"Buyer {number}") for number in range(4)]
    for each in range(rounds):
        ask_at_both(fleet, buyers, "/carts/me/items", {"productId": cup, "quantity": 2}, f"a{each}")
        ask_at_both(fleet, buyers, "/orders/me", {"productId": cup, "quantity": 1}, f"o{each}")
    conflicts = sum(node.conflicts for node in galera.nodes) - before
    print(f"{conflicts} transactions met one of another node")
    assert conflicts > 0, "the nodes did not get in each other's way: nothing was tested"
    for buyer in buyers:
        wait_until(lambda b=buyer: units_of(b.cart()) == {cup: rounds}, "half of it was ordered")
        stored = fleet.query("order", f"SELECT COUNT(*) FROM orders WHERE user_id = {buyer.id}")
        assert stored == [(str(rounds),)]
    check_nodes_agree(galera, fleet)
    fleet.stop()
