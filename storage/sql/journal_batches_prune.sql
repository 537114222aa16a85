-- A doubt is settled within the store deadline or nobody waits for it any more, so ids need not be kept for long.
delete from journal_batches where committed_at < clock_timestamp() - $1::interval
