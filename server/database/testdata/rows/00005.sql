UPDATE accounts SET quota = 1000000000 WHERE name = 'bob';
