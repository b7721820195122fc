-- One row per scope and region of the partner group, regions without patents included.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column region | region of the partner group
-- @column countries | countries of the group in the region
-- @column countries_with_patents | of which have patents in the scope
-- @column patents | whole counting: a patent counts once for each region of its partner countries
-- @column fractional_patents | counting partners_only of marts.counts: each patent shared among the inventors of its
--   partner countries; sums to the patents of the scope
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @column share | patents / patents of the scope; null in an empty scope
-- @column rank | 1 = most patents; ties share a rank
-- @unit countries | countries, countries_with_patents
-- @unit patents | patents, fractional_patents, low, high
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, region
with countries as (
    select
        by_country.scope,
        partners.region,
        count(*) as countries_with_patents
    from marts.counts as by_country
    inner join reference.partners as partners on by_country.member = partners.iso2
    where by_country.dimension = 'country' and by_country.counting = 'whole'
    group by by_country.scope, partners.region
),

counted as (
    select
        scope,
        member as region,
        max(patents) filter (counting = 'whole')::bigint as patents,
        max(low) filter (counting = 'whole') as low,
        max(high) filter (counting = 'whole') as high,
        max(patents) filter (counting = 'partners_only') as fractional_patents
    from marts.counts
    where dimension = 'region' and member != 'other'
    group by scope, member
)

select
    scopes.scope,
    regions.region,
    regions.countries,
    coalesce(countries.countries_with_patents, 0) as countries_with_patents,
    coalesce(counted.patents, 0) as patents,
    coalesce(counted.low, none.low) as low,
    coalesce(counted.high, none.high) as high,
    coalesce(counted.fractional_patents, 0) as fractional_patents,
    coalesce(counted.patents, 0) / nullif(scopes.patents, 0) as share,
    rank() over (partition by scopes.scope order by coalesce(counted.patents, 0) desc) as rank
from core.scopes as scopes
cross join reference.regions as regions
left join counted using (scope, region)
left join countries using (scope, region)
left join core.poisson_limits as none on none.patents = 0
order by scopes.scope, rank, regions.position
