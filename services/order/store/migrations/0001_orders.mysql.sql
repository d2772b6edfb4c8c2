CREATE TABLE orders (
    id                BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id           BIGINT      NOT NULL,
    status            VARCHAR(32) NOT NULL,
    total_minor       BIGINT      NOT NULL,
    currency          CHAR(3)     NOT NULL,
    cancelled_because VARCHAR(64),
    cancelled_at      BIGINT,
    created_at        BIGINT      NOT NULL,
    updated_at        BIGINT      NOT NULL,
    version           BIGINT      NOT NULL,
    KEY orders_by_user (user_id, created_at, id),
    KEY orders_by_time (created_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
