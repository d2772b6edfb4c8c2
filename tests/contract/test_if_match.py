"""Ours: whoever names the version that was seen changes that version and no other."""

from lib.parallel import at_once
from lib.shapes import check_error
from lib.shop import Person, Shop
from lib.waiting import wait_until


def test_a_product_changes_at_the_version_that_was_seen(shop: Shop) -> None:
    product = shop.product(price="19.99")
    path, admin = f"/products/{product['id']}", shop.as_admin()
    seen = admin.get(path).headers["ETag"]
    changed = admin.put(path, {"price": "1.00"}, headers={"If-Match": seen})
    changed.expect(200)
    assert changed.headers["ETag"] == admin.get(path).headers["ETag"] != seen
    late = admin.put(path, {"price": "2.00"}, headers={"If-Match": seen})
    check_error(late, 412)
    assert admin.get(path).expect(200)["price"] == "1.00"
    for number, tag in enumerate((None, "*", '"v9", "v4"')):
        headers = {} if tag is None else {"If-Match": tag}
        admin.put(path, {"price": f"{number + 3}.00"}, headers=headers).expect(200)
    check_error(admin.put(path, {"price": "9.00"}, headers={"If-Match": '"somebody"'}), 412)


def test_of_many_who_saw_the_same_version_one_changes_it(shop: Shop) -> None:
    product = shop.product()
    path, admin = f"/products/{product['id']}", shop.as_admin()
    seen = {"If-Match": admin.get(path).headers["ETag"]}
    replies = at_once(8, lambda n: admin.put(path, {"price": f"{n + 1}.50"}, headers=seen))
    assert sorted(reply.status for reply in replies) == [200] + [412] * 7


def test_a_sale_is_another_answer_and_no_other_version(shop: Shop, alice: Person) -> None:
    product = shop.product(stockQuantity=5)
    path, admin = f"/products/{product['id']}", shop.as_admin()
    before = admin.get(path).headers["ETag"]
    alice.buy(product, 2)
    wait_until(
        lambda: admin.get(path).expect(200)["stockQuantity"] == 3, "the sale shows in the catalogue"
    )
    assert admin.get(path, headers={"If-None-Match": before}).status == 200
    admin.put(path, {"price": "3.00"}, headers={"If-Match": before}).expect(200)


def test_a_category_changes_at_the_version_that_was_seen(shop: Shop) -> None:
    admin = shop.as_admin()
    name = shop.product()["name"] + " things"
    made = admin.post("/categories", {"name": name}).expect(201)
    path = f"/categories/{made['id']}"
    seen = shop.anonymous.get(path)
    assert seen.expect(200)["name"] == name
    tag = {"If-Match": seen.headers["ETag"]}
    changed = admin.put(path, {"description": "Once."}, headers=tag)
    changed.expect(200)
    check_error(admin.put(path, {"description": "Twice."}, headers=tag), 412)
    assert shop.anonymous.get(path).expect(200)["description"] == "Once."
    assert shop.anonymous.get(path).headers["ETag"] == changed.headers["ETag"]
    admin.delete(path).expect(200)
    check_error(shop.anonymous.get(path), 404, "Category not found")
