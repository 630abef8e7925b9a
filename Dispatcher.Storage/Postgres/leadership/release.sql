UPDATE leadership SET released = true WHERE shard = $1 AND epoch = $2
