UPDATE links SET version = 7, paused = 1 WHERE id = x'200102030405060708090a0b0c0d0e0f';
