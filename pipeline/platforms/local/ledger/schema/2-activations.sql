-- Activations: end users with connections and variables of their own; 'static' is everybody's.
-- Instances of durable workflows, which are events too.

CREATE TABLE activation (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    external_id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project_id, environment, external_id)
);

CREATE TABLE new_connection (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    activation TEXT NOT NULL DEFAULT 'static',
    system TEXT NOT NULL,
    name TEXT NOT NULL,
    auth TEXT NOT NULL,
    mock INTEGER NOT NULL,
    vault_reference TEXT,
    token_reference TEXT,
    config TEXT NOT NULL DEFAULT '{}',
    connected INTEGER NOT NULL,
    UNIQUE (project_id, environment, activation, system)
);
INSERT INTO new_connection (id, project_id, environment, system, name, auth, mock,
    vault_reference, token_reference, config, connected)
SELECT id, project_id, environment, system, name, auth, mock,
    vault_reference, token_reference, config, connected FROM connection;
DROP TABLE connection;
ALTER TABLE new_connection RENAME TO connection;

CREATE TABLE new_variable_value (
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    activation TEXT NOT NULL DEFAULT 'static',
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project_id, environment, activation, name)
);
INSERT INTO new_variable_value (project_id, environment, name, value)
SELECT project_id, environment, name, value FROM variable_value;
DROP TABLE variable_value;
ALTER TABLE new_variable_value RENAME TO variable_value;

CREATE TABLE new_event (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    activation TEXT NOT NULL DEFAULT 'static',
    workflow TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'schedule', 'manual', 'workflow')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    received_at TEXT NOT NULL,
    finished_at TEXT,
    request TEXT NOT NULL,
    body BLOB NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    result TEXT,
    occurrence TEXT UNIQUE,
    replay_of TEXT,
    parent TEXT,
    max_attempts INTEGER,
    due_at TEXT,
    locked_until TEXT
);
INSERT INTO new_event (number, id, project_id, environment, workflow, kind, state, attempts,
    received_at, finished_at, request, body, reason, result, occurrence, replay_of)
SELECT number, id, project_id, environment, workflow, kind, state, attempts,
    received_at, finished_at, request, body, reason, result, occurrence, replay_of FROM event;
DROP TABLE event;
ALTER TABLE new_event RENAME TO event;
CREATE INDEX event_state ON event (project_id, environment, state);
CREATE INDEX event_queue ON event (project_id, environment, state, number)
    WHERE kind <> 'workflow';
CREATE INDEX instance_queue ON event (project_id, environment, state, due_at, number)
    WHERE kind = 'workflow';

-- What a signature is computed from is written as a template.
UPDATE system SET spec = replace(replace(replace(spec,
    '"signed":"body"', '"signed":"{body}"'),
    '"signed":"timestamp.body"', '"signed":"{timestamp}.{body}"'),
    '"signed":"v0:timestamp:body"', '"signed":"v0:{timestamp}:{body}"');
