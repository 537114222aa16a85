select not voided from journal_batches where id = $1
