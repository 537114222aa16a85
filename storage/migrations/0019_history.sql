-- What has ended and grows with every reservation, plan, campaign and object is deleted when its time is over
-- (storage/retention.py).

create index reservations_ended on reservations (ended_at) where ended_at is not null;
create index availability_plans_over on availability_plans (updated_at) where status in ('done', 'cancelled', 'failed');
create index campaigns_ended on campaigns (ended_at) where ended_at is not null;
create index forward_transactions_made on forward_transactions using brin (made_at);
create index station_objects_removed on station_objects (removed_at) where removed_at is not null;
create index stations_deleted on stations (deleted_at) where deleted_at is not null;
grant delete on reservations, availability_plans, campaign_stations, station_objects to voltyard_node;
