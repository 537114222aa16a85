-- One at a time may look at what is reserved at a station and add to it; until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('reservations/' || $1::uuid::text, 0))
