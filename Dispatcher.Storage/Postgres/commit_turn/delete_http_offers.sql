DELETE FROM http_offers o USING unnest($1::uuid[]) AS u (task_id) WHERE o.task_id = u.task_id
