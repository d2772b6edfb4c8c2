"""wire-contract §4 and §10.5-6: listing products, filters, order, pages."""

import pytest

from lib.shapes import check_error, check_product
from lib.shop import Person, Shop, unique


@pytest.fixture(scope="module")
def shelf(shop: Shop) -> tuple[int, list[dict]]:
    """A category of its own with five products, oldest first."""
    category = shop.category()
    rows = [
        ("Banana", 3, 0),
        ("apple", "1.50", 4),
        ("Cherry", 20, 1),
        ("date", 7, 9),
        ("Élder", 7, 2),
    ]
    marker = unique("shelf")
    made = [
        shop.product(
            categoryId=category["id"], name=f"{name} {marker}", price=price, stockQuantity=stock
        )
        for name, price, stock in rows
    ]
    return category["id"], made


def names(shop: Shop, query: str) -> list[str]:
    answer = shop.anonymous.get(f"/products?{query}").expect(200)
    return [row["name"].split()[0] for row in answer["products"]]


def test_the_list_without_paging_has_the_contracts_shape(
    shop: Shop, shelf: tuple[int, list[dict]]
) -> None:
    reply = shop.anonymous.get("/products")
    body = reply.expect(200)
    assert list(body)[:2] == ["count", "products"]
    assert body["count"] == len(body["products"]) <= 100
    for product in body["products"][:5]:
        check_product(product)
    assert int(reply.headers["X-Total-Count"]) >= body["count"]
    ids = [row["id"] for row in body["products"]]
    assert ids == sorted(ids, reverse=True), "newest first, then the larger id"


def test_a_category_filters(shop: Shop, shelf: tuple[int, list[dict]]) -> None:
    category_id, made = shelf
    answer = shop.anonymous.get(f"/products?categoryId={category_id}").expect(200)
    assert answer["products"] == list(reversed(made)) and answer["count"] == 5


@pytest.mark.parametrize("value", ["abc", "0", "-1", "1.5", "", "0x1"])
def test_a_category_that_is_not_understood_is_ignored_as_before(
    shop: Shop, shelf: object, value: str
) -> None:
    everything = shop.anonymous.get("/products").expect(200)["count"]
    assert shop.anonymous.get(f"/products?categoryId={value}").expect(200)["count"] == everything


def test_unknown_parameters_are_ignored(shop: Shop, shelf: tuple[int, list[dict]]) -> None:
    assert (
        shop.anonymous.get(f"/products?categoryId={shelf[0]}&utm_source=mail").expect(200)["count"]
        == 5
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("minPrice=7", ["Élder", "date", "Cherry"]),
        ("maxPrice=7", ["Élder", "date", "apple", "Banana"]),
        ("minPrice=3&maxPrice=7.00", ["Élder", "date", "Banana"]),
        ("minPrice=1.51&maxPrice=2.99", []),
        ("inStock=true", ["Élder", "date", "Cherry", "apple"]),
        ("sort=newest", ["Élder", "date", "Cherry", "apple", "Banana"]),
        ("sort=price_asc", ["apple", "Banana", "date", "Élder", "Cherry"]),
        ("sort=price_desc", ["Cherry", "Élder", "date", "Banana", "apple"]),
        ("sort=name", ["apple", "Banana", "Cherry", "date", "Élder"]),
        ("sort=name&inStock=true&maxPrice=7", ["apple", "date", "Élder"]),
    ],
)
def test_filters_and_orders(
    shop: Shop, shelf: tuple[int, list[dict]], query: str, expected: list[str]
) -> None:
    seen = names(shop, f"categoryId={shelf[0]}&{query}")
    if "price_" in query:  # Equal prices: either order.
        seen, expected = (
            [name if name not in ("date", "Élder") else "seven" for name in row]
            for row in (seen, expected)
        )
    assert seen == expected


def test_products_of_one_supplier(shop: Shop, supplier: Person) -> None:
    made = [shop.product(by=supplier)["id"] for _ in range(2)]
    answer = shop.anonymous.get(f"/products?supplierId={supplier.id}").expect(200)
    assert sorted(row["id"] for row in answer["products"] if row["id"] in made) == made
    assert {row["createdByUserId"] for row in answer["products"]} == {supplier.id}


@pytest.mark.parametrize(
    "query",
    [
        "minPrice=cheap",
        "minPrice=-1",
        "maxPrice=1e3",
        "maxPrice=",
        "inStock=maybe",
        "sort=colour",
        "supplierId=abc",
        "page=0",
        "page=-1",
        "page=abc",
        "page=1.5",
        "pageSize=0",
        "pageSize=101",
        "pageSize=x",
        "page=99999999999999999999",
    ],
)
def test_new_parameters_are_strict(shop: Shop, query: str) -> None:
    check_error(shop.anonymous.get(f"/products?{query}"), 400)


def test_pages(shop: Shop, shelf: tuple[int, list[dict]]) -> None:
    category_id, made = shelf
    newest = [row["id"] for row in reversed(made)]
    seen = []
    for page in (1, 2, 3):
        body = shop.anonymous.get(
            f"/products?categoryId={category_id}&page={page}&pageSize=2"
        ).expect(200)
        assert list(body)[:2] == ["count", "products"]
        assert (body["page"], body["pageSize"], body["total"], body["totalPages"]) == (
            page,
            2,
            5,
            3,
        )
        assert body["count"] == len(body["products"])
        seen += [row["id"] for row in body["products"]]
    assert seen == newest
    beyond = shop.anonymous.get(f"/products?categoryId={category_id}&page=4&pageSize=2").expect(200)
    assert beyond["products"] == [] and beyond["count"] == 0 and beyond["total"] == 5


def test_links_lead_from_page_to_page(shop: Shop, shelf: tuple[int, list[dict]]) -> None:
    reply = shop.anonymous.get(f"/products?categoryId={shelf[0]}&page=2&pageSize=2")
    link = reply.headers["Link"]
    for relation in ("first", "prev", "next", "last"):
        assert f'rel="{relation}"' in link, link
    assert (
        f"categoryId={shelf[0]}" in link
        and "page=3" in link
        and reply.headers["X-Total-Count"] == "5"
    )


def test_a_page_size_alone_or_a_page_alone_is_paging(
    shop: Shop, shelf: tuple[int, list[dict]]
) -> None:
    body = shop.anonymous.get(f"/products?categoryId={shelf[0]}&pageSize=3").expect(200)
    assert (body["count"], body["page"], body["total"]) == (3, 1, 5)
    body = shop.anonymous.get(f"/products?categoryId={shelf[0]}&page=1").expect(200)
    assert body["count"] == 5 and body["pageSize"] >= 5


def test_an_unpaged_list_stops_at_100_and_says_how_many_there_are(shop: Shop) -> None:
    category = shop.category()
    for _ in range(101):
        shop.product(categoryId=category["id"])
    reply = shop.anonymous.get(f"/products?categoryId={category['id']}")
    body = reply.expect(200)
    assert body["count"] == len(body["products"]) == 100
    assert reply.headers["X-Total-Count"] == "101"
    assert 'rel="next"' in reply.headers["Link"]
    last = shop.anonymous.get(f"/products?categoryId={category['id']}&page=2&pageSize=100").expect(
        200
    )
    assert last["count"] == 1 and last["totalPages"] == 2
