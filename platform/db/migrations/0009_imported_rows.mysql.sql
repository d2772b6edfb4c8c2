-- What was brought in from another system (platform/db/imported_rows.hpp).
CREATE TABLE imported_rows (
    kind        VARCHAR(64)  NOT NULL,
    id          BIGINT       NOT NULL,
    fingerprint VARCHAR(200) NOT NULL,
    version     BIGINT       NOT NULL,
    PRIMARY KEY (kind, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
