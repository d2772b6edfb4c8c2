"""wire-contract §4, where the order of checks and odd spellings matter."""

import pytest

from lib.shapes import check_error
from lib.shop import Actor, Shop

URL = "https://img.example.com/a.png"
CATEGORY = "Category not found or inactive"
NO_IMAGE = "Product must include at least one image"


@pytest.mark.parametrize(
    ("members", "status", "message"),
    [
        ({}, 400, "Product name is required"),
        ({"name": "x"}, 400, "Product price must be greater than 0"),
        (
            {"name": "x", "price": 1, "stockQuantity": -1},
            400,
            "stockQuantity must be a non-negative integer",
        ),
        ({"name": "x", "price": 1}, 404, CATEGORY),
        ({"name": "x", "price": 1, "images": []}, 404, CATEGORY),
        ({"name": "x", "price": 1, "images": ["ftp://x"]}, 404, CATEGORY),
        ({"name": "x", "price": 1, "images": [URL], "currency": "ZZZ"}, 404, CATEGORY),
        ({"name": "x", "price": 1, "images": [URL], "description": 5}, 404, CATEGORY),
    ],
    ids=["name", "price", "stock", "no images", "empty", "ftp", "currency", "description"],
)
def test_the_category_comes_after_stock_and_before_images(
    admin: Actor, members: dict, status: int, message: str
) -> None:
    check_error(admin.post("/products", {"categoryId": 99_999_999, **members}), status, message)


def test_with_a_category_the_images_are_missed(shop: Shop, admin: Actor) -> None:
    fields = shop.product_fields(images=...)
    check_error(admin.post("/products", fields), 400, NO_IMAGE)


@pytest.mark.parametrize(
    "url",
    [
        "http:img.example.com",
        "http://img.example.com\\@evil.example",
        "http://img.example.com/\u0000",
        "http://img.example.com/a b",
        'http://"onerror=alert(1)//',
        "x",
        " ",
    ],
)
def test_an_image_that_a_browser_would_read_otherwise_is_refused(
    shop: Shop, admin: Actor, url: str
) -> None:
    fields = shop.product_fields(images=[url])
    message = "Each product image must be a valid http/https URL"
    check_error(admin.post("/products", fields), 400, message)


@pytest.mark.parametrize("currency", ["ＵＳＤ", "U$D", "usd\u0000", "AAA"])
def test_a_currency_that_only_looks_like_one_is_refused(
    shop: Shop, admin: Actor, currency: str
) -> None:
    check_error(admin.post("/products", shop.product_fields(currency=currency)), 400)


@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999999999999999",
        "page=%00",
        "sort=price_asc;drop",
        "minPrice=1e308",
        "minPrice=0x1",
        "maxPrice=NaN",
        "supplierId=0",
    ],
)
def test_parameters_of_ours_are_strict(shop: Shop, query: str) -> None:
    check_error(shop.anonymous.get(f"/products?{query}"), 400)
