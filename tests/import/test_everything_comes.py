"""What the Node.js system held is here afterwards, seen through HTTP as its people see it."""

import json

import pytest

from lib import events, store
from lib.old_node import OldSystem
from lib.old_node_rows import PASSWORDS
from lib.server import Server
from lib.shapes import check_error
from lib.shop import Actor, Shop, login
from lib.waiting import wait_until

MADE = "2024-03-01T10:00:00.000Z"
CHANGED = "2024-03-05T11:30:00.000Z"


def log_in(server: Server, number: int, name: str) -> Actor:
    reply = login(server, f"{name}@old.example", PASSWORDS[number][0])
    return Actor(server, reply.expect(200)["token"])


@pytest.fixture
def moved(target: Server, old: OldSystem) -> Server:
    """The shop after the import, running."""
    done = target.run("import", "node", *old.options())
    assert "user                5 read: 5 brought in" in done.stdout, done.stdout
    return target.start()


def test_accounts_passwords_and_roles(moved: Server) -> None:
    ada = log_in(moved, 1, "ada")  # Hashed as $2a$.
    log_in(moved, 2, "sam")  # Hashed as $2b$.
    assert ada.get("/auth/session").expect(200)["user"] == {"id": 1, "role": "admin"}
    assert ada.get("/auth/users").expect(200) == [
        _user(1, "Ada", "admin"),
        _user(2, "Sam", "supplier"),
        _user(3, "Carl"),
        {**_user(5, "Bea"), "accountStatus": "blocked"},
        _user(8, "Nora"),
    ]
    check_error(login(moved, "carl@old.example", PASSWORDS[2][0]), 401, "Invalid credentials")
    check_error(login(moved, "carl@old.example", PASSWORDS[3][1]), 401, "Invalid credentials")
    check_error(login(moved, "bea@old.example", PASSWORDS[3][0]), 403, "Account is blocked")
    check_error(login(moved, "nora@old.example", PASSWORDS[3][0]), 401, "Invalid credentials")
    # The next login finds the password under our own hash.
    log_in(moved, 1, "ada")
    if "DB_HOST" not in moved.env:
        hashes = store.query(
            store.file_of(moved, "user"), "SELECT id, password_hash FROM users WHERE id IN (1, 3)"
        )
        assert [stored[:9] for _, stored in sorted(hashes)] == ["$argon2id", "$2b$10$zy"]


def _user(number: int, name: str, role: str = "user") -> dict:
    email = f"{name.lower()}@old.example"
    return {"id": number, "name": name, "email": email, "role": role, "accountStatus": "active"}


def test_addresses_with_their_numbers_and_one_default(moved: Server) -> None:
    carl = log_in(moved, 3, "carl")
    home = {
        "id": 300,
        "label": "home",
        "name": "Carl Doe",
        "line1": "1 Tahrir St",
        "line2": None,
        "city": "Cairo",
        "region": "Cairo",
        "postalCode": "11511",
        "country": "EG",
        "phone": "+20 2 1234",
        "isDefault": False,
        "createdAt": MADE,
        "updatedAt": MADE,
    }
    work = {"id": 301, "label": "work", "country": "DE", "isDefault": True, "updatedAt": CHANGED}
    assert carl.get("/users/3/addresses").expect(200)["addresses"] == [{**home, **work}, home]
    # Without a default for parcels the oldest is it.
    ada = log_in(moved, 1, "ada")
    (hers,) = ada.get("/users/8/addresses").expect(200)["addresses"]
    assert (hers["id"], hers["line2"], hers["isDefault"]) == (304, "Floor 3", True)
    made = carl.post("/users/3/addresses", {**_typed(home), "isDefault": True}).expect(201)
    assert (made["id"], made["isDefault"]) == (305, True)
    # They are addresses as any other.
    assert carl.delete("/users/3/addresses/301").status == 204
    ordered = carl.post("/orders/me/checkout", {"addressId": 300}).expect(201)
    assert ordered["shippingAddress"]["country"] == "EG"


def _typed(address: dict) -> dict:
    shown_only = ("id", "createdAt", "updatedAt")
    return {name: value for name, value in address.items() if name not in shown_only and value}


def test_an_old_order_field_by_field(moved: Server) -> None:
    carl = log_in(moved, 3, "carl")
    shown = carl.get("/orders/104").expect(200)
    assert {key: shown[key] for key in _order_of_two()} == _order_of_two()
    listed = carl.get("/orders/me").expect(200)
    assert [one["id"] for one in listed["orders"]] == [104, 103, 100]
    assert [one["status"] for one in listed["orders"]] == ["delivered", "cancelled", "pending"]
    cancelled = carl.get("/orders/103").expect(200)
    assert cancelled["cancelledAt"] == CHANGED
    check_error(log_in(moved, 2, "sam").get("/orders/104"), 403, "Forbidden")
    # It goes on living as any other.
    assert carl.patch("/orders/100/cancel").expect(200)["status"] == "cancelled"


def test_an_open_order_lives_on_and_no_stock_is_counted_for_it(moved: Server) -> None:
    ada = log_in(moved, 1, "ada")
    for status in ("paid", "shipped", "delivered"):
        ada.patch("/orders/100/status", {"status": status}).expect(200)
    events.wait_for(moved, "STOCK_CONFIRMED", 100)  # Inventory has heard of it.
    assert events.dead(moved) == []
    assert ada.get("/products/10").expect(200)["stockQuantity"] == 7


