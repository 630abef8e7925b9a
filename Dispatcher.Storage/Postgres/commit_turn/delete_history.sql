-- Revived tasks leave the history, and with it their last round's result.
WITH gone AS (
    DELETE FROM task_history h USING unnest($1::uuid[], $2::date[]) AS u (id, day)
    WHERE h.id = u.id AND h.day = u.day
    RETURNING 1)
SELECT expect_rows('revive', count(*), cardinality($1::uuid[])) FROM gone
