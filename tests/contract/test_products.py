"""wire-contract §4: making, reading, changing and deleting products."""

import pytest

from lib.parallel import at_once
from lib.shapes import PUBLIC_PRODUCT, check_error, check_members, check_product
from lib.shop import Actor, Person, Shop, unique

BAD_IDS = [
    "abc",
    "0",
    "-1",
    "1.5",
    "1.0",
    "0x1",
    "1e0",
    "%201",
    "01",
    "+1",
    "9223372036854775808",
    "9" * 30,
]


def test_a_new_product_field_by_field(shop: Shop, admin: Person) -> None:
    name = unique("Tea Cup")
    category = shop.category()
    fields = shop.product_fields(
        categoryId=category["id"],
        name=f"  {name} ",
        description="  Fine china. ",
        price=19.9,
        currency=" eur ",
        stockQuantity=5,
        images=[
            "http://img.example.com/a.png",
            {"url": "  https://img.example.com/b.png ", "isPrimary": True},
            {"imageUrl": "HTTPS://img.example.com/c.png", "sortOrder": -3},
        ],
    )
    made = admin.post("/products", fields).expect(201)
    check_product(made)
    assert made["name"] == name and made["description"] == "Fine china."
    assert made["slug"] == name.lower().replace(" ", "-")
    assert (made["price"], made["currency"], made["stockQuantity"]) == ("19.90", "EUR", 5)
    assert (made["categoryId"], made["categoryName"]) == (category["id"], category["name"])
    assert (made["createdByUserId"], made["createdByRole"]) == (admin.id, "admin")
    images = [
        (image["imageUrl"], image["isPrimary"], image["sortOrder"]) for image in made["images"]
    ]
    assert images == [
        ("https://img.example.com/b.png", 1, 1),
        ("HTTPS://img.example.com/c.png", 0, -3),
        ("http://img.example.com/a.png", 0, 0),
    ]
    assert shop.anonymous.get(f"/products/{made['id']}").expect(200) == made


def test_what_is_left_out_takes_its_default(shop: Shop) -> None:
    made = shop.product(
        stockQuantity=..., images=["https://img.example.com/a.png", "https://img.example.com/b.png"]
    )
    assert (made["stockQuantity"], made["currency"], made["description"]) == (0, "USD", None)
    assert [image["isPrimary"] for image in made["images"]] == [1, 0]
    assert shop.product(stockQuantity=None, description=None, currency=None)["stockQuantity"] == 0


def test_the_first_image_called_primary_wins(shop: Shop) -> None:
    rows = [{"url": f"https://img.example.com/{n}.png", "isPrimary": n > 0} for n in range(3)]
    made = shop.product(images=rows)
    assert [image["isPrimary"] for image in made["images"]] == [1, 0, 0]
    assert made["images"][0]["imageUrl"].endswith("/1.png")


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [
        (20, "USD", "20.00"),
        ("19.99", "USD", "19.99"),
        ("007.50", "USD", "7.50"),
        (0.01, "USD", "0.01"),
        (9999999999.99, "USD", "9999999999.99"),
        ("9999999999.99", "USD", "9999999999.99"),
        (0.1, "USD", "0.10"),
        (8.57, "EUR", "8.57"),
        (1000, "JPY", "1000"),
        ("1.234", "KWD", "1.234"),
        (2, "KWD", "2.000"),
    ],
)
def test_prices_are_exact(shop: Shop, price: object, currency: str, shown: str) -> None:
    made = shop.product(price=price, currency=currency)
    assert made["price"] == shown
    internal = shop.anonymous.get(f"/internal/products/{made['id']}").expect(200)
    assert internal["price"] == float(shown) and internal["currency"] == currency


def test_a_supplier_makes_products(shop: Shop, supplier: Person) -> None:
    made = shop.product(by=supplier)
    assert (made["createdByUserId"], made["createdByRole"]) == (supplier.id, "supplier")


def test_a_customer_makes_none(shop: Shop, alice: Person) -> None:
    check_error(alice.post("/products", shop.product_fields()), 403, "Forbidden")
    check_error(alice.post("/products", {}), 403, "Forbidden")


def test_an_equal_name_is_taken_whatever_its_case_and_blanks(shop: Shop, admin: Actor) -> None:
    product = shop.product(name=unique("Red Été"))
    name = product["name"]
    spellings = (
        name,
        name.upper(),
        f"  {name.replace(' ', '   ')} ",
        name.replace("é", "e\u0301").replace("É", "E\u0301"),
    )
    for spelling in spellings:
        check_error(
            admin.post("/products", shop.product_fields(name=spelling)),
            409,
            "Product already exists",
        )


def test_names_that_differ_only_in_signs_do_not_collide(shop: Shop) -> None:
    word = unique("X C")
    slugs = {
        shop.product(name=name)["slug"] for name in (word, f"{word}#", f"{word}++", f"{word}!")
    }
    base = word.lower().replace(" ", "-")
    assert slugs == {base, f"{base}-2", f"{base}-3", f"{base}-4"}


@pytest.mark.parametrize("name", ["قهوة عربية", "中文商品", "Чай", "ไทย", "Crème Brûlée"])
def test_names_of_every_script_have_a_slug(shop: Shop, name: str) -> None:
    made = shop.product(name=unique(name))
    assert len(made["slug"]) > 3 and " " not in made["slug"]


