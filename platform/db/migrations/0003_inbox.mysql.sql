-- The events that are in effect here. Written in the transaction of the effect.
CREATE TABLE inbox (
    event_id VARCHAR(200) NOT NULL PRIMARY KEY,
    seen_at  BIGINT       NOT NULL,
    KEY inbox_by_seen_at (seen_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
