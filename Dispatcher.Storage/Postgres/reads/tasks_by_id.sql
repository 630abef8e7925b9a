-- One statement, one snapshot: a task that moves meanwhile is seen on one side.
-- $1 ids, $2 their days or NULL if one of them tells none, $3 whether payload and result are wanted.
-- The days stand in each part: planned with their values, it opens no partition of another day, and opening is most of the work.
SELECT v.id, v.tenant, v.pool, v.type, v.requires, v.cost, v.priority, v.seq, v.max_attempts, v.timeout, v.body_hash,
    v.created_at, v.state, v.attempt, v.failures, v.losses, v.round, v.worker, v.token_epoch, v.token_number,
    v.queued_at, v.offered_at, v.started_at, v.retry_at, v.outcome,
    v.finished_at, v.error_code, v.error_message,
    CASE WHEN $3 THEN (SELECT payload FROM task_payloads p WHERE p.id = v.id AND p.day = v.day AND ($2 IS NULL OR p.day = ANY($2))) END,
    CASE WHEN $3 THEN v.result END
FROM (
    SELECT t.id, t.tenant, t.pool, t.type, t.requires, t.cost, t.priority, t.seq, t.max_attempts, t.timeout, t.body_hash,
    t.created_at, t.state, t.attempt, t.failures, t.losses, t.round, t.worker, t.token_epoch, t.token_number,
    t.queued_at, t.offered_at, t.started_at, t.retry_at, t.outcome, NULL::timestamptz AS finished_at, NULL AS error_code, NULL AS error_message, t.day, NULL::bytea AS result
    FROM tasks t WHERE t.id = ANY($1::uuid[])
    UNION ALL
    SELECT h.id, h.tenant, h.pool, h.type, h.requires, h.cost, h.priority, h.seq, h.max_attempts, h.timeout, h.body_hash,
    h.created_at, h.state, h.attempt, h.failures, h.losses, h.round, h.worker, h.token_epoch, h.token_number,
    h.queued_at, h.offered_at, h.started_at, h.retry_at, h.outcome, h.finished_at, h.error_code, h.error_message, h.day, h.result
    FROM task_history h WHERE h.id = ANY($1::uuid[]) AND ($2::date[] IS NULL OR h.day = ANY($2))) v
