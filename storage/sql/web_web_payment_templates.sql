-- $1 at most.
select distinct url_template from web_payments order by url_template limit $1
