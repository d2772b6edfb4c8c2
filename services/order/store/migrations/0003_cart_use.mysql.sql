-- The cart-use ledger: how many units of a cart line orders have already paid for. One cart line
-- pays for one order, also before the cart has heard of it.
CREATE TABLE cart_use (
    cart_item_id BIGINT NOT NULL PRIMARY KEY,
    used         BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    CHECK (used >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
