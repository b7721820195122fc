-- One row per scope of a study that declares [comparison] from: whether publications with partner countries grew by
-- more than those with other foreign inventors from that year on. Compared are the growth years before it with those
-- from it on. A ratio of ratios says nothing of causes: other things changed as well.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column from_year | first year of the later period
-- @column partner_before | publications of the group partner in the growth years before it
-- @column partner_after | in the growth years from it on
-- @column other_before | publications of the group other foreign only before it
-- @column other_after | from it on
-- @column ratio | (partner_after / partner_before) / (other_after / other_before); null where one of them is 0
-- @column low | lower 95 % bound: ratio * exp(-1.959964 * sqrt(1/a + 1/b + 1/c + 1/d)) over the four counts
--   (log-normal, Katz and others 1978)
-- @column high | upper 95 % bound: ratio * exp(+1.959964 * the same root)
-- @unit calendar year | from_year
-- @unit publications | partner_before, partner_after, other_before, other_after
-- @unit ratio | ratio, low, high
-- @unique scope
with periods as (
    select
        comparison.scope,
        study.comparison_from as from_year,
        sum(comparison.publications) filter (
            comparison.comparison_group = 'partner' and comparison.year < study.comparison_from
        ) as partner_before,
        sum(comparison.publications) filter (
            comparison.comparison_group = 'partner' and comparison.year >= study.comparison_from
        ) as partner_after,
        sum(comparison.publications) filter (
            comparison.comparison_group = 'other foreign only' and comparison.year < study.comparison_from
        ) as other_before,
        sum(comparison.publications) filter (
            comparison.comparison_group = 'other foreign only' and comparison.year >= study.comparison_from
        ) as other_after
    from marts.comparison as comparison
    inner join core.years as years on comparison.year = years.year and years.is_growth_year
    cross join reference.study as study
    where study.comparison_from is not null
    group by comparison.scope, study.comparison_from
),

counted as (
    select
        scope,
        from_year,
        coalesce(partner_before, 0)::bigint as partner_before,
        coalesce(partner_after, 0)::bigint as partner_after,
        coalesce(other_before, 0)::bigint as other_before,
        coalesce(other_after, 0)::bigint as other_after
    from periods
),

ratios as (
    select
        scope,
        from_year,
        partner_before,
        partner_after,
        other_before,
        other_after,
        (partner_after / nullif(partner_before, 0)) / nullif(other_after / nullif(other_before, 0), 0) as raw_ratio
    from counted
)

select
    scope,
    from_year,
    partner_before,
    partner_after,
    other_before,
    other_after,
    nullif(raw_ratio, 0) as ratio,
    nullif(raw_ratio, 0)
    * exp(-1.959964 * sqrt(1 / partner_before + 1 / partner_after + 1 / other_before + 1 / other_after)) as low,
    nullif(raw_ratio, 0)
    * exp(1.959964 * sqrt(1 / partner_before + 1 / partner_after + 1 / other_before + 1 / other_after)) as high
from ratios
order by scope
