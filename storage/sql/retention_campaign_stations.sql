-- $1 the stations of campaigns that ended before go, $2 at most so many at once. The campaigns themselves stay.
delete from campaign_stations where ctid in (
    select s.ctid from campaigns c join campaign_stations s on s.campaign_id = c.id where c.ended_at < $1 limit $2
)
