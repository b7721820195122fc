-- One row per patent and scope it counts in: the nation, and each province where a focal inventor of it lives.
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
    publication_number,
    province as scope
from core.patent_provinces
where province not in ('unresolved', 'ambiguous')
order by scope, publication_number
