-- Written where a known account would have caused a row or a mail, so that an unknown one takes the
-- same time.
CREATE TABLE decoys (
    id         BIGINT     NOT NULL PRIMARY KEY,
    text       MEDIUMTEXT NOT NULL,
    written_at BIGINT     NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
