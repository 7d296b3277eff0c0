INSERT INTO upload_states (upload, state) SELECT id, randomblob(500) FROM uploads WHERE use = 'sealed';
UPDATE uploads SET state_size = 500 WHERE use = 'sealed';
