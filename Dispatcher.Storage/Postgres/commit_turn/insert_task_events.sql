INSERT INTO task_events (
    task_id, seq, day, at, transitions)
SELECT
    unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::date[]), unnest($4::timestamptz[]), unnest($5::json[])
