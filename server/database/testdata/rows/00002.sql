INSERT INTO uploads (id, account, use, object, length, offset, created, expires, path, if_match, if_none_match, modified, metadata, placed) VALUES
    (randomblob(16), x'000102030405060708090a0b0c0d0e0f', 'sealed', randomblob(16), NULL, 262172, 1700000000, 1700600000, '', '', '', NULL, '', 0),
    (randomblob(16), x'100102030405060708090a0b0c0d0e0f', 'drive', randomblob(16), 100, 100, 1700000000, 1700600000, 'a/b.txt', '', '*', 1600000000, 'path YQ==', 1);
INSERT INTO link_ids (id, gone, message) VALUES
    (x'200102030405060708090a0b0c0d0e0f', NULL, ''),
    (x'210102030405060708090a0b0c0d0e0f', 'removed', 'by order'),
    (x'220102030405060708090a0b0c0d0e0f', 'expired', '');
INSERT INTO links (id, account, token_hash, manifest, manifest_size, content, content_size, note, created, expires, max_visits, visits, wrong_tokens, last_opened, stopped) VALUES
    (x'200102030405060708090a0b0c0d0e0f', x'000102030405060708090a0b0c0d0e0f', randomblob(32), randomblob(16), 4096, randomblob(16), 262172, randomblob(300), 1700000000, 1800000000, 5, 2, 1, 1700000900, NULL),
    (x'210102030405060708090a0b0c0d0e0f', x'100102030405060708090a0b0c0d0e0f', randomblob(32), randomblob(16), 4096, randomblob(16), 262172, zeroblob(0), 1700000001, NULL, NULL, 0, 0, NULL, 'removed');
INSERT INTO tickets (link, ticket_hash, token_hash, expires) VALUES (x'200102030405060708090a0b0c0d0e0f', randomblob(32), randomblob(32), 1700600000);
