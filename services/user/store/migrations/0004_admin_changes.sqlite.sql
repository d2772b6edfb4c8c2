-- One row: a version that every end of an admin raises, so that the last one stays.
CREATE TABLE admin_changes (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO admin_changes (id, version) VALUES (1, 0);
