UPDATE leadership SET backend_pid = pg_backend_pid() WHERE shard = $1 AND epoch = $2 AND NOT released
