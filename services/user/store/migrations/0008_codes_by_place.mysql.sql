-- Which login place asked for a code ('' for anywhere else), and guesses at it from any of them.
ALTER TABLE password_resets
    ADD COLUMN asked_from   VARCHAR(200) NOT NULL DEFAULT '',
    ADD COLUMN own_attempts BIGINT       NOT NULL DEFAULT 0;
