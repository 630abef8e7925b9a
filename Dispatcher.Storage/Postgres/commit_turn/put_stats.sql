INSERT INTO stats (shard, data) VALUES ($1, $2::json)
ON CONFLICT (shard) DO UPDATE SET data = excluded.data, at = clock_timestamp()
