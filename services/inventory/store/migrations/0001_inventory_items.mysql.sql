-- What there is of each product: total units in the house, of which some are reserved. version
-- grows with each change of either; what was told last is told_version. told_shelf is what
-- STOCK_LOW and STOCK_OUT have said. owner_user_id is empty only of a product that was deleted
-- before it was heard of.
CREATE TABLE inventory_items (
    product_id          BIGINT       NOT NULL PRIMARY KEY,
    name                VARCHAR(180) NOT NULL,
    name_key            VARCHAR(700) NOT NULL,
    total_quantity      BIGINT       NOT NULL,
    reserved_quantity   BIGINT       NOT NULL,
    version             BIGINT       NOT NULL,
    told_version        BIGINT       NOT NULL,
    is_untold           BIGINT       NOT NULL,
    told_shelf          VARCHAR(32)  NOT NULL,
    last_cause          VARCHAR(32)  NOT NULL,
    owner_user_id       BIGINT,
    low_stock_threshold BIGINT,
    is_deleted          BIGINT       NOT NULL,
    product_version     BIGINT       NOT NULL,
    created_at          BIGINT       NOT NULL,
    updated_at          BIGINT       NOT NULL,
    KEY inventory_items_untold (is_untold, product_id),
    KEY inventory_items_by_owner (owner_user_id, product_id),
    CHECK (reserved_quantity >= 0 AND reserved_quantity <= total_quantity)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
