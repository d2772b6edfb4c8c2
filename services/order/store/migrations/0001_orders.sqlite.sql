CREATE TABLE orders (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id          INTEGER NOT NULL,
    status           TEXT    NOT NULL,
    total_minor      INTEGER NOT NULL,
    currency         TEXT    NOT NULL,
    cancelled_because TEXT,
    cancelled_at     INTEGER,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    version          INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_by_user ON orders (user_id, created_at DESC, id DESC);
CREATE INDEX orders_by_time ON orders (created_at DESC, id DESC);

CREATE TABLE order_items (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id          INTEGER NOT NULL REFERENCES orders (id),
    cart_item_id      INTEGER,
    product_id        INTEGER NOT NULL,
    product_name      TEXT    NOT NULL,
    product_image_url TEXT    NOT NULL,
    quantity          INTEGER NOT NULL CHECK (quantity > 0),
    unit_price_minor  INTEGER NOT NULL,
    unit_currency     TEXT    NOT NULL,
    line_total_minor  INTEGER NOT NULL,
    line_currency     TEXT    NOT NULL,
    created_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX order_items_by_order ON order_items (order_id);

-- The cart-use ledger: how many units of a cart line orders have already paid for. One cart line
-- pays
-- for one order, also before the cart has heard of it.
CREATE TABLE cart_use (
    cart_item_id INTEGER PRIMARY KEY,
    used         INTEGER NOT NULL CHECK (used >= 0),
    updated_at   INTEGER NOT NULL
) STRICT;
