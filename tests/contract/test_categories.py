"""wire-contract §4: categories."""

import pytest

from lib.parallel import at_once
from lib.shapes import (
    CATEGORY_LISTED,
    CATEGORY_MADE,
    check_error,
    check_members,
    check_times,
    is_id,
)
from lib.shop import Actor, Person, Shop, unique

ABSENT = ...
BAD_CATEGORIES = [
    ("no name", {"name": ABSENT}, "Category name is required"),
    ("name null", {"name": None}, "Category name is required"),
    ("name empty", {"name": ""}, "Category name is required"),
    ("name blank", {"name": " \t "}, "Category name is required"),
    ("name a number", {"name": 5}, "Category name is required"),
    ("name an array", {"name": ["Books"]}, "Category name is required"),
    ("name of 121 letters", {"name": "n" * 121}, None),
    ("name of signs alone", {"name": "!!! ---"}, "Invalid category name"),
    ("description of more than 65,535 bytes", {"description": "d" * 65_536}, None),
    ("description of more than 65,535 bytes in few letters", {"description": "漢" * 21_846}, None),
    ("description with a NUL", {"description": "a\u0000b"}, None),
]
bad_category = pytest.mark.parametrize(
    ("fields", "message"),
    [row[1:] for row in BAD_CATEGORIES],
    ids=[row[0] for row in BAD_CATEGORIES],
)


def body_of(fields: dict) -> dict:
    wanted = {"name": unique("Bad"), **fields}
    return {key: value for key, value in wanted.items() if value is not ABSENT}


def listed(shop: Shop) -> dict[int, dict]:
    answer = shop.anonymous.get("/categories?page=1&pageSize=100").expect(200)
    rows = list(answer["categories"])
    for page in range(2, answer.get("totalPages", 1) + 1):
        rows += shop.anonymous.get(f"/categories?page={page}&pageSize=100").expect(200)[
            "categories"
        ]
    return {row["id"]: row for row in rows}


@bad_category
def test_a_bad_category_is_refused_and_not_made(
    shop: Shop, admin: Actor, fields: dict, message: str | None
) -> None:
    before = len(listed(shop))
    check_error(admin.post("/categories", body_of(fields)), 400, message)
    assert len(listed(shop)) == before


@bad_category
def test_a_category_cannot_be_changed_into_a_bad_one(
    shop: Shop, admin: Actor, fields: dict, message: str | None
) -> None:
    category = shop.category()
    if fields.get("name", "") in (ABSENT, None):
        pytest.skip("what PUT leaves out, or null, may stay as it is")
    check_error(admin.put(f"/categories/{category['id']}", body_of(fields)), 400)
    assert listed(shop)[category["id"]]["name"] == category["name"]


def test_a_new_category(shop: Shop, admin: Person) -> None:
    name = unique("Books & More")
    made = admin.post("/categories", {"name": f"  {name} ", "description": "  To read.  "}).expect(
        201
    )
    check_members(made, CATEGORY_MADE)
    check_times(made)
    assert made["name"] == name and made["description"] == "To read."
    assert made["slug"] == name.lower().replace(" & ", "-").replace(" ", "-")
    assert made["isActive"] == 1 and not isinstance(made["isActive"], bool)
    assert made["createdByUserId"] == admin.id
    row = listed(shop)[made["id"]]
    check_members(row, CATEGORY_LISTED)
    assert "createdByUserId" not in row and row["name"] == name


@pytest.mark.parametrize("description", [ABSENT, None, "", "  ", 7, {}, ["x"]], ids=repr)
def test_a_category_without_description(admin: Actor, description: object) -> None:
    assert (
        admin.post("/categories", body_of({"description": description})).expect(201)["description"]
        is None
    )


def test_a_description_at_the_limit(admin: Actor) -> None:
    made = admin.post("/categories", body_of({"description": "d" * 65_535})).expect(201)
    assert len(made["description"]) == 65_535


def test_a_name_at_the_limit(admin: Actor) -> None:
    name = unique("N").ljust(120, "x")
    assert admin.post("/categories", {"name": name}).expect(201)["name"] == name


