"""One dependency is away for some seconds while the shop is busy. What does not need it
goes on, what needs it is refused clearly and soon, nobody knocks harder at its door than before,
and all is well soon after it is back.
"""

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import NewServer
from lib import kafka as lib_kafka
from lib import mail, smtp, store
from lib.faults import RECOVERY_SECONDS_MAX, SLACK_SECONDS, figure
from lib.fronted_kafka import FrontedKafka, settings
from lib.habits import Crowd, Habit, pass_time
from lib.http import Transport
from lib.line import Fault, refuse, stall, vanish
from lib.mariadb import MariaDb
from lib.neighbour import SESSION, Neighbour
from lib.ports import free_port
from lib.proxy import Proxy
from lib.server import INTERNAL_TOKEN_SECRET, SERVICES, Server
from lib.shapes import check_error
from lib.shop import Actor, Shop
from lib.timing import Late, again_when_late, check_in_time
from lib.waiting import wait_until

#: reliability.md: calls of a dependency that is away, for each request that needs it.
AMPLIFICATION_MAX = 1.2
PATIENCE_MS = 500
#: How long a database that says nothing is waited for (docs/operations.md).
SILENCE_SECONDS = 10.0
_numbers = itertools.count(1)
UNAVAILABLE = "Service temporarily unavailable"


class Town:
    """A process for each service, their events in a Kafka, and a proxy before each service and
    before Kafka. Looks like one server to whoever buys there.
    """

    def __init__(self, make: NewServer, broker: FrontedKafka) -> None:
        behind, before = broker.fronts[0]
        self.to_kafka = Proxy(behind, before)
        ports = {name: free_port() for name in SERVICES}
        urls = {f"{of.upper()}_SERVICE_URL": f"http://127.0.0.1:{at}" for of, at in ports.items()}
        limits = ["AUTH_TIMEOUT_MS", "CART_TIMEOUT_MS", "PRODUCT_SERVICE_TIMEOUT_MS"]
        limits += ["INVENTORY_TIMEOUT_MS"]
        common: dict[str, str | None] = {key: str(PATIENCE_MS) for key in limits}
        common |= {"INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET, **urls}
        self.parts: dict[str, Server] = {}
        for name in SERVICES:
            env = common | settings(f"127.0.0.1:{before}", "town")
            self.parts[name] = make(name, services=[name], env=env).start("/health")
        self.ways = {name: Proxy(self.parts[name].ports[name], ports[name]) for name in SERVICES}
        self.transport = Transport({name: self.parts[name].ports[name] for name in SERVICES})
        for name in SERVICES:
            wait_until(lambda n=name: self.is_ready(n), f"{name} is ready")
        self.shop = Shop(self)  # type: ignore[arg-type]
        self.product = self.shop.product(stockQuantity=1_000_000)
        self.shop.stocked(self.product)
        self.buyers = [self.shop.user(f"Buyer {number}") for number in range(6)]
        for buyer in self.buyers:
            buyer.add(self.product, 1_000)
            wait_until(lambda b=buyer: b.get("/orders/me").status == 200, "order knows the buyer")

    def run(self, *command: str) -> None:
        self.parts["user"].run(*command)

    def is_ready(self, name: str) -> bool:
        return self.transport.send(name, "GET", "/ready").status == 200

    def breaker(self, service: str, to: str) -> float:
        series = f'mc_breakers_open{{service="{service}-service",to="{to}"}}'
        return figure(self.parts[service], service, series)

    def habits(self) -> list[Habit]:
        wanted = {"productId": self.product["id"], "quantity": 1}
        who = self.buyers
        return [
            Habit("browse", lambda: self.shop.anonymous.get("/products")),
            Habit("session", lambda: who[0].get("/auth/session")),
            Habit("look into the cart", lambda: who[1].get("/carts/me")),
            Habit("look at my orders", lambda: who[2].get("/orders/me")),
            Habit("fill the cart", lambda: who[3].post("/carts/me/items", wanted)),
            Habit("order", lambda: who[4].post("/orders/me", wanted)),
        ]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontedKafka]:
    if why := lib_kafka.missing():
        pytest.skip(f"Kafka: {why}")
    own = FrontedKafka(tmp_path_factory.mktemp("kafka"), 1)
    own.start()
    yield own
    own.stop()


