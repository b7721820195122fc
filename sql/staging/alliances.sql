-- One row per line of the study's file of technology alliances, with the province of its focal party and whether it
-- counts. Nothing is dropped: what does not count says why.
-- @column line | line of the file
-- @column date | date as written
-- @column year | its year
-- @column focal_party | party in the focal country
-- @column place | province or city of it as written
-- @column province | ISO 3166-2 code, ambiguous or unresolved
-- @column city | city recognised
-- @column place_method | rule that decided
-- @column place_confidence | 0 to 1
-- @column foreign_party | party abroad
-- @column country | its country, ISO 3166 code
-- @column kind | transfer, licence, joint laboratory, alliance or demonstration centre
-- @column source | where it is documented
-- @column is_synthetic | whether the line is made up
-- @column left_out | why it does not count: duplicate of line N, outside the window, no partner of the study, a focal
--   party in Hong Kong (where Hong Kong does not count as China); null if it counts
-- @unique line
-- @not_null province
select
    alliances.line,
    alliances.date,
    alliances.year,
    alliances.focal_party,
    concat_ws(', ', alliances.city_raw, alliances.region_raw) as place,
    coalesce(
        places.province, if(places.method = 'ambiguous', 'ambiguous', 'unresolved')
    ) as province,
    places.city,
    coalesce(places.method, 'unresolved') as place_method,
    coalesce(places.confidence, 0) as place_confidence,
    alliances.foreign_party,
    alliances.country,
    alliances.kind,
    alliances.source,
    alliances.is_synthetic,
    case
        when alliances.duplicate_of is not null then format('duplicate of line {}', alliances.duplicate_of)
        when alliances.last_day < study.window_start or alliances.first_day > study.window_end
            then 'outside the window'
        when partners.iso2 is null then 'no partner of the study'
        when places.province = 'CN-HK' and study.focal_country = 'CN' and not study.hong_kong_as_cn
            then 'focal party in Hong Kong'
    end as left_out
from reference.alliances as alliances
cross join reference.study as study
left join staging.place_resolution as places
    on
        alliances.city_raw is not distinct from places.city_raw
        and alliances.region_raw is not distinct from places.region_raw
left join reference.partners as partners on alliances.country = partners.iso2
order by alliances.line
