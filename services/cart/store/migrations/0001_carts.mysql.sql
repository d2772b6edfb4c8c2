CREATE TABLE carts (
    id         BIGINT  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id    BIGINT  NOT NULL,
    currency   CHAR(3) NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    version    BIGINT  NOT NULL,
    UNIQUE KEY carts_by_user (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
