"""The lives of those who run the shop: supplier and admin."""

from lib import events
from lib.shapes import check_error
from lib.shop import PASSWORD, Person, Shop, fresh_email, login, unique
from lib.timing import again_when_late, felt
from lib.waiting import wait_until


def test_a_suppliers_life(shop: Shop, admin: Person) -> None:
    body = {
        "name": "Sofia",
        "email": fresh_email("sofia"),
        "password": PASSWORD,
        "role": "supplier",
    }
    account = admin.post("/users", body).expect(201)
    sofia = Person(shop.server, account, PASSWORD, None).log_in()
    category = shop.category()

    made = shop.product(by=sofia, categoryId=category["id"], price=12, stockQuantity=4)
    mine = shop.anonymous.get(f"/products?supplierId={sofia.id}").expect(200)["products"]
    assert [row["id"] for row in mine] == [made["id"]]

    better = shop.product_fields(
        categoryId=category["id"], name=made["name"], price=10, stockQuantity=4
    )
    assert sofia.put(f"/products/{made['id']}", better).expect(200)["price"] == "10.00"
    events.wait_for(shop.server, "PRODUCT_UPDATED", made["id"])
    shelf = f"/inventory/{made['id']}"
    wait_until(lambda: shop.anonymous.get(shelf).status == 200, "inventory has the product")
    assert sofia.put(f"{shelf}/stock", {"totalQuantity": 9}).expect(200)["availableQuantity"] == 9
    wait_until(
        lambda: shop.anonymous.get(f"/products/{made['id']}").expect(200)["stockQuantity"] == 9,
        "the catalogue shows the new stock",
    )
    check_error(sofia.post("/categories", {"name": unique("Mine")}), 403, "Forbidden")
    check_error(sofia.get("/auth/users"), 403, "Admins only")
    check_error(
        sofia.post("/carts/me/items", {"productId": made["id"]}), 403, "Only users can add to cart"
    )
    check_error(
        sofia.post("/orders/me", {"productId": made["id"]}), 403, "Only users can create orders"
    )

    buyer = shop.user("Buyer")
    buyer.buy(made, 2)
    assert sofia.delete(f"/products/{made['id']}").status in (200, 204)
    check_error(
        buyer.post("/carts/me/items", {"productId": made["id"]}), 404, "Product unavailable"
    )
    assert (
        buyer.get("/orders/me").expect(200)["orders"][0]["items"][0]["productName"] == made["name"]
    )


@again_when_late
def test_an_admins_life(shop: Shop) -> None:
    email = fresh_email("chief")
    shop.server.run("create-admin", "--email", email, "--password", PASSWORD, "--name", "Chief")
    token = login(shop.server, email, PASSWORD).expect(200)["token"]
    chief = shop.anonymous.with_token(token)
    assert chief.get("/auth/session").expect(200)["user"]["role"] == "admin"

    rogue = shop.user("Rogue")
    found = chief.get(f"/auth/users?page=1&q={rogue.email}").expect(200)["users"]
    assert [user["id"] for user in found] == [rogue.id]
    chief.put(f"/users/{rogue.id}", {"accountStatus": "blocked"}).expect(200)
    for path in ("/auth/session", "/carts/me", "/orders/me"):
        felt(lambda at=path: rogue.get(at).status == 401, f"{path} is shut")

    category = chief.post("/categories", {"name": unique("Garden")}).expect(201)
    spade = chief.post(
        "/products", shop.product_fields(categoryId=category["id"], price=25)
    ).expect(201)
    buyer = shop.user("Buyer")
    order = buyer.buy(spade, 2)
    assert (
        chief.get(f"/orders?userId={buyer.id}&status=pending").expect(200)["orders"][0]["id"]
        == order["id"]
    )
    assert chief.get(f"/orders/user/{buyer.id}").expect(200)["count"] == 1
    for step in ("paid", "cancelled"):
        chief.patch(f"/orders/{order['id']}/status", {"status": step}).expect(200)
    assert (
        events.wait_for(shop.server, "ORDER_CANCELLED", order["id"]).data["previousStatus"]
        == "paid"
    )

    chief.delete(f"/users/{buyer.id}").expect(200)
    assert chief.get(f"/orders/{order['id']}").expect(200)["status"] == "cancelled"
    check_error(chief.get(f"/users/{buyer.id}"), 404, "User not found")


@again_when_late
def test_a_promoted_customer_changes_sides(shop: Shop, admin: Person, mug: dict) -> None:
    person = shop.user("Turncoat")
    order = person.buy(mug)
    admin.put(f"/users/{person.id}", {"role": "supplier"}).expect(200)
    felt(lambda: person.post("/products", {}).status == 400, "product knows the new role")
    assert shop.product(by=person)["createdByRole"] == "supplier"
    assert person.get(f"/orders/{order['id']}").status == 200, "what was bought before stays hers"
