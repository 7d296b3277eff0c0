INSERT INTO reports (link, at, text) VALUES (x'230102030405060708090a0b0c0d0e0f', 1700000000, 'This is not yours.');
