-- Revived tasks leave the history; their last round's result goes with it.
WITH u AS (SELECT * FROM unnest($1::uuid[], $2::date[]) AS u (id, day)),
    results AS (DELETE FROM task_results r USING u WHERE r.id = u.id AND r.day = u.day),
    gone AS (DELETE FROM task_history h USING u WHERE h.id = u.id AND h.day = u.day RETURNING 1)
SELECT expect_rows('revive', count(*), cardinality($1::uuid[])) FROM gone
