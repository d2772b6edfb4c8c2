-- Where people get parcels. The default is the one with the latest chosen_at.
CREATE TABLE addresses (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL REFERENCES users (id),
    label       TEXT,
    name        TEXT    NOT NULL,
    line1       TEXT    NOT NULL,
    line2       TEXT,
    city        TEXT    NOT NULL,
    region      TEXT,
    postal_code TEXT,
    country     TEXT    NOT NULL,
    phone       TEXT,
    chosen_at   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX addresses_by_user ON addresses (user_id);
