"""wire-contract §1.6-1.8, security.md 31: the limiter, on a server of its own with a low limit."""

import re
import time
from collections.abc import Iterator

import pytest

from conftest import NewServer
from lib import raw
from lib.server import SERVICES, Server
from lib.shapes import check_error, check_fixed_headers, check_limit_headers
from lib.shop import PASSWORD, Actor, Shop, fresh_email
from lib.timing import tried_again, within
from lib.waiting import wait_until

LIMIT = 8
#: Of a limit that is waited out, in seconds.
WINDOW_SECONDS = 1.5
TOO_MANY = "Too many requests, please try again later."


@pytest.fixture
def low(new_server: NewServer) -> Server:
    """A fresh server that answers eight requests a minute to each address and service."""
    return new_server(env={"RATE_LIMIT_MAX": str(LIMIT)}).start()


@pytest.fixture
def visitor(low: Server) -> Actor:
    return Actor(low)


def spend(
    visitor: Actor, count: int, service: str = "product", target: str = "/categories"
) -> None:
    for _ in range(count):
        assert visitor.get(target, service=service).status != 429


def test_the_headers_count_down_to_the_429(visitor: Actor) -> None:
    began = time.time()
    for number in range(LIMIT):
        headers = visitor.get("/categories").headers
        assert headers["X-RateLimit-Limit"] == str(LIMIT)
        assert headers["X-RateLimit-Remaining"] == str(LIMIT - 1 - number)
        assert began < int(headers["X-RateLimit-Reset"]) <= time.time() + 61
    reply = visitor.get("/categories")
    body = check_error(reply, 429, TOO_MANY)
    check_limit_headers(reply.headers)
    assert list(body)[:2] == ["message", "retryAfterSeconds"]
    assert str(body["retryAfterSeconds"]) == reply.headers["Retry-After"]
    assert 1 <= body["retryAfterSeconds"] <= 60
    assert reply.headers["X-RateLimit-Remaining"] == "0"


def test_each_service_counts_for_itself(low: Server, visitor: Actor) -> None:
    spend(visitor, LIMIT)
    assert visitor.get("/categories").status == 429
    for service in ("user", "cart", "order"):
        assert visitor.get("/nowhere", service=service).status == 404


def test_health_readiness_metrics_and_preflights_are_never_limited(visitor: Actor) -> None:
    spend(visitor, LIMIT)
    for _ in range(LIMIT):
        for path in ("/health", "/metrics", "/ready"):
            reply = visitor.get(path, service="product")
            assert reply.status == 200 and "X-RateLimit-Limit" not in reply.headers
        assert visitor.send("OPTIONS", "/products").status == 204
    assert visitor.get("/categories").status == 429


@pytest.mark.parametrize("path", ["/health/", "/HEALTH", "/health?x"])
def test_what_only_looks_like_health_is_limited_or_is_health(visitor: Actor, path: str) -> None:
    reply = visitor.get(path, service="product")
    if reply.status != 200:
        check_limit_headers(reply.headers)


def test_unknown_routes_parse_errors_and_refusals_count(low: Server, visitor: Actor) -> None:
    requests = [
        lambda: visitor.get("/nowhere", service="user"),
        lambda: visitor.post("/auth/login", body=b"{broken"),
        lambda: visitor.post("/auth/login", body=b"x" * 102_401),
        lambda: visitor.post("/auth/login", body=b"a", content_type="text/plain"),
        lambda: visitor.get("/auth/session"),
        lambda: visitor.get("/auth/login"),
    ]
    for number, act in enumerate(requests):
        reply = act()
        assert reply.status in (400, 401, 404, 405, 413, 415), reply
        assert reply.headers["X-RateLimit-Remaining"] == str(LIMIT - 1 - number), reply


def test_framing_errors_cannot_be_sent_for_ever(low: Server, visitor: Actor) -> None:
    for _ in range(LIMIT):
        raw.send_raw(low.ports["product"], raw.request(host=None))
    reply = visitor.get("/categories")
    assert reply.status == 429 or int(reply.headers["X-RateLimit-Remaining"]) < LIMIT


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP"]
)
def test_a_claimed_address_does_not_get_a_bucket_of_its_own(visitor: Actor, header: str) -> None:
    for number in range(LIMIT):
        visitor.get("/categories", headers={header: f"203.0.113.{number}"})
    assert visitor.get("/categories", headers={header: "203.0.113.200"}).status == 429


