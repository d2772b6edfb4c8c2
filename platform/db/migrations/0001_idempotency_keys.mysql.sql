-- The answers given to requests that carried an Idempotency-Key; see platform/db/idempotency.hpp.
CREATE TABLE idempotency_keys (
    id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id     BIGINT       NOT NULL,
    route       VARCHAR(200) NOT NULL,
    `key`       VARCHAR(255) NOT NULL,
    fingerprint CHAR(64)     NOT NULL,
    status      BIGINT       NOT NULL,
    body        MEDIUMTEXT   NOT NULL,
    created_at  BIGINT       NOT NULL,
    UNIQUE KEY idempotency_keys_by_key (user_id, route, `key`),
    KEY idempotency_keys_by_age (created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
