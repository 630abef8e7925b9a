-- Ids made from an idempotency key carry no time and sort behind all others (first byte 0xFF).

CREATE TABLE leadership (
    shard int PRIMARY KEY CHECK (shard >= 0),
    epoch int NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    turn bigint NOT NULL DEFAULT 0 CHECK (turn >= 0),
    next_seq bigint NOT NULL DEFAULT 1,
    next_offer bigint NOT NULL DEFAULT 1,
    next_event bigint NOT NULL DEFAULT 1,
    holder text NOT NULL DEFAULT '',
    -- Of the connection that commits: a standby ends it if it holds the row beyond its lease.
    backend_pid int NOT NULL DEFAULT 0,
    renewed_at timestamptz NOT NULL DEFAULT '-infinity',
    lease interval NOT NULL DEFAULT '0',
    released boolean NOT NULL DEFAULT true,
    totals json NOT NULL DEFAULT '{}'
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 10000);
INSERT INTO leadership (shard) VALUES (0);

-- Active tasks only. Nothing that changes is indexed and half of each page is left free, so that updates stay on their page.
CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    -- Of the id, or of the acceptance for a keyed one: where payload, result and history lie.
    day date NOT NULL,
    tenant text NOT NULL CHECK (length(tenant) BETWEEN 1 AND 63),
    pool text NOT NULL CHECK (length(pool) BETWEEN 1 AND 63),
    type text NOT NULL CHECK (length(type) BETWEEN 1 AND 128),
    requires json,
    cost int NOT NULL CHECK (cost BETWEEN 1 AND 1000),
    priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 9),
    seq bigint NOT NULL,
    max_attempts smallint NOT NULL CHECK (max_attempts BETWEEN 1 AND 100),
    timeout interval NOT NULL CHECK (timeout > interval '0'),
    body_hash bigint,
    created_at timestamptz NOT NULL,
    state text NOT NULL,
    attempt int NOT NULL CHECK (attempt >= 0),
    failures smallint NOT NULL CHECK (failures BETWEEN 0 AND max_attempts),
    losses smallint NOT NULL CHECK (losses >= 0),
    round smallint NOT NULL CHECK (round >= 1),
    worker text CHECK (length(worker) BETWEEN 1 AND 63),
    token_epoch int NOT NULL,
    token_number bigint NOT NULL,
    queued_at timestamptz NOT NULL,
    offered_at timestamptz,
    started_at timestamptz,
    retry_at timestamptz,
    outcome text,
    CONSTRAINT tasks_state_check CHECK (state IN ('queued', 'offered', 'running', 'canceling', 'retrying')),
    CONSTRAINT tasks_offered_check CHECK (
        state NOT IN ('offered', 'running', 'canceling') OR (worker IS NOT NULL AND attempt >= 1))
) WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
CREATE INDEX tasks_keyed ON tasks (created_at, id) WHERE id >= 'ff000000-0000-0000-0000-000000000000';

CREATE TABLE task_history (
    LIKE tasks,
    finished_at timestamptz NOT NULL,
    error_code text CHECK (length(error_code) <= 128),
    error_message text CHECK (octet_length(error_message) <= 65536),
    result bytea,
    PRIMARY KEY (id, day, state),
    CONSTRAINT task_history_state_check CHECK (state IN ('succeeded', 'dead', 'canceled'))
) PARTITION BY RANGE (day);
CREATE INDEX task_history_keyed ON task_history (created_at, id) WHERE id >= 'ff000000-0000-0000-0000-000000000000';

-- JSON text that is only carried: never compressed, never interpreted, never updated.
CREATE TABLE task_payloads (
    id uuid NOT NULL,
    day date NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);

ALTER TABLE task_payloads ALTER payload SET STORAGE EXTERNAL;
ALTER TABLE task_history ALTER result SET STORAGE EXTERNAL;

-- One row a task and turn, found by task and, in commit order, by seq. No key: that a turn is written once is begin_turn's
-- to see to, and a unique index would cost a tenth of all that is written.
CREATE TABLE task_events (
    task_id uuid NOT NULL,
    seq bigint NOT NULL,
    day date NOT NULL,
    at timestamptz NOT NULL,
    -- json, not jsonb: it is cheaper to write and refuses no text.
    transitions json NOT NULL
) PARTITION BY RANGE (day);
CREATE INDEX task_events_task ON task_events (task_id);
CREATE INDEX task_events_seq ON task_events USING brin (seq) WITH (pages_per_range = 16, autosummarize = on);

