-- Units that belong to an order. expires_at is only shown: the order service ends orders.
CREATE TABLE inventory_reservations (
    id             BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id       BIGINT      NOT NULL,
    product_id     BIGINT      NOT NULL,
    quantity       BIGINT      NOT NULL,
    status         VARCHAR(32) NOT NULL,
    expires_at     BIGINT,
    release_reason TEXT,
    created_at     BIGINT      NOT NULL,
    updated_at     BIGINT      NOT NULL,
    UNIQUE KEY inventory_reservations_by_order (order_id, product_id),
    KEY inventory_reservations_by_product (product_id, status, quantity),
    FOREIGN KEY (product_id) REFERENCES inventory_items (product_id) ON DELETE RESTRICT,
    CHECK (quantity > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