@pytest.fixture(scope="module")
def town(new_module_server: NewServer, broker: FrontedKafka) -> Town:
    return Town(new_module_server, broker)


@pytest.fixture
def outage_seconds(size: Callable[[int, int], int]) -> int:
    return size(4, 60)


@dataclass(frozen=True)
class Loss:
    """What a service that is away takes with it: a habit that needs it, through which service, and
    what is answered; and the habits that are requests to itself.
    """

    needs_it: str | None
    through: str | None
    status: int = 502
    words: str = "Internal server error"
    its_own: frozenset[str] = frozenset()


AWAY = {
    "product": Loss("fill the cart", "cart", its_own=frozenset({"browse"})),
    "cart": Loss("order", "order", its_own=frozenset({"look into the cart", "fill the cart"})),
    "inventory": Loss("order", "order", 503, UNAVAILABLE),
    "user": Loss(None, None, its_own=frozenset({"session"})),
}


def check_goes_on(habit: Habit) -> None:
    """Nobody who does not need it is refused."""
    for each in habit.heard:
        if each.status not in (200, 201):
            # Or this machine stood still until somebody else's patience was over.
            check_in_time(each.took, PATIENCE_MS / 1000, f"{habit.name}: {each.reply}")
    assert habit.statuses() <= {200, 201}, f"{habit.name} goes on: {habit.statuses()}"


def check_while_away(crowd: Crowd, loss: Loss, asked: int) -> None:
    for name, habit in crowd.habits.items():
        if name in loss.its_own:
            continue
        if len(habit.heard) <= 5:
            raise Late(f"{name}: {habit.heard}")
        if name != loss.needs_it:
            check_goes_on(habit)
            continue
        # Those that were on their way when it went may have got through.
        refused = [each for each in habit.heard if each.status >= 400]
        for each in refused:
            assert each.reply is not None
            check_error(each.reply, loss.status, loss.words)
        assert len(refused) >= len(habit.heard) - 2, habit.statuses()
        slowest = max(each.took for each in refused)
        check_in_time(slowest, PATIENCE_MS / 1000 + SLACK_SECONDS, f"a refusal of {name}")
        assert asked <= AMPLIFICATION_MAX * len(habit.heard), f"{asked} of {len(habit.heard)}"
        quick = [each for each in refused if each.took < PATIENCE_MS / 1000]
        assert len(quick) > len(refused) / 2, "an open breaker refuses at once"


@pytest.mark.parametrize("how", [refuse(), stall()], ids=["killed", "frozen"])
@pytest.mark.parametrize("away", AWAY)
@again_when_late
def test_a_service_is_away(
    town: Town, away: str, how: Fault, outage_seconds: int, record_property: Any
) -> None:
    loss, way, part = AWAY[away], town.ways[away], town.parts[away]
    was_killed = how.name == "refuse"

    def knocks() -> int:
        # Nobody listens behind the proxy, which counts whoever comes; a frozen one takes them in.
        return way.connections if was_killed else way.requests

    with Crowd(town.habits()) as crowd:
        for habit in crowd.habits.values():
            wait_until(lambda h=habit: h.statuses() & {200, 201}, f"{habit.name} is well")
        if was_killed:
            part.kill()
        else:
            way.set(how)
        crowd.forget()
        before = knocks()
        pass_time(outage_seconds)
        was_open = loss.through is None or town.breaker(loss.through, away) >= 1
        asked = knocks() - before
        heard = Crowd([Habit(each.name, each.do, each.heard) for each in crowd.habits.values()])
        crowd.forget()
        if was_killed:
            part.start("/health")
        else:
            way.lift()
        began = time.monotonic()
        crowd.forget()
        for habit in crowd.habits.values():
            wait_until(
                lambda h=habit: h.statuses() & {200, 201}, f"{habit.name} is well again"
            )
        took = time.monotonic() - began
        if loss.through is not None:
            wait_until(lambda: town.breaker(str(loss.through), away) == 0, "the breaker closes")
    check_in_time(took, RECOVERY_SECONDS_MAX, "all is well again")
    check_while_away(heard, loss, asked)
    assert was_open, "the breaker opens"
    record_property("recovery", f"{took:.2f} s")
    print(f"{away}: well again after {took:.2f} s, asked {asked} times")


