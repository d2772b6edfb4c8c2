"""Rows of a Node.js system: those of a small shop, and how to make others."""

from typing import Any

from lib.old_node import OldSystem

#: What bcryptjs made of these passwords.
PASSWORDS = {
    1: ("Old-Password-1", "$2a$10$N9qo8uLOickgx2ZMRZoMyenRJPt.pCYWbUqv641.y87//YbnSM6Pm"),
    2: ("Old-Password-2", "$2b$10$abcdefghijklmnopqrstuu6Sz8g0.rr9sBPTU0qiZacuKu3sTG7g6"),
    3: ("Old-Password-3", "$2b$10$zyxwvutsrqponmlkjihgfuQoXxwiVTL0eoy4ilqAoa2.6g0imY0S2"),
}
#: When rows were made and changed, in UTC.
MADE = "2024-03-01 10:00:00"
CHANGED = "2024-03-05 11:30:00"


def person(number: int, called: str, role: str = "user", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": called,
        "email": f"{called.lower()}@old.example",
        "password": PASSWORDS.get(number, PASSWORDS[3])[1],
        "role": role,
        "account_status": "active",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def address(number: int, owner: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "user_id": owner,
        "label": "home",
        "receiver_name": "Carl Doe",
        "phone": "+20 2 1234",
        "country": "Egypt",
        "state": "Cairo",
        "city": "Cairo",
        "postal_code": "11511",
        "address_line1": "1 Tahrir St",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def mug(number: int, called: str = "Blue Mug", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "category_id": 3,
        "name": called,
        "slug": called.lower().replace(" ", "-"),
        "description": "Holds tea.",
        "price": "19.99",
        "currency": "USD",
        "stock_quantity": 7,
        "is_active": 1,
        "created_by_user_id": 2,
        "created_by_role": "supplier",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def image(number: int, product: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "product_id": product,
        "image_url": f"https://img.old.example/{number}.png",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def line(number: int, cart: int, product: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "cart_id": cart,
        "product_id": product,
        "product_name": "Blue Mug",
        "product_image_url": "https://img.old.example/31.png",
        "quantity": 2,
        "unit_price": "19.99",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def order(number: int, buyer: int = 3, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "user_id": buyer,
        "status": "pending",
        "currency": "USD",
        "items_count": 1,
        "total_amount": "39.98",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def item(number: int, of: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "order_id": of,
        "product_id": 10,
        "product_name": "Blue Mug",
        "product_image_url": "https://img.old.example/31.png",
        "quantity": 2,
        "unit_price": "19.99",
        "line_total": "39.98",
        "created_at": MADE,
        "updated_at": MADE,
        **more,
    }


def fill(old: OldSystem) -> OldSystem:
    """A small shop: numbers have gaps, everything has a time."""
    old.add(
        "user",
        "users",
        person(1, "Ada", "admin"),
        person(2, "Sam", "supplier"),
        person(3, "Carl", last_login_at="2024-03-04 08:00:00", updated_at=CHANGED),
        person(5, "Bea", account_status="blocked"),
        person(8, "Nora", password=None),
    )
    old.add(
        "user",
        "user_addresses",
        address(300, 3),
        address(301, 3, label="work", country="DE", is_default_shipping=1, updated_at=CHANGED),
        address(304, 8, address_line2="Floor 3", is_default_billing=1),
    )
    old.add(
        "product",
        "categories",
        {"id": 3, "name": "Kitchen", "slug": "kitchen", "created_by_user_id": 1},
        {"id": 4, "name": "Attic", "slug": "attic", "created_by_user_id": 1, "is_active": 0},
    )
    old.add(
        "product",
        "products",
        mug(10),
        mug(12, "Broken Mug", is_active=0),
        mug(15, "Green Cup", price="1000.00", currency="JPY", slug="t-cup", description=None),
    )
    old.add(
        "product",
        "product_images",
        image(30, 10, sort_order=0),
        image(31, 10, is_primary=1, sort_order=1),
        image(33, 15, is_primary=1),
    )
    old.add(
        "cart",
        "carts",
        {"id": 70, "user_id": 3, "created_at": MADE, "updated_at": CHANGED},
        {"id": 90, "user_id": 8, "created_at": MADE, "updated_at": MADE},
    )
    old.add("cart", "cart_items", line(21, 70, 10))
    old.add(
        "order",
        "orders",
        order(100),
        order(103, status="cancelled", cancelled_at=CHANGED, updated_at=CHANGED),
        order(104, status="delivered", total_amount="59.97", updated_at=CHANGED),
    )
    old.add(
        "order",
        "order_items",
        item(200, 100),
        item(204, 103),
        item(206, 104),
        item(207, 104, product_id=12, quantity=1, line_total="19.99"),
    )
    return old
