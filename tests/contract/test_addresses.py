"""The address book of an account: routes of our own."""

import pytest

from lib.parallel import at_once
from lib.shapes import check_error, check_members, check_times
from lib.shop import Person, Shop

ADDRESS = (
    "id",
    "label",
    "name",
    "line1",
    "line2",
    "city",
    "region",
    "postalCode",
    "country",
    "phone",
    "isDefault",
    "createdAt",
    "updatedAt",
)
HOME = {"name": "Alice Doe", "line1": "1 Main St", "city": "Berlin", "country": "DE"}
ABSENT = ...

BAD_ADDRESSES = [
    ("no name", {"name": ABSENT}, "name"),
    ("name null", {"name": None}, "name"),
    ("name blank", {"name": "  "}, "name"),
    ("name of 151 letters", {"name": "n" * 151}, "name"),
    ("no line1", {"line1": ABSENT}, "line1"),
    ("line1 of 201 letters", {"line1": "l" * 201}, "line1"),
    ("line2 a number", {"line2": 5}, "line2"),
    ("no city", {"city": ABSENT}, "city"),
    ("city with a line feed", {"city": "Ber\nlin"}, "city"),
    ("postalCode of 21 letters", {"postalCode": "1" * 21}, "postalCode"),
    ("phone of 41 letters", {"phone": "1" * 41}, "phone"),
    ("label of 61 letters", {"label": "l" * 61}, "label"),
    ("no country", {"country": ABSENT}, "country"),
    ("a country that is none", {"country": "XX"}, "country"),
    ("a country by its name", {"country": "Germany"}, "country"),
    ("isDefault a word", {"isDefault": "yes"}, "isDefault"),
    ("a member nobody knows", {"planet": "Mars"}, "planet"),
]


def body_of(fields: dict) -> dict:
    return {key: value for key, value in {**HOME, **fields}.items() if value is not ABSENT}


@pytest.mark.parametrize(
    ("fields", "named"),
    [row[1:] for row in BAD_ADDRESSES],
    ids=[row[0] for row in BAD_ADDRESSES],
)
def test_a_bad_address_is_refused_by_name_and_not_kept(
    alice: Person, fields: dict, named: str
) -> None:
    before = alice.get(f"/users/{alice.id}/addresses").expect(200)
    reply = alice.post(f"/users/{alice.id}/addresses", body_of(fields))
    error = check_error(reply, 400)
    assert named in {violation["field"] for violation in error["errors"]}
    assert alice.get(f"/users/{alice.id}/addresses").expect(200) == before


def test_an_address_comes_back_as_it_was_typed(shop: Shop) -> None:
    bob = shop.user("Bob")
    path = f"/users/{bob.id}/addresses"
    typed = {
        "label": "مكتب",
        "name": "بوب",
        "line1": "١ شارع التحرير",
        "line2": "Floor 3",
        "city": "القاهرة",
        "region": "C",
        "postalCode": "11511",
        "country": "eg",
        "phone": "+20 2 1234",
    }
    made = bob.post(path, typed).expect(201)
    check_members(made, ADDRESS)
    check_times(made)
    assert {**typed, "country": "EG"}.items() <= made.items()
    assert made["isDefault"] is True
    assert bob.get(f"{path}/{made['id']}").expect(200) == made
    assert bob.get(path).expect(200) == {"count": 1, "addresses": [made]}


def test_the_default_is_one_whatever_is_chosen_and_deleted(shop: Shop) -> None:
    bob = shop.user("Bob")
    path = f"/users/{bob.id}/addresses"
    first, second, third = (bob.post(path, HOME).expect(201)["id"] for _ in range(3))

    def order() -> list[int]:
        rows = bob.get(path).expect(200)["addresses"]
        assert [row["isDefault"] for row in rows] == [True] + [False] * (len(rows) - 1)
        return [row["id"] for row in rows]

    assert order() == [first, second, third]
    bob.put(f"{path}/{third}", {**HOME, "isDefault": True}).expect(200)
    assert order() == [third, first, second]
    assert bob.delete(f"{path}/{third}").status == 204
    assert order() == [first, second]

    def choose(which: int) -> None:
        bob.put(f"{path}/{(first, second)[which % 2]}", {**HOME, "isDefault": True}).expect(200)

    at_once(8, choose)
    assert sorted(order()) == [first, second]


def test_addresses_are_nobody_elses_business(shop: Shop, alice: Person, mallory: Person) -> None:
    path = f"/users/{alice.id}/addresses"
    secret = alice.post(path, {**HOME, "name": "Alice at home"}).expect(201)
    for method, target, body in (
        ("GET", path, ...),
        ("POST", path, HOME),
        ("GET", f"{path}/{secret['id']}", ...),
        ("PUT", f"{path}/{secret['id']}", HOME),
        ("DELETE", f"{path}/{secret['id']}", ...),
    ):
        check_error(mallory.send(method, target, body), 403, "Forbidden")
        crossed = target.replace(f"/users/{alice.id}/", f"/users/{mallory.id}/")
        if crossed != target and str(secret["id"]) in crossed.rpartition("/")[2]:
            check_error(mallory.send(method, crossed, body), 404, "Address not found")
    assert secret in alice.get(path).expect(200)["addresses"]
    assert secret in shop.as_admin().get(path).expect(200)["addresses"]


def test_a_deleted_account_leaves_no_address(shop: Shop, admin: Person) -> None:
    bob = shop.user("Bob")
    bob.post(f"/users/{bob.id}/addresses", HOME).expect(201)
    bob.delete(f"/users/{bob.id}").expect(200)
    check_error(admin.get(f"/users/{bob.id}/addresses"), 404, "User not found")