@again_when_late
def test_kafka_is_away(town: Town, outage_seconds: int) -> None:
    outbox = store.file_of(town.parts["user"], "user")
    wait_until(lambda: store.count(outbox, "outbox") == 0, "what was before is told")
    with Crowd(town.habits()) as crowd, town.to_kafka.suffering(refuse()):
        newcomers = []
        until = time.monotonic() + outage_seconds
        while time.monotonic() < until:
            newcomers.append(town.shop.sign_up().log_in())
            pass_time(0.3)
        for habit in crowd.habits.values():
            check_goes_on(habit)
        assert store.count(outbox, "outbox") == len(newcomers)
        # Of their own cart they need no event; a young token is enough.
        newcomers[0].add(town.product, 1)
    began = time.monotonic()
    everybody = {each.id for each in newcomers}
    for name in ("product", "cart", "order"):
        path = store.file_of(town.parts[name], name)
        wait_until(
            lambda p=path: {
                number for (number,) in store.query(p, "SELECT user_id FROM accounts")
            } >= everybody,
            f"{name} has heard of everybody",
        )
    heard = time.monotonic() - began
    for name in SERVICES:
        path = store.file_of(town.parts[name], name)
        wait_until(lambda p=path: store.count(p, "outbox") == 0, f"{name} has told everything")
    print(f"kafka: everything heard after {heard:.2f} s")
    check_in_time(heard, 2 * RECOVERY_SECONDS_MAX, "everything is heard")


def database_habits(shop: Shop) -> list[Habit]:
    product = shop.stocked(shop.product(stockQuantity=1_000_000))
    who = [shop.user(f"Buyer {number}") for number in range(4)]
    for each in who:
        each.add(product, 1_000)
    wanted = {"productId": product["id"], "quantity": 1}
    return [
        Habit("session", lambda: who[0].get("/auth/session")),
        Habit("look into the cart", lambda: who[1].get("/carts/me")),
        Habit("fill the cart", lambda: who[2].post("/carts/me/items", wanted)),
        Habit("order", lambda: who[3].post("/orders/me", wanted)),
    ]


@again_when_late
def test_the_database_is_away(
    new_server: NewServer, database: MariaDb, outage_seconds: int
) -> None:
    way = Proxy(database.port)
    name = f"away{next(_numbers)}"
    env = {**database.settings(name, SERVICES), "DB_PORT": str(way.port), "DB_POOL_SIZE": "4"}
    server = new_server(name, env=env).start()
    with Crowd(database_habits(Shop(server))) as crowd:
        for habit in crowd.habits.values():
            wait_until(lambda h=habit: h.statuses() & {200, 201}, f"{habit.name} is well")
        with way.suffering(refuse()):
            crowd.forget()
            pass_time(outage_seconds)
            heard = [each for habit in crowd.habits.values() for each in list(habit.heard)]
            for service in SERVICES:
                assert server.transport.send(service, "GET", "/health").status == 200
        began = time.monotonic()
        crowd.forget()
        for habit in crowd.habits.values():
            wait_until(
                lambda h=habit: h.statuses() & {200, 201}, f"{habit.name} is well again"
            )
        took = time.monotonic() - began
        print(f"database: well again after {took:.2f} s")
    refused = [each for each in heard if each.status >= 400]
    assert len(refused) >= len(heard) - 2 * len(crowd.habits)
    for each in refused:
        assert each.reply is not None
        if each.reply.status == 502:  # The contract's word when product has none for cart.
            check_error(each.reply, 502, "Internal server error")
            assert each.reply.target == "/carts/me/items"
            continue
        check_error(each.reply, 503, UNAVAILABLE)
        assert each.reply.headers["Retry-After"] == "1"
    check_in_time(max(each.took for each in refused), SLACK_SECONDS, "a refusal")
    check_in_time(took, RECOVERY_SECONDS_MAX, "all is well again")


