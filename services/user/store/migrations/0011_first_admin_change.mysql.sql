INSERT INTO admin_changes (id, version) VALUES (1, 0);
