CREATE TABLE cart_items (
    id                BIGINT  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    cart_id           BIGINT  NOT NULL,
    product_id        BIGINT  NOT NULL,
    product_name      TEXT    NOT NULL,
    product_image_url TEXT    NOT NULL,
    unit_price_minor  BIGINT  NOT NULL,
    unit_currency     CHAR(3) NOT NULL,
    quantity          BIGINT  NOT NULL,
    taken             BIGINT  NOT NULL DEFAULT 0,
    price_changed     BIGINT  NOT NULL DEFAULT 0,
    created_at        BIGINT  NOT NULL,
    updated_at        BIGINT  NOT NULL,
    UNIQUE KEY cart_items_by_cart (cart_id, product_id),
    KEY cart_items_by_product (product_id),
    FOREIGN KEY (cart_id) REFERENCES carts (id),
    CHECK (quantity > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
