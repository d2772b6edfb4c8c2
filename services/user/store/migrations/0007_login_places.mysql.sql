-- Where the right password of an account was typed lately. The place is a keyed hash of a network.
CREATE TABLE login_places (
    user_id BIGINT       NOT NULL,
    place   VARCHAR(200) NOT NULL,
    seen_at BIGINT       NOT NULL,
    PRIMARY KEY (user_id, place),
    KEY login_places_by_age (seen_at),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
