-- $1 station: what it has told of its local list.
select v.component, v.variable, v.value, v.detail
  from variables v
 where v.station_id = $1 and v.attribute_type = 'Actual'
   and (v.component = '' and lower(v.variable) in ('sendlocallistmaxlength', 'localauthlistmaxlength', 'localauthlistenabled')
        or v.component = '{"name":"LocalAuthListCtrlr"}')
