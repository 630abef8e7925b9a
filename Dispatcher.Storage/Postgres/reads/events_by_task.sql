-- Nothing happens to a timed task before its day; a day's grace for clocks.
SELECT seq, at, transitions FROM task_events WHERE task_id = $1 AND day >= $2::date - 1 ORDER BY seq
