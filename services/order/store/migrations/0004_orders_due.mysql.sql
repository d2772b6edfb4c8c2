-- Under which inventory holds an order's units, and until when it may wait for its payment.
ALTER TABLE orders
    ADD COLUMN placement_id VARCHAR(36),
    ADD COLUMN expires_at BIGINT,
    ADD KEY orders_due (status, expires_at);
