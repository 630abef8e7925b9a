-- A paused leader may hold the row inside its transaction; ending its backend rolls that back and frees the row.
-- The lock must be there: a process id alone could belong to somebody else by now.
SELECT pg_terminate_backend(l.backend_pid)
FROM leadership l
WHERE l.shard = $1 AND l.backend_pid <> pg_backend_pid()
    AND (l.epoch = $2 OR l.released OR l.renewed_at + l.lease < clock_timestamp())
    AND EXISTS (SELECT FROM pg_locks k
        WHERE k.pid = l.backend_pid AND k.relation = 'leadership'::regclass AND k.mode = 'RowExclusiveLock' AND k.granted)
