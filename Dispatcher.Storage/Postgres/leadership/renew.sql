-- While there is no turn to do it.
UPDATE leadership SET renewed_at = clock_timestamp() WHERE shard = $1 AND epoch = $2 AND NOT released
