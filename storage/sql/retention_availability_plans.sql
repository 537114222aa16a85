-- $1 plans that were over before go, $2 at most so many at once. What is planned or holds stays.
delete from availability_plans where ctid in (
    select ctid from availability_plans where status in ('done', 'cancelled', 'failed') and updated_at < $1 limit $2
)
