-- One row per scope, field scheme and technical field of a patent, primary or not.
-- @column scope | code of the focal country or of one of its provinces, states or regions
-- @column scheme | paper (labels of the paper's Table 4), ipc_section, wipo35 or wipo5
-- @column field_code | the paper's label, the section letter, the WIPO number, the sector; unmapped or none
-- @column field | name of the field
-- @column patents | counting primary: patents whose main classification is in the field; sums to the scope's patents
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @column patents_whole | whole counting: a patent counts once for each of its fields
-- @column fractional_patents | counting fractional of marts.counts: each patent shared equally among its fields; sums
--   to the patents of the scope
-- @column share | patents / patents of the scope
-- @column share_low | lower end of the 95 % interval of share (Clopper and Pearson 1934): beta quantile at 0.025
-- @column share_high | its upper end: beta quantile at 0.975
-- @column rank | 1 = most patents; ties share a rank; null for unmapped and none
-- @unit patents | patents, low, high, patents_whole, fractional_patents
-- @unit fraction | share, share_low, share_high
-- @unit rank, from 1 | rank
-- @unique scope, scheme, field_code
with counted as (
    select
        scope,
        scheme,
        member as field_code,
        member in ('unmapped', 'none') as is_unclassified,
        max(patents) filter (counting = 'primary')::bigint as patents,
        max(low) filter (counting = 'primary') as low,
        max(high) filter (counting = 'primary') as high,
        max(patents) filter (counting = 'whole')::bigint as patents_whole,
        max(patents) filter (counting = 'fractional') as fractional_patents
    from marts.counts
    where dimension = 'field'
    group by scope, scheme, member
),

names as (
    select
        scheme,
        field_code,
        min(field) as field
    from core.patent_fields
    group by scheme, field_code
)

select
    counted.scope,
    counted.scheme,
    counted.field_code,
    names.field,
    counted.patents,
    counted.low,
    counted.high,
    counted.patents_whole,
    counted.fractional_patents,
    counted.patents / scopes.patents as share,
    limits.low as share_low,
    limits.high as share_high,
    case
        when not counted.is_unclassified
            then rank() over (
                partition by counted.scope, counted.scheme, counted.is_unclassified order by counted.patents desc
            )
    end as rank
from counted
inner join core.scopes as scopes using (scope)
inner join names using (scheme, field_code)
left join core.proportion_limits as limits on counted.patents = limits.part and scopes.patents = limits.base
order by counted.scope, counted.scheme, counted.is_unclassified, rank, counted.field_code
