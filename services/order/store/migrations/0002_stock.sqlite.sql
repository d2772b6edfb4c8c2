-- Under which inventory holds an order's units, and until when it may wait for its payment.
ALTER TABLE orders ADD COLUMN placement_id TEXT;
ALTER TABLE orders ADD COLUMN expires_at INTEGER;
CREATE INDEX orders_due ON orders (expires_at) WHERE status = 'pending' AND expires_at IS NOT NULL;

-- What happened to an order besides what its own row says: each step once.
CREATE TABLE order_timeline (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    step     TEXT    NOT NULL,
    reason   TEXT,
    at       INTEGER NOT NULL,
    UNIQUE (order_id, step)
) STRICT;
