SELECT v.id, v.tenant, v.pool, v.type, v.requires, v.cost, v.priority, v.seq, v.max_attempts, v.timeout, v.body_hash,
    v.created_at, v.state, v.attempt, v.failures, v.losses, v.round, v.worker, v.token_epoch, v.token_number,
    v.queued_at, v.offered_at, v.started_at, v.retry_at, v.outcome, v.finished_at, v.error_code, v.error_message,
    CASE WHEN ?2 THEN (SELECT payload FROM task_payloads p WHERE p.id = v.id) END,
    CASE WHEN ?2 THEN (SELECT result FROM task_results r WHERE r.id = v.id) END
FROM (
    SELECT t.id, t.tenant, t.pool, t.type, t.requires, t.cost, t.priority, t.seq, t.max_attempts, t.timeout, t.body_hash,
    t.created_at, t.state, t.attempt, t.failures, t.losses, t.round, t.worker, t.token_epoch, t.token_number,
    t.queued_at, t.offered_at, t.started_at, t.retry_at, t.outcome, NULL AS finished_at, NULL AS error_code, NULL AS error_message
    FROM tasks t WHERE t.id = ?1
    UNION ALL
    SELECT h.id, h.tenant, h.pool, h.type, h.requires, h.cost, h.priority, h.seq, h.max_attempts, h.timeout, h.body_hash,
    h.created_at, h.state, h.attempt, h.failures, h.losses, h.round, h.worker, h.token_epoch, h.token_number,
    h.queued_at, h.offered_at, h.started_at, h.retry_at, h.outcome, h.finished_at, h.error_code, h.error_message
    FROM task_history h WHERE h.id = ?1) v
