INSERT INTO http_offers (worker, task_id, attempt, token_epoch, token_number, session)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::int[], $4::int[], $5::bigint[], $6::text[])
