-- A row is an event that a commit promised to tell; the relay deletes it when the log has
-- acknowledged it. Ids rise, but not in the order of the commits.
CREATE TABLE outbox (
    id                BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    topic             VARCHAR(249) NOT NULL,
    message_key       TEXT         NOT NULL,
    aggregate_version BIGINT,
    event_type        VARCHAR(200) NOT NULL,
    event_version     BIGINT       NOT NULL,
    producer          VARCHAR(200) NOT NULL,
    traceparent       VARCHAR(200) NOT NULL,
    value             MEDIUMTEXT   NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
