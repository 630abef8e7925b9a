SELECT epoch, holder, clock_timestamp() - renewed_at, lease, released FROM leadership WHERE shard = 0 AND epoch > 0
