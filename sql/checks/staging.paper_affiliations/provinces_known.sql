-- A row is an institution of the focal country with papers whose city names no province, or several.
-- @severity warn
select
    institution_id,
    any_value(institution) as institution,
    any_value(city_raw) as city_raw,
    any_value(province) as province,
    count(distinct work_id) as papers
from staging.paper_affiliations
where is_focal and province in ('unresolved', 'ambiguous')
group by institution_id
order by papers desc, institution_id
