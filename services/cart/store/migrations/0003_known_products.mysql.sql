-- The catalogue as product-events tell it: what a line shows, and which products are gone. A look-
-- up that was answered before such an event arrived must not bring back what the event replaced.
CREATE TABLE known_products (
    product_id  BIGINT  NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    image_url   TEXT    NOT NULL,
    price_minor BIGINT  NOT NULL,
    currency    CHAR(3) NOT NULL,
    is_offered  BIGINT  NOT NULL,
    version     BIGINT  NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
