"""wire-contract §4: every way in which the body of POST /products, and of PUT, can be wrong."""

import pytest

from lib.shapes import check_error
from lib.shop import Actor, Shop, unique

CATEGORY = "Valid categoryId is required"
NAME = "Product name is required"
PRICE = "Product price must be greater than 0"
STOCK = "stockQuantity must be a non-negative integer"
NO_IMAGE = "Product must include at least one image"
BAD_IMAGE = "Each product image must be a valid http/https URL"
URL = "https://img.example.com/a.png"
ABSENT = ...

#: (what is wrong, the members that differ, the contract's sentence or None where it has none).
BAD_PRODUCTS: list[tuple[str, dict, str | None]] = [
    ("no categoryId", {"categoryId": ABSENT}, CATEGORY),
    ("categoryId null", {"categoryId": None}, CATEGORY),
    ("categoryId zero", {"categoryId": 0}, CATEGORY),
    ("categoryId negative", {"categoryId": -1}, CATEGORY),
    ("categoryId with a fraction", {"categoryId": 1.5}, CATEGORY),
    ("categoryId true", {"categoryId": True}, CATEGORY),
    ("categoryId in an array", {"categoryId": [1]}, CATEGORY),
    ("categoryId in hexadecimal", {"categoryId": "0x1"}, CATEGORY),
    ("categoryId with an exponent", {"categoryId": "1e0"}, CATEGORY),
    ("categoryId with blanks", {"categoryId": " 1 "}, CATEGORY),
    ("categoryId as a word", {"categoryId": "books"}, CATEGORY),
    ("categoryId beyond 64 bits", {"categoryId": 2**63}, CATEGORY),
    ("categoryId far beyond 64 bits as text", {"categoryId": "9" * 40}, CATEGORY),
    ("no name", {"name": ABSENT}, NAME),
    ("name null", {"name": None}, NAME),
    ("name empty", {"name": ""}, NAME),
    ("name blank", {"name": "  \t"}, NAME),
    ("name a number", {"name": 5}, NAME),
    ("name an object", {"name": {}}, NAME),
    ("name of 181 letters", {"name": "n" * 181}, None),
    ("name of signs alone", {"name": "!!! ---"}, "Invalid product name"),
    ("no price", {"price": ABSENT}, PRICE),
    ("price null", {"price": None}, PRICE),
    ("price zero", {"price": 0}, PRICE),
    ("price negative", {"price": -1}, PRICE),
    ("price negative zero", {"price": -0.0}, PRICE),
    ("price true", {"price": True}, PRICE),
    ("price in an array", {"price": [5]}, PRICE),
    ("price an object", {"price": {}}, PRICE),
    ("price in hexadecimal", {"price": "0x10"}, PRICE),
    ("price with an exponent as text", {"price": "1e2"}, PRICE),
    ("price with blanks", {"price": " 5 "}, PRICE),
    ("price empty", {"price": ""}, PRICE),
    ("price a word", {"price": "cheap"}, PRICE),
    ("price with a comma", {"price": "19,99"}, PRICE),
    ("price with a sign", {"price": "+5"}, PRICE),
    ("price Infinity as text", {"price": "Infinity"}, PRICE),
    ("price NaN as text", {"price": "NaN"}, PRICE),
    ("price below a cent", {"price": 0.001}, None),
    ("price with three decimals", {"price": 1.005}, None),
    ("price with three decimals as text", {"price": "1.005"}, None),
    ("price too large", {"price": 10_000_000_000}, None),
    ("price far too large", {"price": 1e300}, None),
    ("price of forty digits as text", {"price": "9" * 40}, None),
    ("price in yen with decimals", {"price": "10.5", "currency": "JPY"}, None),
    ("stockQuantity negative", {"stockQuantity": -1}, STOCK),
    ("stockQuantity with a fraction", {"stockQuantity": 1.5}, STOCK),
    ("stockQuantity true", {"stockQuantity": True}, STOCK),
    ("stockQuantity false", {"stockQuantity": False}, STOCK),
    ("stockQuantity an empty array", {"stockQuantity": []}, STOCK),
    ("stockQuantity empty", {"stockQuantity": ""}, STOCK),
    ("stockQuantity in hexadecimal", {"stockQuantity": "0x7"}, STOCK),
    ("stockQuantity a word", {"stockQuantity": "many"}, STOCK),
    ("stockQuantity one too large", {"stockQuantity": 4_294_967_296}, None),
    ("stockQuantity beyond 64 bits", {"stockQuantity": 2**64}, None),
    ("no images", {"images": ABSENT}, NO_IMAGE),
    ("images null", {"images": None}, NO_IMAGE),
    ("images empty", {"images": []}, NO_IMAGE),
    ("images a string", {"images": URL}, NO_IMAGE),
    ("images an object", {"images": {"url": URL}}, NO_IMAGE),
    ("more than 20 images", {"images": [f"{URL}?{n}" for n in range(21)]}, None),
    ("an image that is a number", {"images": [5]}, BAD_IMAGE),
    ("an image that is null", {"images": [None]}, BAD_IMAGE),
    ("an image that is an array", {"images": [[URL]]}, BAD_IMAGE),
    ("an image without a url", {"images": [{"isPrimary": True}]}, BAD_IMAGE),
    ("an image with an empty url", {"images": [{"url": ""}]}, BAD_IMAGE),
    ("an image by ftp", {"images": ["ftp://img.example.com/a.png"]}, BAD_IMAGE),
    ("an image by javascript", {"images": ["javascript:alert(1)"]}, BAD_IMAGE),
    ("an image as data", {"images": ["data:image/png;base64,AA=="]}, BAD_IMAGE),
    ("an image from a file", {"images": ["file:///etc/passwd"]}, BAD_IMAGE),
    ("an image without a scheme", {"images": ["//img.example.com/a.png"]}, BAD_IMAGE),
    ("an image without a host", {"images": ["https://"]}, BAD_IMAGE),
    ("an image with only a path behind the scheme", {"images": ["http:///a.png"]}, BAD_IMAGE),
    ("an image whose host has blanks", {"images": ['http:// a b"<']}, BAD_IMAGE),
    (
        "an image with a password inside",
        {"images": ["https://user:pass@img.example.com/a.png"]},
        BAD_IMAGE,
    ),
    (
        "an image with a line break inside",
        {"images": ["https://img.example.com/a\nb.png"]},
        BAD_IMAGE,
    ),
    ("an image with markup inside", {"images": ['https://img.example.com/"><script>']}, BAD_IMAGE),
    (
        "an image with an impossible port",
        {"images": ["https://img.example.com:99999/a.png"]},
        BAD_IMAGE,
    ),
    ("an image of 1001 letters", {"images": [URL + "?" + "x" * (1000 - len(URL))]}, None),
    ("the second of two images bad", {"images": [URL, "nonsense"]}, BAD_IMAGE),
    ("sortOrder too large", {"images": [{"url": URL, "sortOrder": 2**31}]}, None),
    ("sortOrder too small", {"images": [{"url": URL, "sortOrder": -(2**31) - 1}]}, None),
    ("currency of two letters", {"currency": "US"}, None),
    ("currency of four letters", {"currency": "USDX"}, None),
    ("currency a word", {"currency": "dollars"}, None),
    ("currency of signs", {"currency": "¥¥¥"}, None),
    ("currency that ISO 4217 does not know", {"currency": "ZZZ"}, None),
    ("currency of digits", {"currency": "840"}, None),
    ("currency a number", {"currency": 840}, None),
    ("currency empty", {"currency": ""}, None),
    ("description a number", {"description": 5}, None),
    ("description an array", {"description": ["x"]}, None),
    ("description true", {"description": True}, None),
    ("description of 65,536 bytes", {"description": "d" * 65_536}, None),
    ("description of 65,538 bytes in 21,846 letters", {"description": "漢" * 21_846}, None),
    (
        "everything missing: the category comes first",
        {"categoryId": 0, "name": "", "price": 0, "images": []},
        CATEGORY,
    ),
    (
        "name, price and images bad: the name comes first",
        {"name": "", "price": 0, "images": []},
        NAME,
    ),
    (
        "price and stock bad: the price comes first",
        {"price": 0, "stockQuantity": -1, "images": []},
        PRICE,
    ),
    ("stock and images bad: the stock comes first", {"stockQuantity": -1, "images": []}, STOCK),
]
bad_product = pytest.mark.parametrize(
    ("fields", "message"), [row[1:] for row in BAD_PRODUCTS], ids=[row[0] for row in BAD_PRODUCTS]
)


