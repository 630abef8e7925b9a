INSERT INTO workers (id, record)
SELECT id, record::json FROM unnest($1::text[], $2::text[]) AS u (id, record)
ON CONFLICT (id) DO UPDATE SET record = excluded.record
