-- What this service knows of accounts, from the user service's events (platform/auth/accounts.hpp).
-- The e-mail is not unique on purpose: an address given up by one account and taken by another may
-- arrive in any order. A deleted account keeps its row, so that its tokens stay refused.
CREATE TABLE accounts (
    user_id        INTEGER NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    email          TEXT    NOT NULL,
    role           TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    session_epoch  INTEGER NOT NULL,
    revoked_reason TEXT    NOT NULL,
    deleted_at     INTEGER,
    version        INTEGER,
    occurred_at    INTEGER NOT NULL
) STRICT;
