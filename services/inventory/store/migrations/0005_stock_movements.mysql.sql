-- Every change of what is in the house, for ever: the total of a product is the sum of its deltas.
CREATE TABLE stock_movements (
    id            BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    product_id    BIGINT      NOT NULL,
    delta         BIGINT      NOT NULL,
    total_after   BIGINT      NOT NULL,
    cause         VARCHAR(32) NOT NULL,
    reason        VARCHAR(32),
    order_id      BIGINT,
    actor_user_id BIGINT,
    actor_role    VARCHAR(32),
    note          TEXT,
    at            BIGINT      NOT NULL,
    KEY stock_movements_by_product (product_id, id),
    FOREIGN KEY (product_id) REFERENCES inventory_items (product_id) ON DELETE RESTRICT,
    CHECK (total_after >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
