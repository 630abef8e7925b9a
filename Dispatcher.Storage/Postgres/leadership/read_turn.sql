SELECT epoch, turn FROM leadership WHERE shard = $1 FOR UPDATE
