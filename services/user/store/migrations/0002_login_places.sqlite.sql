-- Where the right password of an account was typed lately. The place is a keyed hash of a network.
CREATE TABLE login_places (
    user_id INTEGER NOT NULL REFERENCES users (id),
    place   TEXT    NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_places_by_age ON login_places (seen_at);

-- Which of these asked for a code ('' for anywhere else), and guesses at it from any of them.
ALTER TABLE password_resets ADD COLUMN asked_from TEXT NOT NULL DEFAULT '';
ALTER TABLE password_resets ADD COLUMN own_attempts INTEGER NOT NULL DEFAULT 0;
