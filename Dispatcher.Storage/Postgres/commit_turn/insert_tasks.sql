INSERT INTO tasks (id, day, tenant, pool, type, requires, cost, priority, seq, max_attempts, timeout, body_hash,
    created_at, state, attempt, failures, losses, round, worker, token_epoch, token_number, queued_at, offered_at,
    started_at, retry_at)
SELECT id, day, tenant, pool, type, requires::json, cost, priority, seq, max_attempts, timeout, body_hash,
    created_at, state, attempt, failures, losses, round, worker, token_epoch, token_number, queued_at, offered_at,
    started_at, retry_at
FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::smallint[],
    $9::bigint[], $10::smallint[], $11::interval[], $12::bigint[], $13::timestamptz[], $14::text[], $15::int[],
    $16::smallint[], $17::smallint[], $18::smallint[], $19::text[], $20::int[], $21::bigint[], $22::timestamptz[],
    $23::timestamptz[], $24::timestamptz[], $25::timestamptz[])
AS u (id, day, tenant, pool, type, requires, cost, priority, seq, max_attempts, timeout, body_hash,
    created_at, state, attempt, failures, losses, round, worker, token_epoch, token_number, queued_at, offered_at,
    started_at, retry_at)
