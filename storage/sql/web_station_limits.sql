-- What a station has told of how much fits into one message, and the version it last spoke. $1 station.
select (select st.version from station_states st where st.station_id = $1) as version,
       coalesce((select jsonb_agg(jsonb_build_array(v.variable, v.value))
                   from variables v
                  where v.station_id = $1
                    and (v.variable = 'GetConfigurationMaxKeys' or strpos(v.variable, 'ItemsPerMessage') > 0
                         or strpos(v.variable, 'BytesPerMessage') > 0)),
                '[]'::jsonb) as limits,
       coalesce((select string_to_array(replace(v.value, ' ', ''), ',')
                   from variables v
                  where v.station_id = $1 and v.attribute_type = 'Actual' and v.removed_at is null
                    and strpos(v.variable, 'NetworkConfigurationPriority') > 0
                  limit 1), '{}') as slots
