-- One row per scope and prefecture-level city where focal inventors of its patents live. Inventors whose address
-- names a province but no city are counted under the city not known, so that nothing vanishes.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column province | ISO 3166-2 code of the city's province; unresolved or ambiguous in the national scope
-- @column city | prefecture-level city, or not known
-- @column patents | whole counting: a patent counts once for each city of its focal inventors in the scope
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @column fractional_patents | counting focal_only of marts.counts: each patent shared among its focal inventors in
--   the scope; sums to the patents of the scope
-- @column share | patents / patents of the scope; shares sum to more than 1 where patents have several cities
-- @column rank | 1 = most patents; ties share a rank; null for the city not known
-- @unit patents | patents, low, high, fractional_patents
-- @unit fraction | share
-- @unit rank, from 1 | rank
-- @unique scope, province, city
with counted as (
    select
        scope,
        split_part(member, ' / ', 1) as province,
        substr(member, strpos(member, ' / ') + 3) as city,
        city = 'not known' as is_unknown,
        max(patents) filter (counting = 'whole')::bigint as patents,
        max(low) filter (counting = 'whole') as low,
        max(high) filter (counting = 'whole') as high,
        max(patents) filter (counting = 'focal_only') as fractional_patents
    from marts.counts
    where dimension = 'city' and member != 'other'
    group by scope, member
)

select
    counted.scope,
    counted.province,
    counted.city,
    counted.patents,
    counted.low,
    counted.high,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    case
        when not counted.is_unknown
            then rank() over (partition by counted.scope, counted.is_unknown order by counted.patents desc)
    end as rank
from counted
inner join core.scopes as scopes using (scope)
order by counted.scope, counted.is_unknown, rank, counted.province, counted.city
