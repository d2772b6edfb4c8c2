-- slug_key and name_key say what must be unique; they are NULL once a row is no longer active, so
-- that a
-- name can be used again.
CREATE TABLE categories (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    slug          TEXT    NOT NULL,
    slug_key      TEXT    UNIQUE,
    description   TEXT,
    is_active     INTEGER NOT NULL,
    created_by    INTEGER NOT NULL,
    -- Of active products: the total of a list without counting.
    product_count INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL
) STRICT;
CREATE INDEX categories_by_name ON categories (is_active, name_key, id);

CREATE TABLE products (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    category_id     INTEGER NOT NULL REFERENCES categories (id),
    name            TEXT    NOT NULL,
    name_order      TEXT    NOT NULL,
    name_key        TEXT    UNIQUE,
    slug            TEXT    NOT NULL,
    slug_key        TEXT    UNIQUE,
    description     TEXT,
    price_minor     INTEGER NOT NULL,
    currency        TEXT    NOT NULL,
    -- The price in ten-thousandths, so that prices of any currency sort.
    price_order     INTEGER NOT NULL,
    stock_quantity  INTEGER NOT NULL CHECK (stock_quantity >= 0),
    is_active       INTEGER NOT NULL,
    created_by      INTEGER NOT NULL,
    created_by_role TEXT    NOT NULL,
    -- As they stand in an answer; rows of product_images are the truth.
    images          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL
) STRICT;
CREATE INDEX products_by_age ON products (is_active, created_at DESC, id DESC);
CREATE INDEX products_by_price ON products (is_active, price_order, id);
CREATE INDEX products_by_name ON products (is_active, name_order, id);
CREATE INDEX products_by_category ON products (category_id, is_active);

CREATE TABLE product_images (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id INTEGER NOT NULL REFERENCES products (id),
    url        TEXT    NOT NULL,
    is_primary INTEGER NOT NULL,
    sort_order INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX product_images_by_product ON product_images (product_id);
