-- One row: a version that every end of an admin raises, so that the last one stays.
CREATE TABLE admin_changes (
    id      BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