@pytest.mark.parametrize("name", ["كتب", "书籍", "Книги", "本と雑誌", "βιβλία"])
def test_names_of_every_script_are_welcome(admin: Actor, name: str) -> None:
    made = admin.post("/categories", {"name": unique(name)}).expect(201)
    assert made["slug"].strip("-") and made["name"].startswith(name)


def test_an_accented_name_keeps_its_letters_in_the_slug(admin: Actor) -> None:
    made = admin.post("/categories", {"name": unique("Été & books!!")}).expect(201)
    assert made["slug"].startswith("ete-books")


def test_a_name_is_taken_once_whatever_its_case(shop: Shop, admin: Actor) -> None:
    category = shop.category()
    for name in (category["name"], category["name"].upper(), f"  {category['name']} "):
        check_error(admin.post("/categories", {"name": name}), 409, "Category already exists")


def test_of_racing_equal_categories_one_wins(admin: Actor) -> None:
    name = unique("Race")
    statuses = sorted(
        reply.status for reply in at_once(6, lambda _: admin.post("/categories", {"name": name}))
    )
    assert statuses == [201] + [409] * 5


def test_the_list_is_by_name_without_case(shop: Shop) -> None:
    marker = unique("zzz")
    for letter in ("b", "A", "c", "D"):
        shop.category(f"{marker} {letter}")
    names = [row["name"] for row in listed(shop).values() if row["name"].startswith(marker)]
    assert [name[-1] for name in names] == ["A", "b", "c", "D"]


def test_the_list_shape(shop: Shop) -> None:
    shop.category()
    reply = shop.anonymous.get("/categories")
    body = reply.expect(200)
    assert (
        list(body)[:2] == ["count", "categories"]
        and body["count"] == len(body["categories"]) <= 100
    )
    assert is_id(body["categories"][0]["id"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_admins_touch_categories(
    shop: Shop, alice: Person, supplier: Person, method: str
) -> None:
    category = shop.category()
    target = "/categories" if method == "POST" else f"/categories/{category['id']}"
    for somebody in (alice, supplier):
        check_error(somebody.send(method, target, {"name": unique("Mine")}), 403, "Forbidden")
        check_error(somebody.send(method, target, {}), 403, "Forbidden")
    assert listed(shop)[category["id"]]["name"] == category["name"]


def test_a_category_is_renamed_and_its_products_show_it(shop: Shop, admin: Actor) -> None:
    category = shop.category()
    product = shop.product(categoryId=category["id"])
    name = unique("Renamed")
    changed = admin.put(
        f"/categories/{category['id']}", {"name": name, "description": "New."}
    ).expect(200)
    assert changed["name"] == name and changed["id"] == category["id"]
    assert shop.anonymous.get(f"/products/{product['id']}").expect(200)["categoryName"] == name


def test_an_empty_category_can_be_deleted(shop: Shop, admin: Actor) -> None:
    category = shop.category()
    assert admin.delete(f"/categories/{category['id']}").status in (200, 204)
    assert category["id"] not in listed(shop)
    fields = shop.product_fields(categoryId=category["id"])
    check_error(admin.post("/products", fields), 404, "Category not found or inactive")


def test_a_category_with_products_never_leaves_them_without_one(shop: Shop, admin: Actor) -> None:
    category = shop.category()
    product = shop.product(categoryId=category["id"])
    reply = admin.delete(f"/categories/{category['id']}")
    seen = shop.anonymous.get(f"/products/{product['id']}")
    if reply.status in (200, 204):
        check_error(seen, 404, "Product not found")
    else:
        check_error(reply, (400, 409))
        assert seen.expect(200)["categoryName"] == category["name"]


@pytest.mark.parametrize("category_id", ["999999999", "abc", "0", "-1", "1.5"])
def test_no_such_category(admin: Actor, category_id: str) -> None:
    check_error(admin.put(f"/categories/{category_id}", {"name": unique("X")}), (400, 404))
    check_error(admin.delete(f"/categories/{category_id}"), (400, 404))


def test_the_list_is_paged_when_asked(shop: Shop) -> None:
    for _ in range(3):
        shop.category()
    body = shop.anonymous.get("/categories?page=1&pageSize=2").expect(200)
    assert (body["count"], body["page"], body["pageSize"]) == (2, 1, 2)
    assert body["total"] >= 3 and body["totalPages"] == (body["total"] + 1) // 2
