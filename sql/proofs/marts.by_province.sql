-- A province: its patents, what each of them gives it in every counting, and the patents its bounds add.
-- @take parts | core.member_parts.parts
-- @take named | marts.by_province.named
-- @take unresolved | marts.by_province.unresolved
-- @take certain_members | core.patent_provinces.focal
-- @names province = province_name
-- @shows patents
with members as (
    select
        parts.publication_number,
        parts.part.counting as counting,
        parts.part.numerator as numerator,
        parts.part.denominator as denominator,
        parts.part.numerator / parts.part.denominator as weight
    from parts
    inner join reference.study as study on parts.scope = study.focal_country
    where parts.dimension = 'province' and parts.member = $province
),

certain as (
    select distinct publication_number
    from certain_members
    where province = $province and is_certain
),

possible as (
    select publication_number
    from named
    where province = $province
),

conceivable as (
    select publication_number
    from possible
    union
    select publication_number
    from unresolved
),

all_members as (
    select publication_number
    from core.patents
),

province_name as (
    select code, name
    from reference.provinces
    where code = $province
),

larger as (
    select province, patents
    from marts.by_province
    where rank is not null and patents > $patents
),

count_limits as (
    select patents, low, high
    from core.poisson_limits
    where patents = $patents
),

share_limits as (
    select part, base, low, high
    from core.proportion_limits
    where part = $patents and base = (select count(*) from core.patents)
),

numbers as (
    select
        (select sum(weight) from members where counting = 'whole') as patents,
        (select sum(weight) from members where counting = 'focal_only') as fractional_patents,
        (select count(*) from certain) as certain_patents,
        (select count(*) from possible) as possible_patents,
        (select count(*) from conceivable) as conceivable_patents,
        (select count(*) from all_members) as all_patents,
        (select any_value(name) from province_name) as name,
        (select count(*) from larger) as larger_members,
        (select any_value(low) from count_limits) as count_low,
        (select any_value(high) from count_limits) as count_high,
        (select any_value(low) from share_limits) as proportion_low,
        (select any_value(high) from share_limits) as proportion_high
)

select
    patents,
    coalesce(name, $province) as province_name,
    if($province in ('unresolved', 'ambiguous'), null, certain_patents) as patents_certain,
    if($province in ('unresolved', 'ambiguous'), null, possible_patents) as patents_with_candidates,
    if($province in ('unresolved', 'ambiguous'), null, conceivable_patents) as patents_with_unplaced,
    count_low as low,
    count_high as high,
    fractional_patents,
    patents / all_patents as share,
    proportion_low as share_low,
    proportion_high as share_high,
    if($province in ('unresolved', 'ambiguous'), null, larger_members + 1) as rank
from numbers
