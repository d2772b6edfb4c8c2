"""reliability.md suite 2 on real engines: kill -9 of processes of ours, of Kafka and of MariaDB, in
any order, under load.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from conftest import NewServer
from lib.daemon import Daemon
from lib.fleet import Fleet
from lib.kafka import Kafka
from lib.mariadb import MariaDb
from lib.promises import Promises, describe, only_grew, versions
from lib.server import Server
from lib.shoppers import Crowd
from lib.waiting import wait_until

#: How long a shop may take to go on, whatever was killed and started again, in seconds.
GOES_ON_SECONDS_MAX = 120.0


@dataclass
class Victim:
    """Whoever is to be killed. `is_felt` says that the load has met the fault."""

    name: str
    what: Server | Daemon
    is_felt: Callable[[float], bool]


def victims(fleet: Fleet, crowd: Crowd, kafka: Kafka, database: MariaDb) -> list[Victim]:
    def somebody_asks_in_vain(since: float) -> bool:
        return crowd.record.troubles_since(since) > 0

    def writes_go_on_and_events_wait(since: float) -> bool:
        return crowd.record.acknowledged_since(since) > 5 and fleet.waiting_in_outboxes() > 0

    parts = [Victim(name, part, somebody_asks_in_vain) for name, part in fleet.parts.items()]
    servers = [
        Victim("kafka", kafka, writes_go_on_and_events_wait),
        Victim("mariadb", database, somebody_asks_in_vain),
    ]
    return servers + parts


def kill(victim: Victim, crowd: Crowd, more_writes: int, probe: str) -> None:
    """Kills it under load, sees that this was felt, starts it again, sees that the shop goes on."""
    begun = time.monotonic()
    wait_until(
        lambda: crowd.record.acknowledged_since(begun) >= more_writes,
        "the load is under way",
        GOES_ON_SECONDS_MAX,
    )
    process = victim.what.process
    assert process is not None and process.poll() is None
    struck = time.monotonic()
    victim.what.kill()
    assert process.poll() == -9
    wait_until(lambda: victim.is_felt(struck), f"{victim.name} is missed", GOES_ON_SECONDS_MAX)
    if isinstance(victim.what, Server):
        victim.what.start(probe)
    else:
        victim.what.start()
    started = time.monotonic()
    wait_until(
        lambda: crowd.record.acknowledged_since(started) > 0,
        f"the shop goes on after {victim.name}",
        GOES_ON_SECONDS_MAX,
    )
    print(f"{victim.name}: back {probe} after {time.monotonic() - struck:.1f} s")


@pytest.mark.slow
def test_whatever_is_killed_under_load_nothing_is_lost_and_nothing_doubled(
    new_server: NewServer,
    one_database: MariaDb,
    one_kafka: Kafka,
    seed: int,
    size: Callable[[int, int], int],
) -> None:
    chosen = random.Random(seed)
    at = [one_database.port]
    fleet = Fleet(new_server, "killed", one_database, at, one_kafka.address).start()
    samples = []
    with Crowd(fleet, 6, seed, pause_seconds=size(15, 0) / 1000) as crowd:
        every = victims(fleet, crowd, one_kafka, one_database)
        kills = size(20, 200)
        order = [every[n % len(every)] for n in range(kills)]
        chosen.shuffle(order)
        for victim in order:
            # With "/health" the next one is killed while this one has not come to rest yet.
            probe = chosen.choice(("/health", "/health", "/ready"))
            kill(victim, crowd, chosen.randint(size(5, 300), size(40, 400)), probe)
            samples.append(versions(fleet))
    print(describe(crowd.record))
    only_grew(samples)
    promises = Promises(fleet, crowd, one_kafka.address)
    promises.check()
    print(f"{len(promises.told)} records, {promises.told_twice} of them told twice")
    fleet.stop()
