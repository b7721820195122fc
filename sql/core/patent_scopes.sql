-- One row per patent and scope it counts in: the nation, and each province where a focal inventor of it lives.
-- A city state (SG) is one region under its own code, which is the nation already.
-- @column publication_number | patent
-- @column scope | code of the focal country, or ISO 3166-2 code of a province
-- @unique publication_number, scope
select
    patents.publication_number,
    study.focal_country as scope
from core.patents as patents
cross join reference.study as study
union all
select
    members.publication_number,
    members.province as scope
from core.patent_provinces as members
cross join reference.study as study
where members.province not in ('unresolved', 'ambiguous') and members.province != study.focal_country
order by scope, publication_number
