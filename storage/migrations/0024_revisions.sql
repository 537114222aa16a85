-- Which version of a resource a change was made to: two operators at once, and the second one is told.

alter table token_rules       add column revision integer not null default 1;
alter table local_list_rules  add column revision integer not null default 1;
alter table campaigns         add column revision integer not null default 1;
alter table security_policies add column revision integer not null default 1;
