-- What this service knows of accounts, from the user service's events (platform/auth/accounts.hpp).
-- The e-mail is not unique on purpose: an address given up by one account and taken by another may
-- arrive in any order. A deleted account keeps its row, so that its tokens stay refused.
CREATE TABLE accounts (
    user_id        BIGINT       NOT NULL PRIMARY KEY,
    name           TEXT         NOT NULL,
    email          TEXT         NOT NULL,
    role           VARCHAR(32)  NOT NULL,
    status         VARCHAR(32)  NOT NULL,
    session_epoch  BIGINT       NOT NULL,
    revoked_reason VARCHAR(200) NOT NULL,
    deleted_at     BIGINT,
    version        BIGINT,
    occurred_at    BIGINT       NOT NULL,
    created_at     BIGINT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
