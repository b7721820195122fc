-- One row per province and partner country of the nation: whether the province invents with that country more or
-- less than the nation does.
-- @column scope | province
-- @column country | partner country
-- @column country_name | its name
-- @column patents | patents of the province with the country, 0 included
-- @column expected_patents | patents it would have at the nation's share
-- @column rta | revealed advantage: share of the country in the province / its share in the nation; 1 = as the nation
-- @column rsta | (rta - 1) / (rta + 1), between -1 and 1
-- @column national_patents | patents of the nation with the country
-- @column national_rank | rank of the country in the nation
-- @unique scope, country
with national as (
    select
        by_country.country,
        by_country.country_name,
        by_country.patents,
        by_country.share,
        by_country.rank
    from marts.by_country as by_country
    inner join core.scopes as scopes on by_country.scope = scopes.scope and scopes.is_national
),

compared as (
    select
        provinces.scope,
        national.country,
        national.country_name,
        coalesce(by_country.patents, 0) as patents,
        provinces.patents * national.share as expected_patents,
        coalesce(by_country.patents, 0) / provinces.patents / national.share as rta,
        national.patents as national_patents,
        national.rank as national_rank
    from core.scopes as provinces
    cross join national
    left join marts.by_country as by_country
        on provinces.scope = by_country.scope and national.country = by_country.country
    where not provinces.is_national
)

select
    scope,
    country,
    country_name,
    patents,
    expected_patents,
    rta,
    (rta - 1) / (rta + 1) as rsta,
    national_patents,
    national_rank
from compared
order by scope, patents desc, country
