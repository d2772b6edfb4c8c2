"""The Node.js system's four schemas, as its database holds them, for the tests that bring them in.
"""

from collections.abc import Sequence
from typing import Any

from lib.mariadb import MariaDb

TIMES = """
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP
"""
ROLE = "ENUM('user', 'admin', 'supplier') NOT NULL DEFAULT 'user'"
STATUS = "ENUM('active', 'blocked') NOT NULL DEFAULT 'active'"
AMOUNT = "DECIMAL(12, 2) NOT NULL DEFAULT 0.00"
ORDER_STATUS = (
    "ENUM('pending', 'paid', 'shipped', 'delivered', 'cancelled') NOT NULL DEFAULT 'pending'"
)
CART_STATUS = "ENUM('active', 'checked_out', 'archived') NOT NULL DEFAULT 'active'"

#: Schema → statements that make its tables, with what that system's own tables insist on.
TABLES = {
    "user": [
        f"""CREATE TABLE users (
            id INT AUTO_INCREMENT PRIMARY KEY,
            name VARCHAR(150) NOT NULL,
            email VARCHAR(255) NOT NULL UNIQUE,
            password VARCHAR(255) NULL,
            phone VARCHAR(30) NULL,
            role {ROLE},
            account_status {STATUS},
            email_verified_at DATETIME NULL,
            last_login_at DATETIME NULL,
            {TIMES})""",
        f"""CREATE TABLE user_addresses (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            user_id INT NOT NULL,
            label VARCHAR(30) NOT NULL DEFAULT 'home',
            receiver_name VARCHAR(150) NOT NULL,
            phone VARCHAR(30) NOT NULL,
            country VARCHAR(100) NOT NULL,
            state VARCHAR(100) NULL,
            city VARCHAR(100) NOT NULL,
            postal_code VARCHAR(20) NULL,
            address_line1 VARCHAR(255) NOT NULL,
            address_line2 VARCHAR(255) NULL,
            is_default_shipping BOOLEAN NOT NULL DEFAULT FALSE,
            is_default_billing BOOLEAN NOT NULL DEFAULT FALSE,
            {TIMES})""",
    ],
    "product": [
        f"""CREATE TABLE categories (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            name VARCHAR(120) NOT NULL,
            slug VARCHAR(140) NOT NULL UNIQUE,
            description TEXT NULL,
            is_active BOOLEAN NOT NULL DEFAULT TRUE,
            created_by_user_id INT NOT NULL,
            {TIMES})""",
        f"""CREATE TABLE products (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            category_id BIGINT NOT NULL,
            name VARCHAR(180) NOT NULL,
            slug VARCHAR(220) NOT NULL UNIQUE,
            description TEXT NULL,
            price {AMOUNT},
            currency CHAR(3) NOT NULL DEFAULT 'USD',
            stock_quantity INT UNSIGNED NOT NULL DEFAULT 0,
            is_active BOOLEAN NOT NULL DEFAULT TRUE,
            created_by_user_id INT NOT NULL,
            created_by_role ENUM('admin', 'supplier') NOT NULL,
            {TIMES},
            FOREIGN KEY (category_id) REFERENCES categories (id))""",
        f"""CREATE TABLE product_images (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            product_id BIGINT NOT NULL,
            image_url VARCHAR(1000) NOT NULL,
            is_primary BOOLEAN NOT NULL DEFAULT FALSE,
            sort_order INT NOT NULL DEFAULT 0,
            {TIMES},
            FOREIGN KEY (product_id) REFERENCES products (id))""",
    ],
    "cart": [
        f"""CREATE TABLE carts (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            user_id INT NOT NULL UNIQUE,
            status {CART_STATUS},
            currency CHAR(3) NOT NULL DEFAULT 'USD',
            {TIMES})""",
        f"""CREATE TABLE cart_items (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            cart_id BIGINT NOT NULL,
            product_id BIGINT NOT NULL,
            product_name VARCHAR(180) NOT NULL,
            product_image_url VARCHAR(1000) NULL,
            quantity INT UNSIGNED NOT NULL DEFAULT 1,
            unit_price {AMOUNT},
            {TIMES},
            UNIQUE (cart_id, product_id),
            FOREIGN KEY (cart_id) REFERENCES carts (id))""",
    ],
    "order": [
        f"""CREATE TABLE orders (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            user_id INT NOT NULL,
            status {ORDER_STATUS},
            currency CHAR(3) NOT NULL DEFAULT 'USD',
            items_count INT UNSIGNED NOT NULL DEFAULT 0,
            total_amount {AMOUNT},
            cancelled_at TIMESTAMP NULL DEFAULT NULL,
            {TIMES})""",
        f"""CREATE TABLE order_items (
            id BIGINT AUTO_INCREMENT PRIMARY KEY,
            order_id BIGINT NOT NULL,
            product_id BIGINT NOT NULL,
            product_name VARCHAR(180) NOT NULL,
            product_image_url VARCHAR(1000) NULL,
            quantity INT UNSIGNED NOT NULL DEFAULT 1,
            unit_price {AMOUNT},
            line_total {AMOUNT},
            {TIMES},
            FOREIGN KEY (order_id) REFERENCES orders (id))""",
    ],
}
#: What lets rows in that only another version of the schema, or somebody's hand, could have left.
LOOSENED = {
    "user": [
        "ALTER TABLE users DROP INDEX email, MODIFY email VARCHAR(500), MODIFY name TEXT, "
        "MODIFY role VARCHAR(20), MODIFY account_status VARCHAR(20)",
        "ALTER TABLE user_addresses MODIFY receiver_name TEXT, MODIFY city TEXT NULL, "
        "MODIFY country TEXT NULL, MODIFY address_line1 TEXT",
    ],
    "product": [
        "SET foreign_key_checks = 0",
        "ALTER TABLE categories DROP INDEX slug, MODIFY slug VARCHAR(300), MODIFY name TEXT",
        "ALTER TABLE products DROP FOREIGN KEY products_ibfk_1",
        "ALTER TABLE products DROP INDEX slug, MODIFY slug VARCHAR(300), MODIFY name TEXT, "
        "MODIFY price VARCHAR(40), MODIFY stock_quantity VARCHAR(40), "
        "MODIFY created_by_role VARCHAR(20)",
        "ALTER TABLE product_images MODIFY image_url TEXT",
    ],
    "cart": [
        "ALTER TABLE carts MODIFY status VARCHAR(20) DEFAULT 'active', "
        "MODIFY currency VARCHAR(10) DEFAULT 'USD'",
        "ALTER TABLE cart_items MODIFY quantity BIGINT, MODIFY unit_price VARCHAR(40)",
    ],
    "order": [
        "ALTER TABLE orders MODIFY status VARCHAR(20), MODIFY total_amount VARCHAR(40), "
        "MODIFY currency VARCHAR(10)",
        "ALTER TABLE order_items MODIFY quantity BIGINT, MODIFY unit_price VARCHAR(40), "
        "MODIFY line_total VARCHAR(40), MODIFY product_name TEXT",
    ],
}


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(int(value))
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
    return f"'{text}'"


