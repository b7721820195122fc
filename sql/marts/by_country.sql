-- One row per scope and partner country with patents.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column country | partner country, ISO 3166 code
-- @column country_name | its name
-- @column region | its region in the partner group
-- @column patents | whole counting: a patent counts once for each of its partner countries
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @column fractional_patents | counting partners_only of marts.counts: each patent shared among the inventors of its
--   partner countries; sums to the patents of the scope
-- @column patents_bilateral | patents whose inventors are of the focal country and of that partner alone
-- @column share | patents / patents of the scope; shares sum to more than 1 where patents have several countries
-- @column share_low | lower end of the 95 % interval of share (Clopper and Pearson 1934): beta quantile at 0.025
-- @column share_high | its upper end: beta quantile at 0.975
-- @column rank | 1 = most patents; ties share a rank
-- @unit patents | patents, low, high, fractional_patents, patents_bilateral
-- @unit fraction | share, share_low, share_high
-- @unit rank, from 1 | rank
-- @unique scope, country
with counted as (
    select
        scope,
        member as country,
        max(patents) filter (counting = 'whole')::bigint as patents,
        max(low) filter (counting = 'whole') as low,
        max(high) filter (counting = 'whole') as high,
        max(patents) filter (counting = 'partners_only') as fractional_patents
    from marts.counts
    where dimension = 'country' and member != 'other'
    group by scope, member
),

bilateral as (
    select
        scopes.scope,
        members.country,
        count(*) as patents
    from core.patent_scopes as scopes
    inner join core.patents as patents on scopes.publication_number = patents.publication_number
    inner join core.patent_countries as members on scopes.publication_number = members.publication_number
    where patents.inventor_countries = 2
    group by scopes.scope, members.country
)

select
    counted.scope,
    counted.country,
    coalesce(partners.name, counted.country) as country_name,
    partners.region,
    counted.patents,
    counted.low,
    counted.high,
    counted.fractional_patents,
    coalesce(bilateral.patents, 0) as patents_bilateral,
    counted.patents / scopes.patents as share,
    limits.low as share_low,
    limits.high as share_high,
    rank() over (partition by counted.scope order by counted.patents desc) as rank
from counted
inner join core.scopes as scopes using (scope)
left join core.proportion_limits as limits on counted.patents = limits.part and scopes.patents = limits.base
left join bilateral on counted.scope = bilateral.scope and counted.country = bilateral.country
left join reference.partners as partners on counted.country = partners.iso2
order by counted.scope, rank, counted.country
