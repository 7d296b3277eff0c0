INSERT INTO settings (name, value) VALUES ('url', 'https://files.example.org'), ('last backup', '2026-11-26T03:15:00Z');
