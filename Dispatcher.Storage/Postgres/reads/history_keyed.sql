SELECT h.id, h.tenant, h.pool, h.type, h.requires, h.cost, h.priority, h.seq, h.max_attempts, h.timeout, h.body_hash,
    h.created_at, h.state, h.attempt, h.failures, h.losses, h.round, h.worker, h.token_epoch, h.token_number, h.queued_at,
    h.offered_at, h.started_at, h.retry_at, h.outcome, h.finished_at
FROM unnest($1::uuid[]) AS u (id)
JOIN task_history h ON h.id = u.id
