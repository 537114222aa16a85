-- Jobs: their end by time is work of its own, secrets go with their end, and no tenant's many hold up another's.

-- expiring: its time is over and what follows from that is being done, under a lease and with tries as any other work.
alter table jobs drop constraint jobs_status_check;
alter table jobs add constraint jobs_status_check
    check (status in ('waiting', 'expiring', 'done', 'failed', 'cancelled', 'expired'));
alter table jobs add column waits integer not null default 0;    -- how often in a row its station could not be asked
comment on column jobs.waits_for is
    'online: until its station connects; accepted: until a boot of it is accepted; else null';

drop index jobs_due;
create index jobs_due on jobs (tenant_id, priority desc, run_at, id) where status = 'waiting' and waits_for is null;
drop index jobs_open_by_station;
create index jobs_open_by_station on jobs (station_id, priority desc, run_at, id) where status = 'waiting';
create index jobs_over on jobs (expires_at) where status = 'waiting' and expires_at is not null;
create index jobs_expiring on jobs (run_at) where status = 'expiring';
drop index jobs_ended;
create index jobs_ended on jobs (finished_at) where status not in ('waiting', 'expiring');

-- Whoever ends a job, and however: what was sealed for it is gone from its row. Before this, commands that waited held
-- theirs in `payload` or `body`.
create function jobs_forget() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.state := new.state - 'sealed';
    if new.kind = 'queued-command' then
        new.state := new.state - '{payload,body}'::text[];
    end if;
    return new;
end
$$;
revoke all on function jobs_forget() from public;
create trigger jobs_forget before update on jobs
    for each row when (new.status not in ('waiting', 'expiring')) execute function jobs_forget();

-- What ended commands left behind: the owner is fenced too, so the fence is opened for this one statement.
alter table jobs no force row level security;
update jobs set state = state - '{payload,body}'::text[]
 where kind = 'queued-command' and status not in ('waiting', 'expiring') and state ?| '{payload,body}';
alter table jobs force row level security;
