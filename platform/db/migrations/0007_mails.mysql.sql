-- Mails, written with the change that causes them and sent by platform/mail. The text is erased
-- once the mail is sent or given up: it may hold a reset code. next_try_at is NULL from then on.
CREATE TABLE mails (
    id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    to_address  VARCHAR(320)  NOT NULL,
    subject     VARCHAR(1000) NOT NULL,
    text        MEDIUMTEXT    NOT NULL,
    created_at  BIGINT        NOT NULL,
    attempts    BIGINT        NOT NULL DEFAULT 0,
    next_try_at BIGINT,
    sent_at     BIGINT,
    given_up_at BIGINT,
    KEY mails_to_send (next_try_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
