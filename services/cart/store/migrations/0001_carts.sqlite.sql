CREATE TABLE carts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL UNIQUE,
    currency   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version    INTEGER NOT NULL
) STRICT;

CREATE TABLE cart_items (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    cart_id           INTEGER NOT NULL REFERENCES carts (id),
    product_id        INTEGER NOT NULL,
    product_name      TEXT    NOT NULL,
    product_image_url TEXT    NOT NULL,
    unit_price_minor  INTEGER NOT NULL,
    unit_currency     TEXT    NOT NULL,
    quantity          INTEGER NOT NULL CHECK (quantity > 0),
    taken             INTEGER NOT NULL DEFAULT 0,
    price_changed     INTEGER NOT NULL DEFAULT 0,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    UNIQUE (cart_id, product_id)
) STRICT;
CREATE INDEX cart_items_by_product ON cart_items (product_id);

-- The catalogue as product-events tell it: what a line shows, and which products are gone. A
-- look-up
-- that was answered before such an event arrived must not bring back what the event replaced.
CREATE TABLE known_products (
    product_id  INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    image_url   TEXT    NOT NULL,
    price_minor INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    is_offered  INTEGER NOT NULL,
    version     INTEGER NOT NULL
) STRICT;