def test_a_trusted_proxy_may_name_the_client(new_server: NewServer) -> None:
    server = new_server(env={"RATE_LIMIT_MAX": "3", "TRUSTED_PROXIES": "127.0.0.1"}).start()
    visitor = Actor(server)

    def ask(forwarded: str) -> int:
        return visitor.get("/categories", headers={"X-Forwarded-For": forwarded}).status

    assert [ask("203.0.113.1") for _ in range(4)] == [200, 200, 200, 429]
    assert ask("203.0.113.2") == 200
    assert ask("198.51.100.9, 203.0.113.1") == 429, "only the address the proxy itself saw counts"
    assert [ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8::3"), ask("2001:db8::4")] == [
        200,
        200,
        200,
        429,
    ]
    assert ask("2001:db8:0:1::1") == 200


def test_a_new_window_starts_afresh(new_server: NewServer) -> None:
    env = {"RATE_LIMIT_MAX": "3", "RATE_LIMIT_WINDOW_MS": str(int(WINDOW_SECONDS * 1000))}
    visitor = Actor(new_server(env=env).start())

    def status() -> int:
        return visitor.get("/categories").status

    def spent_and_refused() -> None:
        """It begins with the first request of a window."""
        with within(WINDOW_SECONDS / 2, "three requests are spent"):
            assert [status() for _ in range(3)] == [200, 200, 429]

    def look() -> None:
        wait_until(lambda: status() == 200, "a window")
        spent_and_refused()
        wait_until(lambda: status() == 200, "the next window")
        spent_and_refused()

    tried_again(look)


def test_services_asking_each_other_spend_nobodys_budget(new_server: NewServer) -> None:
    server = new_server(env={"RATE_LIMIT_MAX": "40"}).start()
    person = Shop(server).user()
    for _ in range(15):
        person.get("/carts/me").expect(200)
        person.get("/orders/me").expect(200)
    reply = person.get("/auth/session")
    # Sign-up, login and this one: the session checks of cart and order cost the customer nothing
    # here.
    assert reply.headers["X-RateLimit-Remaining"] == "37"


def test_the_table_of_addresses_does_not_grow_for_ever(new_server: NewServer) -> None:
    server = new_server(env={"RATE_LIMIT_MAX": "5", "TRUSTED_PROXIES": "127.0.0.1"}).start()
    visitor = Actor(server)
    for number in range(500):
        visitor.get(
            "/health?warm-up",
            service="product",
            headers={"X-Forwarded-For": f"10.9.{number // 250}.{number % 250}"},
        )
    before = server.resident_bytes()
    for number in range(6_000):
        visitor.get(
            "/categories",
            headers={
                "X-Forwarded-For": f"10.{number // 65_025}.{number // 255 % 255}.{number % 255}"
            },
        )
    assert server.resident_bytes() - before < 8_000_000


# --- every kind of answer carries every header ----------------------------------------------------


@pytest.fixture(scope="module")
def throttled(new_module_server: NewServer) -> Iterator[Server]:
    """A server whose product service refuses everything: the limit of one request is spent."""
    env = {"RATE_LIMIT_MAX": "1", "RATE_LIMIT_WINDOW_MS": "3600000"}
    server = new_module_server(env=env).start()
    for service in SERVICES:
        Actor(server).get("/nowhere", service=service)
    yield server


@pytest.mark.parametrize("service", SERVICES)
def test_a_429_carries_all_headers(throttled: Server, service: str) -> None:
    reply = Actor(throttled).get("/nowhere", service=service, headers={"X-Request-Id": "mine-429"})
    check_error(reply, 429, TOO_MANY)
    check_fixed_headers(reply.headers)
    assert reply.headers["X-Request-Id"] == "mine-429" and re.fullmatch(
        r"\d+", reply.headers["Retry-After"]
    )


def test_the_limit_comes_before_the_body_and_the_token(throttled: Server) -> None:
    body = {"name": "X", "email": fresh_email(), "password": PASSWORD}
    for reply in (
        Actor(throttled).post("/auth/signup", body),
        Actor(throttled).post("/orders/me", body=b"{broken"),
    ):
        check_error(reply, 429)
