WITH changed AS (
    UPDATE tasks t
    SET state = u.state, attempt = u.attempt, failures = u.failures, losses = u.losses, round = u.round,
        worker = u.worker, token_epoch = u.token_epoch, token_number = u.token_number, queued_at = u.queued_at,
        offered_at = u.offered_at, started_at = u.started_at, retry_at = u.retry_at,
        outcome = u.outcome
    FROM (SELECT unnest($1::uuid[]) AS id, unnest($2::text[]) AS state, unnest($3::int[]) AS attempt,
        unnest($4::smallint[]) AS failures, unnest($5::smallint[]) AS losses, unnest($6::smallint[]) AS round,
        unnest($7::text[]) AS worker, unnest($8::int[]) AS token_epoch, unnest($9::bigint[]) AS token_number,
        unnest($10::timestamptz[]) AS queued_at, unnest($11::timestamptz[]) AS offered_at,
        unnest($12::timestamptz[]) AS started_at, unnest($13::timestamptz[]) AS retry_at,
        unnest($14::text[]) AS outcome) u
    WHERE t.id = u.id
    RETURNING 1)
SELECT expect_rows('update', count(*), cardinality($1::uuid[])) FROM changed
