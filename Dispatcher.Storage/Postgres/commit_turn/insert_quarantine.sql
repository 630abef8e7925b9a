INSERT INTO quarantine (at, source, reason, body)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::bytea[])
