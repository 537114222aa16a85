-- Takes the id so that its batch cannot commit any more; waits while a transaction that has it is open.
insert into journal_batches (id, voided) values ($1, true) on conflict (id) do nothing
