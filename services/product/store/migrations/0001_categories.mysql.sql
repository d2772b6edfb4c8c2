-- slug_key says what must be unique; it is NULL once a row is no longer active, so that a name can
-- be used again. product_count is that of the active products: the total of a list without
-- counting.
CREATE TABLE categories (
    id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name          VARCHAR(120) NOT NULL,
    name_key      VARCHAR(700) NOT NULL,
    slug          VARCHAR(255) NOT NULL,
    slug_key      VARCHAR(255),
    description   MEDIUMTEXT,
    is_active     BIGINT       NOT NULL,
    created_by    BIGINT       NOT NULL,
    product_count BIGINT       NOT NULL DEFAULT 0,
    created_at    BIGINT       NOT NULL,
    updated_at    BIGINT       NOT NULL,
    version       BIGINT       NOT NULL,
    UNIQUE KEY categories_by_slug (slug_key),
    KEY categories_by_name (is_active, name_key, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
