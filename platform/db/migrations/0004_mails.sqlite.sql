-- Mails, written with the change that causes them and sent by platform/mail. The text is erased
-- once the mail is sent or given up: it may hold a reset code. next_try_at is NULL from then on.
CREATE TABLE mails (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    to_address   TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_try_at  INTEGER,
    sent_at      INTEGER,
    given_up_at  INTEGER
) STRICT;

CREATE INDEX mails_to_send ON mails (next_try_at) WHERE next_try_at IS NOT NULL;
