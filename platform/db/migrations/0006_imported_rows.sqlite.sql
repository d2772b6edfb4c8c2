-- What was brought in from another system (platform/db/imported_rows.hpp).
CREATE TABLE imported_rows (
    kind        TEXT    NOT NULL,
    id          INTEGER NOT NULL,
    fingerprint TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
