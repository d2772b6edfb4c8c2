-- name_key and slug_key say what must be unique; they are NULL once a row is no longer active, so
-- that a name can be used again. price_order is the price in ten-thousandths, so that prices of any
-- currency sort. images are as they stand in an answer; rows of product_images are the truth.
CREATE TABLE products (
    id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    category_id     BIGINT       NOT NULL,
    name            VARCHAR(180) NOT NULL,
    name_order      VARCHAR(700) NOT NULL,
    name_key        VARCHAR(700),
    slug            VARCHAR(255) NOT NULL,
    slug_key        VARCHAR(255),
    description     MEDIUMTEXT,
    price_minor     BIGINT       NOT NULL,
    currency        CHAR(3)      NOT NULL,
    price_order     BIGINT       NOT NULL,
    stock_quantity  BIGINT       NOT NULL,
    is_active       BIGINT       NOT NULL,
    created_by      BIGINT       NOT NULL,
    created_by_role VARCHAR(32)  NOT NULL,
    images          MEDIUMTEXT   NOT NULL,
    created_at      BIGINT       NOT NULL,
    updated_at      BIGINT       NOT NULL,
    version         BIGINT       NOT NULL,
    UNIQUE KEY products_by_name_key (name_key),
    UNIQUE KEY products_by_slug (slug_key),
    KEY products_by_age (is_active, created_at, id),
    KEY products_by_price (is_active, price_order, id),
    KEY products_by_name (is_active, name_order, id),
    KEY products_by_category (category_id, is_active),
    FOREIGN KEY (category_id) REFERENCES categories (id),
    CHECK (stock_quantity >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
