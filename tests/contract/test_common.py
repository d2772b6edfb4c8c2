"""wire-contract §1: what every service does with every request."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from lib.http import Reply, encode
from lib.server import SERVICES
from lib.shapes import JSON_CONTENT_TYPE, check_error, check_fixed_headers, check_limit_headers
from lib.shop import Actor, Shop
from lib.waiting import wait_until

#: A known GET path of each service that answers without a body of its own making.
PATHS = {
    "user": "/auth/session",
    "cart": "/carts/me",
    "order": "/orders/me",
    "product": "/categories",
    "inventory": "/inventory/{}",
}
each_service = pytest.mark.parametrize("service", SERVICES)


@pytest.fixture(scope="module", autouse=True)
def something_in_stock(shop: Shop) -> None:
    product = shop.stocked(shop.product())
    PATHS["inventory"] = PATHS["inventory"].format(product["id"])


@each_service
def test_unknown_route_is_a_404_that_repeats_method_and_raw_path(shop: Shop, service: str) -> None:
    reply = shop.anonymous.get("/unknown-route?a=%20b&c=1", service=service)
    check_error(reply, 404, "Route not found: GET /unknown-route?a=%20b&c=1")


@each_service
def test_unknown_route_says_which_method_was_asked(shop: Shop, service: str) -> None:
    check_error(
        shop.anonymous.post("/nothing/here", {}, service=service),
        404,
        "Route not found: POST /nothing/here",
    )


@each_service
def test_answers_carry_the_fixed_headers_and_their_length(
    shop: Shop, service: str, alice: Actor
) -> None:
    reply = alice.get(PATHS[service], service=service)
    assert reply.status == 200
    check_fixed_headers(reply.headers)
    check_limit_headers(reply.headers)
    assert reply.headers["Content-Type"] == JSON_CONTENT_TYPE
    assert int(reply.headers["Content-Length"]) == len(reply.body)


@each_service
def test_bodies_are_compact_json(shop: Shop, service: str, alice: Actor) -> None:
    reply = alice.get(PATHS[service], service=service)
    assert reply.body == encode(reply.json)


def test_text_beyond_ascii_is_not_escaped(shop: Shop) -> None:
    person = shop.user("Zoë 张伟 مريم")
    assert "Zoë 张伟 مريم".encode() in person.get(f"/users/{person.id}").body


@each_service
def test_a_request_id_is_minted_for_each_request(shop: Shop, service: str) -> None:
    ids = {shop.anonymous.get("/health", service=service).headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5


@each_service
@pytest.mark.parametrize("mine", ["a", "Order-7.step_2", "x" * 64])
def test_a_well_formed_request_id_is_kept(shop: Shop, service: str, mine: str) -> None:
    reply = shop.anonymous.get("/nowhere", service=service, headers={"X-Request-Id": mine})
    assert reply.headers["X-Request-Id"] == mine
    assert reply.json["requestId"] == mine


@pytest.mark.parametrize(
    "bad", ["x" * 65, "two words", "semi;colon", "<script>", "ünicode".encode().decode("latin-1")]
)
def test_a_malformed_request_id_is_replaced(shop: Shop, bad: str) -> None:
    reply = shop.anonymous.get("/nowhere", service="user", headers={"X-Request-Id": bad})
    assert reply.headers["X-Request-Id"] != bad
    check_error(reply, 404)


@each_service
def test_the_request_id_stands_in_the_log(shop: Shop, service: str) -> None:
    mine = f"find-me-in-the-log-{service}"
    shop.anonymous.get(PATHS[service], service=service, headers={"X-Request-Id": mine})
    wait_until(lambda: mine in shop.server.log, "the request's id in the server's log")


@pytest.mark.parametrize(
    ("service", "path", "method", "allowed"),
    [
        ("user", "/auth/signup", "GET", {"POST"}),
        ("user", "/auth/session", "POST", {"GET", "HEAD"}),
        ("user", "/users/1", "PATCH", {"GET", "PUT", "DELETE"}),
        ("cart", "/carts/me", "POST", {"GET"}),
        ("cart", "/carts/me/items", "GET", {"POST", "DELETE"}),
        ("order", "/orders/me", "DELETE", {"GET", "POST"}),
        ("order", "/orders/1/cancel", "POST", {"PATCH"}),
        ("order", "/orders/1/status", "GET", {"PATCH"}),
        ("product", "/categories", "PUT", {"GET", "POST"}),
        ("product", "/products/1", "PATCH", {"GET", "PUT", "DELETE"}),
        ("product", "/internal/products/1", "POST", {"GET"}),
        ("product", "/health", "POST", {"GET"}),
        ("inventory", "/inventory/1", "PUT", {"GET"}),
        ("inventory", "/inventory/reservations", "POST", {"GET"}),
        ("inventory", "/inventory/1/stock", "GET", {"PUT"}),
        ("inventory", "/internal/holds/1", "GET", {"PUT", "DELETE"}),
    ],
)
def test_a_known_path_with_another_method_is_405_and_names_the_methods(
    shop: Shop, service: str, path: str, method: str, allowed: set[str]
) -> None:
    reply = shop.anonymous.send(method, path, service=service)
    check_error(reply, 405)
    named = {word.strip() for word in reply.headers["Allow"].split(",")}
    assert allowed <= named and method not in named, named


@each_service
def test_head_is_get_without_the_body(shop: Shop, service: str, alice: Actor) -> None:
    got = alice.get(PATHS[service], service=service)
    head = alice.send("HEAD", PATHS[service], service=service)
    assert head.status == got.status and head.body == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    check_fixed_headers(head.headers)


@each_service
def test_one_trailing_slash_is_tolerated_and_two_are_not(
    shop: Shop, service: str, alice: Actor
) -> None:
    assert alice.get(PATHS[service] + "/", service=service).status == 200
    assert alice.get(PATHS[service] + "//", service=service).status in (400, 404)


@each_service
def test_paths_are_case_sensitive(shop: Shop, service: str, alice: Actor) -> None:
    upper = PATHS[service].upper()
    check_error(alice.get(upper, service=service), 404, f"Route not found: GET {upper}")


@pytest.mark.parametrize(
    "path", ["/AUTH/session", "/auth/Session", "/Users/1", "/INTERNAL/products/1", "/Products"]
)
def test_an_edge_filter_on_lower_case_paths_cannot_be_walked_round(
    shop: Shop, path: str, alice: Actor
) -> None:
    assert alice.get(path).status == 404


@pytest.mark.parametrize("path", ["/auth/%73ession", "/%61uth/session", "/users%2F1"])
def test_escapes_are_not_decoded_in_fixed_parts(shop: Shop, path: str, alice: Actor) -> None:
    reply = alice.get(path, service="user")
    assert reply.status in (400, 404), reply


@pytest.mark.parametrize("path", ["/users/%zz", "/users/%", "/users/%2"])
def test_a_broken_escape_in_an_id_is_a_400(alice: Actor, path: str) -> None:
    check_error(alice.get(path), 400)


# --- CORS (§1.9, §10.18) --------------------------------------------------------------------------


@each_service
@pytest.mark.parametrize("path", ["/health", "/nowhere/at/all", "*"])
def test_preflight_is_answered_on_any_path(shop: Shop, service: str, path: str) -> None:
    asked = "content-type, authorization, x-anything"
    reply = shop.anonymous.send(
        "OPTIONS",
        path,
        service=service,
        headers={"Origin": "https://shop.example", "Access-Control-Request-Headers": asked},
    )
    assert reply.status == 204 and reply.body == b""
    check_fixed_headers(reply.headers)
    assert (
        reply.headers["Access-Control-Allow-Methods"].replace(" ", "")
        == "GET,HEAD,PUT,PATCH,POST,DELETE"
    )
    assert reply.headers["Access-Control-Allow-Headers"] == asked
    assert "access-control-request-headers" in ",".join(reply.headers.all("Vary")).lower()
    assert "Access-Control-Allow-Credentials" not in reply.headers


def test_preflight_without_origin_or_asked_headers(shop: Shop) -> None:
    reply = shop.anonymous.send("OPTIONS", "/orders/me")
    assert reply.status == 204
    assert "Access-Control-Allow-Headers" not in reply.headers


@each_service
def test_scripts_may_read_our_headers(shop: Shop, service: str) -> None:
    reply = shop.anonymous.get(
        "/health", service=service, headers={"Origin": "https://shop.example"}
    )
    exposed = {
        name.strip().lower() for name in reply.headers["Access-Control-Expose-Headers"].split(",")
    }
    assert {
        "x-request-id",
        "retry-after",
        "x-total-count",
        "link",
        "etag",
        "idempotency-replayed",
    } <= exposed
    assert "Access-Control-Allow-Credentials" not in reply.headers


# --- health, readiness, metrics (§1.19) -----------------------------------------------------------


@each_service
def test_health_says_who_answers_and_since_when(shop: Shop, service: str) -> None:
    reply = shop.anonymous.get("/health", service=service)
    body = reply.expect(200)
    assert list(body) == ["status", "service", "uptimeSeconds", "timestamp"]
    assert body["status"] == "ok" and body["service"] == f"{service}-service"
    assert isinstance(body["uptimeSeconds"], int)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["timestamp"])
    check_fixed_headers(reply.headers)
    assert "X-RateLimit-Limit" not in reply.headers


@each_service
@pytest.mark.parametrize(("path", "alias"), [("/health", "/livez"), ("/ready", "/readyz")])
def test_probes_also_have_the_names_of_kubernetes(
    shop: Shop, service: str, path: str, alias: str
) -> None:
    wanted = shop.anonymous.get(path, service=service).expect(200)
    reply = shop.anonymous.get(alias, service=service)
    assert list(reply.expect(200)) == list(wanted)
    assert reply.json["status"] == wanted["status"]
    assert "X-RateLimit-Limit" not in reply.headers
    document = shop.anonymous.get("/openapi.json", service=service).expect(200)
    assert alias in document["paths"]


@each_service
def test_readiness_names_each_dependency(shop: Shop, service: str) -> None:
    reply = shop.anonymous.get("/ready", service=service)
    text = str(reply.expect(200)).lower()
    check_fixed_headers(reply.headers)
    assert "database" in text or "db" in text


@each_service
def test_metrics_are_the_contracts_json(shop: Shop, service: str) -> None:
    reply = shop.anonymous.get("/metrics", service=service)
    body = reply.expect(200)
    names = [
        "service",
        "startedAt",
        "uptimeSeconds",
        "requestsTotal",
        "errorsTotal",
        "requestsByMethod",
    ]
    names += ["requestsByStatus", "memory"]
    assert list(body)[: len(names)] == names
    assert body["service"] == f"{service}-service"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["startedAt"])
    assert {"rss", "heapTotal", "heapUsed", "external", "arrayBuffers"} <= set(body["memory"])
    assert body["memory"]["rss"] > 1_000_000
    assert "X-RateLimit-Limit" not in reply.headers


def _metrics(shop: Shop) -> dict:
    return shop.anonymous.get("/metrics", service="product").expect(200)


def test_metrics_count_every_request_even_unparsable_ones_and_preflights(
    shop: Shop, admin: Actor
) -> None:
    before = _metrics(shop)
    shop.anonymous.get("/categories")
    shop.anonymous.get("/unknown", service="product")
    shop.anonymous.send("OPTIONS", "/categories")
    admin.post("/categories", body=b"{broken")
    after = _metrics(shop)
    assert after["requestsTotal"] - before["requestsTotal"] == 5
    for status in ("404", "204", "400"):
        seen = after["requestsByStatus"][status] - before["requestsByStatus"].get(status, 0)
        assert seen == 1, f"{status}: {seen}"
    assert after["errorsTotal"] == before["errorsTotal"]


@each_service
@pytest.mark.parametrize(
    "accept", ["text/plain", "application/openmetrics-text; version=1.0.0, text/plain;q=0.5"]
)
def test_metrics_speak_prometheus_when_asked(shop: Shop, service: str, accept: str) -> None:
    reply = shop.anonymous.get("/metrics", service=service, headers={"Accept": accept})
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith(("text/plain", "application/openmetrics-text"))
    assert re.search(r"^# TYPE \w+", reply.text, re.MULTILINE)


def test_metrics_are_json_for_whoever_takes_anything(shop: Shop) -> None:
    reply = shop.anonymous.get("/metrics", service="user", headers={"Accept": "*/*"})
    assert reply.headers["Content-Type"] == JSON_CONTENT_TYPE


# --- conditional requests -------------------------------------------------------------------------


def _again_with_etag(shop: Shop, path: str) -> tuple[Reply, Reply]:
    first = shop.anonymous.get(path)
    assert first.status == 200
    return first, shop.anonymous.get(path, headers={"If-None-Match": first.headers["ETag"]})


@pytest.mark.parametrize("path", ["/products", "/products/{id}"])
def test_an_unchanged_catalogue_page_is_a_304(shop: Shop, mug: dict, path: str) -> None:
    # What was sold before may still be told to the catalogue, and that is a change.
    first, second = wait_until(
        lambda: (seen := _again_with_etag(shop, path.format(id=mug["id"])))[1].status == 304
        and seen,
        "the page has not changed meanwhile",
    )
    assert second.body == b""
    assert second.headers["ETag"] == first.headers["ETag"]
    check_fixed_headers(second.headers)


def test_a_changed_product_has_another_etag(shop: Shop, admin: Actor) -> None:
    product = shop.product()
    path = f"/products/{product['id']}"
    before = shop.anonymous.get(path).headers["ETag"]
    admin.put(path, shop.product_fields(name=product["name"], price=5)).expect(200)
    changed = shop.anonymous.get(path, headers={"If-None-Match": before})
    assert changed.status == 200 and changed.headers["ETag"] != before
    assert changed.json["price"] == "5.00"


@pytest.mark.parametrize("path", ["/health", "/products", "/products/{id}", "/nowhere"])
def test_an_answer_says_when_it_was_given(shop: Shop, mug: dict, path: str) -> None:
    """Also one that is kept in memory and given again."""
    for _ in range(2):
        before = datetime.now(UTC).replace(microsecond=0)
        reply = shop.anonymous.get(path.format(id=mug["id"]), service="product")
        assert before <= parsedate_to_datetime(reply.headers["Date"]) <= datetime.now(UTC)
