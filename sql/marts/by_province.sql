-- One row per province with patents, and the rows unresolved and ambiguous for addresses that name no province or
-- several.
-- @column province | ISO 3166-2 code, unresolved or ambiguous
-- @column province_name | its name
-- @column patents | whole counting: a patent counts once for each province of its focal inventors
-- @column fractional_patents | each patent shared among its focal inventors; sums to all patents
-- @column share | patents / all patents; shares sum to more than 1 where patents have several provinces
-- @column rank | 1 = most patents; ties share a rank; null for unresolved and ambiguous
-- @column patents_min | patents with an inventor whose address can name no other province
-- @column patents_max | patents with an inventor whose address may name the province; unresolved ones are in neither
--   bound; both bounds are null for unresolved and ambiguous
-- @unique province
with counted as (
    select
        province,
        province in ('unresolved', 'ambiguous') as is_unplaced,
        count(*) as patents,
        sum(weight_fractional) as fractional_patents,
        count(*) filter (is_certain) as certain_patents
    from core.patent_provinces
    group by province
),

possible as (
    select publication_number, province
    from core.patent_provinces
    union
    select inventors.publication_number, unnest(inventors.place_candidates) as province
    from staging.inventors as inventors
    inner join core.patents as patents using (publication_number)
    where inventors.is_focal
),

possible_counts as (
    select
        province,
        count(*) as patents
    from possible
    group by province
),

total as (
    select count(*) as patents
    from core.patents
)

select
    counted.province,
    coalesce(provinces.name, counted.province) as province_name,
    counted.patents,
    counted.fractional_patents,
    counted.patents / total.patents as share,
    case
        when not counted.is_unplaced
            then rank() over (partition by counted.is_unplaced order by counted.patents desc)
    end as rank,
    case when not counted.is_unplaced then counted.certain_patents end as patents_min,
    case when not counted.is_unplaced then possible_counts.patents end as patents_max
from counted
cross join total
inner join possible_counts using (province)
left join reference.provinces as provinces on counted.province = provinces.code
order by counted.is_unplaced, rank, counted.province
