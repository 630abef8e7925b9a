SELECT epoch, totals FROM leadership WHERE shard = $1
