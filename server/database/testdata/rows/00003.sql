INSERT INTO locks (token, drive, path, infinite, shared, owner, expires, placeholder) VALUES
    ('opaquelocktoken:00000000-0000-4000-8000-000000000000', x'000102030405060708090a0b0c0d0e0f', 'a/b.txt', 0, 1, '<D:owner xmlns:D="DAV:">ann</D:owner>', 1700000600, '"x"');
INSERT INTO properties (drive, parent, path, space, local, xml) VALUES (x'000102030405060708090a0b0c0d0e0f', 'a', 'a/b.txt', 'urn:x', 'colour', '<x:colour xmlns:x="urn:x">blue</x:colour>');
INSERT INTO kept (drive, id, path, at, door, folder, size) VALUES (x'000102030405060708090a0b0c0d0e0f', '20231114T221320Z-aaaa', 'old/c.txt', 1700000000, '/dav', 0, 42);
