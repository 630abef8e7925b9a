INSERT INTO task_payloads (
    id, day, payload)
SELECT
    unnest($1::uuid[]), unnest($2::date[]), unnest($3::bytea[])
