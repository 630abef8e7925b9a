INSERT INTO task_results (
    id, day, result)
SELECT
    unnest($1::uuid[]), unnest($2::date[]), unnest($3::bytea[])
