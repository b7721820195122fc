-- One row per province with patents, and the rows unresolved and ambiguous for addresses that name no province or
-- several. The columns patents_certain, patents, patents_with_candidates and patents_with_unplaced rise from left to
-- right; they bound the true number if the strings that were placed are placed right.
-- @column province | ISO 3166-2 code, unresolved or ambiguous
-- @column province_name | its name
-- @column patents_certain | patents of the province of which the address of every focal inventor was placed by
--   itself, by another method than fuzzy; null for unresolved and ambiguous, as are the two upper bounds
-- @column patents | whole counting: a patent counts once for each province of its focal inventors
-- @column patents_with_candidates | and patents with an inventor whose address may name the province
-- @column patents_with_unplaced | and patents with a focal inventor whose address names no province at all; one whose
--   address may name other provinces only cannot be of this one
-- @column low | lower end of the 95 % interval of patents, exact Poisson (Garwood 1936): half the chi-square quantile
--   at 0.025 with 2 * patents degrees of freedom; chance in counting, not errors of reading or placing
-- @column high | its upper end: half the quantile at 0.975 with 2 * patents + 2 degrees of freedom
-- @column fractional_patents | counting focal_only of marts.counts: each patent shared among its focal inventors;
--   sums to all patents
-- @column share | patents / all patents; shares sum to more than 1 where patents have several provinces
-- @column share_low | lower end of the 95 % interval of share (Clopper and Pearson 1934): beta quantile at 0.025
-- @column share_high | its upper end: beta quantile at 0.975
-- @column rank | 1 = most patents; ties share a rank; null for unresolved and ambiguous
-- @unit patents | patents_certain, patents, patents_with_candidates, patents_with_unplaced, low, high,
--   fractional_patents
-- @unit fraction | share, share_low, share_high
-- @unit rank, from 1 | rank
-- @unique province
with counted as (
    select
        member as province,
        member in ('unresolved', 'ambiguous') as is_unplaced,
        max(patents) filter (counting = 'whole')::bigint as patents,
        max(low) filter (counting = 'whole') as low,
        max(high) filter (counting = 'whole') as high,
        max(patents) filter (counting = 'focal_only') as fractional_patents
    from marts.counts
    where dimension = 'province' and member != 'other'
    group by member
),

certain as (
    select
        province,
        count(*) as patents
    from core.patent_provinces
    where is_certain
    group by province
),

named as (
    select publication_number, province
    from core.patent_provinces
    union
    select inventors.publication_number, unnest(inventors.place_candidates) as province
    from staging.inventors as inventors
    inner join core.patents as patents using (publication_number)
    where inventors.is_focal
),

unresolved as (
    select publication_number
    from core.patent_provinces
    where province = 'unresolved'
),

possible as (
    select
        named.province,
        count(*) as patents,
        count(*) filter (unresolved.publication_number is null) as resolved_patents
    from named
    left join unresolved using (publication_number)
    group by named.province
),

total as (
    select
        (select count(*) from core.patents) as patents,
        (select count(*) from unresolved) as unresolved_patents
)

select
    counted.province,
    coalesce(provinces.name, counted.province) as province_name,
    case when not counted.is_unplaced then coalesce(certain.patents, 0) end as patents_certain,
    counted.patents,
    case when not counted.is_unplaced then possible.patents end as patents_with_candidates,
    case when not counted.is_unplaced then possible.resolved_patents + total.unresolved_patents end
        as patents_with_unplaced,
    counted.low,
    counted.high,
    counted.fractional_patents,
    counted.patents / total.patents as share,
    limits.low as share_low,
    limits.high as share_high,
    case
        when not counted.is_unplaced
            then rank() over (partition by counted.is_unplaced order by counted.patents desc)
    end as rank
from counted
cross join total
inner join possible using (province)
left join certain using (province)
left join core.proportion_limits as limits on counted.patents = limits.part and total.patents = limits.base
left join reference.provinces as provinces on counted.province = provinces.code
order by counted.is_unplaced, rank, counted.province
