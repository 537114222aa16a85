-- What grows by rows and not by days is deleted in small steps when its time is over (storage/retention.py).

create index station_reports_by_time on station_reports using brin (received_at);
create index monitor_events_by_time on monitor_events using brin (received_at);
create index customer_reports_by_time on customer_reports using brin (received_at);
create index jobs_ended on jobs (finished_at) where status <> 'waiting';
create index file_addresses_over on file_addresses (expires_at);
grant delete on station_reports, monitor_events, stream_values, customer_reports, jobs, file_addresses to voltyard_node;
