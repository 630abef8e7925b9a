INSERT INTO task_payloads (id, day, payload) SELECT * FROM unnest($1::uuid[], $2::date[], $3::bytea[])