@pytest.mark.slow
def test_of_connections_that_died_in_silence_one_is_waited_for(
    new_server: NewServer, database: MariaDb
) -> None:
    way = Proxy(database.port)
    env = {**database.settings("silent", SERVICES), "DB_PORT": str(way.port)}
    server = new_server(env=env).start()
    shop = Shop(server)
    people = [shop.user(f"Buyer {number}") for number in range(4)]
    for each in people:
        each.get("/carts/me").expect(200)
    with way.suffering(vanish()):
        check_error(people[0].get("/carts/me"), 503, UNAVAILABLE)
        began = time.monotonic()
        for each in people * 3:
            each.get("/carts/me").expect(200)
        assert time.monotonic() - began < SILENCE_SECONDS


def test_the_mail_server_is_away(new_server: NewServer, outage_seconds: int) -> None:
    port = free_port()
    way, box = Proxy(port), smtp.Inbox()
    env = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(way.port), "SMTP_SECURITY": "none"}
    env |= {"EMAIL_FROM": "shop@example.com", "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET}
    server = new_server(services=["user"], env=env).start("/health")
    people = [Shop(server).sign_up() for _ in range(6)]
    began = time.monotonic()
    for person in people:  # Nobody listens behind the proxy, which counts whoever comes.
        mail.forgot(server, person.email).expect(200)
    pass_time(outage_seconds)
    wait_until(lambda: way.connections >= 1, "one mail is tried")
    tried, seconds = way.connections, time.monotonic() - began
    assert tried <= 2 + seconds // 5, "one mail is tried, every 5 s"
    waiting = 'mc_mails_waiting{service="user-service"}'
    wait_until(lambda: figure(server, "user", waiting) == len(people), "all of them wait")
    controller = smtp.serve(box, port)
    try:
        wait_until(lambda: figure(server, "user", waiting) == 0, "all mails are sent")
        assert sorted(str(each["To"]) for each in box.messages()) == sorted(
            each.email for each in people
        )
    finally:
        controller.stop()


class Moody(Neighbour):
    """Says nothing and hangs up at each third question, also on a connection it has answered on
    before.
    """

    def __init__(self) -> None:
        self.asked = 0
        super().__init__(SESSION)

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while connection.recv(65536):
                self.asked += 1
                if self.asked % 3 == 0:
                    break
                connection.sendall(SESSION)
        connection.close()


def test_a_neighbour_that_fails_now_and_then_is_not_asked_much_more_often(
    new_server: NewServer,
) -> None:
    moody = Moody()
    env: dict[str, str | None] = {"AUTH_MODE": "remote", "USER_SERVICE_URL": moody.url}
    env["INTERNAL_TOKEN_SECRET"] = INTERNAL_TOKEN_SECRET
    cart = new_server(services=["cart"], env=env).start("/health")
    person = Actor(cart, "any.token.will-do")
    replies = [person.get("/carts/me") for _ in range(300)]
    moody.close()
    assert {reply.status for reply in replies} == {200, 502}
    assert moody.asked > 30
    assert moody.asked <= AMPLIFICATION_MAX * len(replies), f"asked {moody.asked} times for 300"
