-- Events on their way out, in, and those that could not be taken in (platform/events).

-- A row is an event that a commit promised to tell; the relay deletes it when the log has
-- acknowledged it.
CREATE TABLE outbox (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    topic             TEXT    NOT NULL,
    message_key       TEXT    NOT NULL,
    aggregate_version INTEGER,
    event_type        TEXT    NOT NULL,
    event_version     INTEGER NOT NULL,
    producer          TEXT    NOT NULL,
    traceparent       TEXT    NOT NULL,
    value             TEXT    NOT NULL
) STRICT;

-- The events that are in effect here. Written in the transaction of the effect.
CREATE TABLE inbox (
    event_id TEXT    NOT NULL PRIMARY KEY,
    seen_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_by_seen_at ON inbox (seen_at);

-- Where this service goes on reading the log. Moved by compare-and-set in the transaction of the
-- effects.
CREATE TABLE consumer_offsets (
    consumer_group   TEXT    NOT NULL,
    topic            TEXT    NOT NULL,
    partition_number INTEGER NOT NULL,
    next_offset      INTEGER NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition_number)
) STRICT, WITHOUT ROWID;

-- Messages that are not in effect. order_key is the key whose messages must keep their order; NULL
-- for unreadable ones, which nothing waits for.
CREATE TABLE dead_letters (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    consumer_group   TEXT    NOT NULL,
    topic            TEXT    NOT NULL,
    partition_number INTEGER NOT NULL,
    log_offset       INTEGER NOT NULL,
    message_key      TEXT    NOT NULL,
    order_key        TEXT,
    event_id         TEXT    NOT NULL,
    event_type       TEXT    NOT NULL,
    state            TEXT    NOT NULL
        CHECK (state IN ('retrying', 'dead', 'waiting', 'unreadable')),
    tries            INTEGER NOT NULL,
    reason           TEXT    NOT NULL,
    stored_at        INTEGER NOT NULL,
    next_try_at      INTEGER,
    headers          TEXT    NOT NULL,
    value            TEXT    NOT NULL
) STRICT;

CREATE INDEX dead_letters_in_order ON dead_letters (consumer_group, topic, order_key, id)
    WHERE order_key IS NOT NULL;
CREATE INDEX dead_letters_to_retry ON dead_letters (next_try_at) WHERE next_try_at IS NOT NULL;
