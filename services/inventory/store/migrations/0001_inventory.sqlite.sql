-- What there is of each product: total units in the house, of which some are reserved. version
-- grows with each change of either; what was told last is told_version. told_shelf is what
-- STOCK_LOW and STOCK_OUT have said. owner_user_id is empty only of a product that was deleted
-- before it was heard of.
CREATE TABLE inventory_items (
    product_id          INTEGER PRIMARY KEY,
    name                TEXT    NOT NULL,
    name_key            TEXT    NOT NULL,
    total_quantity      INTEGER NOT NULL,
    reserved_quantity   INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    told_version        INTEGER NOT NULL,
    is_untold           INTEGER NOT NULL,
    told_shelf          TEXT    NOT NULL,
    last_cause          TEXT    NOT NULL,
    owner_user_id       INTEGER,
    low_stock_threshold INTEGER,
    is_deleted          INTEGER NOT NULL,
    product_version     INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    CHECK (reserved_quantity >= 0 AND reserved_quantity <= total_quantity)
) STRICT;
CREATE INDEX inventory_items_untold ON inventory_items (product_id) WHERE is_untold = 1;
CREATE INDEX inventory_items_by_owner ON inventory_items (owner_user_id, product_id);

-- Units put aside while an order is written. held_lines, by product:
-- [{"productId":1,"quantity":2}]
CREATE TABLE holds (
    placement_id TEXT PRIMARY KEY,
    state        TEXT    NOT NULL,
    held_until   INTEGER NOT NULL,
    held_lines   TEXT    NOT NULL,
    order_id     INTEGER,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_end ON holds (state, held_until, placement_id);

-- Units that belong to an order. expires_at is only shown: the order service ends orders.
CREATE TABLE inventory_reservations (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id       INTEGER NOT NULL,
    product_id     INTEGER NOT NULL REFERENCES inventory_items (product_id) ON DELETE RESTRICT,
    quantity       INTEGER NOT NULL CHECK (quantity > 0),
    status         TEXT    NOT NULL,
    expires_at     INTEGER,
    release_reason TEXT,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    UNIQUE (order_id, product_id)
) STRICT;
CREATE INDEX inventory_reservations_active ON inventory_reservations (product_id, quantity)
    WHERE status = 'active';

-- What became of the stock of each order, so that every event about it is in effect once, in
-- whatever order they arrive. rejected_lines: those of an order that was rejected.
CREATE TABLE order_stock (
    order_id     INTEGER PRIMARY KEY,
    state        TEXT    NOT NULL,
    placement_id TEXT,
    rejected_lines TEXT,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

-- Every change of what is in the house, for ever: the total of a product is the sum of its deltas.
CREATE TABLE stock_movements (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id    INTEGER NOT NULL REFERENCES inventory_items (product_id) ON DELETE RESTRICT,
    delta         INTEGER NOT NULL,
    total_after   INTEGER NOT NULL CHECK (total_after >= 0),
    cause         TEXT    NOT NULL,
    reason        TEXT,
    order_id      INTEGER,
    actor_user_id INTEGER,
    actor_role    TEXT,
    note          TEXT,
    at            INTEGER NOT NULL
) STRICT;
CREATE INDEX stock_movements_by_product ON stock_movements (product_id, id);
CREATE TRIGGER stock_movements_stay BEFORE DELETE ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'stock movements are never deleted');
END;
CREATE TRIGGER stock_movements_are_final BEFORE UPDATE ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'stock movements are never changed');
END;
