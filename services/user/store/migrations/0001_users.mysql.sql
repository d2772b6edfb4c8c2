-- Accounts. A deleted one keeps its row, without name, address and password: its tokens stay
-- refused and its number is never given again. email_key is the folded address; NULL frees it for
-- another account.
CREATE TABLE users (
    id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name          VARCHAR(150) NOT NULL,
    name_key      VARCHAR(700) NOT NULL,
    email         VARCHAR(255) NOT NULL,
    email_key     VARCHAR(700),
    password_hash VARCHAR(255),
    role          VARCHAR(32)  NOT NULL,
    status        VARCHAR(32)  NOT NULL,
    session_epoch BIGINT       NOT NULL,
    pwdv          VARCHAR(200) NOT NULL,
    revoked_for   VARCHAR(64),
    version       BIGINT       NOT NULL,
    last_login_at BIGINT,
    created_at    BIGINT       NOT NULL,
    updated_at    BIGINT       NOT NULL,
    deleted_at    BIGINT,
    UNIQUE KEY users_by_email (email_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
