INSERT INTO space_samples (at, drives, links, kept, database, free, size) VALUES (1700000000, 123456, 266268, 42, 188416, 1000000000, 2000000000);
INSERT INTO failures (at, code, what, request, door, method, status, cause) VALUES (1700000000, 'internal', 'a request failed', 'iz5qjhskehx67s5v', '/dav', 'PUT', 500, 'reading rows');
INSERT INTO failure_counts (hour, code, count) VALUES (472222, 'internal', 3);
