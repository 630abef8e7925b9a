INSERT INTO task_history (
    id, day, tenant, pool, type, requires, cost, priority, seq, max_attempts, timeout, body_hash, created_at, state,
    attempt, failures, losses, round, worker, token_epoch, token_number, queued_at, offered_at, started_at,
    retry_at, outcome, finished_at, error_code, error_message, result)
SELECT
    unnest($1::uuid[]), unnest($2::date[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]),
    unnest($6::json[]), unnest($7::int[]), unnest($8::smallint[]), unnest($9::bigint[]), unnest($10::smallint[]),
    unnest($11::interval[]), unnest($12::bigint[]), unnest($13::timestamptz[]), unnest($14::text[]),
    unnest($15::int[]), unnest($16::smallint[]), unnest($17::smallint[]), unnest($18::smallint[]),
    unnest($19::text[]), unnest($20::int[]), unnest($21::bigint[]), unnest($22::timestamptz[]),
    unnest($23::timestamptz[]), unnest($24::timestamptz[]), unnest($25::timestamptz[]), unnest($26::text[]),
    unnest($27::timestamptz[]), unnest($28::text[]), unnest($29::text[]), unnest($30::bytea[])
