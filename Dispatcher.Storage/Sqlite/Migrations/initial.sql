-- The model of PostgreSQL without partitions. Ids are big-endian bytes; moments and lengths are ticks of 100 ns, UTC.

CREATE TABLE leadership (
    shard INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT 0,
    next_seq INTEGER NOT NULL DEFAULT 1,
    next_offer INTEGER NOT NULL DEFAULT 1,
    next_event INTEGER NOT NULL DEFAULT 1,
    holder TEXT NOT NULL DEFAULT '',
    renewed_at INTEGER NOT NULL DEFAULT 0,
    lease INTEGER NOT NULL DEFAULT 0,
    released INTEGER NOT NULL DEFAULT 1,
    totals TEXT NOT NULL DEFAULT '{}'
) STRICT;
INSERT INTO leadership (shard) VALUES (0);

CREATE TABLE tasks (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    tenant TEXT NOT NULL CHECK (length(tenant) BETWEEN 1 AND 63),
    pool TEXT NOT NULL CHECK (length(pool) BETWEEN 1 AND 63),
    type TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 128),
    requires TEXT,
    cost INTEGER NOT NULL CHECK (cost BETWEEN 1 AND 1000),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
    seq INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL CHECK (max_attempts BETWEEN 1 AND 100),
    timeout INTEGER NOT NULL CHECK (timeout > 0),
    body_hash INTEGER,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL CHECK (attempt >= 0),
    failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND max_attempts),
    losses INTEGER NOT NULL CHECK (losses >= 0),
    round INTEGER NOT NULL CHECK (round >= 1),
    worker TEXT CHECK (length(worker) BETWEEN 1 AND 63),
    token_epoch INTEGER NOT NULL,
    token_number INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    offered_at INTEGER,
    started_at INTEGER,
    retry_at INTEGER,
    outcome TEXT,
    CHECK (state IN ('queued', 'offered', 'running', 'canceling', 'retrying')),
    CHECK (state NOT IN ('offered', 'running', 'canceling') OR (worker IS NOT NULL AND attempt >= 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_keyed ON tasks (created_at, id) WHERE id >= x'ff000000000000000000000000000000';

CREATE TABLE task_history (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    tenant TEXT NOT NULL,
    pool TEXT NOT NULL,
    type TEXT NOT NULL,
    requires TEXT,
    cost INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    timeout INTEGER NOT NULL,
    body_hash INTEGER,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('succeeded', 'dead', 'canceled')),
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    losses INTEGER NOT NULL,
    round INTEGER NOT NULL,
    worker TEXT,
    token_epoch INTEGER NOT NULL,
    token_number INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    offered_at INTEGER,
    started_at INTEGER,
    retry_at INTEGER,
    outcome TEXT,
    finished_at INTEGER NOT NULL,
    error_code TEXT CHECK (length(error_code) <= 128),
    error_message TEXT,
    -- Of the id, or of the acceptance for a keyed one, as days since the year 1; retention goes by it.
    day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX task_history_keyed ON task_history (created_at, id) WHERE id >= x'ff000000000000000000000000000000';
CREATE INDEX task_history_day ON task_history (state, day);
-- Lists of what went wrong must not wade through what went well.
CREATE INDEX task_history_others ON task_history (id) WHERE state <> 'succeeded';

CREATE TABLE task_payloads (id BLOB PRIMARY KEY, payload BLOB NOT NULL) STRICT;
CREATE TABLE task_results (id BLOB PRIMARY KEY, result BLOB NOT NULL) STRICT;

CREATE TABLE task_events (
    seq INTEGER PRIMARY KEY,
    task_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    transitions TEXT NOT NULL
) STRICT;
CREATE INDEX task_events_task ON task_events (task_id, seq);

CREATE TABLE workers (
    id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 63),
    record TEXT NOT NULL,
    pool TEXT GENERATED ALWAYS AS (record ->> 'pool') STORED NOT NULL,
    liveness TEXT GENERATED ALWAYS AS (record ->> 'liveness') STORED
        CHECK (liveness IN ('online', 'suspect', 'lost', 'offline')),
    role TEXT GENERATED ALWAYS AS (record ->> 'role') STORED CHECK (role IN ('active', 'reserve')),
    admission TEXT GENERATED ALWAYS AS (record ->> 'admission') STORED
        CHECK (admission IN ('open', 'cordoned', 'draining', 'drained', 'quarantined')),
    CHECK (id = record ->> 'id'),
    CHECK ((record ->> 'slots') BETWEEN 1 AND 1000)
) STRICT;

CREATE TABLE pools (
    name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 63),
    settings TEXT NOT NULL,
    CHECK (name = settings ->> 'name')
) STRICT;
INSERT INTO pools (name, settings) VALUES ('default', '{"name":"default"}');

CREATE TABLE fleet_events (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (length(kind) <= 63),
    pool TEXT NOT NULL,
    worker TEXT,
    reason TEXT,
    by TEXT
) STRICT;
CREATE INDEX fleet_events_worker ON fleet_events (worker, seq);

CREATE TABLE http_offers (
    worker TEXT NOT NULL,
    task_id BLOB NOT NULL UNIQUE,
    attempt INTEGER NOT NULL CHECK (attempt >= 1),
    token_epoch INTEGER NOT NULL,
    token_number INTEGER NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (worker, task_id)
) STRICT;

CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL CHECK (length(body) <= 65536)
) STRICT;

CREATE TABLE stats (shard INTEGER PRIMARY KEY, at INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
