-- Where an order goes to: JSON, as it was when the order was placed.
ALTER TABLE orders ADD COLUMN ships_to TEXT;
