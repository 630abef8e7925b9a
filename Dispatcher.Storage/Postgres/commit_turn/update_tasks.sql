WITH changed AS (
    UPDATE tasks t
    SET state = u.state, attempt = u.attempt, failures = u.failures, losses = u.losses, round = u.round,
        worker = u.worker, token_epoch = u.token_epoch, token_number = u.token_number, queued_at = u.queued_at,
        offered_at = u.offered_at, started_at = u.started_at, retry_at = u.retry_at,
        outcome = u.outcome
    FROM unnest($1::uuid[], $2::text[], $3::int[], $4::smallint[], $5::smallint[], $6::smallint[], $7::text[],
        $8::int[], $9::bigint[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
        $14::text[])
    AS u (id, state, attempt, failures, losses, round, worker, token_epoch, token_number, queued_at, offered_at,
        started_at, retry_at, outcome)
    WHERE t.id = u.id
    RETURNING 1)
SELECT expect_rows('update', count(*), cardinality($1::uuid[])) FROM changed