def test_of_racing_equal_products_one_wins(shop: Shop, admin: Actor) -> None:
    fields = shop.product_fields()
    statuses = sorted(
        reply.status for reply in at_once(6, lambda _: admin.post("/products", fields))
    )
    assert statuses == [201] + [409] * 5


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("product_id", BAD_IDS)
def test_a_bad_product_id(shop: Shop, product_id: str) -> None:
    check_error(shop.anonymous.get(f"/products/{product_id}"), 400, "Invalid product id")
    check_error(shop.anonymous.get(f"/internal/products/{product_id}"), 400, "Invalid product id")


def test_an_unknown_product(shop: Shop) -> None:
    check_error(shop.anonymous.get("/products/999999999"), 404, "Product not found")
    check_error(shop.anonymous.get("/internal/products/999999999"), 404, "Product unavailable")


def test_the_internal_view_is_what_the_cart_needs(shop: Shop) -> None:
    made = shop.product(
        price=20,
        stockQuantity=7,
        images=[
            "https://img.example.com/1.png",
            {"url": "https://img.example.com/2.png", "isPrimary": True},
        ],
    )
    reply = shop.anonymous.get(f"/internal/products/{made['id']}")
    body = reply.expect(200)
    check_members(body, PUBLIC_PRODUCT)
    assert body["price"] == 20 and body["stockQuantity"] == 7
    assert body["imageUrl"] == "https://img.example.com/2.png"
    assert b'"price":20,' in reply.body


def test_a_product_without_stock_is_shown_but_not_sold(shop: Shop) -> None:
    made = shop.product(stockQuantity=0)
    assert shop.anonymous.get(f"/products/{made['id']}").expect(200)["stockQuantity"] == 0
    check_error(shop.anonymous.get(f"/internal/products/{made['id']}"), 404, "Product unavailable")


# --- changing and deleting ------------------------------------------------------------------------


def test_a_product_is_changed(shop: Shop, admin: Actor) -> None:
    made = shop.product()
    name = unique("Better")
    fields = shop.product_fields(
        name=name, price="7.25", stockQuantity=..., images=["https://img.example.com/new.png"]
    )
    changed = admin.put(f"/products/{made['id']}", fields).expect(200)
    check_product(changed)
    assert (changed["id"], changed["name"], changed["price"], changed["stockQuantity"]) == (
        made["id"],
        name,
        "7.25",
        made["stockQuantity"],
    )
    assert [image["imageUrl"] for image in changed["images"]] == ["https://img.example.com/new.png"]
    assert (
        changed["createdByUserId"] == made["createdByUserId"]
        and changed["createdAt"] == made["createdAt"]
    )
    assert shop.anonymous.get(f"/products/{made['id']}").expect(200) == changed


def test_a_changed_name_may_not_be_anothers(shop: Shop, admin: Actor) -> None:
    one, other = shop.product(), shop.product()
    reply = admin.put(f"/products/{one['id']}", shop.product_fields(name=other["name"].upper()))
    check_error(reply, 409, "Product already exists")
    admin.put(f"/products/{one['id']}", shop.product_fields(name=one["name"])).expect(200)


def test_a_supplier_changes_and_deletes_only_her_own(shop: Shop, supplier: Person) -> None:
    rival = shop.supplier("Rival")
    own, foreign = shop.product(by=supplier), shop.product(by=rival)
    target = f"/products/{foreign['id']}"
    check_error(
        supplier.put(target, shop.product_fields(name=foreign["name"], price=1)), 403, "Forbidden"
    )
    check_error(supplier.delete(target), 403, "Forbidden")
    assert shop.anonymous.get(target).expect(200) == foreign
    supplier.put(f"/products/{own['id']}", shop.product_fields(name=own["name"], price=1)).expect(
        200
    )
    assert supplier.delete(f"/products/{own['id']}").status in (200, 204)


def test_a_customer_changes_nothing(alice: Person, mug: dict, shop: Shop) -> None:
    target = f"/products/{mug['id']}"
    check_error(alice.put(target, shop.product_fields(name=mug["name"])), 403, "Forbidden")
    check_error(alice.delete(target), 403, "Forbidden")


def test_a_deleted_product_is_gone_from_every_view(shop: Shop, admin: Actor) -> None:
    made = shop.product()
    assert admin.delete(f"/products/{made['id']}").status in (200, 204)
    check_error(shop.anonymous.get(f"/products/{made['id']}"), 404, "Product not found")
    check_error(shop.anonymous.get(f"/internal/products/{made['id']}"), 404, "Product unavailable")
    listed = shop.anonymous.get(
        f"/products?categoryId={made['categoryId']}&page=1&pageSize=100"
    ).expect(200)
    assert made["id"] not in [row["id"] for row in listed["products"]]
    check_error(admin.delete(f"/products/{made['id']}"), 404, "Product not found")
    check_error(
        admin.put(f"/products/{made['id']}", shop.product_fields()), 404, "Product not found"
    )


@pytest.mark.parametrize("product_id", BAD_IDS)
def test_a_bad_id_is_neither_changed_nor_deleted(shop: Shop, admin: Actor, product_id: str) -> None:
    check_error(
        admin.put(f"/products/{product_id}", shop.product_fields()), 400, "Invalid product id"
    )
    check_error(admin.delete(f"/products/{product_id}"), 400, "Invalid product id")


def test_who_made_a_product_is_not_the_callers_to_say(shop: Shop, supplier: Person) -> None:
    fields = shop.product_fields(
        createdByUserId=1, createdByRole="admin", id=1, isActive=0, slug="mine"
    )
    made = supplier.post("/products", fields).expect(201)
    assert made["createdByUserId"] == supplier.id and made["createdByRole"] == "supplier"
    assert made["id"] != 1 and made["isActive"] == 1 and made["slug"] != "mine"
