-- One row per scope, partner country and region of it with patents: which Indian state, which Israeli district invents
-- with the scope. Inventors whose address names no region of their country, or several, are counted under unresolved
-- and ambiguous.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column country | partner country, ISO 3166 code
-- @column country_name | its name
-- @column partner_region | ISO 3166-2 code of its first-level division (a city state's own code), unresolved or
--   ambiguous
-- @column partner_region_name | its name
-- @column patents | whole counting: a patent counts once for each region of its partner inventors
-- @column fractional_patents | each patent shared among the inventors of its partner countries; sums to the patents of
--   the scope
-- @column share | patents / patents of the scope; shares sum to more than 1 where patents have several regions
-- @column share_of_country | patents / patents of the scope with the country
-- @column rank | 1 = most patents among all regions; ties share a rank; null for unresolved and ambiguous
-- @column rank_in_country | 1 = most patents among the regions of the country; null for unresolved and ambiguous
-- @unit patents | patents, fractional_patents
-- @unit fraction | share, share_of_country
-- @unit rank, from 1 | rank, rank_in_country
-- @unique scope, country, partner_region
with parts as (
    select
        scopes.scope,
        members.country,
        members.partner_region,
        patents.partner_inventors,
        count(*) as patents,
        sum(members.inventors)::bigint as inventors
    from core.patent_scopes as scopes
    inner join core.patent_partner_regions as members using (publication_number)
    inner join core.patents as patents using (publication_number)
    group by scopes.scope, members.country, members.partner_region, patents.partner_inventors
),

-- whole numbers of patents with equally many partner inventors, so that the sum is the same in any order
counted as (
    select
        scope,
        country,
        partner_region,
        partner_region in ('unresolved', 'ambiguous') as is_unplaced,
        sum(patents)::bigint as patents,
        sum(inventors // partner_inventors)
        + sum((inventors % partner_inventors) / partner_inventors order by partner_inventors) as fractional_patents
    from parts
    group by scope, country, partner_region
),

by_country as (
    select
        scopes.scope,
        members.country,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patent_countries as members using (publication_number)
    group by scopes.scope, members.country
)

select
    counted.scope,
    counted.country,
    coalesce(partners.name, counted.country) as country_name,
    counted.partner_region,
    coalesce(names.name, counted.partner_region) as partner_region_name,
    counted.patents,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    counted.patents / by_country.patents as share_of_country,
    case
        when not counted.is_unplaced
            then rank() over (partition by counted.scope, counted.is_unplaced order by counted.patents desc)
    end as rank,
    case
        when not counted.is_unplaced
            then rank() over (
                partition by counted.scope, counted.country, counted.is_unplaced order by counted.patents desc
            )
    end as rank_in_country
from counted
inner join core.scopes as scopes using (scope)
inner join by_country on counted.scope = by_country.scope and counted.country = by_country.country
left join reference.partners as partners on counted.country = partners.iso2
left join reference.provinces as names on counted.partner_region = names.code
order by counted.scope, counted.is_unplaced, rank, counted.country, counted.partner_region