def _order_of_two() -> dict:
    mug = {
        "id": 206,
        "productId": 10,
        "productName": "Blue Mug",
        "productImageUrl": "https://img.old.example/31.png",
        "quantity": 2,
        "unitPrice": 19.99,
        "lineTotal": 39.98,
        "createdAt": MADE,
        "updatedAt": MADE,
    }
    return {
        "id": 104,
        "userId": 3,
        "status": "delivered",
        "currency": "USD",
        "itemsCount": 2,
        "totalAmount": 59.97,
        "cancelledAt": None,
        "createdAt": MADE,
        "updatedAt": CHANGED,
        "items": [mug, {**mug, "id": 207, "productId": 12, "quantity": 1, "lineTotal": 19.99}],
    }


def test_the_catalogue(moved: Server) -> None:
    anybody = Actor(moved)
    listed = anybody.get("/categories").expect(200)["categories"]
    assert [(one["id"], one["name"], one["slug"]) for one in listed] == [(3, "Kitchen", "kitchen")]
    mug = anybody.get("/products/10").expect(200)
    assert (mug["name"], mug["slug"], mug["price"]) == ("Blue Mug", "blue-mug", "19.99")
    assert (mug["categoryId"], mug["stockQuantity"], mug["createdAt"]) == (3, 7, MADE)
    assert (mug["createdByUserId"], mug["createdByRole"]) == (2, "supplier")
    assert [(one["id"], one["isPrimary"]) for one in mug["images"]] == [(31, 1), (30, 0)]
    cup = anybody.get("/products/15").expect(200)
    assert (cup["slug"], cup["currency"], cup["description"]) == ("t-cup", "JPY", None)
    check_error(anybody.get("/products/12"), 404, "Product not found")


def test_a_cart_keeps_its_number_and_its_lines_can_be_ordered(moved: Server) -> None:
    carl = log_in(moved, 3, "carl")
    cart = carl.get("/carts/me").expect(200)
    assert (cart["id"], cart["userId"], cart["currency"], cart["totalAmount"]) == (
        70,
        3,
        "USD",
        39.98,
    )
    assert cart["createdAt"] == MADE
    (line,) = cart["items"]
    assert (line["id"], line["productId"], line["quantity"], line["unitPrice"]) == (
        21,
        10,
        2,
        "19.99",
    )
    # Events of the import have arrived when one that was told after them has.
    newcomer = Shop(moved).user("Newcomer")
    wait_until(lambda: newcomer.get("/carts/me").status == 200, "the newcomer's cart")
    wait_until(
        lambda: carl.get("/carts/me").expect(200) == cart, "USER_CREATED leaves the cart alone"
    )
    placed = carl.post("/orders/me", {"productId": 10, "quantity": 1}).expect(201)
    assert placed["id"] == 105
    wait_until(
        lambda: carl.get("/carts/me").expect(200)["totalAmount"] == 19.99, "one mug is left"
    )


def test_new_rows_get_new_numbers(moved: Server) -> None:
    shop = Shop(moved)
    assert shop.user("Newcomer").id == 9
    ada = log_in(moved, 1, "ada")
    assert ada.post("/categories", {"name": "Garden"}).expect(201)["id"] == 5
    wanted = {
        "categoryId": 3,
        "name": "Pot",
        "price": 4,
        "images": ["https://img.old.example/p.png"],
    }
    assert ada.post("/products", wanted).expect(201)["id"] == 16


def test_what_the_others_are_told(new_server, old: OldSystem) -> None:
    server = new_server()
    server.run("import", "node", *old.options())
    server.start()
    carl = events.wait_for(server, "USER_CREATED", 3)
    assert carl.body["occurredAt"] == MADE
    assert carl.data == _user(3, "Carl")
    # He was changed since, and the Node.js system tells nobody of changes.
    updated = events.wait_for(server, "USER_UPDATED", 3)
    assert updated.data["version"] == 2
    assert events.of_type(server, "USER_UPDATED", 1) == []
    mug = events.wait_for(server, "PRODUCT_CREATED", 10)
    assert (mug.data["initialStock"], mug.data["priceMinor"]) == (7, 1999)
    events.wait_for(server, "CATEGORY_CREATED", "category:3")
    wait_until(lambda: store.waiting_in_outboxes(server) == 0, "everything is told")
    assert not [one for one in events.listed(server) if one.type.startswith("ORDER_")]
    assert events.dead(server) == []
    assert store.count(store.file_of(server, "user"), "mails") == 0
    store.check_sound(server)


def test_a_report_of_every_row(new_server, old: OldSystem) -> None:
    server = new_server()
    server.run("import", "node", *old.options(), "--report", "rows.json")
    rows = json.loads((server.folder / "rows.json").read_text())["rows"]
    assert {"kind": "user", "id": 3, "outcome": "brought", "why": []} in rows
    assert {(row["kind"], row["outcome"]) for row in rows} == {
        (kind, "brought") for kind in ("user", "address", "category", "product", "cart", "order")
    }
    assert len(rows) == 5 + 3 + 2 + 3 + 2 + 3
