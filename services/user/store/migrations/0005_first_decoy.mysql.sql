INSERT INTO decoys (id, text, written_at) VALUES (1, '', 0);
