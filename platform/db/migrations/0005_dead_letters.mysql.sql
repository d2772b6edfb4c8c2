-- Messages that are not in effect. order_key is the key whose messages must keep their order; NULL
-- for unreadable ones, which nothing waits for. Keys may be long, so the index has their beginning.
CREATE TABLE dead_letters (
    id               BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    consumer_group   VARCHAR(200) NOT NULL,
    topic            VARCHAR(249) NOT NULL,
    partition_number BIGINT       NOT NULL,
    log_offset       BIGINT       NOT NULL,
    message_key      MEDIUMTEXT   NOT NULL,
    order_key        MEDIUMTEXT,
    event_id         VARCHAR(200) NOT NULL,
    event_type       VARCHAR(200) NOT NULL,
    state            VARCHAR(16)  NOT NULL,
    tries            BIGINT       NOT NULL,
    reason           MEDIUMTEXT   NOT NULL,
    stored_at        BIGINT       NOT NULL,
    next_try_at      BIGINT,
    headers          MEDIUMTEXT   NOT NULL,
    value            MEDIUMTEXT   NOT NULL,
    KEY dead_letters_in_order (consumer_group, topic, order_key(191), id),
    KEY dead_letters_to_retry (consumer_group, next_try_at),
    CHECK (state IN ('retrying', 'dead', 'waiting', 'unreadable'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
