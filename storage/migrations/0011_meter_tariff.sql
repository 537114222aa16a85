-- What a session knows beyond place, time and energy (actors/session/details.py), derived like the rest of its row.
alter table sessions add column details jsonb not null default '{}';

-- Sessions that may be left behind: the keeper of sessions (gateway/keeper.py) looks for them by when they were heard of.
create index sessions_silent on sessions (last_received_at) where status = 'active';
