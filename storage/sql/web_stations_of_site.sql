-- Stations of a site. $1 site, $2 limit.
select s.identity from stations s where s.site = $1 and s.deleted_at is null order by s.identity limit $2
