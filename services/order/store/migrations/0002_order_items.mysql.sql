CREATE TABLE order_items (
    id                BIGINT  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id          BIGINT  NOT NULL,
    cart_item_id      BIGINT,
    product_id        BIGINT  NOT NULL,
    product_name      TEXT    NOT NULL,
    product_image_url TEXT    NOT NULL,
    quantity          BIGINT  NOT NULL,
    unit_price_minor  BIGINT  NOT NULL,
    unit_currency     CHAR(3) NOT NULL,
    line_total_minor  BIGINT  NOT NULL,
    line_currency     CHAR(3) NOT NULL,
    created_at        BIGINT  NOT NULL,
    KEY order_items_by_order (order_id),
    FOREIGN KEY (order_id) REFERENCES orders (id),
    CHECK (quantity > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
