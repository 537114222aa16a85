-- Which of these ids are rows of their own.
select id from refusals where id = any($1::uuid[])
