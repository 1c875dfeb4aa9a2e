-- The runner's tables. Times are ISO 8601 in UTC; JSON stands in TEXT columns.

CREATE TABLE project (
    id TEXT PRIMARY KEY,
    integration_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    team TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE system (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE link (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    system_id TEXT NOT NULL REFERENCES system (id),
    dynamic INTEGER NOT NULL,
    UNIQUE (project_id, environment, system_id)
);

CREATE TABLE connection (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    system TEXT NOT NULL,
    name TEXT NOT NULL,
    auth TEXT NOT NULL,
    mock INTEGER NOT NULL,
    vault_reference TEXT,
    token_reference TEXT,
    config TEXT NOT NULL DEFAULT '{}',
    connected INTEGER NOT NULL,
    UNIQUE (project_id, environment, system)
);

CREATE TABLE variable (
    project_id TEXT NOT NULL REFERENCES project (id),
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
);

CREATE TABLE variable_value (
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project_id, environment, name)
);

CREATE TABLE asset (
    project_id TEXT NOT NULL REFERENCES project (id),
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
);

CREATE TABLE version (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    digest TEXT NOT NULL,
    files TEXT NOT NULL,
    files_digest TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE deployment (
    project_id TEXT NOT NULL REFERENCES project (id),
    environment TEXT NOT NULL,
    version_id TEXT NOT NULL REFERENCES version (id),
    state TEXT NOT NULL CHECK (state IN ('live', 'paused', 'stopped')),
    workflows TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    live_since TEXT NOT NULL,
    PRIMARY KEY (project_id, environment)
);

CREATE TABLE deployment_history (
    number INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    version_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    workflow TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'schedule', 'manual')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    received_at TEXT NOT NULL,
    finished_at TEXT,
    request TEXT NOT NULL,
    body BLOB NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    result TEXT,
    occurrence TEXT UNIQUE,
    replay_of TEXT
);
CREATE INDEX event_queue ON event (project_id, environment, state, number);

CREATE TABLE value (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at TEXT,
    PRIMARY KEY (owner, key)
) WITHOUT ROWID;

CREATE TABLE log (
    number INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    at TEXT NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    fields TEXT NOT NULL,
    execution_id TEXT
);
CREATE INDEX log_of_deployment ON log (project_id, environment, number);

CREATE TABLE issue (
    project_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    key TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    annotations TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (project_id, environment, key)
);
