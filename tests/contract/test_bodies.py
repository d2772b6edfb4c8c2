"""wire-contract §1.18: what a body may be, on every route that reads one."""

import gzip
import zlib

import pytest

from lib.http import encode
from lib.routes import BODY_ROUTES, BodyRoute, Cast
from lib.shapes import check_error, check_limit_headers
from lib.shop import Person, Shop, fresh_email

each_route = pytest.mark.parametrize("route", BODY_ROUTES, ids=str)


@pytest.fixture(scope="module")
def cast(shop: Shop, alice: Person, admin: Person, mug: dict) -> Cast:
    order = alice.buy(mug)
    alice.add(mug)
    return Cast(shop, alice, admin, mug, shop.category(), order)


@each_route
@pytest.mark.parametrize(
    ("sentence", "body"),
    [
        ("broken JSON", b'{"name":'),
        ("something after the JSON", b"{} trailing"),
        ("a second value", b"{}{}"),
        ("a string", b'"text"'),
        ("a number", b"7"),
        ("true", b"true"),
        ("null", b"null"),
        ("an array", b"[]"),
        ("single quotes", b"{'name':'x'}"),
        ("a comment", b"{/* hello */}"),
        ("a trailing comma", b'{"a":1,}'),
        ("NaN", b'{"a":NaN}'),
        ("invalid UTF-8", b'{"name":"\xff\xfe"}'),
        ("an overlong encoding", b'{"name":"\xc0\xaf"}'),
        ("half a surrogate pair", b'{"name":"\\ud800"}'),
        ("a member twice", b'{"extra":1,"extra":2}'),
        ("a member twice, once escaped", b'{"extra":1,"e\\u0078tra":2}'),
        ("more nesting than the limit of 32", b'{"a":' * 33 + b"1" + b"}" * 33),
        ("50,000 nested arrays", b"[" * 50_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_body_that_is_not_one_json_object_is_a_400(
    route: BodyRoute, cast: Cast, sentence: str, body: bytes
) -> None:
    reply = route.send(cast, body=body)
    check_error(reply, 400)
    check_limit_headers(reply.headers)


@each_route
def test_no_body_is_taken_as_an_empty_object(route: BodyRoute, cast: Cast) -> None:
    _check_as_empty(route, cast, {})


@each_route
def test_a_body_of_no_bytes_is_taken_as_an_empty_object(route: BodyRoute, cast: Cast) -> None:
    _check_as_empty(route, cast, {"body": b""})


@each_route
def test_an_empty_object_names_the_first_missing_field(route: BodyRoute, cast: Cast) -> None:
    _check_as_empty(route, cast, {"body": b"{}"})


def _check_as_empty(route: BodyRoute, cast: Cast, how: dict) -> None:
    check_error(route.send(cast, **how), 400, route.empty_message)


@each_route
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/vnd.api+json",
        "text/json",
        "multipart/form-data",
        "application/jsonx",
        None,
    ],
)
def test_a_body_of_another_type_is_a_415(
    route: BodyRoute, cast: Cast, content_type: str | None
) -> None:
    check_error(route.send(cast, json=route.sample(cast), content_type=content_type), 415)


@each_route
@pytest.mark.parametrize("charset", ["latin1", "utf-16"])
def test_a_charset_other_than_utf_8_is_a_415(route: BodyRoute, cast: Cast, charset: str) -> None:
    check_error(
        route.send(
            cast, json=route.sample(cast), content_type=f"application/json; charset={charset}"
        ),
        415,
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
    ],
)
def test_json_may_be_announced_in_any_usual_spelling(cast: Cast, content_type: str) -> None:
    route = BODY_ROUTES[2]
    assert route.send(cast, json=route.sample(cast), content_type=content_type).status == 200


@each_route
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_body_is_read(route: BodyRoute, cast: Cast, encoding: str) -> None:
    packed = (gzip.compress if encoding == "gzip" else zlib.compress)(b"{}")
    check_error(
        route.send(cast, body=packed, headers={"Content-Encoding": encoding}),
        400,
        route.empty_message,
    )