def total(shop: Shop) -> int:
    return int(shop.anonymous.get("/products?page=1&pageSize=1").expect(200)["total"])


@bad_product
def test_a_bad_product_is_refused_and_not_made(
    shop: Shop, admin: Actor, fields: dict, message: str | None
) -> None:
    before = total(shop)
    check_error(admin.post("/products", shop.product_fields(**fields)), 400, message)
    assert total(shop) == before


@pytest.fixture(scope="module")
def steady(shop: Shop) -> dict:
    return shop.product()


@bad_product
def test_a_product_cannot_be_changed_into_a_bad_one(
    shop: Shop, admin: Actor, steady: dict, fields: dict, message: str | None
) -> None:
    if ABSENT in fields.values() or None in fields.values():
        pytest.skip("what PUT leaves out, or null, may stay as it is")
    target = f"/products/{steady['id']}"
    before = shop.anonymous.get(target).expect(200)
    check_error(admin.put(target, shop.product_fields(**{"name": steady["name"], **fields})), 400)
    assert shop.anonymous.get(target).expect(200) == before


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"name": "{unique180}"}, {}),
        ({"stockQuantity": 4_294_967_295}, {"stockQuantity": 4_294_967_295}),
        ({"stockQuantity": "7"}, {"stockQuantity": 7}),
        ({"stockQuantity": 0}, {"stockQuantity": 0}),
        ({"description": "d" * 65_535}, {}),
        ({"description": "  "}, {}),
        ({"currency": "usd"}, {"currency": "USD"}),
        ({"images": [f"{URL}?{n}" for n in range(20)]}, {}),
        ({"images": [URL + "?" + "x" * (999 - len(URL))]}, {}),
        (
            {
                "images": [
                    {"url": URL, "sortOrder": 2**31 - 1},
                    {"url": URL + "2", "sortOrder": -(2**31)},
                ]
            },
            {},
        ),
        (
            {
                "images": [
                    "http://127.0.0.1:8080/a.png",
                    "https://[::1]/b.png",
                    "https://bücher.example/ü.png",
                ]
            },
            {},
        ),
    ],
    ids=[
        "name of 180",
        "largest stock",
        "stock as digits",
        "no stock",
        "longest description",
        "blank description",
        "currency in lower case",
        "20 images",
        "URL of 1000 letters",
        "sortOrder at both ends",
        "unusual hosts",
    ],
)
def test_the_limits_themselves_are_accepted(
    shop: Shop, admin: Actor, fields: dict, shown: dict
) -> None:
    if "name" in fields:
        fields = {"name": unique("N").ljust(180, "x")}
    made = admin.post("/products", shop.product_fields(**fields)).expect(201)
    assert {key: made[key] for key in shown} == shown


def test_digits_are_a_category_id_too(shop: Shop, admin: Actor) -> None:
    category = shop.category()
    made = admin.post("/products", shop.product_fields(categoryId=str(category["id"]))).expect(201)
    assert made["categoryId"] == category["id"]


def test_an_unknown_category_is_a_404(shop: Shop, admin: Actor) -> None:
    check_error(
        admin.post("/products", shop.product_fields(categoryId=999_999_999)),
        404,
        "Category not found or inactive",
    )


def test_the_fields_are_checked_before_the_category_is_looked_up(shop: Shop, admin: Actor) -> None:
    fields = shop.product_fields(categoryId=999_999_999, price=0)
    check_error(admin.post("/products", fields), 400, PRICE)


def test_all_violations_are_listed_in_the_contracts_order(shop: Shop, admin: Actor) -> None:
    fields = shop.product_fields(name="", price=0, stockQuantity=-1, images=[])
    body = check_error(admin.post("/products", fields), 400, NAME)
    assert [row["message"] for row in body["errors"]] == [NAME, PRICE, STOCK, NO_IMAGE]
    assert [row["field"] for row in body["errors"]] == ["name", "price", "stockQuantity", "images"]
