"""Other people's addresses, and more of one's own than there may be."""

from typing import Any

import pytest

from lib.mariadb import MariaDb
from lib.parallel import at_once
from lib.shapes import check_error
from lib.shop import Person, Shop
from lib.tokens import INTERNAL_TOKEN_SECRET

ADDRESSES_MAX = 50
HOME = {"name": "Ann", "line1": "1 Road", "city": "Town", "country": "GB"}


def of(person: Person) -> str:
    return f"/users/{person.id}/addresses"


def listed(person: Person) -> list[dict[str, Any]]:
    return person.get(of(person)).expect(200)["addresses"]


def defaults(person: Person) -> int:
    return sum(address["isDefault"] for address in listed(person))


def test_nobody_reaches_anothers_address_by_either_id(
    shop: Shop, alice: Person, mallory: Person, supplier: Person
) -> None:
    """Neither under the owner's number nor under one's own."""
    made = alice.post(of(alice), HOME).expect(201)
    under_alice = f"{of(alice)}/{made['id']}"
    for stranger in (mallory, supplier):
        under_own = f"{of(stranger)}/{made['id']}"
        for method in ("GET", "PUT", "DELETE"):
            body = HOME if method == "PUT" else ...
            check_error(stranger.send(method, under_alice, body), 403, "Forbidden")
            check_error(stranger.send(method, under_own, body), 404, "Address not found")
        check_error(stranger.get(of(alice)), 403, "Forbidden")
        check_error(stranger.post(of(alice), HOME), 403, "Forbidden")
        # Which accounts there are is not told either.
        check_error(stranger.get(f"/users/{2**53}/addresses"), 403, "Forbidden")
    check_error(shop.anonymous.get(under_alice), 401, "Unauthorized")
    assert made in listed(alice)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", 1),
        ("userId", 1),
        ("createdAt", "2026-01-01T00:00:00.000Z"),
        ("country", "GBR"),
        ("country", "ZZ"),
        ("country", None),
        ("name", " \u00a0\ufeff"),
        ("name", "a\nBcc: b"),
        ("line1", "\x1b[2J"),
        ("line2", "x" * 201),
        ("postalCode", 12345),
        ("isDefault", "true"),
        ("isDefault", 1),
    ],
    ids=repr,
)
def test_what_is_no_address_is_not_kept(alice: Person, member: str, value: Any) -> None:
    before = listed(alice)
    body = check_error(alice.post(of(alice), {**HOME, member: value}), 400)
    assert body["errors"][0]["field"] == member
    assert body["message"].count(member) == 1, "the sentence names the member once"
    assert listed(alice) == before


def test_there_is_exactly_one_default_whatever_is_done_at_once(shop: Shop) -> None:
    person = shop.user("Ann")
    answers = at_once(8, lambda n: person.post(of(person), {**HOME, "isDefault": n % 2 == 0}))
    assert {answer.status for answer in answers} == {201}
    assert defaults(person) == 1
    at = [f"{of(person)}/{address['id']}" for address in listed(person)]
    at_once(8, lambda n: person.put(at[n], {**HOME, "isDefault": True}))
    assert defaults(person) == 1
    at_once(6, lambda n: person.delete(at[n]) if n % 2 else person.put(at[n - 1], HOME))
    assert defaults(person) == 1
    for address in listed(person)[1:]:
        person.delete(f"{of(person)}/{address['id']}").expect(204)
    last = f"{of(person)}/{listed(person)[0]['id']}"
    assert person.put(last, {**HOME, "isDefault": False}).expect(200)["isDefault"] is True


def fill_up(person: Person, rounds: int) -> None:
    """All but three one after the other, then twelve at once."""
    for _ in range(ADDRESSES_MAX - 3):
        person.post(of(person), HOME).expect(201)
    for _ in range(rounds):
        answers = at_once(12, lambda _: person.post(of(person), HOME))
        for answer in answers:
            if answer.status != 201:
                check_error(answer, 409, "An account can have at most 50 addresses")
        assert len(listed(person)) == ADDRESSES_MAX
        for address in listed(person)[:3]:
            person.delete(f"{of(person)}/{address['id']}").expect(204)


def test_nobody_has_more_addresses_than_may_be(shop: Shop) -> None:
    fill_up(shop.user("Ann"), rounds=1)


def test_nobody_has_more_addresses_than_may_be_at_a_database_server(
    new_server, database: MariaDb
) -> None:
    """There several writers work at once, and what one has not committed the others do not see."""
    settings = database.settings("addresses", ["user"])
    settings |= {"DB_POOL_SIZE": "20", "INTERNAL_TOKEN_SECRET": INTERNAL_TOKEN_SECRET}
    shop = Shop(new_server(services=["user"], env=settings).start())
    fill_up(shop.user("Ann"), rounds=6)


def test_an_address_goes_with_its_account(shop: Shop, admin: Person) -> None:
    person = shop.user("Gone")
    person.post(of(person), HOME).expect(201)
    person.delete(f"/users/{person.id}").expect(200)
    check_error(person.get(of(person)), 401)
    check_error(admin.get(of(person)), 404, "User not found")
    check_error(admin.post(of(person), HOME), 404, "User not found")
