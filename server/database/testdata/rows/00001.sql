INSERT INTO accounts (id, name, operator, created, salt, auth_hash, wrap_box, recovery_hash, recovery_box) VALUES
    (x'000102030405060708090a0b0c0d0e0f', 'ann', 1, 1700000000, zeroblob(16), zeroblob(32), zeroblob(60), zeroblob(32), zeroblob(60)),
    (x'100102030405060708090a0b0c0d0e0f', 'bob', 0, 1700000001, randomblob(16), randomblob(32), randomblob(60), randomblob(32), randomblob(60));
INSERT INTO sessions (token_hash, account, created, seen, proved, agent) VALUES (randomblob(32), x'000102030405060708090a0b0c0d0e0f', 1700000000, 1700000100, 1700000000, 'Firefox');
INSERT INTO app_passwords (account, label, hash, created, used) VALUES
    (x'000102030405060708090a0b0c0d0e0f', 'laptop', randomblob(32), 1700000000, NULL),
    (x'100102030405060708090a0b0c0d0e0f', 'Größe', randomblob(32), 1700000000, 1700000500);
INSERT INTO invites (token_hash, operator, name, created, expires) VALUES (randomblob(32), 0, 'cleo', 1700000000, 1700600000);
INSERT INTO server_keys (name, key) VALUES ('salts', randomblob(32));
