-- One row per counter: a typed e-mail address, or an account that is asked for its old password.
-- The counter is a keyed hash, so that what people type by mistake is not kept.
CREATE TABLE password_failures (
    counter  VARCHAR(200) NOT NULL PRIMARY KEY,
    failures BIGINT       NOT NULL,
    open_at  BIGINT       NOT NULL,
    last_at  BIGINT       NOT NULL,
    KEY password_failures_by_age (last_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
