-- The site's own goes before that of all. $1 site.
select b.admission
  from boot_policies b
 where b.admission is not null and (b.site is null or b.site = $1)
 order by b.site is null
 limit 1