-- Days nobody prepared.
CREATE TABLE task_history_default PARTITION OF task_history DEFAULT;
CREATE TABLE task_payloads_default PARTITION OF task_payloads DEFAULT;
CREATE TABLE task_events_default PARTITION OF task_events DEFAULT;

CREATE TABLE workers (
    id text COLLATE "C" PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 63),
    record json NOT NULL,
    pool text NOT NULL GENERATED ALWAYS AS (record ->> 'pool') STORED,
    liveness text NOT NULL GENERATED ALWAYS AS (record ->> 'liveness') STORED,
    role text NOT NULL GENERATED ALWAYS AS (record ->> 'role') STORED,
    admission text NOT NULL GENERATED ALWAYS AS (record ->> 'admission') STORED,
    CHECK (id = record ->> 'id'),
    CHECK (liveness IN ('online', 'suspect', 'lost', 'offline')),
    CHECK (role IN ('active', 'reserve')),
    CHECK (admission IN ('open', 'cordoned', 'draining', 'drained', 'quarantined')),
    CHECK ((record ->> 'slots')::int BETWEEN 1 AND 1000)
);

CREATE TABLE pools (
    name text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 63),
    settings json NOT NULL,
    CHECK (name = settings ->> 'name')
);
INSERT INTO pools (name, settings) VALUES ('default', '{"name":"default"}');

CREATE TABLE fleet_events (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (length(kind) <= 63),
    pool text NOT NULL,
    worker text,
    reason text,
    by text
);
CREATE INDEX fleet_events_worker ON fleet_events (worker, seq);

-- How far each relay has told the events on.
CREATE TABLE relay_cursors (
    relay text PRIMARY KEY CHECK (length(relay) BETWEEN 1 AND 63),
    seq bigint NOT NULL
);

-- Offers to workers without a queue. A task has one live offer at most.
CREATE TABLE http_offers (
    worker text NOT NULL,
    task_id uuid NOT NULL UNIQUE,
    attempt int NOT NULL CHECK (attempt >= 1),
    token_epoch int NOT NULL,
    token_number bigint NOT NULL,
    session text NOT NULL,
    PRIMARY KEY (worker, task_id)
);

CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    source text NOT NULL,
    reason text NOT NULL,
    body bytea NOT NULL CHECK (octet_length(body) <= 65536)
);

CREATE TABLE stats (
    shard int PRIMARY KEY REFERENCES leadership,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    data json NOT NULL
);

-- First statement of every turn: asserts that this leader still leads and nothing was committed meanwhile.
CREATE FUNCTION begin_turn(
    my_shard int, my_epoch int, my_turn bigint, seq bigint, offer bigint, event bigint, my_totals json)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    stored leadership;
BEGIN
    UPDATE leadership
    SET turn = my_turn, next_seq = seq, next_offer = offer, next_event = event, renewed_at = clock_timestamp(),
        totals = coalesce(my_totals, totals)
    WHERE shard = my_shard AND epoch = my_epoch AND turn = my_turn - 1 AND NOT released
    RETURNING * INTO stored;
    IF NOT FOUND THEN
        SELECT * INTO stored FROM leadership WHERE shard = my_shard;
        RAISE EXCEPTION USING ERRCODE = 'BR001', MESSAGE = format(
            'Turn %s of epoch %s refused: the database is at turn %s of epoch %s%s.', my_turn, my_epoch,
            stored.turn, stored.epoch, CASE WHEN stored.released THEN ', released' ELSE '' END);
    END IF;
    RETURN stored.renewed_at;
END $$;

-- Ends a turn that believes in rows which are not there.
CREATE FUNCTION expect_rows(what text, actual bigint, expected int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF actual <> expected THEN
        RAISE EXCEPTION USING ERRCODE = 'BR002', MESSAGE = format(
            'The leader''s memory and the database differ: %s of %s tasks to %s were there.', actual, expected, what);
    END IF;
END $$;
