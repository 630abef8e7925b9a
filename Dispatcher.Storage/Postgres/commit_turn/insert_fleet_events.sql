INSERT INTO fleet_events (seq, at, kind, pool, worker, reason, by)
SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
