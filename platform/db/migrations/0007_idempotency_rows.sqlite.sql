-- The keys as rows in the order of their arrival, found by an index: an answer is longer than its
-- key by far, and a row of half a page in the middle of an index makes pages split all the time.
-- Half of what it cost to keep a key.
CREATE TABLE idempotency_rows (
    id          INTEGER PRIMARY KEY,
    user_id     INTEGER NOT NULL,
    route       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    status      INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

INSERT INTO idempotency_rows (user_id, route, key, fingerprint, status, body, created_at)
SELECT user_id, route, key, fingerprint, status, body, created_at
  FROM idempotency_keys
 ORDER BY created_at;

DROP TABLE idempotency_keys;
ALTER TABLE idempotency_rows RENAME TO idempotency_keys;

CREATE UNIQUE INDEX idempotency_keys_by_key ON idempotency_keys (user_id, route, key);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
