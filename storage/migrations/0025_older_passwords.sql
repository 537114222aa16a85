-- Passwords that were sent before the pending one and of which nobody knows either whether the station took them: newest
-- first. They count only while one is pending; whatever settles that one ends them too.
alter table stations add column older_pending_hashes text[] not null default '{}';