@each_route
@pytest.mark.parametrize("encoding", ["br", "foo", "gzip, gzip"])
def test_an_unknown_compression_is_a_415(route: BodyRoute, cast: Cast, encoding: str) -> None:
    check_error(route.send(cast, body=b"{}", headers={"Content-Encoding": encoding}), 415)


def test_a_corrupt_compressed_body_is_a_400(cast: Cast) -> None:
    packed = gzip.compress(encode({"name": "x" * 500}))
    for broken in (b"not gzip at all", packed[:-9], packed[:20] + b"\0\0\0" + packed[23:]):
        check_error(
            BODY_ROUTES[0].send(cast, body=broken, headers={"Content-Encoding": "gzip"}), 400
        )


def _padded(size: int) -> bytes:
    """A JSON object without meaning, of exactly so many bytes."""
    return b'{"pad":"' + b"x" * (size - 10) + b'"}'


def _limit(route: BodyRoute) -> int:
    return 204_800 if route.path.startswith(("/products", "/categories")) else 102_400


@each_route
def test_the_size_limit_itself_is_accepted(route: BodyRoute, cast: Cast) -> None:
    reply = route.send(cast, body=_padded(_limit(route)))
    check_error(reply, 400)
    # Routes of our own refuse the padding itself, by its name.
    assert reply.message in (route.empty_message or reply.message, "pad is not a known field")


@each_route
def test_one_byte_more_than_the_limit_is_a_413(route: BodyRoute, cast: Cast) -> None:
    reply = route.send(cast, body=_padded(_limit(route) + 1))
    check_error(reply, 413, "request entity too large")
    check_limit_headers(reply.headers)


def test_the_size_is_checked_before_the_token(shop: Shop) -> None:
    check_error(shop.anonymous.post("/orders/me", body=_padded(102_401)), 413)


def test_a_compressed_body_is_measured_when_unpacked(cast: Cast) -> None:
    route = BODY_ROUTES[0]
    fits, bursts = gzip.compress(_padded(102_400)), gzip.compress(_padded(102_401))
    check_error(
        route.send(cast, body=fits, headers={"Content-Encoding": "gzip"}), 400, "Name is required"
    )
    check_error(route.send(cast, body=bursts, headers={"Content-Encoding": "gzip"}), 413)
    bomb = gzip.compress(b" " * 50_000_000)
    check_error(route.send(cast, body=bomb, headers={"Content-Encoding": "gzip"}), 413)


def test_nesting_up_to_the_limit_is_read(cast: Cast) -> None:
    body = b'{"a":' * 32 + b"1" + b"}" * 32
    check_error(BODY_ROUTES[0].send(cast, body=body), 400, "Name is required")


def test_a_byte_order_mark_is_skipped(shop: Shop) -> None:
    wanted = {"name": "Bom", "email": fresh_email("bom"), "password": "Correct-Horse-7f3a"}
    shop.anonymous.post("/auth/signup", body=b"\xef\xbb\xbf" + encode(wanted)).expect(201)


def test_proto_is_a_member_like_any_unknown_one(shop: Shop) -> None:
    wanted = {
        "__proto__": {"role": "admin"},
        "constructor": 1,
        "name": "Pro",
        "email": fresh_email("pro"),
    }
    account = shop.anonymous.post(
        "/auth/signup", {**wanted, "password": "Correct-Horse-7f3a"}
    ).expect(201)
    assert account["role"] == "user"


@pytest.mark.parametrize(
    "name", ["a\u0000b", "line\nbreak", "\u001b[31mred", "tab\tbed", "del\u007f"]
)
def test_control_characters_in_names_are_refused(shop: Shop, admin: Person, name: str) -> None:
    wanted = {"name": name, "email": fresh_email("ctl"), "password": "Correct-Horse-7f3a"}
    check_error(shop.anonymous.post("/auth/signup", wanted), 400)
    check_error(admin.post("/categories", {"name": name}), 400)
    check_error(admin.post("/products", shop.product_fields(name=name)), 400)


@each_route
def test_violations_are_listed_by_field(route: BodyRoute, cast: Cast) -> None:
    body = check_error(route.send(cast, body=b"{}"), 400)
    if body["message"] != "No valid fields to update":
        assert body.get("errors"), f"{route}: every violation of a field is listed: {body}"
        assert body["errors"][0]["message"] == body["message"]
