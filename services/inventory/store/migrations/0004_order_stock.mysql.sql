-- What became of the stock of each order, so that every event about it is in effect once, in
-- whatever order they arrive. rejected_lines: those of an order that was rejected.
CREATE TABLE order_stock (
    order_id     BIGINT      NOT NULL PRIMARY KEY,
    state        VARCHAR(32) NOT NULL,
    placement_id CHAR(36),
    rejected_lines MEDIUMTEXT,
    version      BIGINT      NOT NULL,
    updated_at   BIGINT      NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
