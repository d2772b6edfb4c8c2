-- Codes that were mailed; the newest of an account alone counts.
CREATE TABLE password_resets (
    id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id    BIGINT       NOT NULL,
    code_mac   VARCHAR(200) NOT NULL,
    attempts   BIGINT       NOT NULL,
    created_at BIGINT       NOT NULL,
    expires_at BIGINT       NOT NULL,
    used_at    BIGINT,
    KEY password_resets_by_user (user_id, id),
    KEY password_resets_by_age (created_at),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
