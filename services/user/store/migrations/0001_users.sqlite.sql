-- Accounts. A deleted one keeps its row, without name, address and password: its tokens stay
-- refused and its number is never given again. email_key is the folded address; NULL frees it for
-- another account.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    email_key     TEXT    UNIQUE,
    password_hash TEXT,
    role          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    session_epoch INTEGER NOT NULL,
    pwdv          TEXT    NOT NULL,
    revoked_for   TEXT,
    version       INTEGER NOT NULL,
    last_login_at INTEGER,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted_at    INTEGER
) STRICT;

-- One row per counter: a typed e-mail address, or an account that is asked for its old password.
-- The counter is a keyed hash, so that what people type by mistake is not kept.
CREATE TABLE password_failures (
    counter  TEXT    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    open_at  INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX password_failures_by_age ON password_failures (last_at);

-- Codes that were mailed; the newest of an account alone counts.
CREATE TABLE password_resets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    code_mac   TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX password_resets_by_user ON password_resets (user_id, id);
CREATE INDEX password_resets_by_age ON password_resets (created_at);

-- Written where a known account would have caused a row or a mail, so that an unknown one takes the
-- same time.
CREATE TABLE decoys (
    id         INTEGER PRIMARY KEY,
    text       TEXT    NOT NULL,
    written_at INTEGER NOT NULL
) STRICT;
INSERT INTO decoys (id, text, written_at) VALUES (1, '', 0);

-- Keys of this service's own, made on first use. In the database, so that all copies of the service
-- share them.
CREATE TABLE server_keys (
    name       TEXT    NOT NULL PRIMARY KEY,
    bytes      BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
