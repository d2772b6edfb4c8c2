"""Service to Kafka: people sign up while the line to the broker breaks in every way.
Nobody is turned away, and afterwards everybody has heard of them once.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from conftest import NewServer
from lib import kafka as lib_kafka
from lib import store
from lib.faults import check_base, open_files
from lib.fronted_kafka import FrontedKafka, settings
from lib.lab import Lab, selected
from lib.line import (
    Fault,
    Way,
    bandwidth,
    cut,
    latency,
    lose_answer,
    refuse,
    reset,
    slices,
    stall,
    vanish,
)
from lib.proxy import Proxy
from lib.server import SERVICES, Server
from lib.shop import Shop
from lib.timing import check_in_time, felt, tried_again
from lib.waiting import wait_until

STATIONS = 4
#: A client of Kafka waits up to a second between two tries, and asks for metadata before it sends.
RECOVERY_SECONDS_MAX = 8.0
#: How long a connection may be silent before another is made (socket.timeout.ms), and that.
SILENCE_SECONDS_MAX = 20.0
#: Each service sends by one client and reads by another, which hold two connections each at most,
#: to the address they were told and to the one they were given.
CLIENTS_CONNECTIONS_MAX = 4 * len(SERVICES)
#: Whoever waited for Kafka would wait for 5 s at least.
SIGN_UP_SECONDS_MAX = 4.0
HEARD, LATER = "heard all the same", "heard afterwards"
BACK, THERE = Way.BACK, Way.THERE


@dataclass(frozen=True)
class Case:
    name: str
    fault: Fault
    expected: str

    def __str__(self) -> str:
        return self.name


CASES = [
    Case("half open", vanish(), HEARD),
    Case("refused", refuse(), LATER),
    Case("reset at the first byte", reset(), LATER),
    Case("reset at the answer", reset(way=BACK), LATER),
    Case("cut within a request", cut(20, THERE), LATER),
    Case("cut within an answer", cut(5), LATER),
    Case("accepted and silent", stall(), LATER),
    Case("requests are held", stall(THERE), LATER),
    Case("answers are held", stall(BACK), LATER),
    Case("every answer is lost", lose_answer(), LATER),
    Case("the answer to an event is lost", lose_answer(b"USER_CREATED"), LATER),
    Case("the answer to an event is held", stall(BACK, b"USER_CREATED"), LATER),
    Case("late", latency(0.15, jitter=0.1), HEARD),
    Case("byte by byte", slices(), HEARD),
    Case("50 KB a second", bandwidth(50_000), HEARD),
]


class Station:
    """A whole shop whose events go through a broker of which only a proxy is known."""

    def __init__(self, make: NewServer, broker: FrontedKafka, number: int) -> None:
        behind, before = broker.fronts[number]
        self.way = Proxy(behind, before)
        env = settings(f"127.0.0.1:{before}", f"faults{number}")
        self.server: Server = make(f"kafka-{number}", env=env).start()
        self.shop = Shop(self.server)
        self.people: set[int] = set()
        tried_again(self.sign_up)
        wait_until(self.all_heard, "the first account everywhere")
        self.files_at_start = open_files(self.server)

    def sign_up(self) -> None:
        began = time.monotonic()
        self.people.add(self.shop.sign_up().id)
        check_in_time(time.monotonic() - began, SIGN_UP_SECONDS_MAX, "a sign-up without Kafka")

    def all_heard(self) -> bool:
        accounts = "SELECT count(*) FROM accounts"
        for name in ("product", "cart", "order"):
            heard = store.query(store.file_of(self.server, name), accounts)
            if heard != [(len(self.people),)]:
                return False
        return store.waiting_in_outboxes(self.server) == 0


recoveries: list[tuple[float, str]] = []


def run(station: Station, case: Case) -> None:
    way = station.way
    with way.suffering(case.fault):
        station.sign_up()
        wait_until(lambda: way.hits > 0, "the fault strikes")
        station.sign_up()
        if case.expected == HEARD:
            felt(station.all_heard, "heard in spite of it", SILENCE_SECONDS_MAX)
        else:
            assert not station.all_heard()
    began = time.monotonic()
    wait_until(station.all_heard, "heard everywhere", every=0.05)
    took = time.monotonic() - began
    for name in ("cart", "order"):
        inbox = store.query(store.file_of(station.server, name), "SELECT count(*) FROM inbox")
        assert inbox == [(len(station.people),)], "each event took effect once"
    check_in_time(took, RECOVERY_SECONDS_MAX, str(case))
    recoveries.append((took, str(case)))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontedKafka]:
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    own = FrontedKafka(tmp_path_factory.mktemp("kafka"), STATIONS)
    own.start()
    yield own
    own.stop()


@pytest.fixture(scope="module")
def lab(
    request: pytest.FixtureRequest, new_module_server: NewServer, broker: FrontedKafka
) -> Iterator[Lab[Station]]:
    made = Lab(
        STATIONS, lambda number: Station(new_module_server, broker, number), run, selected(request)
    )
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_way_to_kafka_suffers(case: Case, lab: Lab[Station]) -> None:
    lab.outcome(case)


def test_afterwards_nothing_hangs_and_nothing_leaks(
    lab: Lab[Station], record_property: Any
) -> None:
    lab.all_done()
    for station in lab.made:
        for name in SERVICES:
            check_base(station.server, name, station.files_at_start + CLIENTS_CONNECTIONS_MAX)
        assert store.waiting_in_outboxes(station.server) == 0
    seconds, what = max(recoveries)
    record_property("recovery", f"{seconds:.2f} s ({what})")
    print(f"longest of {len(recoveries)} recoveries: {seconds:.2f} s ({what})")
