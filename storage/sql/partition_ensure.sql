select partitions_ensure($1::timestamptz, $2::timestamptz)
