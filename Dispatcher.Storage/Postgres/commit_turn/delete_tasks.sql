WITH gone AS (DELETE FROM tasks t USING unnest($1::uuid[]) AS u (id) WHERE t.id = u.id RETURNING 1)
SELECT expect_rows('finish', count(*), cardinality($1::uuid[])) FROM gone
