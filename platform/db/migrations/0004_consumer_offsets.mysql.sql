-- Where this service goes on reading the log. Moved by compare-and-set in the transaction of the
-- effects.
CREATE TABLE consumer_offsets (
    consumer_group   VARCHAR(200) NOT NULL,
    topic            VARCHAR(249) NOT NULL,
    partition_number BIGINT       NOT NULL,
    next_offset      BIGINT       NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition_number)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
