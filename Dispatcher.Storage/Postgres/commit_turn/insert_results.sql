INSERT INTO task_results (id, day, result) SELECT * FROM unnest($1::uuid[], $2::date[], $3::bytea[])
