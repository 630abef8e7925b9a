-- Waits for a turn in flight until lock_timeout, then looks again at what it wrote.
UPDATE leadership
SET epoch = epoch + 1, holder = $2, lease = $3, released = false, renewed_at = clock_timestamp(),
    backend_pid = pg_backend_pid()
WHERE shard = $1 AND (released OR renewed_at + lease < clock_timestamp())
RETURNING epoch, turn, next_seq, next_offer, next_event, renewed_at
