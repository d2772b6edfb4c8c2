-- What happened to an order besides what its own row says: each step once.
CREATE TABLE order_timeline (
    id       BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id BIGINT      NOT NULL,
    step     VARCHAR(32) NOT NULL,
    reason   TEXT,
    at       BIGINT      NOT NULL,
    UNIQUE KEY order_timeline_once (order_id, step),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
