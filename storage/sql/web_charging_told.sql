-- What a station has told of its charging: component (empty in 1.6), variable's name, value. $1 station, $2 EVSE.
with told as (
    select case when v.component like '{%' then v.component::jsonb end as component,
           case when v.variable like '{%' then v.variable::jsonb ->> 'name' else v.variable end as name,
           v.value
      from variables v
     where v.station_id = $1 and v.attribute_type = 'Actual' and v.value is not null
)
select coalesce(t.component ->> 'name', '') as component, t.name, t.value
  from told t
 where t.component is null
    or (t.component ->> 'name' in ('SmartChargingCtrlr', 'V2XChargingCtrlr', 'ISO15118Ctrlr', 'DCDERCtrlr', 'ACDERCtrlr')
        and coalesce((t.component -> 'evse' ->> 'id')::integer, $2, 0) = coalesce($2::integer, 0))
