"""Units are put aside by the order service and by nobody else: what somebody tries who has found
the route, with a token that is none of its own, with lines that are none, and twice at once.
"""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from lib.http import Reply
from lib.parallel import at_once
from lib.server import JWT_SECRET, Server
from lib.shapes import check_error
from lib.shop import Person, Shop
from lib.tokens import INTERNAL_TOKEN_SECRET, b64, between_services, sign

STOCK_MAX = 4_294_967_295


@pytest.fixture(scope="module")
def own(new_module_server) -> Server:
    """A shop that others of ours could call: only then is its key for internal tokens known."""
    return new_module_server(env={"INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET}).start()


@pytest.fixture(scope="module")
def shop(own: Server) -> Shop:
    return Shop(own)


@pytest.fixture(scope="module")
def supplier(shop: Shop) -> Person:
    return shop.supplier("Sam")


def hold(
    shop: Shop,
    lines: Mapping[int, Any],
    placement: str = "",
    token: str | None = "",
    seconds: Any = 60,
) -> Reply:
    """`token` is a good one unless something is said; None leaves the header out."""
    token = between_services("inventory") if token == "" else token
    return shop.anonymous.put(
        f"/internal/holds/{placement or uuid.uuid4()}",
        {
            "lines": [{"productId": key, "quantity": value} for key, value in lines.items()],
            "holdSeconds": seconds,
        },
        headers={} if token is None else {"X-Internal-Token": token},
        service="inventory",
    )


def release(shop: Shop, placement: str) -> Reply:
    return shop.anonymous.delete(
        f"/internal/holds/{placement}",
        headers={"X-Internal-Token": between_services("inventory")},
        service="inventory",
    )


def internal(secret: str = INTERNAL_TOKEN_SECRET, head: Any = None, **claims: Any) -> str:
    """An internal token with other claims (`...` removes one) or another header."""
    now = int(time.time())
    merged = {"iss": "microcommerce", "aud": "inventory", "iat": now, "exp": now + 60, **claims}
    kept = {key: value for key, value in merged.items() if value is not ...}
    return sign(kept, head or {"alg": "HS256", "typ": "internal+jwt"}, secret)


def forged() -> dict[str, str | None]:
    now = int(time.time())
    unsigned = internal().split(".")[1]
    return {
        "none at all": None,
        "made with the users' key": internal(JWT_SECRET),
        "made with another key": internal("x" * 48),
        "unsigned": b64(b'{"alg":"none","typ":"internal+jwt"}') + f".{unsigned}.",
        "of the kind users have": internal(head={"alg": "HS256", "typ": "JWT"}),
        "of no kind": internal(head={"alg": "HS256"}),
        "with a kid": internal(head={"alg": "HS256", "typ": "internal+jwt", "kid": "1"}),
        "for another service": internal(aud="order"),
        "for all services": internal(aud=["inventory", "order"]),
        "of another issuer": internal(iss="somebody"),
        "expired": internal(iat=now - 200, exp=now - 100),
        "good for a day": internal(exp=now + 86_400),
        "good for ever": internal(exp=...),
        "of no known age": internal(iat=...),
        "of the future": internal(iat=now + 3_600, exp=now + 3_660),
        "kept alive for an hour": internal(iat=now - 3_600, exp=now + 10),
    }


@pytest.mark.parametrize("how", forged())
def test_units_are_held_for_nobody_with_a_token(shop: Shop, product: int, how: str) -> None:
    check_error(hold(shop, {product: 1}, token=forged()[how]), 401, "Unauthorized")
    assert shop.stock(product)["reservedQuantity"] == 0


def test_a_users_token_holds_nothing_and_an_internal_one_logs_nobody_in(
    shop: Shop, product: int
) -> None:
    admin = shop.as_admin()
    check_error(hold(shop, {product: 1}, token=admin.token), 401, "Unauthorized")
    as_bearer = shop.anonymous.with_token(between_services("inventory"))
    check_error(as_bearer.get("/inventory"), 401)
    check_error(
        as_bearer.get("/internal/orders/1/reservations", service="inventory"), 401, "Unauthorized"
    )


NO_QUANTITIES = [0, -1, 1.5, 1e2, True, "1", None, [1], STOCK_MAX + 1, 2**63, 10**30]


@pytest.mark.parametrize("quantity", NO_QUANTITIES, ids=repr)
def test_a_hold_of_what_is_no_quantity_is_refused(
    shop: Shop, product: int, quantity: Any
) -> None:
    check_error(hold(shop, {product: quantity}), 400)
    assert shop.stock(product)["reservedQuantity"] == 0


def test_a_hold_beyond_all_bounds_is_a_shortage_and_no_overflow(shop: Shop, product: int) -> None:
    """A hundred lines of the most: the sum is more than any product can have."""
    body = {"lines": [{"productId": product, "quantity": STOCK_MAX}] * 100, "holdSeconds": 60}
    target = f"/internal/holds/{uuid.uuid4()}"
    token = {"X-Internal-Token": between_services("inventory")}
    answer = shop.anonymous.put(target, body, headers=token, service="inventory").expect(409)
    shortage = {"productId": product, "requested": 100 * STOCK_MAX, "available": 10}
    assert answer == {"state": "refused", "shortages": [shortage]}
    assert shop.stock(product)["availableQuantity"] == 10


def test_one_line_too_many_holds_none_of_the_others(
    shop: Shop, supplier: Person, product: int
) -> None:
    other = shop.stocked(shop.product(by=supplier, stockQuantity=1))["id"]
    assert hold(shop, {product: 3, other: 2}).expect(409)["state"] == "refused"
    assert hold(shop, {product: 3, 2**53: 1}).expect(409)["state"] == "unknown"
    assert shop.stock(product)["reservedQuantity"] == shop.stock(other)["reservedQuantity"] == 0


def test_a_hold_that_was_given_back_never_comes_again(shop: Shop, product: int) -> None:
    """Also when giving back overtakes the holding: that is what a timed-out order does."""
    for _ in range(10):
        placement = str(uuid.uuid4())
        at_once(
            4,
            lambda n, at=placement: (
                hold(shop, {product: 1}, at) if n % 2 else release(shop, at)
            ),
        )
        assert hold(shop, {product: 1}, placement).expect(409)["state"] == "released"
    assert shop.stock(product)["reservedQuantity"] == 0


def test_a_placement_holds_once_however_often_it_is_asked(shop: Shop, product: int) -> None:
    placement = str(uuid.uuid4())
    answers = at_once(8, lambda _: hold(shop, {product: 2}, placement))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    check_error(hold(shop, {product: 3}, placement), 422)
    assert shop.stock(product)["reservedQuantity"] == 2


def test_two_products_held_in_either_order_by_many_are_never_oversold(
    shop: Shop, supplier: Person, product: int
) -> None:
    few = shop.stocked(shop.product(by=supplier, stockQuantity=4))["id"]
    there, back = {product: 1, few: 1}, {few: 1, product: 1}
    answers = at_once(8, lambda n: hold(shop, there if n % 2 else back))
    assert sorted(answer.status for answer in answers) == [201] * 4 + [409] * 4
    assert shop.stock(few)["availableQuantity"] == 0
    assert shop.stock(product)["availableQuantity"] == 6


def test_what_is_held_cannot_be_taken_out_of_the_house(
    shop: Shop, supplier: Person, product: int
) -> None:
    hold(shop, {product: 3}).expect(201)
    at = f"/inventory/{product}"
    check_error(
        supplier.put(f"{at}/stock", {"totalQuantity": 2}),
        400,
        "totalQuantity cannot be less than reservedQuantity (3)",
    )
    check_error(supplier.post(f"{at}/adjustments", {"delta": -8, "reason": "lost"}), 409)
    supplier.put(f"{at}/stock", {"totalQuantity": 3}).expect(200)
    assert shop.stock(product)["availableQuantity"] == 0


def test_the_books_are_right_after_all_that(own: Server) -> None:
    assert "adds up" in own.run("inventory", "verify").stdout
