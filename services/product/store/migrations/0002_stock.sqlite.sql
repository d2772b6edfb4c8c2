-- Of the inventory item that stock_quantity shows; NULL as long as inventory has told nothing.
ALTER TABLE products ADD COLUMN stock_version INTEGER;
