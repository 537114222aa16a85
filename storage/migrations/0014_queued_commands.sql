-- A command for a station that is away is a row of its own from the moment it was taken, so that it can be looked up.
grant insert on commands to voltyard_web;
grant update (status, finished_at) on commands to voltyard_web;
create index commands_queued on commands (station_id) where status = 'queued';
