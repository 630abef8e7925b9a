-- From the end of each partition's key. Keyed ids sort behind all others.
SELECT id FROM task_history WHERE id < 'ff000000-0000-0000-0000-000000000000' ORDER BY id DESC LIMIT 1
