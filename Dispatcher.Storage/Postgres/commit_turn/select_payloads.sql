-- Through the task, which knows its day: one probe into one partition.
SELECT p.id, p.payload
FROM unnest($1::uuid[]) AS u (id)
JOIN tasks t ON t.id = u.id
JOIN task_payloads p ON p.id = t.id AND p.day = t.day
