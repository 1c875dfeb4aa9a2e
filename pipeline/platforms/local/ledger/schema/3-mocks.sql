-- What mock systems keep: records, answers by idempotency key, fingerprints of credentials.

CREATE TABLE mock_memory (
    number INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    content TEXT NOT NULL,
    UNIQUE (project_id, system, kind, key)
);
