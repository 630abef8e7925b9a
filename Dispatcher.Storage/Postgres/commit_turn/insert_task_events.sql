INSERT INTO task_events (task_id, seq, day, at, transitions)
SELECT task_id, seq, day, at, transitions::json
FROM unnest($1::uuid[], $2::bigint[], $3::date[], $4::timestamptz[], $5::text[]) AS u (task_id, seq, day, at, transitions)
