SELECT t.id, t.tenant, t.pool, t.type, t.requires, t.cost, t.priority, t.seq, t.max_attempts, t.timeout, t.body_hash,
    t.created_at, t.state, t.attempt, t.failures, t.losses, t.round, t.worker, t.token_epoch, t.token_number,
    t.queued_at, t.offered_at, t.started_at, t.retry_at, t.outcome, o.worker, o.attempt, o.token_epoch, o.token_number, o.session,
    (SELECT payload FROM task_payloads p WHERE p.id = t.id AND p.day = t.day)
FROM http_offers o JOIN tasks t ON t.id = o.task_id
WHERE o.worker = $1 ORDER BY o.token_epoch, o.token_number LIMIT $2
