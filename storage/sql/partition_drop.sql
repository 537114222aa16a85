select partitions_drop($1, $2::timestamptz)
