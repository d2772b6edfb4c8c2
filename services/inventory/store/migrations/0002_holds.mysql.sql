-- Units put aside while an order is written. held_lines, by product:
-- [{"productId":1,"quantity":2}]
CREATE TABLE holds (
    placement_id CHAR(36)    NOT NULL PRIMARY KEY,
    state        VARCHAR(32) NOT NULL,
    held_until   BIGINT      NOT NULL,
    held_lines   TEXT        NOT NULL,
    order_id     BIGINT,
    created_at   BIGINT      NOT NULL,
    updated_at   BIGINT      NOT NULL,
    KEY holds_by_end (state, held_until, placement_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
