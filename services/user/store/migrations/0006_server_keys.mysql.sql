-- Keys of this service's own, made on first use. In the database, so that all copies of the service
-- share them.
CREATE TABLE server_keys (
    name       VARCHAR(100) NOT NULL PRIMARY KEY,
    bytes      BLOB         NOT NULL,
    created_at BIGINT       NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