class OldSystem:
    """Its schemas at a database server; `name` keeps those of several tests apart."""

    def __init__(self, at: MariaDb, name: str, loose: bool = False) -> None:
        self.at = at
        self.schemas = {service: f"{name}_{service}" for service in TABLES}
        for service, schema in self.schemas.items():
            # Its collation takes A for a, as that of a server of its time does.
            at.query(
                f"CREATE DATABASE `{schema}` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
            )
            self.run(service, *TABLES[service], *(LOOSENED[service] if loose else []))

    def run(self, service: str, *statements: str) -> None:
        # Everybody's session reads and writes UTC, but for what a test says of a DATETIME.
        self.at.query(
            ";".join(["SET time_zone = '+00:00'", *statements]), self.schemas[service]
        )

    def add(self, service: str, table: str, *rows: dict[str, Any]) -> None:
        statements = []
        for row in rows:
            columns = ", ".join(row)
            values = ", ".join(literal(value) for value in row.values())
            statements.append(f"INSERT INTO {table} ({columns}) VALUES ({values})")
        self.run(service, *statements)

    def address(self, service: str, user: str = "root", password: str = "") -> str:
        who = f"{user}:{password}" if password else user
        return f"mysql://{who}@{self.at.host}:{self.at.port}/{self.schemas[service]}"

    def options(self, *services: str) -> list[str]:
        """The command line's; of all four schemas when none is named."""
        named: Sequence[str] = services or tuple(TABLES)
        return [part for one in named for part in (f"--{one}-db", self.address(one))]
